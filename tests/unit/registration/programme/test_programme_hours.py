"""The hours of a programme as people write them: how a time is typed, the night after a day, several days, the change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.programme import ProgrammeError, now_next, parse, parse_with_warnings, write
from services.registration.programme.day import days, spans
from services.registration.programme.format.hours import timetable
from services.registration.programme.format.kinds import Clock, Unfit

HEAD: Final = "format_version: 1\nlanguage: fr\nevent:\n  id: nuit\n  name: Une nuit\n  date: {date}\n"


def text(*sessions: tuple[str, ...], date: str = "2025-01-30", more: str = "") -> str:
    """A programme of sessions, each given as its lines without the id."""
    lines = [f"  - id: s{index}\n    kind: other\n    title: S{index}\n" + "".join(f"    {line}\n" for line in session)
             for index, session in enumerate(sessions)]  # fmt: skip
    return HEAD.format(date=date) + more + "sessions:\n" + "".join(lines)


def codes(given: str) -> list[tuple[str, str]]:
    with pytest.raises(ProgrammeError) as caught:
        parse(given)
    return [(field.path.partition(" ")[2], field.code) for field in caught.value.fields]


def warned(given: str) -> list[tuple[str, str]]:
    found = parse_with_warnings(given)[1]
    return [(one.path.partition(" ")[2], one.code.removeprefix("programme.warn.")) for one in found]


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("9h45", 585), ("9 h 45", 585), ("9\u202fh\u202f45", 585), ("9\u00a0h\u00a045", 585), ("9\u2009h\u200945", 585), ("9H45", 585),
        ("9.45", 585), ("10.00", 600), ("9:45:00", 585), ("9u30", 570), ("9 Uhr 30", 570), ("9.30 Uhr", 570), ("9 Uhr", 540), ("9 h", 540),
        ("9:45 am", 585), ("2 pm", 840), ("12 am", 0), ("12:30 p.m.", 750), ("24:00", 1440), ("24h30", 1470), ("\u200e9h45\ufeff", 585),
    ],
)  # fmt: skip
def test_a_time_is_taken_as_people_print_it(typed: str, minutes: int) -> None:
    assert Clock().read(typed).minutes == minutes


@pytest.mark.parametrize("typed", ["9h5", "9", "9:", "9.", "9:5", "30:00", "9h60", "13 pm", "0 am", "h45", "9h45 foo", "neuf heures", ""])
def test_a_time_that_nobody_can_be_sure_of_is_refused(typed: str) -> None:
    with pytest.raises(Unfit):
        Clock().read(typed)


@given(st.integers(0, 29), st.integers(0, 59), st.sampled_from("  \u00a0\u202f\u2009\u3000"), st.sampled_from(["h", "H", ":", "."]))
def test_blanks_of_any_width_make_no_difference(hour: int, minute: int, blank: str, sign: str) -> None:
    assert Clock().read(f"{hour}{blank}{sign}{blank}{minute:02}").minutes == hour * 60 + minute


def test_a_session_may_end_after_midnight_and_others_may_follow_it() -> None:
    programme = parse(text(("start: 22h00", "end: 23h30"), ("start: 23h30", "end: 0h30"), ("start: 0h30", "end: 2h00")))
    assert [(hours.start, hours.end) for hours in timetable(programme)] == [(1320, 1410), (1410, 1470), (1470, 1560)]
    starts = [start.isoformat() for start, _ in spans(programme, None).values() if start]
    assert starts == ["2025-01-30T22:00:00+01:00", "2025-01-30T23:30:00+01:00", "2025-01-31T00:30:00+01:00"]


def test_twenty_four_hours_are_midnight() -> None:
    programme = parse(text(("start: 23h00", 'end: "24:00"')))
    assert [str(end) for _, end in spans(programme, None).values()] == ["2025-01-31 00:00:00+01:00"]


def test_an_end_that_no_night_explains_is_refused() -> None:
    assert codes(text(("start: 14h00", "end: 13h00"))) == [("sessions.0.end", "programme.end_before_start")]


def test_a_start_of_the_small_hours_after_a_morning_is_out_of_order() -> None:
    assert codes(text(("start: 9h00",), ("start: 5h00",))) == [("sessions.1.start", "programme.out_of_order")]


def test_a_marker_may_have_no_length() -> None:
    programme = parse(text(("start: 9h00", "end: 9h00")))
    assert timetable(programme)[0].start == timetable(programme)[0].end == 540


def test_a_duration_serves_where_no_end_is_given() -> None:
    assert timetable(parse(text(("start: 9h00", "duration: 45"))))[0].end == 585


def test_an_end_without_a_basis_is_a_stated_one() -> None:
    programme = parse(text(("start: 9h00", "end: 10h00")))
    assert programme.sessions[0].end_basis == "stated"
    assert parse(write(programme)) == programme


def test_a_session_without_a_date_is_on_the_day_of_the_one_before() -> None:
    two = text(("start: 9h00",), ("start: 17h00",), ("date: 2025-01-31", "start: 8h30"), ("start: 9h00",))
    programme = parse(two)
    assert {day.isoformat(): [one.id for one in sessions] for day, sessions in days(programme, None).items()} == {
        "2025-01-30": ["s0", "s1"],
        "2025-01-31": ["s2", "s3"],
    }
    assert write(parse(write(programme))) == write(programme)


def test_a_file_of_one_day_is_written_without_dates_on_its_sessions() -> None:
    assert "date:" not in write(parse(text(("start: 9h00",)))).partition("sessions:")[2]


def test_now_and_next_go_on_through_the_night_and_over_the_days() -> None:
    programme = parse(text(("start: 9h00", "end: 10h00"), ("start: 23h30", "end: 0h30"), ("date: 2025-01-31", "start: 9h00", "end: 10h00")))
    found = [
        now_next(programme, datetime(2025, 1, day, hour, 15, tzinfo=UTC)) for day, hour in ((30, 8), (30, 23), (31, 0), (31, 8), (31, 9))
    ]
    assert [(one.now, one.next) for one in found] == [
        (("s0",), ("s1",)), (("s1",), ("s2",)), ((), ("s2",)), (("s2",), ()), ((), ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("date", "sessions", "expected"),
    [
        ("2025-01-30", (("date: 2025-01-29",),), ("sessions.0.date", "programme.date_backwards")),
        ("2025-01-30", (("date: 2025-02-01",), ("date: 2025-01-31",)), ("sessions.1.date", "programme.date_backwards")),
        ("2025-01-30", (("date: 2052-01-30",),), ("sessions.0.date", "programme.too_many_days")),
        ("unknown", ((), ("date: 2025-01-31",)), ("sessions.1.date", "programme.first_date_unknown")),
        ("2025-01-30", (("date: 2025-01-31", "start: 9h00"), ("start: 8h00",)), ("sessions.1.start", "programme.out_of_order")),
    ],
)
def test_days_follow_each_other(date: str, sessions: tuple[tuple[str, ...], ...], expected: tuple[str, str]) -> None:
    assert codes(text(*sessions, date=date)) == [expected]


def test_halls_in_parallel_may_end_at_the_next_start_of_a_later_session() -> None:
    parse(text(("start: 9h00", "end: 10h00", "end_basis: next_start"), ("start: 9h00", "end: 10h00"), ("start: 10h00",)))


def test_two_sessions_on_one_stage_at_once_are_asked_about() -> None:
    stages = "  stages:\n    - id: a\n      name: A\n    - id: b\n      name: B\n"
    at_once = text(
        ("start: 9h00", "end: 10h00", "stage: a"), ("start: 9h30", "end: 9h40", "stage: b"), ("start: 9h45", "stage: a"), more=stages
    )
    assert ("sessions.2.start", "stage_overlap") in warned(at_once)
    assert [path for path, code in warned(at_once) if code == "stage_overlap"] == ["sessions.2.start"]


@pytest.mark.parametrize(
    ("date", "hour", "code"),
    [
        ("2025-03-30", "2h30", "hour_missing"),
        ("2025-10-26", "2h30", "hour_twice"),
        ("2025-03-30", "3h00", None),
        ("2025-10-25", "2h30", None),
    ],
)
def test_hours_of_the_day_the_clocks_change_are_asked_about(date: str, hour: str, code: str | None) -> None:
    found = [code for path, code in warned(text((f"start: {hour}",), date=date)) if path == "sessions.0.start"]
    assert found == ([code] if code else [])


def test_every_error_comes_at_once_whatever_else_is_wrong() -> None:
    wrong = text(("start: 9h99",), ("start: 11h00", "end: 10h00"), ("start: 10h00",), ("room: nulle-part",)).replace(
        "title: S3", "title: ''"
    )
    assert codes(wrong) == [
        ("sessions.0.start", "programme.bad_time"),
        ("sessions.3.title", "programme.blank"),
        ("sessions.3.room", "programme.unknown_room"),
        ("sessions.1.end", "programme.end_before_start"),
        ("sessions.2.start", "programme.out_of_order"),
    ]


def test_errors_of_both_files_come_at_once() -> None:
    with pytest.raises(ProgrammeError) as caught:
        parse(text(("start: 9h99",)), "completes: [\n")
    assert [field.path for field in caught.value.fields] == ["programme.yaml:11 sessions.0.start", "completion.yaml:2"]


def test_a_large_programme_is_taken() -> None:
    people = "".join(f"  p{n}:\n    given: Anna\n    family: Martin{n}\n    display: Anna Martin {n}\n" for n in range(400))
    speakers = [tuple(["participants:"] + [f"  - person: p{2 * n + one}\n        roles: [speaker]" for one in (0, 1)]) for n in range(200)]
    sessions = [(f"start: {8 + n // 20}h{n % 20 * 3:02}", *speakers[n]) for n in range(200)]
    programme = parse(text(*sessions) + "people:\n" + people)
    assert (len(programme.sessions), len(programme.people)) == (200, 400)


def test_somebody_of_one_name_is_taken_and_two_people_of_one_name_are_two() -> None:
    people = "people:\n  a:\n    display: Sukarno\n  b:\n    given: Sukarno\n    display: Sukarno\n"
    programme = parse(text(("start: 9h00",)) + people)
    assert [person.display for person in programme.people.values()] == ["Sukarno", "Sukarno"]
    assert programme.people["a"].sorting == "sukarno"
    assert parse(write(programme)) == programme


def test_invisible_marks_that_came_along_are_removed_from_names_and_ids() -> None:
    people = 'people:\n  a:\n    display: "\\u200eNo\\u00ADra\\u200b\\u2028Ben\\tAli"\n'
    programme = parse(text(("start: 9h00",)).replace("id: nuit", 'id: "nuit\\u200b "') + people)
    assert (programme.people["a"].display, programme.event.id) == ("Nora Ben Ali", "nuit")
