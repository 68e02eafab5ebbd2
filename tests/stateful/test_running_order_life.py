"""A day that an operator steers at random, on every invented programme: what never happens, whatever is decided in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.registration.programme import Programme, parse
from services.registration.programme.day import days, spans
from services.registration.programme.order.commands import Decision, changes, decide
from services.registration.programme.order.decisions import UNDECIDED, Decisions, adopt
from services.registration.programme.order.lines import entries, whole_minute
from services.registration.programme.running_order import Slot, next_change, now_next, running_order
from shared.errors import Conflict, Invalid
from tests.support.programmes import programmes

HALLS: Final = """format_version: 1
language: en
event: {id: halls, name: Halls, date: 2025-03-29, timezone: Europe/Berlin, rooms: [{id: foyer, name: Foyer}, {id: attic, name: Attic}],
  stages: [{id: main, name: Main}, {id: side, name: Side}]}
people: {}
sessions:
  - {id: a1, kind: keynote, title: A1, start: "9:00", end: "10:00", stage: main}
  - {id: b1, kind: keynote, title: B1, start: "9:00", end: "10:00", stage: side}
  - {id: c1, kind: workshop, title: C1, start: "9:30", end: "12:30", room: attic}
  - {id: a2, kind: keynote, title: A2, start: "10:00", end: "11:00", stage: main}
  - {id: b2, kind: keynote, title: B2, start: "10:15", stage: side}
  - {id: lunch, kind: break, title: Lunch, start: "11:00", end: "12:00", room: foyer}
  - {id: bell, kind: other, title: Bell, start: "12:00", end: "12:00"}
  - {id: a3, kind: round_table, title: A3, start: "12:00", end: "13:00", stage: main, status: cancelled}
  - {id: b3, kind: keynote, title: B3, start: "12:30", end: "13:00", stage: side}
  - {id: open, kind: other, title: Open, start: unknown, stage: side}
  - {id: ball, kind: other, title: Ball, start: "23:00", end: "3:30", stage: main}
  - {id: walk, kind: other, title: Walk, date: 2025-03-30, start: "10:00", end: "11:00", stage: main}
  - {id: end, kind: closing, title: End, start: "11:00", end: "11:30", stage: main}
