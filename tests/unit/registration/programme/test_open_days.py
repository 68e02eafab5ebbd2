"""The days that people choose: what is kept of a choice, and what it means after the event changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from services.registration.people.form import Form, check_form
from services.registration.programme.format.parsing import parse
from services.registration.programme.open_days import ALL, EventDay, choose, coming, lost, open_days
from services.registration.programme.order.decisions import Decisions, Hand
from services.registration.programme.running_order import running_order
from services.registration.programme.state import state_of
from shared.errors import Invalid

HEAD: Final = """
format_version: 1
language: fr
event:
  id: rencontre
  name: Rencontre
  date: 2025-03-04
  timezone: Pacific/Auckland
  stages: [{id: salle, name: Salle}]
  modes: [in_room, remote]
sessions:
"""
FIRST: Final = '  - {id: un, kind: keynote, title: Un, start: "09:00", end: "10:00"}\n'
SECOND: Final = (
    '  - {id: pause, kind: break, title: Pause, date: 2025-03-05, start: "8:30", end: "9:00"}\n'
    '  - {id: deux, kind: workshop, title: Deux, start: "9:00", end: "11:00", modes: [in_room]}\n'
)
THIRD: Final = '  - {id: trois, kind: other, title: Trois, date: 2025-03-06, start: "9:00", end: "11:00"}\n'
EARLY: Final = datetime(2025, 2, 1, tzinfo=UTC)
ONE, TWO, THREE = "2025-03-04", "2025-03-05", "2025-03-06"


def days_of(text: str = HEAD + FIRST + SECOND + THIRD, at: datetime = EARLY, decisions: Decisions | None = None) -> tuple[EventDay, ...]:
    programme = parse(text)
    return open_days(programme, running_order(programme, at, decisions or Decisions()), at)


def cancelled(*sessions: str) -> Decisions:
    return Decisions(hands={id: Hand(date.fromisoformat(TWO), cancelled=True) for id in sessions})


def ids(days: tuple[EventDay, ...]) -> list[str]:
    return [day.id for day in days]


def codes(wanted: list[str] | None, door: str, days: tuple[EventDay, ...], before: tuple[str, ...] | None = None) -> list[str]:
    return [one.code.removeprefix("registration.") for one in choose(wanted, door, days, before)[1]]


def test_a_day_is_open_by_the_doors_of_what_is_held_on_it() -> None:
    assert [(day.id, sorted(day.doors)) for day in days_of()] == [
        (ONE, ["in_room", "remote"]), (TWO, ["in_room"]), (THREE, ["in_room", "remote"])
    ]  # fmt: skip


@pytest.mark.parametrize(("minutes", "off", "phase"), [(119, "", "today"), (120, "over", "over")])
def test_the_last_day_is_over_when_the_event_is_also_where_its_end_is_open(minutes: int, off: str, phase: str) -> None:
    at = datetime(2025, 3, 5, 4, tzinfo=UTC) + timedelta(minutes=minutes)  # after 17:00 in Auckland
    programme = parse(HEAD + FIRST + '  - {id: fin, kind: other, title: Fin, date: 2025-03-05, start: "17:00"}\n')
    order = running_order(programme, at)
    assert (open_days(programme, order, at)[-1].off, state_of(programme, order, at).phase) == (off, phase)


def test_nothing_said_is_every_day_and_so_is_every_day_said() -> None:
    days = days_of()
    assert choose(None, "in_room", days) == (ALL, [])
    assert choose([THREE, ONE, TWO], "in_room", days) == (ALL, [])
    assert choose([ONE, THREE], "remote", days) == (ALL, []), "all that one can follow from afar"
    assert ids(coming(ALL, "remote", days)) == [ONE, THREE]
    assert choose([THREE, TWO], "in_room", days) == ((TWO, THREE), [])


@pytest.mark.parametrize(
    ("wanted", "door", "code"),
    [
        ([], "in_room", "days_required"),
        (["2025-03-07"], "in_room", "day_unknown"),
        (["x" * 400], "remote", "day_unknown"),
        ([TWO], "remote", "day_not_by_door"),
    ],
)
def test_a_choice_that_cannot_be_kept_is_refused(wanted: list[str], door: str, code: str) -> None:
    assert codes(wanted, door, days_of()) == [code]
    with pytest.raises(Invalid) as refused:
        check_form(Form("Ada", "ada@example.org", door, "fr", "granted", wanted), ("fr",), days=days_of())
    assert [(one.path, one.code) for one in refused.value.fields] == [("days", f"registration.{code}")]


def test_an_event_of_one_day_has_nothing_to_choose() -> None:
    (day,) = days = days_of(HEAD + FIRST)
    assert choose(None, "remote", days) == choose([day.id], "remote", days) == (ALL, [])


def test_a_cancelled_day_cannot_be_chosen_and_stays_with_whoever_had_it() -> None:
    days = days_of(decisions=cancelled("pause", "deux"))
    assert [day.off for day in days] == ["", "cancelled", ""]
    assert codes([ONE, TWO], "in_room", days) == ["day_cancelled"]
    assert choose([ONE], "in_room", days, (TWO, THREE)) == ((ONE, TWO), [])
    assert choose([THREE], "in_room", days, (TWO, THREE)) == ((TWO, THREE), [])
    assert choose(None, "in_room", days) == (ALL, []), "should it be held after all, they come"


def test_a_day_that_is_over_is_not_offered_to_whoever_comes_late() -> None:
    days = days_of(at=datetime(2025, 3, 4, 12, 0, tzinfo=UTC))  # the small hours of the 5th in Auckland
    assert [day.off for day in days] == ["over", "", ""]
    assert choose(None, "in_room", days) == ((TWO, THREE), []), "and they do not count for it"
    assert codes([ONE, TWO], "in_room", days) == ["day_over"]
    assert choose([THREE], "in_room", days, ALL) == ((ONE, THREE), []), "whoever was there, was there"


def test_a_day_that_an_import_takes_away_is_kept_and_counts_again_when_it_comes_back() -> None:
    without, kept = days_of(HEAD + FIRST + SECOND), (ONE, THREE)
    assert (ids(coming(kept, "in_room", without)), lost(kept, without)) == ([ONE], (THREE,))
    assert choose([ONE], "in_room", without, kept) == (kept, []), "saving something else forgets nothing"
    assert choose([ONE, TWO], "in_room", without, kept) == (ALL, [])
    assert (ids(coming(kept, "in_room", days_of())), lost(kept, days_of())) == ([ONE, THREE], ())


def test_when_every_chosen_day_is_gone_another_has_to_be_chosen() -> None:
    without = days_of(HEAD + FIRST + SECOND)
    assert (coming((THREE,), "in_room", without), lost((THREE,), without)) == ((), (THREE,))
    assert codes([], "in_room", without, (THREE,)) == ["days_required"]
    assert choose([TWO], "in_room", without, (THREE,)) == ((TWO,), [])


def test_a_day_that_an_import_adds_is_for_those_who_come_every_day() -> None:
    two, three = days_of(HEAD + FIRST + SECOND), days_of()
    every, some = choose([ONE, TWO], "in_room", two)[0], choose([ONE], "in_room", two)[0]
    assert (ids(coming(every, "in_room", three)), ids(coming(some, "in_room", three))) == ([ONE, TWO, THREE], [ONE])


def test_while_the_dates_are_unknown_nothing_is_lost() -> None:
    unknown = days_of((HEAD + FIRST).replace("2025-03-04", "unknown"))
    assert (unknown, lost((THREE,), unknown), coming((THREE,), "in_room", unknown)) == ((), (), ())
    assert choose(None, "in_room", unknown, (THREE,)) == ((THREE,), [])


def test_another_door_needs_days_on_which_it_is_open() -> None:
    assert codes(None, "remote", days_of(), (TWO, THREE)) == ["day_not_by_door"]
    assert choose([THREE], "remote", days_of(), (TWO, THREE)) == ((THREE,), [])
    assert choose(None, "remote", days_of(), ALL) == (ALL, [])


def test_whoever_was_to_come_into_the_room_still_comes_when_everything_moved_online() -> None:
    online = days_of(
        (HEAD + FIRST + SECOND + THIRD).replace("modes: [in_room, remote]", "status: moved_online\n  modes: [in_room, remote]")
    )
    assert ids(coming(ALL, "in_room", online)) == [ONE, TWO, THREE]
    assert choose([ONE], "in_room", online, ALL) == ((ONE,), [])


def test_the_days_of_a_rehearsal_keep_their_names_overnight() -> None:
    programme = replace(parse(HEAD + FIRST + SECOND), rehearsal=True)
    today, tomorrow = (open_days(programme, running_order(programme, at), at) for at in (EARLY, EARLY + timedelta(days=1)))
    assert ids(today) == ids(tomorrow) == ["day-1", "day-2"]
    assert today[1].date == tomorrow[0].date
