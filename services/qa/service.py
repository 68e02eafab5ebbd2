"""The declaration of the qa service: how its parts are joined, nothing else."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from services.qa import api
from services.qa.app import Questions
from services.qa.feed.admission import Gate, Limits
from services.qa.feed.hub import Hub
from services.qa.feed.server import Client, FeedServer
from services.qa.reactions import ACCESS, PEOPLE, PROGRAMME, STAGES, Reactions
from services.qa.store import OUTBOXES, QaStore
from services.qa.votes import Tally
from shared.bus.port import Delivery, Group
from shared.bus.typed import Listener, Reaction
from shared.clock import from_text
from shared.config import Settings
from shared.errors import DomainError
from shared.events.access import AccessRevoked
from shared.events.floor import FloorChanged
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished
from shared.events.question import QuestionChanged
from shared.events.stage import StageChanged
from shared.events.votes import VotesCounted
from shared.service.declaration import Service
from shared.service.ports import Ports

log = logging.getLogger("tablee.qa")

GROUPS: Final[tuple[Group, ...]] = (PROGRAMME, ACCESS, STAGES, PEOPLE)
LIVE: Final[tuple[type[Event], ...]] = (QuestionChanged, VotesCounted, FloorChanged, StageChanged, AccessRevoked, ProgrammePublished)
RECONCILE_SECONDS: Final = 30.0
"""How often the live feed compares itself with the store: an event that never came (a crash at the wrong moment) is made up for."""


def build(ports: Ports, settings: Settings, limits: Limits | None = None) -> Service:
    return assemble(ports, settings, limits)[0]


def assemble(ports: Ports, settings: Settings, limits: Limits | None = None) -> tuple[Service, FeedServer]:
    """The service, and its feed for those who measure it."""
    store = QaStore(ports.database)
    hub: Hub[Client] = Hub(ports.new_id())
    gate = Gate(ports.verifier, ports.revocations, ports.clock)
    feed = FeedServer(
        hub, gate, ports.messages, ports.metrics, host=settings.host, port=settings.feed_listen_port,
        origins=_origins(settings), limits=limits or Limits(),
    )  # fmt: skip
    tally = Tally(ports.bus, ports.clock, ports.new_id)
    questions = Questions(store, tally, hub, clock=ports.clock, new_id=ports.new_id, wake=ports.relay_wake, metrics=ports.metrics)
    reactions = Reactions(store, questions, ports.revocations, ports.event_id)
    live = _Live(ports, store, feed)
    service = Service(
        name="qa",
        routes=api.routes(questions),
        reactions=(
            Reaction(PROGRAMME, ProgrammePublished, reactions.programme), Reaction(ACCESS, AccessRevoked, reactions.access),
            Reaction(STAGES, StageChanged, reactions.stage),
        ),
        listeners=(Listener(LIVE, live.on_event, live.reload),),
        tasks={"feed": feed.run, "votes": tally.run, "reconcile": live.reconcile},
        outboxes=OUTBOXES,
        checks={"store": ports.database.ping, "feed": feed.check},
        start=live.start,
        drain=feed.drain,
        stop=feed.stop,
    )  # fmt: skip
    return service, feed


def _origins(settings: Settings) -> list[str]:
    """Pages that may open the feed: those of this platform; on a loopback address by both of its names."""
    names = [settings.origin]
    if "//127.0.0.1" in settings.origin:
        names.append(settings.origin.replace("//127.0.0.1", "//localhost"))
    return names


class _Live:
    """Joins the bus and the store to the feed."""

    def __init__(self, ports: Ports, store: QaStore, feed: FeedServer) -> None:
        self._ports, self._store, self._feed = ports, store, feed

    async def start(self) -> None:
        """Indexes, what was withdrawn, what is known; then the port."""
        await self._store.prepare()
        for person, at in await self._store.revocations():
            self._ports.revocations.revoke(person, at)
        await self.reload()
        await self._feed.start()

    async def on_event(self, event: Event, delivery: Delivery) -> None:
        if isinstance(event, AccessRevoked):
            at = from_text(event.revoked_at)
            self._ports.revocations.revoke(event.person_id, at)
            self._feed.revoke(event.person_id, at)
            return
        if isinstance(event, ProgrammePublished) and event.event_id != self._ports.event_id:
            return
        envelope = delivery.envelope
        self._feed.send(self._feed.hub.on_event(event, seq=envelope.seq, correlation=envelope.correlationid))

    async def reload(self) -> None:
        """After a gap: take over what the store has, and tell every client what it missed."""
        self._feed.send(self._feed.hub.load(await self._store.contents(ballots=True)))

    async def reconcile(self) -> None:
        while True:
            await asyncio.sleep(RECONCILE_SECONDS)
            try:
                contents = await self._store.contents(ballots=False)
            except DomainError as error:
                log.warning("the feed could not compare itself with the store", extra={"code": error.code})
                continue
            self._feed.send(self._feed.hub.load(contents))
