"""What is on now: instants in the event's time zone, rehearsal days, the hours outside the programme."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.registration.programme import day_of, load_event, now_next, parse
from services.registration.programme.day import span
from tests.support.paths import EXAMPLE

FOLDER = EXAMPLE
REHEARSAL = load_event(FOLDER).programme
FIXED = parse(
    (FOLDER / "programme.yaml").read_text(encoding="utf-8"),
    (FOLDER / "completion.yaml").read_text(encoding="utf-8").replace("date: today", "date: 2021-06-03"),
)
PARIS = ZoneInfo("Europe/Paris")


def ids(id: str | None) -> tuple[str, ...]:
    return () if id is None else (id,)


@pytest.mark.parametrize(
    ("hour", "minute", "now", "following"),
    [
        (7, 59, None, "accueil-participants"),
        (8, 0, "accueil-participants", "ouverture"),
        (9, 44, "tres-haut-debit", "table-ronde-1"),
        (9, 45, "table-ronde-1", "table-ronde-2"),
        (12, 50, "cloture", None),
        (13, 0, None, None),
        (23, 59, None, None),
    ],
)
def test_the_session_that_is_on_follows_the_clock_of_the_room(hour: int, minute: int, now: str | None, following: str | None) -> None:
    found = now_next(FIXED, datetime(2021, 6, 3, hour, minute, tzinfo=PARIS))
    expected = (ids(now), ids(following))
    assert (found.now, found.next) == expected
    again = now_next(REHEARSAL, datetime(2026, 11, 23, hour, minute, tzinfo=PARIS))
    assert (again.now, again.next) == expected


def test_a_fixed_day_is_over_the_day_after_and_ahead_the_day_before() -> None:
    before = now_next(FIXED, datetime(2021, 6, 2, 10, 0, tzinfo=PARIS))
    after = now_next(FIXED, datetime(2021, 6, 4, 10, 0, tzinfo=PARIS))
    assert (before.now, before.next) == ((), ("accueil-participants",))
    assert (after.now, after.next) == ((), ())


def test_a_rehearsal_day_turns_at_midnight_in_the_events_time_zone() -> None:
    assert day_of(REHEARSAL, datetime(2026, 11, 23, 22, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert day_of(REHEARSAL, datetime(2026, 11, 23, 23, 0, tzinfo=UTC)) == date(2026, 11, 24)


def test_summer_and_winter_time_are_those_of_the_day() -> None:
    summer, _ = span(FIXED, FIXED.sessions[0], None)
    winter, _ = span(REHEARSAL, REHEARSAL.sessions[0], datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert summer is not None
    assert winter is not None
    assert summer.astimezone(UTC).hour == 6
    assert winter.astimezone(UTC).hour == 7


def test_without_a_date_nothing_is_on() -> None:
    printed = parse((FOLDER / "programme.yaml").read_text(encoding="utf-8"))
    found = now_next(printed, datetime(2021, 6, 3, 10, 0, tzinfo=PARIS))
    assert (found.now, found.next) == ((), ())
