"""The declaration of the qa service: how its parts are joined, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from services.qa import api, desk_api, people_api, reacting_api, suggesting_api
from services.qa.app import Questions
from services.qa.day import Days
from services.qa.desk import Desk
from services.qa.exports import api as exports_api
from services.qa.exports.app import Exports
from services.qa.feed.admission import Admission, Limits
from services.qa.feed.aspects import Aspects, new_aspects
from services.qa.feed.aspects.colleagues import Desks
from services.qa.feed.aspects.presence import Present
from services.qa.feed.aspects.reactions import Recent
from services.qa.feed.client import Client
from services.qa.feed.hub import Hub
from services.qa.feed.server import FeedServer
from services.qa.guard import api as guard_api
from services.qa.guard.app import Guards
from services.qa.hands import api as hands_api
from services.qa.hands.app import Hands
from services.qa.ledgers import Ledgers
from services.qa.lite import api as lite_api
from services.qa.lite.visits import Visits
from services.qa.live import LiveFeed
from services.qa.moving import Announcer
from services.qa.notes import api as notes_api
from services.qa.notes.app import ChairNotes
from services.qa.people import HallCounts, People
from services.qa.polls import api as polls_api
from services.qa.polls.answers import counted_word
from services.qa.polls.app import Polls
from services.qa.polls.counting import Counting
from services.qa.polls.planning import PlannedPolls
from services.qa.reacting import Reacting
from services.qa.reactions import ACCESS, HALLS, PEOPLE, PROGRAMME, RUNNING_ORDER, STAGES, Reactions
from services.qa.shares import C, ShareTeller
from services.qa.store import OUTBOXES, QaStore
from services.qa.suggesting import Suggesting
from services.qa.table import api as table_api
from services.qa.table import link_api
from services.qa.table.app import Seats
from services.qa.table.calls import CallPlans
from services.qa.table.ice import IcePlan, ice_plan
from services.qa.table.link_app import TableLinks
from services.qa.table.signals import Signals
from services.qa.table.studios import Studios
from services.qa.votes import VoteBatcher
from shared.bus.port import Group
from shared.bus.typed import Listener, Reaction, together
from shared.config import SettingError, Settings
from shared.events.access import AccessRevoked
from shared.events.desks import DesksCounted
from shared.events.hall import HallDeclared
from shared.events.kind import Event
from shared.events.person import PersonErased
from shared.events.presence import PresenceCounted
from shared.events.programme import ProgrammePublished
from shared.events.question import QuestionChanged
from shared.events.reactions import ReactionsCounted
from shared.events.running_order import RunningOrderChanged
from shared.events.stage import StageChanged
from shared.http.security import own_origins
from shared.service.declaration import Service, Step
from shared.service.export import export_listener
from shared.service.ports import Ports
from shared.service.route import Route

GROUPS: Final[tuple[Group, ...]] = (PROGRAMME, RUNNING_ORDER, ACCESS, STAGES, PEOPLE, HALLS)


def build(ports: Ports, settings: Settings, limits: Limits | None = None) -> Service:
    return assemble(ports, settings, limits)[0]


def assemble(ports: Ports, settings: Settings, limits: Limits | None = None) -> tuple[Service, FeedServer]:
    """The service, and its feed for those who measure it."""
    parts = _Parts(ports, settings, limits or Limits())
    feed, people = parts.feed, parts.people
    service = Service(
        name="qa",
        routes=parts.routes(ports, settings),
        reactions=_reactions(parts.reactions),
        listeners=parts.listeners(ports),
        tasks=parts.tasks(),
        outboxes=OUTBOXES,
        checks={"store": ports.database.ping, "feed": feed.check},
        export_person=people.export,
        erase_person=people.erase,
        error_page=parts.visits.error_page,
        processes=lambda: parts.aspects.colleagues.processes,
        start=parts.live.start,
        drain=feed.drain,
        stop=feed.stop,
    )
    return service, feed


class _Parts:
    """Each use case, made once; what the service declares of them."""

    def __init__(self, ports: Ports, settings: Settings, limits: Limits) -> None:
        self.store = store = QaStore(ports.database, ports.event_id)
        self.announcer = announcer = Announcer(ports.clock, ports.new_id, ports.relay_wake)
        process, lost = ports.new_id(), asyncio.Event()
        self.aspects = aspects = new_aspects(process, lost.set)
        self.hub: Hub[Client] = Hub(process, aspects)
        self.feed = feed = _feed(self.hub, ports, settings, limits)
        self.votes = VoteBatcher(ports.bus, ports.clock, ports.new_id)
        self.tellers = _tellers(aspects, process, ports)
        self.questions = questions = Questions(store, self.votes, aspects, announcer, metrics=ports.metrics)
        self.days = Days(store, announcer)
        self.counting = Counting(store.polls, ports.bus, ports.clock, ports.new_id)
        flagged, halls = _flagged(settings), questions.voting.halls
        self.polls = Polls(store, self.counting, aspects.session, halls, announcer, hall_most=settings.hall_most, flagged=flagged)
        self.hands = Hands(store, aspects.session, announcer)
        self.seats = Seats(store, aspects.session, self.hands, announcer)
        self.notes = ChairNotes(store, aspects.session, announcer)
        self.ledgers = Ledgers(store, ports.bus, clock=ports.clock, new_id=ports.new_id)
        planned = PlannedPolls(store, announcer, flagged=flagged)
        counts = HallCounts(store, questions.voting, self.polls, clock=ports.clock)
        self.guards = Guards(
            store, aspects.session, self.hands, ports.bus, lambda event, seq: feed.event(event, seq=seq, correlation=""), announcer
        )  # fmt: skip
        self.people = People(store, self.hands, self.seats, self.notes, counts, self.guards, announcer)
        self.reactions = Reactions(store, self.days, planned, self.people, self.hands, self.seats, counts, ports.event_id)
        self.live = LiveFeed(
            store, (self.days, planned), feed, ports.revocations, ports.event_id, process=process, begin=self.hub.begin, lost=lost,
            recount=self.polls.recount,
        )  # fmt: skip
        self.visits = Visits(self.days, ports.messages, ports.clock, secure=settings.secure)

    def routes(self, ports: Ports, settings: Settings) -> tuple[Route, ...]:
        store, aspects, questions = self.store, self.aspects, self.questions
        desk = Desk(questions, store, ports.bus, self.announcer)
        reacting = Reacting(aspects.reactions, aspects.session, aspects.guard, ports.clock)
        return (
            *api.routes(questions, self.days), *desk_api.routes(questions, desk, ports.messages), *people_api.routes(self.people),
            *suggesting_api.routes(Suggesting(store, aspects.questions)), *polls_api.routes(self.polls), *hands_api.routes(self.hands),
            *exports_api.routes(Exports(store, ports.database)), *reacting_api.routes(reacting), *notes_api.routes(self.notes),
            *_table_routes(self.seats, store, ports, self.announcer, _ice(settings)),
            *lite_api.routes(questions, self.polls, self.hands, reacting, self.days, self.visits, ports.new_id),
            *guard_api.routes(self.guards, ports.messages),
        )  # fmt: skip

    def listeners(self, ports: Ports) -> tuple[Listener[Any], ...]:
        live, ledgers = self.live, self.ledgers
        heard = Listener(self.hub.takes, live.on_event, live.reload), Listener((QuestionChanged,), ledgers.on_event, ledgers.reload)
        return together(*heard), export_listener("qa", self.people.export, ports)

    def tasks(self) -> dict[str, Step]:
        presence, desks, reactions = self.tellers
        return {
            "feed": self.feed.run, "votes": self.votes.run, "presence": presence.run, "desks": desks.run, "reconcile": self.live.reconcile,
            "polls": self.polls.run, "counting": self.counting.run, "hands": self.hands.run, "seats": self.seats.run,
            "reactions": reactions.run, "notes": self.notes.run, "ledgers": self.ledgers.run, "guards": self.guards.run,
        }  # fmt: skip


def _feed(hub: Hub[Client], ports: Ports, settings: Settings, limits: Limits) -> FeedServer:
    admission = Admission(ports.verifier, ports.revocations, ports.clock)
    return FeedServer(
        hub, admission, ports.messages, ports.metrics, host=settings.host, port=settings.feed_listen_port,
        origins=own_origins(settings.origin), limits=limits,
    )  # fmt: skip


def _tellers(aspects: Aspects, process: str, ports: Ports) -> tuple[ShareTeller[Present], ShareTeller[Desks], ShareTeller[Recent]]:
    def teller(own: Callable[[], C], event: Callable[[C], Event], *, always: bool = False) -> ShareTeller[C]:
        return ShareTeller(ports.bus, own, event, process, clock=ports.clock, new_id=ports.new_id, always=always)

    return (
        teller(aspects.presence.own, lambda own: PresenceCounted(process, own.people, own.halls)),
        teller(aspects.colleagues.own, lambda own: DesksCounted(process, own), always=True),
        teller(lambda: aspects.reactions.own(ports.clock()), lambda own: ReactionsCounted(process, own)),
    )


def _flagged(settings: Settings) -> list[str]:
    return [word for word in map(counted_word, settings.flagged_words.split(",")) if word]


def _table_routes(seats: Seats, store: QaStore, ports: Ports, announcer: Announcer, plan: IcePlan) -> list[Route]:
    signals = Signals(store.seats, ports.bus, clock=ports.clock, new_id=ports.new_id)
    studios = Studios(store, ports.bus, announcer)
    calls = CallPlans(store.seats, plan, ports.clock)
    links = link_api.routes(TableLinks(store, seats, announcer))
    return [*table_api.routes(seats, signals, studios, calls, ports.messages), *links]


def _ice(settings: Settings) -> IcePlan:
    """Raises SettingError."""
    try:
        return ice_plan(settings.ice_servers, settings.turn_secret, relay_only=settings.ice_relay_only == "yes")
    except ValueError as error:
        raise SettingError(str(error)) from None


def _reactions(reactions: Reactions) -> tuple[Reaction[Any], ...]:
    return (
        Reaction(PROGRAMME, ProgrammePublished, reactions.programme),
        Reaction(RUNNING_ORDER, RunningOrderChanged, reactions.running_order),
        Reaction(ACCESS, AccessRevoked, reactions.access),
        Reaction(STAGES, StageChanged, reactions.stage),
        Reaction(HALLS, HallDeclared, reactions.hall),
        Reaction(PEOPLE, PersonErased, reactions.erased),
    )
