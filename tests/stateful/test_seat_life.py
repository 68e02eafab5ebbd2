"""Random commands, the clock and the studio on a seat, against a plain model: how it stands, who holds a place, who is on air."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.qa.feed.seats import seat_for
from services.qa.question import Actor
from services.qa.table import domain
from services.qa.table.life import SEAT_STEPS, SeatStepName
from services.qa.table.seat import Guest, Seat, SeatChange, SeatCommand
from shared.errors import Conflict
from shared.events.vocabulary import SEAT_STANDINGS

BEGIN = datetime(2021, 6, 3, 8, tzinfo=UTC)
DESK = Actor("person-claire", "Claire", "staff", "moderator")

STATE_AFTER = {
    "invited": {"accept": "checking", "decline": "declined", "renew": "invited", "remove": "removed"},
    "checking": {"ready": "ready", "leave": "left", "mute": "checking", "remove": "removed", "lost": "lost"},
    "ready": {"take": "on_air", "leave": "left", "mute": "ready", "remove": "removed", "lost": "lost"},
    "on_air": {"off_air": "ready", "leave": "left", "mute": "on_air", "remove": "removed", "lost": "lost"},
    "lost": {"back": "?", "leave": "left", "mute": "lost", "remove": "removed"},
    "declined": {},
    "expired": {"renew": "invited"},
    "left": {},
    "removed": {},
}
"""The table of seats, written a second time, by hand."""
HELD = {"checking", "ready", "on_air", "lost"}


class SeatLife(RuleBasedStateMachine):
    @initialize(no_picture=st.booleans())
    def begin(self, no_picture: bool) -> None:
        self.now, self.no_picture = BEGIN, no_picture
        guest = Guest("person-anne", "Anne", "remote", "guest", hand="hand-1")
        self.seat: Seat = domain.invited(guest, id="s", session="t", by=DESK, now=BEGIN).seat
        self.state, self.since, self.expires = "invited", BEGIN, BEGIN + timedelta(seconds=120)
        self.lost_from, self.muted, self.agreed = "", False, False
        self.undoable: list[tuple[str, str]] = [("invite", "removed")]

    def stands(self, state: str) -> None:
        if state != self.state:
            self.state, self.since = state, self.now

    def takes(self, change: SeatChange) -> None:
        assert change.seat.version == self.seat.version + 1
        assert change.event.seat == change.seat.told()
        self.seat = change.seat

    @rule(step=st.sampled_from(sorted(SEAT_STEPS)), muted=st.booleans(), by_voice=st.booleans())
    def move(self, step: SeatStepName, muted: bool, by_voice: bool) -> None:
        command = SeatCommand(
            step, self.seat.version, DESK, self.now, by_voice, self.no_picture, "Anne Le Goff", "Maire", "1", 80, "640x360", muted, place=2
        )
        after = STATE_AFTER[self.state].get(step)
        if after is None or (step == "accept" and self.now >= self.expires):
            with pytest.raises(Conflict, match=r"^qa\.seat_not_possible$"):
                domain.carry_out(self.seat, command)
            return
        self.takes(domain.carry_out(self.seat, command))
        before = self.state
        if step == "back":
            long_ago = (self.now - self.since).total_seconds() >= 5
            after = "ready" if self.lost_from == "on_air" and long_ago else self.lost_from
        if step == "lost":
            self.lost_from = before
        if step == "accept":
            self.agreed, self.by_voice = True, by_voice or self.no_picture
        self.muted = muted if step == "mute" else self.muted
        self.expires = self.now + timedelta(seconds=120) if step == "renew" else self.expires
        self.stands(after)
        if step in ("take", "off_air", "remove"):
            self.undoable = [*self.undoable, (step, before)][-20:]
        elif step != "mute":
            self.undoable = []

    @rule()
    def take_back(self) -> None:
        if not self.undoable:
            with pytest.raises(Conflict, match=r"^qa\.nothing_to_undo$"):
                domain.take_back(self.seat, expected_version=self.seat.version, by=DESK, now=self.now, place=3)
            return
        step, before = self.undoable.pop()
        self.takes(domain.take_back(self.seat, expected_version=self.seat.version, by=DESK, now=self.now, place=3))
        if step == "remove" and before in HELD:
            checking = before == "checking" or (before == "lost" and self.lost_from == "checking")
            self.undoable, self.lost_from = [], "checking" if checking else "ready"
            self.stands("lost")
        else:
            self.expires = self.now + timedelta(seconds=120) if (step, before) == ("remove", "invited") else self.expires
            self.stands(before)

    @rule(step=st.sampled_from(sorted(SEAT_STEPS)))
    def decide_on_an_old_version(self, step: SeatStepName) -> None:
        with pytest.raises(Conflict, match=r"^qa\.stale$"):
            domain.carry_out(self.seat, SeatCommand(step, self.seat.version - 1, DESK, self.now))

    @rule(seconds=st.sampled_from([1, 4, 6, 29, 119, 901]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        waited = (self.now - self.since).total_seconds()
        expired = self.state == "invited" and self.now >= self.expires
        gave_up = (self.state == "lost" and waited >= 30) or (self.state == "checking" and waited >= 900)
        change = domain.timed_out(self.seat, self.now)
        assert (change is not None) == (expired or gave_up)
        if change is not None:
            self.takes(change)
            self.undoable = []
            self.stands("expired" if expired else "left")

    @rule()
    def the_studio_goes(self) -> None:
        change = domain.studio_gone(self.seat, self.now)
        assert (change is not None) == (self.state == "on_air")
        if change is not None:
            self.takes(change)
            self.undoable = []
            self.stands("ready")

    @rule()
    def what_ends_all_would_end_it(self) -> None:
        for end in (domain.session_ended, domain.withdrawn):
            change = end(self.seat, self.now)
            assert (change is not None) == (self.state in HELD | {"invited"})
            assert change is None or (not change.seat.standing and change.seat.place is None)
        gone = domain.disowned(self.seat, self.now)
        assert gone is not None
        assert not gone.seat.standing
        assert not any((gone.seat.person, gone.seat.name, gone.seat.consent, *(line.consent for line in gone.seat.log)))
        assert domain.disowned(gone.seat, self.now) is None

    @invariant()
    def the_seat_is_what_the_model_says(self) -> None:
        assert (self.seat.state, self.seat.muted, self.seat.since) == (self.state, self.muted, self.since)
        assert (self.seat.place is not None) == (self.state in HELD)
        assert (self.seat.consent is not None) == self.agreed
        assert self.seat.told().undo == (self.undoable[-1][0] if self.undoable else "")

    @invariant()
    def nobody_is_seen_who_did_not_agree_or_came_by_voice(self) -> None:
        if self.state in HELD:
            assert self.agreed
            assert self.seat.voice_only == self.by_voice
            assert not (self.seat.voice_only and self.seat.picture)

    @invariant()
    def whose_it_is_is_told_nobody(self) -> None:
        assert "person-" not in str(seat_for(self.seat.told()))

    @invariant()
    def its_history_leads_from_state_to_state(self) -> None:
        log = self.seat.log
        assert [line.version for line in log] == list(range(self.seat.version - len(log) + 1, self.seat.version + 1))
        assert all(later.before == earlier.after for earlier, later in pairwise(log))
        assert log[-1].after == self.seat.state


TestSeatLife = SeatLife.TestCase


def test_the_table_by_hand_is_the_table_of_the_service() -> None:
    assert set(STATE_AFTER) == set(SEAT_STANDINGS)
    for state, steps in STATE_AFTER.items():
        by_data: dict[str, str] = {step.name: step.ends or state for step in SEAT_STEPS.values() if state in step.starts}
        assert by_data.keys() == steps.keys()
        assert all(after in ("?", by_data[name]) for name, after in steps.items()), state


def test_the_place_that_is_free_is_given() -> None:
    assert domain.free_place("guest", [0, 1, 3]) == 2
    assert domain.free_place("guest", range(6)) is None
    assert domain.free_place("signer", range(6)) is not None
    assert domain.free_place("voice_interpreter", range(6)) is None
