"""The floor of one session over any programmes, running orders and decisions by hand, against the rules as they are said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.qa.floor import REMOVED, Floor, Plan, decide, new_floor, plan, settle
from shared.clock import to_text
from shared.errors import Conflict
from shared.events.programme import SessionRef
from shared.events.running_order import SlotRef
from shared.events.vocabulary import Progress

START = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
PROGRESS: tuple[Progress, ...] = ("unknown", "upcoming", "on", "over", "cancelled")
S = "s"


@dataclass
class Model:
    """Written as the rules are said, not as the service is built."""

    programme: int = 0
    asks: dict[str, bool] = field(default_factory=dict)
    rehearsal: bool = False
    order: int = 0
    slots: dict[str, tuple[Progress, datetime | None]] = field(default_factory=dict)
    hands: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    questions: dict[str, list[str]] = field(default_factory=dict)

    def decide(self, session: str, state: str, now: datetime) -> None:
        """A moderator's decision is newer than what the operator had pressed when it was made."""
        _, pressed = self.slots.get(session, ("unknown", None))
        operator = pressed if pressed is not None and self.heeds(session) else None
        if state == "programme":
            self.hands.pop(session, None)
        elif self.floor(session) != (state, "hand"):
            self.hands[session] = (state, max(now, operator or now))

    def heeds(self, session: str) -> bool:
        """Whether what the operator pressed says something of the floor."""
        progress, pressed = self.slots.get(session, ("unknown", None))
        return self.asks[session] or (progress == "cancelled" or (progress == "over" and (pressed is not None or not self.rehearsal)))

    def floor(self, session: str) -> tuple[str, str]:
        """(state, by) of a session in force."""
        progress, pressed = self.slots.get(session, ("unknown", None))
        ended = progress == "cancelled" or (progress == "over" and (pressed is not None or not self.rehearsal))
        operator = pressed if ended or self.asks[session] else None
        if session in self.hands:
            state, at = self.hands[session]
            if operator is None or operator <= at:
                return state, "hand"
        return ("open" if self.asks[session] and not ended else "closed"), "programme"


class FloorLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.model = Model(asks={S: True})
        self.now = START
        self.ref: SessionRef | None = SessionRef(S, "talk", "", "t", None, None, None, None, questions=True)
        self.slot: SlotRef | None = None
        self.floor = new_floor(S, self.plan(), now=START)
        self.versions = [self.floor]

    def plan(self) -> Plan:
        return REMOVED if self.ref is None else plan(self.ref, self.slot, rehearsal=self.model.rehearsal)

    @rule(asks=st.one_of(st.none(), st.booleans()), rehearsal=st.booleans())
    def publish(self, asks: bool | None, rehearsal: bool) -> None:
        """None: the session is not in it."""
        self.ref = None if asks is None else SessionRef(S, "talk", "", "t", None, None, None, None, questions=asks)
        self.model.asks, self.model.rehearsal = {} if asks is None else {S: asks}, rehearsal
        self.follow()

    @rule(progress=st.sampled_from(PROGRESS), seconds=st.one_of(st.none(), st.integers(-9, 9)))
    def move(self, progress: Progress, seconds: int | None) -> None:
        """By the clock, or by an operator whose clock may differ from the moderators' by some seconds."""
        at = None if seconds is None else self.now + timedelta(seconds=seconds)
        self.slot = SlotRef(S, progress, None, None, None if at is None else to_text(at))
        self.model.slots[S] = (progress, at)
        self.follow()

    @rule(state=st.sampled_from(["open", "paused", "closed", "programme"]))
    def decide(self, state: str) -> None:
        self.now += timedelta(seconds=2)
        if not self.model.asks:
            with pytest.raises(Conflict, match="session_removed"):
                self.press(state)
            return
        self.keep(self.press(state))
        self.model.decide(S, state, self.now)

    def press(self, state: str) -> Floor:
        return decide(self.floor, self.plan(), state=state, expected_version=self.floor.version, now=self.now)

    def follow(self) -> None:
        self.now += timedelta(seconds=2)
        self.keep(settle(self.floor, self.plan(), now=self.now))

    def keep(self, floor: Floor) -> None:
        if floor is not self.floor:
            assert floor.version == self.floor.version + 1
            assert floor.changed_at == self.now
            self.versions.append(floor)
        self.floor = floor

    @invariant()
    def it_is_what_was_told_and_decided_last(self) -> None:
        wanted = self.model.floor(S) if self.model.asks else ("closed", "programme")
        assert (self.floor.state, self.floor.by) == wanted
        assert self.floor.removed == (not self.model.asks)

    @invariant()
    def following_again_changes_nothing(self) -> None:
        assert settle(self.floor, self.plan(), now=self.now + timedelta(days=1)) is self.floor


FloorLife.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestFloorLife = FloorLife.TestCase