"""
TEXTS: Final = {**programmes(), "halls": HALLS}
PROGRAMMES: Final = {name: parse(text) for name, text in TEXTS.items() if name != "congress"}
"""The largest one is slow in thousands of steps, and its four halls are like the two here."""
MINUTES: Final = st.sampled_from([-240, -60, -10, -5, -1, 1, 5, 10, 25, 60, 240])


class DayLife(RuleBasedStateMachine):
    """`undone`: what stood before each decision that can be undone, newest last. `off`: what is cancelled by hand."""

    @initialize(name=st.sampled_from(sorted(PROGRAMMES)), early=st.integers(-600, 120))
    def open(self, name: str, early: int) -> None:
        self.programme: Programme = PROGRAMMES[name]
        first = min(days(self.programme, None), default=None)
        assert first is not None
        self.now = datetime.combine(first, time(9), UTC) - timedelta(minutes=early)
        self.decisions: Decisions = UNDECIDED
        self.undone: list[Decisions] = []
        self.off: set[str] = set()
        self.entries = entries(self.programme, spans(self.programme, None), self.now)
        self.pairs = [
            (other.session, one.session)
            for one in self.entries
            for other in self.entries
            if (one.line, one.day) == (other.line, other.day) and one.follows(other) and one.session != other.session
        ]

    # --- what happens ---------------------------------------------------------------------------------------------------------
    @rule(minutes=st.integers(1, 90), seconds=st.integers(0, 59))
    def time_passes(self, minutes: int, seconds: int) -> None:
        self.now += timedelta(minutes=minutes, seconds=seconds)

    @rule()
    def the_clock_strikes(self) -> None:
        """Up to the next change nothing changes."""
        change = next_change(self.programme, self.now, self.decisions)
        progress = {id: slot.progress for id, slot in self.order().items()}
        self.now = (change or self.now + timedelta(days=30)) - timedelta(milliseconds=1)
        assert {id: slot.progress for id, slot in self.order().items()} == progress
        self.now += timedelta(milliseconds=1)

    @rule(data=st.data(), minutes=MINUTES)
    def slide(self, data: st.DataObject, minutes: int) -> None:
        id = self.a_session(data)
        before = self.order()
        if self.command(Decision("slide", id, minutes=minutes)):
            after = self.order()
            assert self.touched(before, after) <= self.reach(id)
            place = 1 if before[id].progress == "on" else 0
            self.moved_at_most(before[id].instants[place], after[id].instants[place], timedelta(minutes=minutes))

    @rule(data=st.data(), hour=st.integers(0, 23), minute=st.integers(0, 59))
    def move(self, data: st.DataObject, hour: int, minute: int) -> None:
        id = self.a_session(data)
        before = self.order()
        if self.command(Decision("move", id, at=f"{hour:02}:{minute:02}")):
            assert self.touched(before, self.order()) <= self.reach(id)

    @rule(data=st.data())
    def start(self, data: st.DataObject) -> None:
        id = self.a_session(data)
        before = self.order()
        if self.command(Decision("start", id)):
            after = self.order()
            assert (after[id].progress, after[id].decided_at) == ("on", self.now)
            assert self.touched(before, after) <= self.reach(id)

    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        id = self.a_session(data)
        was_on = self.order()[id].progress == "on"
        assert self.command(Decision("end", id)) == was_on
        if was_on:
            assert (self.order()[id].progress, self.order()[id].actual[1]) == ("over", self.now)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        id = self.a_session(data)
        if self.command(Decision("cancel", id)):
            self.off.add(id)

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        id = self.a_session(data)
        if self.command(Decision("restore", id)):
            self.off.discard(id)
            assert self.order()[id].progress != "cancelled"

    @rule()
    def undo(self) -> None:
        if not self.undone:
            assert not self.command(Decision("undo"))
            return
        self.decisions = decide(self.programme, self.decisions, Decision("undo"), self.now)
        assert self.decisions == self.undone.pop()
        self.off = {id for id, hand in self.decisions.hands.items() if hand.cancelled}

    @precondition(lambda self: self.decisions.hands)
    @rule()
    def the_same_programme_comes_again(self) -> None:
        assert adopt(self.programme, self.decisions, self.now) == self.decisions

    # --- what never happens ---------------------------------------------------------------------------------------------------
    @invariant()
    def the_print_never_changes(self) -> None:
        assert {id: slot.printed for id, slot in self.order().items()} == spans(self.programme, self.now)

    @invariant()
    def what_is_cancelled_stays_cancelled(self) -> None:
        assert all(self.order()[id].progress == "cancelled" for id in self.off)

    @invariant()
    def hours_run_forward(self) -> None:
        for slot in self.order().values():
            start, end = slot.instants
            assert end is None or start is None or start <= end
            assert slot.progress != "on" or (start is not None and start <= self.now)
            assert slot.progress != "unknown" or not slot.by_hand

    @invariant()
    def what_follows_on_a_line_comes_after_and_is_never_on_at_the_same_time(self) -> None:
        order = self.order()
        for first, then in self.pairs:
            self.comes_after(order[first], order[then])

    @invariant()
    def days_do_not_run_into_each_other(self) -> None:
        order, hands = self.order(), self.decisions.hands
        for entry in self.entries:
            start = order[entry.session].instants[0]
            if entry.session not in hands or hands[entry.session].started_at is None:
                assert start is not None
                assert start <= max(entry.limit, entry.start)

    @invariant()
    def now_and_next_are_what_is_on_and_what_comes(self) -> None:
        order, found = self.order(), now_next(self.programme, self.now, self.decisions)
        assert {order[id].progress for id in found.now} <= {"on"}
        assert {order[id].progress for id in found.next} <= {"upcoming"}
        assert bool(found.next) == any(slot.progress == "upcoming" for slot in order.values())

    # --- the machine itself ---------------------------------------------------------------------------------------------------
    def a_session(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from([session.id for session in self.programme.sessions]))

    def command(self, decision: Decision) -> bool:
        """Whether it was decided. What a preview said is what happens."""
        try:
            after = decide(self.programme, self.decisions, decision, self.now)
        except (Conflict, Invalid):
            return False
        before = self.order()
        foreseen = changes(self.programme, self.decisions, after, self.now)
        self.undone.append(self.decisions)
        self.decisions = after
        assert {one.after.session for one in foreseen} == self.touched(before, self.order())
        return True

    def order(self) -> dict[str, Slot]:
        return dict(running_order(self.programme, self.now, self.decisions))

    def reach(self, id: str) -> set[str]:
        """What a decision about a session may touch: its line on its day, or everything of that day that everybody goes to."""
        own = next((entry for entry in self.entries if entry.session == id), None)
        if own is None:
            return {session.id for session in self.programme.sessions}
        same_day = [entry for entry in self.entries if entry.day == own.day]
        unprinted = {session.id for session in self.programme.sessions if session.start is None}
        return {entry.session for entry in same_day if own.shared or entry.line == own.line} | unprinted

    @staticmethod
    def touched(before: dict[str, Slot], after: dict[str, Slot]) -> set[str]:
        return {id for id in after if (before[id].instants, before[id].progress) != (after[id].instants, after[id].progress)}

    @staticmethod
    def moved_at_most(before: datetime | None, after: datetime | None, by: timedelta) -> None:
        if before is not None and after is not None:
            assert min(timedelta(), by) <= after - before <= max(timedelta(), by)

    def was_started(self, id: str) -> bool:
        hand = self.decisions.hands.get(id)
        return hand is not None and hand.started_at is not None

    def comes_after(self, first: Slot, then: Slot) -> None:
        """Unless it was started out of order by hand; what is expected is reckoned in whole minutes."""
        assert [first.progress, then.progress] != ["on", "on"]
        if "cancelled" not in (first.progress, then.progress):
            first_start, start = first.instants[0], then.instants[0]
            assert first_start is not None
            assert start is not None
            assert whole_minute(first_start) <= start or self.was_started(then.session)


TestDayLife = DayLife.TestCase
TestDayLife.settings = settings(stateful_step_count=30, deadline=None)
