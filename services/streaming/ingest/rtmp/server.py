"""The publish-only RTMP server: listens, bounds who may wait, and gives each stage at most one publisher.

What must not come in: byte formats (session), what a stage does with its pictures.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import ssl as tls
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.rtmp.connection import Connection, PublisherRefused
from services.streaming.ingest.rtmp.limits import RtmpLimits
from services.streaming.ingest.rtmp.publication import RtmpPublication
from services.streaming.ingest.rtmp.session import PublishRequested

log = logging.getLogger(__name__)

STOP_SECONDS = 5.0
LISTEN_BACKLOG = 64

Authorize = Callable[[str, str], Awaitable[str | None]]
"""(app, key) to the stage id, or None. Compare keys with `same_key`."""


@dataclass(frozen=True, slots=True)
class PublishRefusal:
    """A publisher that was turned away: `code` is one of `disconnect_reasons`, `stage` is known when the key was right."""

    peer: str
    stage: str | None
    code: str
    codec: str | None = None


def same_key(given: str, expected: str) -> bool:
    """Whether two keys are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())


class RtmpServer:
    """Encoders connect to `rtmp://host:port/live` with their stage's key; with `ssl`, to `rtmps://`.

    `on_publish` is called, in the event loop, once it is clear what a new publication holds. `on_refusal` hears of the others.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        authorize: Authorize,
        on_publish: Callable[[RtmpPublication], None],
        on_refusal: Callable[[PublishRefusal], None] | None = None,
        limits: RtmpLimits | None = None,
        explain: disconnect_reasons.Explain = disconnect_reasons.bare,
        ssl: tls.SSLContext | None = None,
    ) -> None:
        self._host, self._port, self._ssl = host, port, ssl
        self._authorize, self._on_publish, self._on_refusal = authorize, on_publish, on_refusal
        self._limits, self._explain = limits or RtmpLimits(), explain
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._publishers: dict[str, Connection] = {}

    async def start(self) -> int:
        """Listens; returns the port, which was chosen by the system if 0 was asked for. Raises OSError."""
        self._server = await asyncio.start_server(
            self._accept, self._host or None, self._port, ssl=self._ssl, limit=self._limits.read_bytes, backlog=LISTEN_BACKLOG,
            ssl_handshake_timeout=self._limits.handshake_seconds if self._ssl else None,
        )  # fmt: skip
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stops listening and ends every connection, within STOP_SECONDS. Publications end with `disconnect_reasons.STOPPING`."""
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self._connections)
        for connection in list(self._connections.values()):
            connection.end(disconnect_reasons.STOPPING)
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, self._limits, self._claim, self._on_publish, self._explain)
        waiting = [other.address for other in self._connections.values() if other.stage is None]
        crowded = len(waiting) >= self._limits.connections_before_publish
        if self._server is None or crowded or Counter(waiting)[connection.address] >= self._limits.connections_before_publish_per_address:
            log.warning("RTMP from %s refused: %s", connection.peer, self._explain(disconnect_reasons.CROWDED))
            writer.transport.abort()
            return
        task = connection.begin(self._release)
        self._connections[task] = connection

    def _release(self, task: asyncio.Task[None]) -> None:
        connection = self._connections.pop(task, None)
        if connection is None:
            return
        connection.abort()  # a task cancelled before its first step has closed nothing
        if connection.stage is not None and self._publishers.get(connection.stage) is connection:
            del self._publishers[connection.stage]
        publication = connection.publication
        if publication is not None and publication.end_reason == disconnect_reasons.UNSUPPORTED_CODEC:
            self._refused(connection, disconnect_reasons.UNSUPPORTED_CODEC, publication.refused_codec)
        if not task.cancelled() and task.exception() is not None:
            log.error("RTMP from %s failed", connection.peer, exc_info=task.exception())

    async def _claim(self, connection: Connection, request: PublishRequested) -> str:
        """The stage for this address and key, now owned by this connection. Raises PublisherRefused."""
        stage = await self._stage_of(request)
        code = disconnect_reasons.WRONG_KEY if stage is None else None
        if stage is not None and await self._still_sending(stage):
            code = disconnect_reasons.BUSY
        if stage is None or code is not None:
            self._refused(connection, code or disconnect_reasons.WRONG_KEY, None, stage)
            raise PublisherRefused(code or disconnect_reasons.WRONG_KEY)
        before = self._publishers.get(stage)
        self._publishers[stage] = connection
        if before is not None:
            before.end(disconnect_reasons.REPLACED)
        return stage

    async def _stage_of(self, request: PublishRequested) -> str | None:
        if not request.key or len(request.key) > self._limits.key_characters:
            return None
        try:
            async with asyncio.timeout(self._limits.authorize_seconds):
                return await self._authorize(request.app, request.key)
        except Exception:
            log.exception("a stream key could not be checked")
            raise PublisherRefused(disconnect_reasons.UNAVAILABLE) from None

    async def _still_sending(self, stage: str) -> bool:
        """Whether the present publisher of the stage sends anything before it has been silent for `takeover_seconds`."""
        present = self._publishers.get(stage)
        if present is None:
            return False
        silence = asyncio.get_running_loop().time() - present.last_data_at
        present.data_received.clear()
        try:
            async with asyncio.timeout(max(0.0, self._limits.takeover_seconds - silence)):
                await present.data_received.wait()
        except TimeoutError:
            # Somebody else may have taken the stage while we waited; that one is certainly alive.
            return self._publishers.get(stage) not in (present, None)
        return self._publishers.get(stage) is not None

    def _refused(self, connection: Connection, code: str, codec: str | None, stage: str | None = None) -> None:
        log.warning("RTMP from %s refused: %s", connection.peer, code)
        if self._on_refusal is not None:
            self._on_refusal(PublishRefusal(connection.peer, stage or connection.stage, code, codec))
