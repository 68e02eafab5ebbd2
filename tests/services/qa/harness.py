"""The qa service as it runs, in one test: real MongoDB, real HTTP application, real WebSocket server; the bus delivers inside the process.

What the bus adapters promise is tested in tests/contract; here events still pass through JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry
from websockets.asyncio.client import ClientConnection, connect

from services.qa.feed.admission import Limits
from services.qa.feed.server import FeedServer
from services.qa.moving import Announcer
from services.qa.service import assemble
from shared.auth.keys import Secrets
from shared.auth.passes import Purpose, Signer, Verifier, new_private_key
from shared.auth.revocations import Revocations
from shared.bus.port import DeadLetter, Delivery, GapHandler, Group, Handler, LiveHandler, Subscription
from shared.bus.topics import matches
from shared.clock import to_text, utc_now
from shared.config import Settings
from shared.events.access import AccessRevoked
from shared.events.catalogue import is_live
from shared.events.envelope import Envelope
from shared.events.kind import Event
from shared.events.person import PersonErased
from shared.events.programme import ProgrammePublished, SessionRef, StageRef
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.events.stage import StageChanged
from shared.events.vocabulary import StageOrigin, StageReason, StageState
from shared.http.application import HttpParts, build_application
from shared.metrics import new_registry
from shared.service.declaration import Service
from shared.service.ports import Ports
from shared.service.revocation import revocation_listener
from shared.storage.port import Database
from tests.support.messages import MESSAGES
from tests.support.passes import door_of, duty_of
from tests.support.ports import free_port

EVENT = "assises-2021"
STAGE = "grande-salle"
ROUND_TABLE, CLOSED = "table-ronde-1", "ouverture"
PATIENCE = 60.0
HALL_PEOPLE = 40
"""In the hall of whoever comes as `hub`."""


class MemoryBus:
    """Delivers at once, in order, to whoever subscribed."""

    def __init__(self) -> None:
        self.reactions: list[tuple[Group, Handler]] = []
        self.listeners: list[tuple[Sequence[str], LiveHandler, GapHandler]] = []
        self.published: list[Envelope] = []

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def ping(self) -> None: ...
    async def declare(self, groups: Sequence[Group]) -> None: ...

    async def publish(self, event: Envelope) -> None:
        event = Envelope.from_json(json.loads(json.dumps(event.to_json())))
        self.published.append(event)
        if not is_live(event.type):
            for group, handler in self.reactions:
                if any(matches(topic, event.type) for topic in group.topics):
                    await handler(Delivery(event, 1, group.name))
        for topics, live, _ in self.listeners:
            if any(matches(topic, event.type) for topic in topics):
                await live(event)

    async def subscribe(self, group: Group, handler: Handler) -> Subscription:
        self.reactions.append((group, handler))
        return _Open()

    async def listen(self, topics: Sequence[str], handler: LiveHandler, on_gap: GapHandler) -> Subscription:
        await on_gap()
        self.listeners.append((topics, handler, on_gap))
        return _Open()

    async def dead_letters(self, *, group: str | None = None, limit: int = 100) -> list[DeadLetter]:
        return []

    async def drop_dead_letters(self, words: str) -> int:
        return 0

    async def replay(self, dead_letter_id: str) -> bool:
        return False


class _Open:
    async def close(self) -> None: ...


class NoMail:
    async def send(self, message: object) -> None:
        raise AssertionError("the qa service sends no mail")

    async def mails_to(self, address: str) -> Sequence[str]:
        raise AssertionError("the qa service keeps no mail")

    async def forget(self, address: str) -> None:
        raise AssertionError("the qa service keeps no mail")


class Watch:
    """A clock that stands until it is moved on."""

    def __init__(self) -> None:
        self.now = utc_now()

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class QaHarness:
    service: Service
    feed: FeedServer
    http: TestClient[web.Request, web.Application]
    bus: MemoryBus
    clock: Watch
    signer: Signer
    database: Database
    ports: Ports
    settings: Settings
    metrics: CollectorRegistry
    pumping: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def announcer(self) -> Announcer:
        """For use cases that a test makes beside the service."""
        return Announcer(self.clock, self.ports.new_id, self.ports.relay_wake)

    # --- passes ----------------------------------------------------------------------------------------------------------------
    def token(
        self,
        name: str,
        role: str = "viewer",
        *,
        sessions: Sequence[str] = ("*",),
        event: str = EVENT,
        door: str = "",
        signer: Signer | None = None,
        login: str = "",
        shown: str | None = None,
        people: int | None = None,
        no_picture: bool = False,
        purpose: Purpose = "api",
    ) -> str:
        doors = {"viewer": "remote", "room": "in_room", "hub": "hub"}
        return (signer or self.signer).sign(
            id=str(uuid.uuid4()), person=f"person-{name}", duty=duty_of(role), event=event, sessions=sessions,
            door=door_of(door or doors.get(role, "staff")), name=name if shown is None else shown, language="fr", now=self.clock(),
            login=login, no_picture=no_picture, people=HALL_PEOPLE * (role == "hub") if people is None else people, purpose=purpose,
        )  # fmt: skip

    # --- HTTP ------------------------------------------------------------------------------------------------------------------
    async def call(
        self,
        method: str,
        path: str,
        name: str = "anne",
        role: str = "viewer",
        body: object = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token(name, role) if token is None else token}", **(headers or {})}
        async with self.http.request(method, path, json=body, headers=headers) as answer:
            text = await answer.text(errors="replace")  # a workbook is no text
            return answer.status, json.loads(text or "null") if "json" in answer.content_type or not text else text

    async def ask(self, name: str = "anne", role: str = "viewer", text: str = "Quand la fibre ?", **more: Any) -> tuple[int, Any]:
        body = {"id": str(uuid.uuid4()), "text": text, "language": "fr", **more}
        return await self.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/questions", name, role, body)

    async def asked(self, name: str = "anne", text: str = "Quand la fibre ?", **more: Any) -> Any:
        status, item = await self.ask(name, text=text, **more)
        assert status == 201, item
        return item

    async def command(self, item: Any, command: str, name: str = "claire", role: str = "moderator", **body: Any) -> tuple[int, Any]:
        body = {"expected_version": item["version"], **body}
        return await self.call("POST", f"/api/qa/questions/{item['id']}/{command}", name, role, body)

    async def done(self, item: Any, command: str, name: str = "claire", role: str = "moderator", **body: Any) -> Any:
        status, changed = await self.command(item, command, name, role, **body)
        assert status == 200, changed
        return changed

    async def vote(self, item: Any, name: str, method: str = "PUT", role: str = "viewer") -> tuple[int, Any]:
        return await self.call(method, f"/api/qa/questions/{item['id']}/vote", name, role)

    # --- events ----------------------------------------------------------------------------------------------------------------
    async def tell(self, event: Event, subject: str, seq: int = 1, correlation: str = "") -> None:
        await self.bus.publish(
            event.to_envelope(id=str(uuid.uuid4()), subject=subject, seq=seq, time=self.clock(), correlationid=correlation)
        )

    async def publish(self, version: int, *sessions: SessionRef, rehearsal: bool = False) -> None:
        stages = (StageRef(STAGE, "Grande salle"),)
        event = ProgrammePublished(EVENT, "Assises", "Europe/Paris", f"d{version}", sessions, stages, language="fr", rehearsal=rehearsal)
        await self.tell(event, EVENT, version)

    async def order(self, version: int, *slots: SlotRef) -> None:
        await self.tell(RunningOrderChanged(EVENT, slots), EVENT, version)

    async def tell_stage(self, state: StageState, origin: StageOrigin, seq: int, reason: StageReason | None = None) -> None:
        await self.tell(StageChanged(STAGE, state, origin, to_text(self.clock()), reason), STAGE, seq)

    async def revoke(self, name: str, *, login: str = "") -> None:
        await self.tell(AccessRevoked(EVENT, f"person-{name}", to_text(self.clock()), "lost phone", login), f"person-{name}")

    async def erase(self, name: str) -> None:
        await self.tell(PersonErased(EVENT, f"person-{name}", to_text(self.clock())), f"person-{name}")

    async def pump(self) -> None:
        """One pass of the outbox relay."""
        async with self.pumping:
            for collection in self.service.outboxes:
                for event in await self.database.pending_events(collection, 100):
                    await self.bus.publish(event)
                    await self.database.remove_events(collection, [event.id])

    # --- the live feed -----------------------------------------------------------------------------------------------------------
    @property
    def feed_url(self) -> str:
        return f"ws://127.0.0.1:{self.feed.port}/feed"

    @contextlib.asynccontextmanager
    async def listener(self, name: str = "anne", role: str = "viewer", view: str = "public", **hello: Any) -> AsyncIterator[Listener]:
        """What was done before is known to whoever comes now, unless `early`. The rest of `hello` but for `token` is that of the feed."""
        if not hello.pop("early", False):
            await self.pump()
        async with connect(self.feed_url, compression=None, ping_interval=None, close_timeout=1) as socket:
            token = hello.pop("token", None) or self.token(name, role)
            frame = {"op": "hello", "v": 1, "pass": token, "session": ROUND_TABLE, "view": view, "epoch": None, "seq": None, **hello}
            await socket.send(json.dumps(frame))
            yield Listener(socket)


class Listener:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def next(self) -> Any:
        return json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))

    async def until(self, op: str) -> Any:
        while True:
            frame = await self.next()
            if frame["op"] == op:
                return frame

    async def event(self, kind: str) -> Any:
        while True:
            frame = await self.next()
            if frame["op"] == "event" and frame["kind"] == kind:
                return frame

    async def closed(self) -> int:
        await asyncio.wait_for(self.socket.wait_closed(), PATIENCE)
        assert self.socket.close_code is not None
        return int(self.socket.close_code)


def session(id: str = ROUND_TABLE, *, title: str = "La fibre", questions: bool = True, **more: Any) -> SessionRef:
    given: dict[str, Any] = {
        "kind": "round_table", "label": "", "starts_at": None, "ends_at": None, "room": None, "stage": STAGE, **more,
    }  # fmt: skip
    return SessionRef(id, title=title, questions=questions, **given)


def programme(version: int = 1, **questions: bool) -> ProgrammePublished:
    sessions = {ROUND_TABLE: True, CLOSED: False, **questions}
    refs = tuple(
        SessionRef(id=id, kind="round_table", label=id, title=id, starts_at=None, ends_at=None, room=None, stage=STAGE, questions=asks)
        for id, asks in sessions.items()
    )
    return ProgrammePublished(EVENT, "Assises", "Europe/Paris", f"digest-{version}", refs, (StageRef(STAGE, "Grande salle"),))


@contextlib.asynccontextmanager
async def open_harness(database: Database, *, limits: Limits | None = None, run: Sequence[str] = ("votes",)) -> AsyncIterator[QaHarness]:
    """`run` names the background tasks that run; the relay is pumped after every command."""
    key, clock, bus, metrics = new_private_key(), Watch(), MemoryBus(), new_registry()
    settings = Settings(port=free_port(), feed_port=free_port())
    harness: QaHarness
    pumping: set[asyncio.Task[None]] = set()

    def wake() -> None:
        task = asyncio.create_task(harness.pump())
        pumping.add(task)
        task.add_done_callback(pumping.discard)

    ports = Ports(
        database=database, bus=bus, clock=clock, new_id=lambda: str(uuid.uuid4()), verifier=Verifier([key.public_key()], event=EVENT),
        revocations=Revocations(), signer=None, secrets=Secrets(stream_secret=b"s"), mailer=NoMail(), metrics=metrics, relay_wake=wake,
        event_id=EVENT, messages=MESSAGES,
    )  # fmt: skip
    service, feed = assemble(ports, settings, limits)
    parts = HttpParts(
        settings=settings, verifier=ports.verifier, revocations=ports.revocations, clock=clock, metrics=metrics, messages=MESSAGES
    )
    client = TestClient(TestServer(build_application([service], parts)))
    harness = QaHarness(service, feed, client, bus, clock, Signer(key), database, ports, settings, metrics)
    await _start(service, bus, ports.revocations)
    tasks = [asyncio.create_task(_forever(step)) for name, step in service.tasks.items() if name in run]
    await client.start_server()
    try:
        await harness.tell(programme(), EVENT)
        yield harness
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, *pumping, return_exceptions=True)
        await client.close()
        assert service.stop is not None
        await service.stop()


async def _start(service: Service, bus: MemoryBus, revocations: Revocations) -> None:
    assert service.start is not None
    await service.start()
    for reaction in service.reactions:
        await bus.subscribe(reaction.group, reaction.receive)
    for listener in (revocation_listener(revocations), *service.listeners):
        await bus.listen(listener.topics, listener.receive, listener.on_gap)


async def _forever(step: Callable[[], Awaitable[None]]) -> None:
    await step()
