"""The floor of a session: what the programme, the running order and moderators' hands make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.qa.floor import REMOVED, Floor, Plan, decide, new_floor, plan, settle
from shared.clock import to_text
from shared.errors import Conflict, Invalid
from shared.events.programme import SessionRef
from shared.events.running_order import SlotRef
from shared.events.vocabulary import FloorState, Progress

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
OPEN = Plan("open")


def session(*, questions: bool = True) -> SessionRef:
    return SessionRef("s", "round_table", "", "t", None, None, None, None, questions)


def slot(progress: Progress, hand: datetime | None = None) -> SlotRef:
    return SlotRef("s", progress, None, None, None if hand is None else to_text(hand))


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def by_hand(state: str, minutes: int, under: Plan = OPEN) -> Floor:
    return decide(new_floor("s", OPEN, now=NOW), under, state=state, expected_version=1, now=after(minutes))


@pytest.mark.parametrize(
    ("questions", "progress", "decided", "rehearsal", "state"),
    [
        (True, None, False, False, "open"),
        (True, "unknown", False, False, "open"),
        (True, "upcoming", False, False, "open"),
        (True, "on", True, False, "open"),
        (True, "over", False, False, "closed"),
        (True, "over", True, False, "closed"),
        (True, "cancelled", False, False, "closed"),
        (True, "over", False, True, "open"),
        (True, "cancelled", False, True, "closed"),
        (True, "over", True, True, "closed"),
        (False, "on", True, False, "closed"),
        (False, None, False, False, "closed"),
        (False, "over", True, True, "closed"),
    ],
)
def test_the_programme_and_the_running_order_open_and_close(
    questions: bool, progress: Progress | None, decided: bool, rehearsal: bool, state: FloorState
) -> None:
    said = None if progress is None else slot(progress, NOW if decided else None)
    assert plan(session(questions=questions), said, rehearsal=rehearsal).state == state


def test_a_pause_lets_halls_through() -> None:
    new_floor("s", OPEN, now=NOW).require_open("remote")
    paused = by_hand("paused", 1)
    assert (paused.version, paused.by, paused.changed_at) == (2, "hand", after(1))
    paused.require_open("hub")
    for door in ("remote", "in_room", "staff"):
        with pytest.raises(Conflict) as refused:
            paused.require_open(door)
        assert refused.value.code == "qa.floor_paused"
    with pytest.raises(Conflict) as refused:
        new_floor("s", Plan("closed"), now=NOW).require_open("hub")
    assert refused.value.code == "qa.floor_closed"


def test_a_decision_names_the_newest_version_and_a_state() -> None:
    paused = by_hand("paused", 1)
    assert decide(paused, OPEN, state="paused", expected_version=2, now=after(2)) is paused
    with pytest.raises(Conflict):
        decide(paused, OPEN, state="open", expected_version=1, now=after(2))
    with pytest.raises(Invalid):
        decide(paused, OPEN, state="ajar", expected_version=2, now=after(2))


def test_a_hand_outranks_the_clock_also_where_it_says_the_same() -> None:
    kept = by_hand("open", 1)
    assert (kept.version, kept.by) == (2, "hand")
    assert settle(kept, plan(session(), slot("over"), rehearsal=False), now=after(60)) is kept


def test_the_newest_hand_wins() -> None:
    closed = by_hand("closed", 10)
    started = settle(closed, plan(session(), slot("on", after(20)), rehearsal=False), now=after(20))
    assert (started.state, started.by, started.version) == ("open", "programme", 3)
    assert settle(closed, plan(session(), slot("on", after(9)), rehearsal=False), now=after(20)) is closed
    undone = settle(started, plan(session(), slot("upcoming"), rehearsal=False), now=after(21))
    assert (undone.state, undone.by) == ("closed", "hand"), "what the operator took back outranks nothing any more"


def test_a_moderator_is_obeyed_also_when_the_operator_s_clock_is_ahead() -> None:
    ended = plan(session(), slot("over", after(30)), rehearsal=False)
    floor = settle(new_floor("s", OPEN, now=NOW), ended, now=NOW)
    opened = decide(floor, ended, state="open", expected_version=2, now=after(1))
    assert (opened.state, opened.by) == ("open", "hand")
    assert settle(opened, ended, now=after(2)) is opened


def test_a_session_that_takes_no_questions_is_opened_by_no_start() -> None:
    floor = new_floor("s", Plan("closed"), now=NOW)
    opened = decide(floor, Plan("closed"), state="open", expected_version=1, now=after(1))
    assert settle(opened, plan(session(questions=False), slot("on", after(5)), rehearsal=False), now=after(5)) is opened
    assert settle(opened, plan(session(questions=False), slot("over", after(9)), rehearsal=False), now=after(9)).state == "closed"


def test_the_decision_can_be_given_back() -> None:
    closed = by_hand("closed", 1)
    follows = decide(closed, OPEN, state="programme", expected_version=2, now=after(2))
    assert (follows.state, follows.by, follows.hand, follows.version) == ("open", "programme", None, 3)
    assert decide(follows, OPEN, state="programme", expected_version=3, now=after(3)) is follows


def test_a_removed_session_is_closed_and_back_as_it_was() -> None:
    paused = by_hand("paused", 1)
    gone = settle(paused, REMOVED, now=after(2))
    assert (gone.state, gone.by, gone.removed) == ("closed", "programme", True)
    with pytest.raises(Conflict) as refused:
        gone.require_open("hub")
    assert refused.value.code == "qa.session_removed"
    with pytest.raises(Conflict) as refused:
        decide(gone, REMOVED, state="open", expected_version=3, now=after(3))
    assert refused.value.code == "qa.session_removed"
    assert settle(gone, OPEN, now=after(4)) == replace(paused, version=4, changed_at=after(4))
