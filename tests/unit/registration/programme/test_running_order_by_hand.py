"""The running order by hand: starting, ending, cancelling, undoing, and what is kept of it under another programme."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.registration.programme import Programme, load_event, parse
from services.registration.programme.order.commands import Decision, changes, decide
from services.registration.programme.order.decisions import UNDECIDED, Decisions, adopt
from services.registration.programme.running_order import running_order
from tests.support.desk import HALL, HALLS, ONE_HALL, PLAIN, Desk, at, programme, refused
from tests.support.paths import EXAMPLE

REHEARSAL = load_event(EXAMPLE).programme


# --- starting and ending ----------------------------------------------------------------------------------------------------
def test_a_late_start_makes_the_rest_late_and_a_minute_does_not() -> None:
    late = Desk(HALL).do("9:12", "start", "talk")
    assert late.hours("talk", "coffee", "table") == ["09:12-10:12", "10:12-10:30", "10:30-11:30"]
    assert late.order("9:13")["talk"].late == timedelta(minutes=12)
    punctual = Desk(HALL).do("9:02", "start", "talk")
    assert punctual.hours("talk", "coffee") == ["09:02-10:00", "10:00-10:30"]
    assert not any(slot.moved for slot in punctual.order("9:03").values())


def test_what_was_started_by_hand_is_on_until_it_is_ended_and_the_next_one_waits() -> None:
    desk = Desk(HALL).do("10:30", "start", "table")
    assert desk.stands("11:45", "talk", "table", "film") == ["over", "on", "upcoming"]
    assert [desk.order("11:45")[id].late for id in ("table", "film")] == [timedelta(minutes=15)] * 2
    assert desk.stands("12:29", "table") == ["on"]
    assert desk.stands("12:30", "table") == ["over"]
    assert [desk.order(hour)["table"].decided_at for hour in ("12:29", "12:30")] == [at("10:30"), None]
    desk.do("11:50", "end", "table")
    assert desk.stands("11:50", "table", "film") == ["over", "on"]
    assert desk.hours("film", "lunch") == ["11:50-12:20", "12:20-13:00"]


def test_an_end_a_minute_late_moves_nothing_and_a_break_that_begins_late_is_shorter() -> None:
    ended = Desk(HALL).do("9:00", "start", "talk").do("10:02", "end", "talk")
    assert ended.hours("talk", "coffee", "table") == ["09:00-10:02", "10:00-10:30", "10:30-11:30"]
    assert Desk(HALL).do("10:27", "start", "coffee").hours("coffee", "table") == ["10:27-10:32", "10:32-11:32"]
    assert Desk(HALL).do("9:40", "start", "coffee").hours("coffee", "table") == ["09:40-10:30", "10:30-11:30"]


def test_starting_the_next_one_ends_what_is_on_in_the_same_place() -> None:
    desk = Desk(HALL).do("10:30", "start", "table").do("11:20", "start", "film")
    assert desk.stands("11:21", "table", "film") == ["over", "on"]
    order = desk.order("11:21")
    assert [order[id].decided_at for id in ("table", "film")] == [at("11:20"), at("11:20")]
    halls = Desk(HALLS).do("9:50", "start", "a2")
    assert halls.stands("9:51", "a1", "a2", "b1", "b2") == ["over", "on", "on", "upcoming"]
    beside = Desk(PLAIN).do("9:35", "start", "beside")
    assert beside.stands("9:36", "one", "beside") == ["on", "on"]


def test_what_was_ended_by_mistake_goes_on_as_if_it_had_not_been() -> None:
    desk = Desk(HALL).do("9:02", "start", "talk").do("9:30", "end", "talk").do("9:31", "start", "talk")
    assert desk.hours("talk") == ["09:02-10:00"]
    assert desk.stands("9:32", "talk") == ["on"]
    by_clock = Desk(HALL).do("9:30", "end", "talk").do("9:31", "start", "talk")
    assert by_clock.hours("talk", "table") == ["09:00-10:00", "10:30-11:30"]
    again = Desk(HALL).do("9:30", "end", "talk").do("13:00", "start", "talk")
    assert (again.hours("talk"), again.stands("13:01", "talk")) == (["13:00-14:00"], ["on"])


def test_a_session_of_no_hour_begins_when_it_is_started_or_moved_to_one() -> None:
    desk = Desk(PLAIN)
    assert desk.stands("9:00", "unknown") == ["unknown"]
    assert refused(desk, "9:00", "slide", "unknown", 10) == "hour_unknown"
    assert refused(desk, "9:00", "move", "unknown", to="2025-04-01T10:00:00Z") == "other_day"
    assert desk.do("9:00", "move", "unknown", to="15:00").stands("14:59", "unknown") == ["upcoming"]
    assert desk.order("9:00")["unknown"].moved
    assert desk.do("14:00", "start", "unknown").stands("14:01", "unknown") == ["on"]


# --- cancelling, undoing ----------------------------------------------------------------------------------------------------
def test_a_cancelled_session_is_skipped_and_can_be_restored() -> None:
    desk = Desk(HALL).do("9:30", "cancel", "table").do("9:31", "slide", "talk", 60)
    assert desk.stands("10:45", "table") == ["cancelled"]
    assert desk.hours("coffee", "film") == ["11:00-11:05", "11:30-12:00"]
    assert desk.order("9:40")["table"].decided_at == at("9:30")
    assert refused(desk, "9:32", "start", "table") == "cancelled"
    desk.do("9:32", "restore", "table")
    assert desk.stands("11:10", "table") == ["on"]
    assert desk.hours("table") == ["11:05-12:05"]


def test_a_session_that_was_cancelled_while_it_was_on_begins_anew_by_its_hours() -> None:
    desk = Desk(HALL).do("9:12", "start", "talk").do("9:20", "cancel", "talk").do("9:21", "restore", "talk")
    assert (desk.hours("talk"), desk.stands("9:22", "talk")) == (["09:00-10:00"], ["on"])
    assert [desk.order(hour)["talk"].decided_at for hour in ("9:22", "10:01")] == [at("9:21"), None]


def test_a_hand_outranks_the_file() -> None:
    off = programme(ONE_HALL.replace("id: table,", "id: table, status: cancelled,"))
    assert Desk(off).stands("9:00", "table") == ["cancelled"]
    restored = Desk(off).do("9:00", "restore", "table")
    assert restored.stands("9:01", "table") == ["upcoming"]
    kept = Desk(HALL).do("9:00", "cancel", "table")
    assert running_order(programme(ONE_HALL.replace("Table", "Other")), at("9:01"), kept.decisions)["table"].progress == "cancelled"


def test_a_cancelled_event_has_no_session_and_a_postponed_one_no_hours() -> None:
    assert set(Desk(programme(ONE_HALL, "status: cancelled")).stands("9:30", "talk", "table")) == {"cancelled"}
    assert refused(Desk(programme(ONE_HALL, "status: cancelled")), "9:30", "restore", "talk") == "event_cancelled"
    assert set(Desk(programme(ONE_HALL, "status: postponed")).stands("9:30", "talk", "table")) == {"unknown"}


def test_undo_takes_back_the_last_decisions_one_by_one() -> None:
    desk, stood = Desk(HALL), []
    for command in (("start", "talk"), ("slide", "talk", 10), ("cancel", "film"), ("start", "coffee")):
        stood.append(desk.decisions)
        desk.do("9:40", *command)
    for before in reversed(stood):
        desk.do("9:45", "undo")
        assert desk.decisions == before


def test_a_preview_says_what_would_move_and_changes_nothing() -> None:
    after = decide(HALL, UNDECIDED, Decision("slide", "table", 20), at("9:30"))
    found = changes(HALL, UNDECIDED, after, at("9:30"))
    assert [one.after.session for one in found] == ["table", "film", "lunch"]
    assert [one.before.actual[0] for one in found] == [one.before.printed[0] for one in found]


# --- another programme ------------------------------------------------------------------------------------------------------
def test_a_new_programme_keeps_what_was_decided_of_sessions_that_remain_and_drops_the_rest() -> None:
    desk = Desk(HALL).do("9:30", "move", "table", to="11:00").do("9:31", "cancel", "film")
    new = programme("\n".join(line.replace("10:30", "10:40") for line in ONE_HALL.splitlines() if "id: film" not in line) + "\n")
    adopted = adopt(new, desk.decisions, at("9:40"))
    assert set(adopted.hands) == {"table"}
    assert running_order(new, at("9:40"), adopted)["table"].actual[0] == at("11:00")
    assert [step.session for step in adopted.steps] == ["table"]
    assert adopt(HALL, adopted, at("9:50")) == adopted


def test_a_session_on_another_day_keeps_only_that_it_is_cancelled() -> None:
    desk = Desk(HALL).do("9:30", "move", "table", to="11:00").do("9:31", "cancel", "film")
    later = parse_later(ONE_HALL)
    adopted = adopt(later, desk.decisions, at("9:40"))
    assert set(adopted.hands) == {"film"}
    assert adopted.steps == ()
    assert running_order(later, at("9:40"), desk.decisions) == running_order(later, at("9:40"), adopted)


def parse_later(sessions: str) -> Programme:
    moved = sessions.replace("2025-03-06", "2025-03-13")
    text = "format_version: 1\nlanguage: en\nevent:\n  id: day\n  name: Day\n  date: 2025-03-12\n  timezone: Europe/Berlin\n"
    return parse(text + "  rooms: [{id: foyer, name: Foyer}]\n  stages: [{id: main, name: Main}]\n" + f"sessions:{moved}people: {{}}\n")


def test_a_rehearsal_begins_afresh_on_a_new_day() -> None:
    now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    decisions = decide(REHEARSAL, UNDECIDED, Decision("cancel", "table-ronde-1"), now)
    assert running_order(REHEARSAL, now, decisions)["table-ronde-1"].progress == "cancelled"
    assert adopt(REHEARSAL, decisions, now + timedelta(days=1)) == Decisions()
    assert running_order(REHEARSAL, now + timedelta(days=1), decisions)["table-ronde-1"].progress == "upcoming"
