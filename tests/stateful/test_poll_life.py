"""Random commands, answers and the clock on a poll, against a plain model: states, who answers what, what is counted, what each audience is
told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.qa.feed.polls import poll_for, tally_for
from services.qa.feed.projection import DISPLAY, MODERATOR, PUBLIC, Json, View
from services.qa.polls.answers import fitting
from services.qa.polls.domain import (
    GRACE_SECONDS,
    ROOM_GRACE_SECONDS,
    Definition,
    Poll,
    PollCommand,
    carry_out_poll,
    due,
    prepare,
    require_answerable,
)
from services.qa.polls.life import POLL_STATES, POLL_STEPS, PollStepName
from services.qa.polls.results import Cell, tally
from shared.errors import Conflict
from shared.events.vocabulary import DOORS, Door

BEGIN = datetime(2021, 6, 3, 8, tzinfo=UTC)
PEOPLE = [f"{door}-{n}" for door in DOORS for n in range(3)]

STATE_AFTER = {
    "draft": {"edit": "draft", "open": "open", "archive": "archived"},
    "open": {"close": "closing", "settle": "closed", "show": "open", "hide": "open"},
    "closing": {"settle": "closed", "reopen": "open", "show": "closing", "hide": "closing"},
    "closed": {"reopen": "open", "show": "closed", "hide": "closed", "archive": "archived"},
    "archived": {"restore": "closed"},
}
"""Written a second time, by hand."""


class PollLife(RuleBasedStateMachine):
    @initialize(kind=st.sampled_from(["single", "quiz"]))
    def begin(self, kind: str) -> None:
        self.now = BEGIN
        asked = Definition("single" if kind == "single" else "quiz", "Quoi ?", ["a", "b", "c"], right=2 if kind == "quiz" else None)
        self.poll: Poll = prepare(id="p", session="s", definition=asked, origin="moderator", position=1, by="Claire", now=BEGIN).poll
        self.status, self.shown, self.opened = "draft", False, False
        self.end: datetime | None = None
        self.answers: dict[str, str] = {}

    @rule(step=st.sampled_from(sorted(POLL_STEPS)), seconds=st.integers(0, 20))
    def move(self, step: PollStepName, seconds: int) -> None:
        if step == "flag":
            return
        asked = Definition("single", "Quoi donc ?", ["a", "b", "c"])
        command = PollCommand(step, self.poll.version, "Claire", self.now, seconds, asked if step == "edit" else None)
        after = STATE_AFTER[self.status].get(step)
        if after == "closed" and step == "restore" and not self.opened:
            after = "draft"
        if after is None:
            with pytest.raises(Conflict, match=r"^qa\.poll_not_possible$"):
                carry_out_poll(self.poll, command)
            return
        changed = carry_out_poll(self.poll, command)
        assert changed.poll.version == self.poll.version + 1
        assert changed.event.poll == changed.poll.state()
        self.poll, self.status = changed.poll, after
        self.shown = {"show": True, "hide": False, "archive": False}.get(step, self.shown)
        self.opened = self.opened or step == "open"
        if step in ("open", "reopen"):
            self.end = None
        elif step == "close":
            self.end = self.now + timedelta(seconds=seconds)

    @rule(step=st.sampled_from(["open", "close", "archive"]))
    def decide_on_an_old_version(self, step: PollStepName) -> None:
        with pytest.raises(Conflict, match=r"^qa\.stale$"):
            carry_out_poll(self.poll, PollCommand(step, self.poll.version - 1, "Claire", self.now))

    @rule(person=st.sampled_from(PEOPLE), option=st.sampled_from(["1", "2", "3"]))
    def answer(self, person: str, option: str) -> None:
        door = _door(person)
        grace = ROOM_GRACE_SECONDS if door == "in_room" else GRACE_SECONDS
        in_time = self.end is None or (self.now - self.end).total_seconds() <= grace
        if self.status not in ("open", "closing") or not in_time:
            with pytest.raises(Conflict):
                require_answerable(self.poll, door, self.now)
            return
        require_answerable(self.poll, door, self.now)
        (self.answers[person],) = fitting(self.poll, [option])

    @rule(seconds=st.integers(1, 12))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: due(self.poll, self.now))
    @rule()
    def the_clock_closes_it(self) -> None:
        assert self.end is not None
        assert (self.now - self.end).total_seconds() >= GRACE_SECONDS
        self.move("settle", 0)

    @invariant()
    def the_poll_is_what_the_model_says(self) -> None:
        assert (self.poll.status, self.poll.shown) == (self.status, self.shown)
        assert (self.poll.opened_at is not None) == self.opened

    @invariant()
    def each_answer_counts_once_at_its_door(self) -> None:
        cells = [Cell(_door(person), option, 0, 1) for person, option in self.answers.items()]
        counted = tally(self.poll, 1, cells, [])
        assert sum(counted.answers.values()) == len(self.answers)
        for option in ("1", "2", "3"):
            for door in DOORS:
                expected = sum(_door(person) == door and given == option for person, given in self.answers.items())
                assert counted.counts[option][door] == expected

    @invariant()
    def nobody_is_told_too_much(self) -> None:
        state = self.poll.state()
        counted = tally(self.poll, 1, [], [])
        public, screen, desk = (poll_for(state, view) for view in (PUBLIC, DISPLAY, MODERATOR))
        assert desk is not None
        assert (public is not None) == (self.status in ("open", "closing", "closed"))
        assert (screen is not None) == (self.status in ("open", "closing") or (self.status == "closed" and self.shown))
        shown: tuple[tuple[View, Json | None], ...] = ((PUBLIC, public), (DISPLAY, screen))
        for view, seen in shown:
            told = tally_for(state, counted, view)
            if seen is None:
                assert told is None
                continue
            assert (seen["right"] != "") == (self.status == "closed" and self.poll.right != "")
            assert told is not None
            assert (told["counts"] is not None) == self.shown


def _door(person: str) -> Door:
    return next(door for door in DOORS if person.startswith(door))


TestPollLife = PollLife.TestCase


def test_every_state_can_be_left_or_is_the_archive() -> None:
    assert set(STATE_AFTER) == set(POLL_STATES)
    for status, steps in STATE_AFTER.items():
        by_data = {step.name for step in POLL_STEPS.values() if status in step.starts and step.name != "flag"}
        assert by_data == set(steps)
