"""The day as the questions live it, on a real store, against a plain model: any programmes, running orders, decisions by hand and
questions, in any order, late and twice. What holds is what was told last and what hands decided last."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from prometheus_client import CollectorRegistry

from services.qa.app import Questions
from services.qa.day import Days
from services.qa.feed.aspects import new_aspects
from services.qa.feed.hub import Hub
from services.qa.moving import Announcer
from services.qa.store import QaStore
from services.qa.votes import VoteBatcher
from shared.auth.passes import Pass
from shared.clock import to_text
from shared.errors import DomainError
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished, SessionRef
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.events.vocabulary import Progress
from shared.storage.mongo import MongoStore
from tests.services.qa.harness import MemoryBus
from tests.stateful.test_floor_life import PROGRESS, Model
from tests.support.databases import drop_all

T = TypeVar("T")

EVENT = "day"
SESSIONS = ("a", "b", "c")
START = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
SECONDS = 20.0


def a_pass(name: str, duty: Any) -> Pass:
    return Pass(
        person=f"person-{name}", duty=duty, event=EVENT, sessions=("*",), door="staff" if duty == "moderator" else "remote", name=name,
        language="fr", id=str(uuid.uuid4()), issued_at=START, expires_at=START + timedelta(days=9), login="",
    )  # fmt: skip


MODERATOR = a_pass("claire", "moderator")


class DayMachine(RuleBasedStateMachine):
    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.mongo = MongoStore(self.url, prefix=f"m{uuid.uuid4().hex[:10]}")
        self.model = Model()
        self.now = START
        self.asked = self.ids = 0
        self.told: list[tuple[int, Event]] = []

    def run(self, step: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(asyncio.wait_for(step, SECONDS))

    @initialize()
    def begin(self) -> None:
        self.run(self.mongo.start())
        self.store = QaStore(self.mongo.database("qa"), EVENT)
        self.run(self.store.prepare())
        self.restart()

    @rule()
    def restart(self) -> None:
        """A process that knows nothing but what is stored."""
        announcer = Announcer(self.clock, self.new_id, wake=lambda: None)
        aspects = new_aspects()
        self.hub: Hub[str] = Hub("e", aspects)
        self.days = Days(self.store, announcer)
        votes = VoteBatcher(MemoryBus(), self.clock, self.new_id)
        self.questions = Questions(self.store, votes, aspects, announcer, metrics=CollectorRegistry())
        self.run(self.days.reconcile())
        self.hub.load(self.run(self.store.contents(ballots=True)))

    def new_id(self) -> str:
        self.ids += 1
        return str(uuid.UUID(int=self.ids))

    def clock(self) -> datetime:
        return self.now

    # --- what registration tells -------------------------------------------------------------------------------------------------------
    @rule(
        asks=st.dictionaries(st.sampled_from(SESSIONS), st.booleans()), rehearsal=st.booleans(), titles=st.sampled_from(["one", "two"])
    )  # fmt: skip
    def publish(self, asks: dict[str, bool], rehearsal: bool, titles: str) -> None:
        refs = tuple(SessionRef(id, "talk", "", titles, None, None, None, None, questions) for id, questions in asks.items())
        self.model.programme += 1
        self.model.asks, self.model.rehearsal = asks, rehearsal
        self.tell(self.model.programme, ProgrammePublished(EVENT, "Day", "UTC", "d", refs, (), rehearsal=rehearsal))

    @rule(slots=st.dictionaries(st.sampled_from(SESSIONS), st.tuples(st.sampled_from(PROGRESS), st.one_of(st.none(), st.integers(-9, 9)))))
    def move(self, slots: dict[str, tuple[Progress, int | None]]) -> None:
        """The operator's clock may differ from the moderators' by some seconds."""
        self.model.order += 1
        at = {id: None if seconds is None else self.now + timedelta(seconds=seconds) for id, (_, seconds) in slots.items()}
        self.model.slots = {id: (progress, at[id]) for id, (progress, _) in slots.items()}
        refs = tuple(SlotRef(id, how, None, None, to_text(when) if when else None) for id, (how, when) in self.model.slots.items())
        self.tell(self.model.order, RunningOrderChanged(EVENT, refs))

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def hear_again(self, data: st.DataObject) -> None:
        """Late, or twice."""
        self.deliver(*data.draw(st.sampled_from(self.told)))

    def tell(self, version: int, event: Event) -> None:
        self.told.append((version, event))
        self.deliver(version, event)

    def deliver(self, version: int, event: Event) -> None:
        """To the live pages and to the group, as the bus does."""
        self.hub.on_event(event, seq=version)
        if isinstance(event, ProgrammePublished):
            self.run(self.days.take_programme(version, event))
        elif isinstance(event, RunningOrderChanged):
            self.run(self.days.take_running_order(version, event))
        self.now += timedelta(seconds=2)

    # --- what people do ----------------------------------------------------------------------------------------------------------------
    @rule(session=st.sampled_from(SESSIONS), state=st.sampled_from(["open", "paused", "closed", "programme"]))
    def decide(self, session: str, state: str) -> None:
        self.now += timedelta(seconds=2)
        stored = self.run(self.store.floor(session))
        change = self.days.change_floor(MODERATOR, session, state=state, expected_version=stored.version if stored else 1)
        code = self.refusal(change)
        if session not in self.model.asks:
            assert code == ("qa.session_removed" if stored else "qa.unknown_session")
            return
        assert code == ""
        self.model.decide(session, state, self.now)

    @rule(session=st.sampled_from(SESSIONS))
    def ask(self, session: str) -> None:
        self.asked += 1
        by, id = a_pass(f"p{self.asked}", "none"), self.new_id()
        known = self.run(self.store.floor(session)) is not None
        code = self.refusal(self.questions.ask(by, session, id=id, text="a", language="fr", anonymous=False))
        if session not in self.model.asks:
            assert code == ("qa.session_removed" if known else "qa.unknown_session")
            return
        state, _ = self.model.floor(session)
        assert code == {"open": "", "paused": "qa.floor_paused", "closed": "qa.floor_closed"}[state]
        if state == "open":
            self.model.questions.setdefault(session, []).append(id)
            self.reload()

    @precondition(lambda self: self.model.questions)
    @rule(data=st.data())
    def publish_and_vote(self, data: st.DataObject) -> None:
        """Somebody decides about a question wherever its session is; votes count only while it is in the programme."""
        session = data.draw(st.sampled_from(sorted(self.model.questions)))
        id = data.draw(st.sampled_from(self.model.questions[session]))
        stored = self.run(self.store.question(id))
        assert stored is not None
        if stored.status == "queued":
            assert self.refusal(self.questions.carry_out(MODERATOR, id, "publish", expected_version=stored.version)) == ""
        code = self.refusal(self.questions.voting.vote(a_pass("voter", "none"), id, on=True))
        assert code == ("" if session in self.model.asks else "qa.session_removed")

    def refusal(self, step: Coroutine[Any, Any, Any]) -> str:
        try:
            self.run(step)
        except DomainError as error:
            return error.code
        return ""

    def reload(self) -> None:
        self.hub.load(self.run(self.store.contents(ballots=True)))

    # --- what holds --------------------------------------------------------------------------------------------------------------------
    @invariant()
    def every_floor_is_what_was_told_and_decided_last(self) -> None:
        if not self.model.programme:
            return
        answer = self.run(self.days.sessions(MODERATOR))
        told = {floor["session"]: (floor["state"], floor["by"]) for floor in answer["sessions"]}
        assert told == {session: self.model.floor(session) for session in self.model.asks}
        floors = self.run(self.store.floors())
        assert all(floor.state == "closed" and floor.removed for floor in floors if floor.session not in self.model.asks)

    @invariant()
    def removed_sessions_with_questions_are_listed_and_the_others_are_not(self) -> None:
        if not self.model.programme:
            return
        removed = {each["session"]: each["questions"] for each in self.run(self.days.sessions(MODERATOR))["removed"]}
        held = {session: len(ids) for session, ids in self.model.questions.items()}
        assert removed == {session: count for session, count in held.items() if session not in self.model.asks}
        for session in removed:
            assert set(self.run(self.questions.snapshot(MODERATOR, session, "moderator"))["items"]) == set(self.model.questions[session])

    @invariant()
    def the_live_pages_know_what_the_store_knows(self) -> None:
        self.reload()
        for session in {*self.model.asks, *self.model.questions}:
            gone = session not in self.model.asks
            assert self.hub.refusal(session, "public") == ("qa.session_removed" if gone else "")
            state = self.hub.state(session, "moderator", "x")
            assert state["session"]["removed"] == gone
            assert set(state["items"]) == set(self.model.questions.get(session, []))
            assert (state["floor"]["state"], state["floor"]["by"]) == (("closed", "programme") if gone else self.model.floor(session))

    @invariant()
    def a_life_says_since_when_and_until_when(self) -> None:
        lives = self.run(self.store.day.lives())
        assert {id for id, life in lives.items() if life.removed is None} == set(self.model.asks)
        assert all(life.since <= self.model.programme and (life.removed or life.since) >= life.since for life in lives.values())

    def teardown(self) -> None:
        try:
            self.run(drop_all(self.mongo))
            self.run(self.mongo.stop())
        finally:
            self.loop.close()


def test_the_day_follows_what_was_told_last_and_the_newest_hand(mongo_url: str) -> None:
    DayMachine.url = mongo_url
    run_state_machine_as_test(
        DayMachine,
        settings=settings(max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)),
    )
