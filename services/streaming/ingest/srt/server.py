"""SRT's UDP port: strangers are for the door, those it let in for their receivers; each stage has at most one publisher."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.port import IngestRefusal
from services.streaming.ingest.srt import packets
from services.streaming.ingest.srt.door import Address, Answer, Door, House, LetIn, TurnedAway
from services.streaming.ingest.srt.limits import LIMITS, SrtLimits
from services.streaming.ingest.srt.session import Outlets, SrtSession
from services.streaming.media.inputs import SrtListener
from shared.auth.key_material import knows_passphrase

log = logging.getLogger(__name__)

STOP_SECONDS: Final = 5.0
QUEUE_BYTES: Final = 4 * 1024 * 1024
"""Of the system, for datagrams that this process has not taken yet: seconds of a stream."""

Receive = Callable[[SrtListener, Callable[[bytes], None]], Awaitable[None]]
"""Runs a receiver until its end; cancelling ends it."""


class SrtServer(asyncio.DatagramProtocol):
    """Encoders connect to `srt://host:port?streamid=STAGE&passphrase=KEY`. `stages` and `key_of` say what is open; `silence` for how long
    whoever sends to a stage has been silent, by any protocol, None while nobody does; `outlets` as in session."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        stages: Callable[[], list[str]],
        key_of: Callable[[str], str | None],
        silence: Callable[[str], float | None],
        receive: Receive,
        outlets: Outlets,
        limits: SrtLimits = LIMITS,
    ) -> None:
        self._host, self._port, self._silence, self._receive, self._outlets = host, port, silence, receive, outlets
        self.limits = limits
        self._door = Door(House(stages, key_of, self._taken, knows_passphrase), secrets.token_bytes(32), limits)
        self._transport: asyncio.DatagramTransport | None = None
        self._sessions: dict[Address, SrtSession] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listens; returns the port. Raises OSError."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self._host or "0.0.0.0", self._port))
        self._transport = transport
        found = transport.get_extra_info("socket")
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE_BYTES)
        return int(found.getsockname()[1])

    async def stop(self) -> None:
        """Ends every session, within STOP_SECONDS, and listens no more."""
        for session in list(self._sessions.values()):
            session.publication.close(disconnect_reasons.STOPPING)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def disconnect(self, stage: str, reason: str) -> None:
        """Cuts whoever sends to the stage by SRT, or is about to."""
        for session in list(self._sessions.values()):
            if session.publication.stage == stage:
                session.publication.close(reason)

    def sends(self, stage: str) -> bool:
        """Whether somebody sends to the stage by SRT, and is not about to be given up."""
        return any(one.publication.stage == stage and one.holds(self.limits.takeover_seconds) for one in self._sessions.values())

    def _taken(self, stage: str) -> bool:
        silent = self._silence(stage)
        return self.sends(stage) or (silent is not None and silent < self.limits.takeover_seconds)

    # --- datagrams --------------------------------------------------------------------------------------------------------
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        caller = addr[:2]  # IPv6 says two things more
        session = self._sessions.get(caller)
        if session is not None and session.is_of(data):
            session.from_caller(data)
            return
        match self._door.receive(data, caller, asyncio.get_running_loop().time()):
            case Answer(packet):
                self._send(packet, caller)
            case TurnedAway(packet, code, stage):
                self._send(packet, caller)
                self._refused(caller, code, stage)
            case LetIn() as let_in:
                self._let_in(let_in, caller)

    def _send(self, packet: bytes, caller: Address) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(packet, caller)

    def _refused(self, caller: Address, code: str, stage: str | None, codec: str = "") -> None:
        peer = f"{caller[0]}:{caller[1]}"
        log.warning("SRT from %s refused: %s", peer, code)
        self._outlets.on_refusal(IngestRefusal(peer, stage, code, codec))

    def _let_in(self, let_in: LetIn, caller: Address) -> None:
        if len(self._sessions) >= self.limits.sessions or caller in self._sessions:
            return
        self._outlets.cut(let_in.stage, disconnect_reasons.REPLACED)
        session = SrtSession(let_in, caller, self._outlets, self.limits, lambda packet: self._send(packet, caller))
        self._sessions[caller] = session
        task = asyncio.create_task(self._host_session(session, caller, let_in), name=f"SRT {let_in.stage}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _host_session(self, session: SrtSession, caller: Address, let_in: LetIn) -> None:
        listener = SrtListener(_free_port(), let_in.key)
        try:
            await session.through(listener.port, self._receive(listener, session.take))
        finally:
            if self._sessions.get(caller) is session:
                del self._sessions[caller]
            with suppress(OSError):
                self._send(packets.shutdown(let_in.socket), caller)
            if session.unsupported is not None:
                self._refused(caller, disconnect_reasons.UNSUPPORTED_CODEC, let_in.stage, session.unsupported)
            elif session.not_understood:
                self._refused(caller, disconnect_reasons.NOT_UNDERSTOOD, let_in.stage)


def _free_port() -> int:
    """Of this machine alone, for one receiver."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
