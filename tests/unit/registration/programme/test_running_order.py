"""The running order: what an operator decides, what follows from it on the same line, and what the clock makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.programme import load_event, now_next, parse
from services.registration.programme.exports.public import order_json, public_json
from services.registration.programme.order.commands import Decision, decide
from services.registration.programme.order.decisions import UNDECIDED
from services.registration.programme.running_order import announced, next_change, running_order
from shared.errors import Conflict, Invalid, NotFound
from tests.support.desk import HALL, HALLS, ONE_HALL, PLAIN, Desk, at, programme, refused
from tests.support.paths import EXAMPLE

REHEARSAL = load_event(EXAMPLE).programme
TEXT = (EXAMPLE / "programme.yaml").read_text(encoding="utf-8")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


# --- without a decision -----------------------------------------------------------------------------------------------------
@given(st.integers(-24 * 60, 24 * 60))
def test_now_and_next_follow_from_the_running_order(minutes: int) -> None:
    moment = NOON + timedelta(minutes=minutes)
    order, found = running_order(REHEARSAL, moment), now_next(REHEARSAL, moment)
    assert list(order) == [session.id for session in REHEARSAL.sessions]
    assert all(slot.printed == slot.actual and not slot.moved and not slot.by_hand for slot in order.values())
    assert set(found.now) == {id for id, slot in order.items() if slot.progress == "on"}
    starts = [start for slot in order.values() if slot.progress == "upcoming" and (start := slot.actual[0])]
    assert [order[id].actual[0] for id in found.next] == ([min(starts)] if starts else [])


def test_the_hours_of_a_rehearsal_end_nothing_for_its_audience() -> None:
    evening = NOON.replace(hour=22)
    order = running_order(REHEARSAL, evening)
    assert {slot.progress for slot in order.values()} == {"over"}
    assert {slot.progress for slot in announced(REHEARSAL, order).values()} == {"unknown"}
    assert {one["progress"] for one in public_json(REHEARSAL, evening)["sessions"]} == {"unknown"}
    assert {one["progress"] for one in order_json(REHEARSAL, evening)["slots"]} == {"over"}, "operators see the hours"
    ended = {id: replace(slot, decided_at=NOON) for id, slot in order.items()}
    assert announced(REHEARSAL, ended) == ended
    assert announced(HALLS, running_order(HALLS, evening)) == running_order(HALLS, evening)


def test_without_a_date_nothing_is_known_of_any_session() -> None:
    assert {slot.progress for slot in running_order(parse(TEXT), NOON).values()} == {"unknown"}


def test_sessions_side_by_side_are_each_named_and_each_stage_has_its_own() -> None:
    found = now_next(HALLS, at("9:15"))
    assert (found.now, found.next) == (("a1", "b1"), ("a2", "b2"))
    assert {id: (moment.now, moment.next) for id, moment in found.stages.items()} == {"main": ("a1", "a2"), "side": ("b1", "b2")}


def test_an_open_end_lasts_until_the_next_start_on_its_line() -> None:
    assert Desk(PLAIN).stands("11:29", "two") == ["on"]
    assert Desk(PLAIN).stands("11:31", "two") == ["over"]
    assert Desk(PLAIN).order("10:30")["two"].actual[1] is None
    halls = (
        "\n  - {id: a, kind: other, title: A, start: '9:00', stage: main}\n  - {id: b, kind: other, title: B, start: '9:20', stage: side}\n"
    )
    assert Desk(programme(halls)).stands("9:59", "a", "b") == ["on", "on"]
    open_end = programme(
        "\n  - {id: a, kind: other, title: A, start: '9:00'}\n  - {id: b, kind: other, title: B, start: '9:20', end: '9:40'}\n"
    )
    assert Desk(open_end).stands("9:19", "a", "b") == ["on", "upcoming"]
    assert Desk(open_end).stands("9:21", "a", "b") == ["over", "on"]


def test_a_marker_of_no_length_is_never_on() -> None:
    assert [Desk(PLAIN).stands(hour, "mark") for hour in ("10:29", "10:30")] == [["upcoming"], ["over"]]


# --- sliding ----------------------------------------------------------------------------------------------------------------
def test_ten_minutes_more_of_what_is_on_move_what_follows_and_the_break_swallows_what_it_can() -> None:
    desk = Desk(HALL).do("9:30", "slide", "talk", 10)
    assert desk.hours("talk", "coffee", "table", "film") == ["09:00-10:10", "10:10-10:30", "10:30-11:30", "11:30-12:00"]
    desk.do("9:40", "slide", "talk", 20)
    assert desk.hours("talk", "coffee", "table", "film", "lunch", "closing") == [
        "09:00-10:30", "10:30-10:35", "10:35-11:35", "11:35-12:05", "12:05-13:00", "14:00-14:30",
    ]  # fmt: skip


def test_what_is_given_back_is_given_back_whole() -> None:
    desk = Desk(HALL).do("9:30", "slide", "talk", 40).do("9:31", "slide", "talk", -40)
    assert not any(slot.moved for slot in desk.order("9:32").values())


def test_five_minutes_less_bring_forward_what_follows_without_a_gap_up_to_the_break() -> None:
    desk = Desk(HALL).do("10:45", "slide", "table", -5)
    assert desk.hours("table", "film", "lunch", "closing") == ["10:30-11:25", "11:25-11:55", "11:55-13:00", "14:00-14:30"]


def test_a_break_takes_up_what_comes_early_and_what_was_brought_forward_stays_so_when_it_begins() -> None:
    assert Desk(HALL).do("9:30", "slide", "talk", -10).hours("coffee", "table") == ["09:50-10:30", "10:30-11:30"]
    desk = Desk(HALL).do("10:45", "slide", "table", -5).do("11:25", "start", "film")
    assert desk.hours("table", "film", "lunch") == ["10:30-11:25", "11:25-11:55", "11:55-13:00"]


def test_what_is_slid_as_far_as_it_can_is_slid_on_from_there() -> None:
    desk = Desk(HALL).do("9:30", "slide", "film", 10).do("9:31", "slide", "film", -20)
    assert desk.hours("film") == ["11:30-12:00"]
    assert Desk(HALL).do("9:30", "slide", "film", 10).do("9:31", "slide", "film", -20).do("10:45", "slide", "table", -15).hours("film") == [
        "11:30-12:00"
    ]
    assert desk.do("9:32", "slide", "film", 5).hours("film") == ["11:35-12:05"]
    assert Desk(HALL).do("9:30", "slide", "talk", -60).hours("talk") == ["09:00-09:30"]


def test_a_session_that_ends_early_brings_nothing_forward() -> None:
    desk = Desk(HALL).do("11:00", "end", "table")
    assert desk.hours("table", "film") == ["10:30-11:00", "11:30-12:00"]


def test_a_session_is_moved_to_an_hour_with_what_follows() -> None:
    desk = Desk(HALL).do("9:30", "move", "table", to="10:45")
    assert desk.hours("talk", "coffee", "table", "film", "lunch") == [
        "09:00-10:00", "10:00-10:30", "10:45-11:45", "11:45-12:15", "12:15-13:00",
    ]  # fmt: skip
    assert desk.do("9:31", "move", "table", to="2025-03-05T11:00:00+01:00").hours("table") == ["11:00-12:00"]
    assert desk.order("9:32")["table"].by_hand
    assert not desk.order("9:32")["film"].by_hand


def test_a_break_that_is_moved_itself_is_moved_whole() -> None:
    assert Desk(HALL).do("9:30", "slide", "coffee", 10).hours("coffee", "table") == ["10:10-10:40", "10:40-11:40"]


@pytest.mark.parametrize(
    ("hour", "command", "reason"),
    [
        ("9:30", ("slide", "coffee", -5), "nothing_moves"),
        ("9:30", ("slide", "table", 0), "minutes"),
        ("9:30", ("slide", "table", 500), "minutes"),
        ("9:30", ("move", "table", None, "25:00"), "hour"),
        ("9:30", ("move", "table", None, ""), "hour"),
        ("9:30", ("move", "talk", None, "9:40"), "already_on"),
        ("9:30", ("end", "table"), "not_on"),
        ("9:30", ("restore", "table"), "not_cancelled"),
        ("9:30", ("start", "second"), "other_day"),
        ("9:30", ("undo",), "nothing_to_undo"),
        ("9:30", ("cancel",), "session_needed"),
        ("9:30", ("cancel", "nobody"), "registration.session_unknown"),
        ("10:15", ("slide", "talk", 5), "over"),
        ("10:15", ("cancel", "talk"), "over"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(hour: str, command: tuple[Any, ...], reason: str) -> None:
    desk = Desk(HALL)
    assert refused(desk, hour, *command) == reason
    assert desk.decisions == UNDECIDED


def test_nothing_begins_in_the_past_or_before_the_one_before_it_ends() -> None:
    desk = Desk(HALL).do("9:00", "move", "table", to="11:00")
    assert desk.do("10:40", "move", "table", to="10:10").hours("table") == ["10:40-11:40"]
    assert Desk(HALL).do("9:00", "move", "film", to="11:45").do("9:01", "move", "film", to="9:30").hours("film") == ["11:30-12:00"]


def test_two_halls_do_not_touch_each_other_and_lunch_is_everybodys() -> None:
    desk = Desk(HALLS).do("9:30", "slide", "a1", 70)
    assert desk.hours("b1", "b2", "lunch", "b3") == ["09:00-10:00", "10:00-11:00", "11:00-12:00", "12:00-13:00"]
    assert desk.hours("a1", "a2", "a3") == ["09:00-11:10", "11:10-12:10", "12:15-13:15"]
    assert desk.hours("welcome") == ["08:30-09:00"]
    other = Desk(HALLS).do("9:30", "slide", "b1", 70)
    assert other.hours("a2", "lunch", "a3") == ["10:00-11:00", "11:00-12:00", "12:00-13:00"]
    desk = Desk(HALLS).do("9:30", "slide", "lunch", 15)
    assert desk.hours("a2", "b2", "lunch", "a3", "b3") == ["10:00-11:00", "10:00-11:00", "11:15-12:15", "12:15-13:15", "12:15-13:15"]


def test_where_there_is_one_stage_the_breaks_are_its_breaks_whatever_goes_on_in_other_rooms() -> None:
    beside = "  - {id: attic, kind: workshop, title: Attic, start: '9:30', end: '12:00', room: foyer}\n"
    desk = Desk(programme(ONE_HALL.replace("  - {id: coffee", f"{beside}  - {{id: coffee"))).do("9:45", "slide", "talk", 10)
    assert desk.hours("talk", "attic", "coffee", "table") == ["09:00-10:10", "09:30-12:00", "10:10-10:30", "10:30-11:30"]
    assert desk.do("9:46", "start", "coffee").stands("9:47", "talk", "attic", "coffee") == ["over", "on", "on"]
    assert desk.do("9:50", "slide", "lunch", 30).hours("attic", "lunch", "closing") == ["09:30-12:00", "12:30-13:30", "14:00-14:30"]


def test_days_do_not_run_into_each_other() -> None:
    late = programme(
        "\n  - {id: night, kind: other, title: Night, start: '22:00', end: '23:30'}"
        "\n  - {id: last, kind: other, title: Last, start: '23:30', end: '0:30'}"
        "\n  - {id: early, kind: other, title: Early, date: 2025-03-06, start: '1:00', end: '2:00'}\n"
    )
    desk = Desk(late).do("22:30", "slide", "night", 120)
    assert desk.hours("night", "last", "early") == ["22:00-01:00", "01:00-01:00", "01:00-02:00"]
    by_hand = Desk(late).do("22:30", "start", "night").do("22:31", "slide", "night", 240)
    assert by_hand.hours("night", "early") == ["22:30-01:00", "01:00-02:00"]
    assert Desk(late).do("22:00", "slide", "early", -120).hours("early") == ["00:00-01:00"]


def test_an_hour_after_midnight_belongs_to_the_evening_before() -> None:
    night = programme("\n  - {id: show, kind: other, title: Show, start: '23:30', end: '0:30'}\n")
    (start, _) = Desk(night).do("22:00", "move", "show", to="00:15").order("22:01")["show"].actual
    assert start == at("0:15", day=6)


def test_an_hour_is_an_hour_when_the_clock_is_changed() -> None:
    spring = parse(
        "format_version: 1\nlanguage: en\nevent: {id: day, name: Day, date: 2025-03-29, timezone: Europe/Berlin}\nsessions:\n"
        "  - {id: a, kind: other, title: A, start: '23:30', end: '1:30'}\n  - {id: b, kind: other, title: B, start: '1:30', end: '3:30'}\n"
        "people: {}\n"
    )
    now = datetime(2025, 3, 29, 23, 0, tzinfo=UTC)
    decisions = decide(spring, UNDECIDED, Decision("slide", "a", 30), now)
    start, end = running_order(spring, now, decisions)["b"].instants
    assert (start, end) == (datetime(2025, 3, 30, 1, 0, tzinfo=UTC), datetime(2025, 3, 30, 2, 0, tzinfo=UTC))


# --- the clock --------------------------------------------------------------------------------------------------------------
def test_nothing_changes_before_the_next_change() -> None:
    desk = Desk(HALL).do("9:10", "start", "talk").do("9:11", "slide", "talk", 7).do("9:12", "cancel", "film")
    moment, seen = at("9:13"), []
    while (change := next_change(HALL, moment, desk.decisions)) is not None:
        seen.append(change)
        before = {id: slot.progress for id, slot in running_order(HALL, moment, desk.decisions).items()}
        just = running_order(HALL, change - timedelta(milliseconds=1), desk.decisions)
        assert {id: slot.progress for id, slot in just.items()} == before
        moment = change
    assert at("10:17") in seen
    assert seen[-1] == at("10:00", day=6)


def test_refusals_are_of_their_kinds() -> None:
    with pytest.raises(NotFound):
        Desk(HALL).do("9:00", "start", "nobody")
    with pytest.raises(Invalid):
        Desk(HALL).do("9:00", "slide", "talk")
    with pytest.raises(Conflict):
        Desk(HALL).do("9:00", "end", "film")
