"""The publish-only RTMP server: listens, bounds who may wait, and gives each stage at most one publisher."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.port import IngestRefusal
from services.streaming.ingest.rtmp.connection import Connection, PublisherRefused
from services.streaming.ingest.rtmp.limits import RtmpLimits
from services.streaming.ingest.rtmp.publication import RtmpPublication
from services.streaming.ingest.rtmp.session import PublishRequested

log = logging.getLogger(__name__)

STOP_SECONDS = 5.0
LISTEN_BACKLOG = 64

Authorize = Callable[[str, str], Awaitable[str | None]]
"""(app, key) to the stage id, or None."""


class RtmpServer:
    """Encoders connect to `rtmp://host:port/live` with their stage's key. A TLS terminator in front makes it `rtmps://`.

    `on_publish` is called, in the event loop, once it is clear what a new publication holds; `on_refusal` for every sender turned away;
    `occupied` says whether somebody sends to a stage by another protocol.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        authorize: Authorize,
        on_publish: Callable[[RtmpPublication], None],
        on_refusal: Callable[[IngestRefusal], None] | None = None,
        occupied: Callable[[str], bool] = lambda stage: False,
        limits: RtmpLimits | None = None,
        explain: disconnect_reasons.Explain = disconnect_reasons.bare,
    ) -> None:
        self._host, self._port = host, port
        self._authorize, self._on_publish, self._on_refusal, self._occupied = authorize, on_publish, on_refusal, occupied
        self._limits, self._explain = limits or RtmpLimits(), explain
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._publishers: dict[str, Connection] = {}

    async def start(self) -> int:
        """Listens; returns the port, which was chosen by the system if 0 was asked for. Raises OSError."""
        self._server = await asyncio.start_server(
            self._accept, self._host or None, self._port, limit=self._limits.read_bytes, backlog=LISTEN_BACKLOG
        )
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

    def disconnect(self, stage: str, reason: str) -> None:
        """Cuts whoever sends to the stage; the next one need not wait until the stage counts as silent."""
        connection = self._publishers.pop(stage, None)
        if connection is not None:
            connection.end(reason)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, self._limits, self._claim, self._on_publish, self._explain)
        if self._server is None:
            connection.abort()
            return
        self._make_room(connection.address)
        task = connection.begin(self._release)
        self._connections[task] = connection

    def _make_room(self, address: str) -> None:
        """Who connects and says nothing must not keep encoders out: over a bound, the oldest of those that have got least far goes."""
        waiting = [other for other in self._connections.values() if other.waits]
        here = [other for other in waiting if other.address == address]
        if len(here) >= self._limits.connections_before_publish_per_address:
            crowd = here
        elif len(waiting) >= self._limits.connections_before_publish:
            crowd = waiting
        else:
            return
        idlest = min(crowd, key=lambda other: other.progress)  # the first of equals: connections are kept in the order of their coming
        self._refused(idlest, disconnect_reasons.CROWDED)
        idlest.end(disconnect_reasons.CROWDED)
        idlest.abort()

    def _release(self, task: asyncio.Task[None]) -> None:
        connection = self._connections.pop(task, None)
        if connection is None:
            return
        connection.abort()  # a task cancelled before its first step has closed nothing
        if connection.stage is not None and self._publishers.get(connection.stage) is connection:
            del self._publishers[connection.stage]
        if connection.refused_codec:
            self._refused(connection, disconnect_reasons.UNSUPPORTED_CODEC, codec=connection.refused_codec)
        if not task.cancelled() and task.exception() is not None:
            log.error("RTMP from %s failed", connection.peer, exc_info=task.exception())

    async def _claim(self, connection: Connection, request: PublishRequested) -> str:
        """The stage for this address and key, now owned by this connection. Raises PublisherRefused."""
        stage = None
        try:
            stage = await self._stage_of(request)
            if stage is None:
                raise PublisherRefused(disconnect_reasons.WRONG_KEY)
            if await self._still_sending(stage) or self._occupied(stage):
                raise PublisherRefused(disconnect_reasons.BUSY)
            if await self._stage_of(request) != stage:  # a new key was made while we waited
                raise PublisherRefused(disconnect_reasons.WRONG_KEY)
        except PublisherRefused as refusal:
            self._refused(connection, refusal.code, stage=stage)
            raise
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

    def _refused(self, connection: Connection, code: str, *, stage: str | None = None, codec: str = "") -> None:
        log.warning("RTMP from %s refused: %s", connection.peer, self._explain(code, codec=codec))
        if self._on_refusal is not None:
            self._on_refusal(IngestRefusal(connection.peer, stage or connection.stage, code, codec))
