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
from shared.service.declaration import Service
from shared.service.export import export_listener
from shared.service.ports import Ports
from shared.service.route import Route

GROUPS: Final[tuple[Group, ...]] = (PROGRAMME, RUNNING_ORDER, ACCESS, STAGES, PEOPLE, HALLS)


def build(ports: Ports, settings: Settings, limits: Limits | None = None) -> Service:
    return assemble(ports, settings, limits)[0]


def assemble(ports: Ports, settings: Settings, limits: Limits | None = None) -> tuple[Service, FeedServer]:
    """The service, and its feed for those who measure it."""
    store = QaStore(ports.database, ports.event_id)
    announcer = Announcer(ports.clock, ports.new_id, ports.relay_wake)
    process = ports.new_id()
    lost = asyncio.Event()
    aspects = new_aspects(process, lost.set)
    hub: Hub[Client] = Hub(process, aspects)
    feed = _feed(hub, ports, settings, limits or Limits())
    votes = VoteBatcher(ports.bus, ports.clock, ports.new_id)
    presence, desks, reactions = _tellers(aspects, process, ports)
    questions = Questions(store, votes, aspects, announcer, metrics=ports.metrics)
    desk = Desk(questions, store, ports.bus, announcer)
    days = Days(store, announcer)
    counting = Counting(store.polls, ports.bus, ports.clock, ports.new_id)
    polls = Polls(
        store, counting, aspects.session, questions.voting.halls, announcer, hall_most=settings.hall_most, flagged=_flagged(settings)
    )  # fmt: skip
    hands = Hands(store, aspects.session, announcer)
    seats = Seats(store, aspects.session, hands, announcer)
    notes = ChairNotes(store, aspects.session, announcer)
    ledgers = Ledgers(store, ports.bus, clock=ports.clock, new_id=ports.new_id)
    planned = PlannedPolls(store, announcer, flagged=_flagged(settings))
    halls = HallCounts(store, questions.voting, polls, clock=ports.clock)
    guards = Guards(
        store, aspects.session, hands, ports.bus, lambda event, seq: feed.event(event, seq=seq, correlation=""), announcer
    )  # fmt: skip
    people = People(store, hands, seats, notes, halls, guards, announcer)
    reacting = Reacting(aspects.reactions, aspects.session, aspects.guard, ports.clock)
    live = LiveFeed(
        store, (days, planned), feed, ports.revocations, ports.event_id, process=process, begin=hub.begin, lost=lost, recount=polls.recount
    )
    visits = Visits(days, ports.messages, ports.clock, secure=settings.secure)
    service = Service(
        name="qa",
        routes=(
            *api.routes(questions, days), *desk_api.routes(questions, desk, ports.messages), *people_api.routes(people),
            *suggesting_api.routes(Suggesting(store, aspects.questions)), *polls_api.routes(polls), *hands_api.routes(hands),
            *exports_api.routes(Exports(store, ports.database)),
            *reacting_api.routes(reacting), *notes_api.routes(notes),
            *_table_routes(seats, store, ports, announcer, _ice(settings)),
            *lite_api.routes(questions, polls, hands, reacting, days, visits, ports.new_id),
            *guard_api.routes(guards, ports.messages),
        ),
        reactions=_reactions(Reactions(store, days, planned, people, hands, seats, halls, ports.event_id)),
        listeners=(
            together(
                Listener(hub.takes, live.on_event, live.reload), Listener((QuestionChanged,), ledgers.on_event, ledgers.reload),
            ),
            export_listener("qa", people.export, ports),
        ),
        tasks={
            "feed": feed.run, "votes": votes.run, "presence": presence.run, "desks": desks.run, "reconcile": live.reconcile,
            "polls": polls.run, "counting": counting.run, "hands": hands.run, "seats": seats.run, "reactions": reactions.run,
            "notes": notes.run, "ledgers": ledgers.run, "guards": guards.run,
        },
        outboxes=OUTBOXES,
        checks={"store": ports.database.ping, "feed": feed.check},
        export_person=people.export,
        erase_person=people.erase,
        error_page=visits.error_page,
        processes=lambda: aspects.colleagues.processes,
        start=live.start,
        drain=feed.drain,
        stop=feed.stop,
    )  # fmt: skip
    return service, feed


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
