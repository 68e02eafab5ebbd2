"""The sockets of the live feed: WebSocket (RFC 6455) through `websockets`, one owner of all connections of this process.

A frame is serialised once and the same bytes are written to every transport: server frames carry no mask (RFC 6455, section 5.1),
compression is off and nothing is fragmented, so they may be written beside the library, between two of its own writes. The bounded
outgoing queue of a client is its transport's buffer. What must not be here: what a frame says, who may see it.
"""

from __future__ import annotations

import asyncio
import http
import logging
import random
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge
from websockets.asyncio.server import Server, ServerConnection
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.typing import Origin

from services.qa.facts import Contents
from services.qa.feed import protocol
from services.qa.feed.admission import Admission, Limits
from services.qa.feed.client import Client
from services.qa.feed.hub import Hub, Out
from services.qa.feed.leavers import EarlyLeavers
from services.qa.feed.listening import listen
from services.qa.feed.protocol import Hello, Refusal, Renew
from shared.events.kind import Event
from shared.messages.catalogue import Catalogue
from shared.turns import Turns

log = logging.getLogger("tablee.qa.feed")

PATH: Final = "/feed"
TICK_SECONDS: Final = 1.0
RETRY_MS: Final = (500, 8000)
BYES: Final = 16
"""Different moments to come back after a restart; each client gets one of them."""


def wire(frame: bytes) -> bytes:
    """A JSON text as the bytes of one WebSocket text frame of a server."""
    return Frame(Opcode.TEXT, frame).serialize(mask=False)


PING: Final = wire(protocol.PING)


