"""One encoder that came by SRT, from the proof of its key to its end: its receiver is run, its stream is announced."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.flv.flv import UnsupportedCodec
from services.streaming.ingest.flv.reader import NotFlv
from services.streaming.ingest.flv.received import ReceivedPublication
from services.streaming.ingest.port import Ingest, IngestRefusal
from services.streaming.ingest.srt import packets
from services.streaming.ingest.srt.crossing import Crossing
from services.streaming.ingest.srt.door import Address, LetIn
from services.streaming.ingest.srt.limits import SrtLimits

log = logging.getLogger(__name__)

KNOCK_SECONDS: Final = 0.1
LOOK_SECONDS: Final = 0.5


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


class SrtSession:
    """`unsupported`: what it sent and nobody can use, "" where that has no name; `refusal`: the code that says so."""

    def __init__(self, let_in: LetIn, caller: Address, outlets: Outlets, limits: SrtLimits, send: Callable[[bytes], None]) -> None:
        self.publication = ReceivedPublication(let_in.stage, f"{caller[0]}:{caller[1]}", "srt", lambda reason: None)
        self.unsupported: str | None = None
        self.refusal = disconnect_reasons.NOT_UNDERSTOOD
        self._outlets, self._limits, self._send = outlets, limits, send
        self._crossing = Crossing(let_in)
        self._inner: asyncio.DatagramTransport | None = None
        self._began_at = asyncio.get_running_loop().time()
        self._announced = False

    def is_of(self, packet: bytes) -> bool:
        """Whether it belongs here: everything but the handshake of another socket of the same address."""
        handshake = packets.read_handshake(packet)
        return handshake is None or handshake.socket == self._crossing.socket

    def holds(self, takeover_seconds: float) -> bool:
        """Whether it has the stage, or is about to."""
        alive = self.publication.end_reason is None
        return alive and (not self._announced or self.publication.facts.silent_for < takeover_seconds)

    def from_caller(self, packet: bytes) -> None:
        through = self._crossing.from_caller(packet)
        if through is not None and self._inner is not None:
            self._inner.sendto(through)

    def _from_receiver(self, packet: bytes) -> None:
        out, back = self._crossing.from_receiver(packet)
        if out is not None:
            self._send(out)
        if back is not None and self._inner is not None:
            self._inner.sendto(back)

    def take(self, data: bytes) -> None:
        """What the receiver wrote. Raises UnsupportedCodec, NotFlv."""
        self.publication.put(data)

    async def run(self, port: int, receiving: Awaitable[None]) -> None:
        """Until the publication has ended, whatever ends it; then the receiver has ended too."""
        receiver = asyncio.create_task(self._received(receiving), name=f"SRT receiver {self.publication.stage}")
        try:
            made = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Inner(self._from_receiver), remote_addr=("127.0.0.1", port)
            )
            self._inner = made[0]
            await self._knock()
            await self._watch()
        finally:
            self.publication.finish(disconnect_reasons.LOST)
            receiver.cancel()
            await asyncio.wait((receiver,))
            if self._inner is not None:
                self._inner.close()

    async def _received(self, receiving: Awaitable[None]) -> None:
        try:
            await receiving
        except UnsupportedCodec as wrong:
            self.unsupported, self.refusal = wrong.codec, disconnect_reasons.UNSUPPORTED_CODEC
            self.publication.finish(disconnect_reasons.UNSUPPORTED_CODEC)
        except (NotFlv, OSError) as wrong:
            log.warning("the receiver for SRT from %s: %s", self.publication.peer, wrong)
        finally:
            self.publication.finish(disconnect_reasons.ENDED if self._crossing.ended else disconnect_reasons.LOST)

    async def _knock(self) -> None:
        while not self._crossing.open and not self._over():
            assert self._inner is not None
            self._inner.sendto(self._crossing.knock())
            await asyncio.sleep(KNOCK_SECONDS)

    def _over(self) -> bool:
        """Whether it has ended by itself, or is given up."""
        now = asyncio.get_running_loop().time()
        if not self._announced and now - self._began_at > self._limits.connect_seconds:
            self.publication.finish(disconnect_reasons.LOST)
        elif self.publication.facts.silent_for > self._limits.idle_seconds:
            self.publication.finish(disconnect_reasons.SILENT)
        return self.publication.end_reason is not None

    async def _watch(self) -> None:
        while not self._over():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self.publication.changed()
            if not self._announced and self.publication.known and self.publication.end_reason is None:
                self._announced = True
                self._outlets.on_publish(self.publication)
        unheard = not self._announced and self._crossing.open and self.publication.end_reason == disconnect_reasons.LOST
        if unheard and self.unsupported is None:
            self.unsupported = ""
