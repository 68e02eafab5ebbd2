"""One encoder that came by SRT, from the proof of its key to its end: its datagrams go to its receiver, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.flv.received import ReceivedPublication
from services.streaming.ingest.flv.reception import Reception
from services.streaming.ingest.port import Ingest, IngestRefusal
from services.streaming.ingest.srt import packets
from services.streaming.ingest.srt.crossing import Crossing
from services.streaming.ingest.srt.door import Address, LetIn
from services.streaming.ingest.srt.limits import SrtLimits
from services.streaming.ingest.srt.losses import Losses

KNOCK_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where to: a publication once it is clear what it holds; a sender that was turned away; (stage, reason) to cut whoever sends."""

    on_publish: Callable[[Ingest], None]
    on_refusal: Callable[[IngestRefusal], None]
    cut: Callable[[str, str], None]


class _Inner(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._received(data)

    def error_received(self, exc: Exception) -> None:
        """The receiver does not listen yet, or no more: it is knocked at again, and its end is seen elsewhere."""


class SrtSession(Reception):
    def __init__(self, let_in: LetIn, caller: Address, outlets: Outlets, limits: SrtLimits, send: Callable[[bytes], None]) -> None:
        publication = ReceivedPublication(let_in.stage, f"{caller[0]}:{caller[1]}", "srt", lambda reason: None)
        super().__init__(publication, outlets.on_publish, connect=limits.connect_seconds, idle=limits.idle_seconds)
        self._send = send
        self._crossing = Crossing(let_in)
        self._losses = Losses()
        publication.losing = lambda: self._losses.share(self._now())
        self._inner: asyncio.DatagramTransport | None = None

    @property
    def not_understood(self) -> bool:
        """Whether it sent, by SRT as it should be, what is neither picture nor sound."""
        heard = self.announced or self.unsupported is not None
        return not heard and self._crossing.open and self.publication.end_reason == disconnect_reasons.LOST

    def is_of(self, packet: bytes) -> bool:
        """Whether it belongs here: everything but the handshake of another socket of the same address."""
        handshake = packets.read_handshake(packet)
        return handshake is None or handshake.socket == self._crossing.socket

    def from_caller(self, packet: bytes) -> None:
        self._losses.put(packet, self._now())
        through = self._crossing.from_caller(packet)
        if through is not None and self._inner is not None:
            self._inner.sendto(through)

    def _from_receiver(self, packet: bytes) -> None:
        out, back = self._crossing.from_receiver(packet)
        if out is not None:
            self._send(out)
        if back is not None and self._inner is not None:
            self._inner.sendto(back)

    async def through(self, port: int, receiving: Awaitable[None]) -> None:
        """As `run`, with a receiver that listens on this port of the loopback address."""
        running = asyncio.create_task(self.run(receiving), name=f"SRT reception {self.publication.stage}")
        try:
            made = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Inner(self._from_receiver), remote_addr=("127.0.0.1", port)
            )
            self._inner = made[0]
            while not self._crossing.open and not self.over():
                self._inner.sendto(self._crossing.knock())
                await asyncio.sleep(KNOCK_SECONDS)
            await running
        finally:
            running.cancel()
            await asyncio.wait((running,))
            if self._inner is not None:
                self._inner.close()

    def end_of_receiver(self) -> str:
        return disconnect_reasons.ENDED if self._crossing.ended else disconnect_reasons.LOST