class FeedServer:
    def __init__(
        self,
        hub: Hub[Client],
        admission: Admission,
        catalogue: Catalogue,
        metrics: CollectorRegistry,
        *,
        host: str,
        port: int,
        origins: Sequence[str],
        limits: Limits,
    ) -> None:
        self.hub = hub
        self._admission, self._catalogue, self._limits = admission, catalogue, limits
        self._host, self._port = host, port
        self._origins: list[Origin | None] = [*(Origin(origin) for origin in origins), None]
        self._turns = Turns(limits.joins_at_a_time)
        self._most_waiting = limits.buffer_bytes
        self._clients: dict[Client, None] = {}
        self._people: dict[str, dict[Client, None]] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._server: Server | None = None
        self._draining = False
        self._connected = Gauge("tablee_qa_feed_clients", "Live clients", ("view",), registry=metrics)
        self._closed = Counter("tablee_qa_feed_closed_total", "Connections ended by the server", ("code",), registry=metrics)
        left = Counter("tablee_qa_feed_left_early_total", "Connections that ended before their welcome", registry=metrics)
        self._leavers = EarlyLeavers(left.inc)
        self._frames = Counter("tablee_qa_feed_frames_total", "Frames written to clients", registry=metrics)

    # --- life --------------------------------------------------------------------------------------------------------------------
    async def start(self) -> None:
        """Raises SettingError when the port cannot be used."""
        self._server = await listen(self._handle, self._process_request, self._host, self._port, self._origins, self._limits)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def check(self) -> None:
        """Readiness. Raises RuntimeError."""
        if self._server is None or self._draining:
            raise RuntimeError("the live feed takes no connections")

    async def run(self) -> None:
        """Heartbeats, expiry and presence, until cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.tick()

    async def drain(self) -> None:
        """Take nobody in, tell everybody when to come back, close; bounded by `drain_seconds`."""
        self._draining = True
        if self._server is not None:
            self._server.close(close_connections=False)
        byes = [wire(protocol.bye(protocol.RESTART, random.randint(*RETRY_MS))) for _ in range(BYES)]  # noqa: S311 - jitter
        for number, client in enumerate(list(self._clients)):
            self._write(client, byes[number % BYES])
            self._close(client, protocol.RESTART)
        if self._closing:
            await asyncio.wait(self._closing, timeout=self._limits.drain_seconds)

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close(code=protocol.RESTART)
        for client in list(self._clients):
            client.connection.transport.abort()
        try:
            await asyncio.wait_for(self._server.wait_closed(), self._limits.close_seconds + 1.0)
        except TimeoutError:
            log.warning("some feed connections did not end in time")
        self._server = None

    # --- what happens ---------------------------------------------------------------------------------------------------------------
    def event(self, event: Event, *, seq: int, correlation: str) -> None:
        self.hub.time_is(self._admission.now())
        self.send(self.hub.on_event(event, seq=seq, correlation=correlation))

    def load(self, contents: Contents) -> None:
        """And whatever is due by now: what was held back for a while may be old."""
        now = self._admission.now()
        self.hub.time_is(now)
        self.send(self.hub.load(contents))
        self.send(self.hub.tick(now))

    # --- writing -------------------------------------------------------------------------------------------------------------------
    def send(self, outs: Iterable[Out[Client]]) -> None:
        """Hand every frame to its clients' transports; never waits."""
        for out in outs:
            frame = wire(out.frame)
            for client in out.to:
                self._write(client, frame)
            self._frames.inc(len(out.to))

    def _write(self, client: Client, frame: bytes) -> None:
        if client.closing or client.protocol.state is not State.OPEN:
            return
        if client.transport.get_write_buffer_size() > self._most_waiting:
            self._close(client, protocol.SLOW)
            return
        client.transport.write(frame)

    def revoke(self, person: str, at: datetime, login: str) -> None:
        """End the connections whose pass was issued up to then; with `login`, those of this one browser session only."""
        for client in list(self._people.get(person, ())):
            if client.holder.issued_at <= at and login in ("", client.holder.login):
                self._end(client, protocol.UNAUTHENTICATED, "access.revoked")

    def tick(self) -> None:
        instant = self._admission.now()
        self.hub.time_is(instant)
        self.send(self.hub.tick(instant))
        now = time.monotonic()
        for client in list(self._clients):
            if self._admission.expired(client.holder):
                self._end(client, protocol.UNAUTHENTICATED, "access.pass_expired")
            elif now - client.last_frame_at > self._limits.silence_seconds:
                self._close(client, protocol.SLOW)
            elif now >= client.ping_at:
                client.ping_at, client.frames = now + self._limits.heartbeat_seconds, 0
                self._write(client, PING)

    def _end(self, client: Client, close: int, code: str) -> None:
        self._write(client, self._error(code))
        self._close(client, close)

    def _close(self, client: Client, close: int) -> None:
        """The closing handshake goes on by itself, bounded by `close_seconds`; the client gets nothing more."""
        if client.closing:
            return
        client.closing = True
        self._closed.labels(str(close)).inc()
        task = asyncio.create_task(self._close_handshake(client.connection, close))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close_handshake(self, connection: ServerConnection, close: int) -> None:
        """The library waits for a full transport before its own deadline begins: a client that does not read would never be gone."""
        try:
            await asyncio.wait_for(connection.close(close), self._limits.close_seconds)
        except TimeoutError:
            connection.transport.abort()

    def _error(self, code: str) -> bytes:
        return wire(protocol.error(code, self._catalogue.sentences(code, {})))

    # --- one connection --------------------------------------------------------------------------------------------------------------
    def _process_request(self, connection: ServerConnection, request: Request) -> Response | None:
        """Before the handshake: the path, the house being full, or too many on the doorstep."""
        if request.path.partition("?")[0] != PATH:
            return connection.respond(http.HTTPStatus.NOT_FOUND, "The live feed is at /feed.\n")
        full = len(self._clients) >= self._limits.connections
        if self._draining or full or self._joining > self._limits.joining:
            response = connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, "Try again in a moment.\n")
            response.headers["Retry-After"] = str(random.randint(1, 8))  # noqa: S311 - jitter
            return response
        return None

    @property
    def _joining(self) -> int:
        """Connections that are no clients yet, or no more."""
        return 0 if self._server is None else len(self._server.handler_tasks) - len(self._clients)

    async def _handle(self, connection: ServerConnection) -> None:
        client = None
        try:
            client = await self._welcome(connection)
            await self._receive(client)
        except Refusal as refusal:
            self._closed.labels(str(refusal.close)).inc()
            if connection.protocol.state is State.OPEN:
                connection.transport.write(self._error(refusal.code))
            await self._close_handshake(connection, refusal.close)
        except ConnectionClosed:
            pass
        finally:
            if client is not None:
                self._remove(client)

    async def _welcome(self, connection: ServerConnection) -> Client:
        try:
            frame = await asyncio.wait_for(connection.recv(), self._limits.hello_seconds)
        except TimeoutError:
            raise Refusal(protocol.SLOW, "feed.hello_late") from None
        hello = protocol.parse(frame)
        if not isinstance(hello, Hello):
            raise Refusal(protocol.BAD_FRAME, "feed.bad_frame")
        await self._turns.take()
        holder = self._admission.admit(hello, self.hub.refusal)
        if connection.protocol.state is not State.OPEN:  # the page left before it was answered: nothing may be written any more
            self._leavers.note()
            raise ConnectionClosedOK(None, None)
        client = Client(connection, holder, hello, time.monotonic(), self._limits.heartbeat_seconds)
        self._add(client)
        epoch, frames = self.hub.connect(
            client, session=hello.session, view=hello.view, person=holder.person, entrance=holder.door, epoch=hello.epoch, seq=hello.seq,
            name=holder.name,
        )  # fmt: skip
        first = protocol.welcome(epoch, self._limits.heartbeat_seconds)
        connection.transport.write(b"".join(wire(frame) for frame in (first, *frames)))
        return client

    async def _receive(self, client: Client) -> None:
        async for frame in client.connection:
            client.last_frame_at = time.monotonic()
            client.frames += 1
            if client.frames > self._limits.frames_per_heartbeat:
                raise Refusal(protocol.BAD_FRAME, "feed.too_many_frames")
            parsed = protocol.parse(frame)
            if isinstance(parsed, Hello):
                raise Refusal(protocol.BAD_FRAME, "feed.bad_frame")
            if isinstance(parsed, Renew):
                client.holder = self._admission.renew(client.holder, parsed.token, session=client.session, view=client.view)
                self.hub.declare(client.holder.person, client.holder.people, client.holder.issued_at)

    def _add(self, client: Client) -> None:
        there = self._people.setdefault(client.holder.person, {})
        while len(there) >= self._limits.connections_per_person:
            oldest = next(iter(there))
            del there[oldest]
            self._end(oldest, protocol.REPLACED, "feed.replaced")
        there[client] = self._clients[client] = None
        self.hub.declare(client.holder.person, client.holder.people, client.holder.issued_at)
        self._connected.labels(client.view).inc()

    def _remove(self, client: Client) -> None:
        self.hub.disconnect(client)
        there = self._people.get(client.holder.person, {})
        there.pop(client, None)
        if not there:
            self._people.pop(client.holder.person, None)
        if client in self._clients:
            del self._clients[client]
            self._connected.labels(client.view).dec()
