"""What the event page shows, in which order: days and hours, halls side by side, dots for people, doors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from services.registration.pages import outline
from services.registration.pages.marks import marks
from services.registration.programme.exports.public import public_json
from services.registration.programme.format.parsing import parse
from services.registration.programme.order.decisions import Decisions, Hand
from services.registration.programme.running_order import running_order
from services.registration.programme.state import DayState
from tests.support.programmes import programmes

TEXTS: Final = programmes()
NOW: Final = datetime(2025, 1, 1, tzinfo=UTC)
COMING: Final = DayState("before")


def shown(name: str) -> dict[str, Any]:
    return public_json(parse(TEXTS[name]), NOW)


def test_each_day_has_its_hours_and_each_hour_its_halls() -> None:
    found = outline.days(shown("congress")["sessions"])
    assert [day.date for day in found] == ["2025-08-01", "2025-08-02", "2025-08-03"]
    assert {len(hour.sessions) for hour in found[0].hours[:-1]} == {4}
    assert sum(len(hour.sessions) for day in found for hour in day.hours) == 200


def test_a_session_is_chosen_from_those_on_those_next_and_the_others() -> None:
    sessions = [{"id": id} for id in "abcd"]
    groups = outline.choices(sessions, ["b"], ["c"])
    assert [(group, [one["id"] for one in some]) for group, some in groups] == [("now", ["b"]), ("next", ["c"]), ("all", ["a", "d"])]
    assert [group for group, _ in outline.choices(sessions, [], [])] == ["all"]


@pytest.mark.parametrize(
    ("people", "dots", "scale"), [(0, 0, 1), (1, 1, 1), (40, 40, 1), (41, 21, 2), (80, 40, 2), (300, 38, 8), (2_000, 40, 50)]
)
def test_up_to_forty_people_have_a_dot_each_and_more_share_them(people: int, dots: int, scale: int) -> None:
    found = outline.ring([False] * people)
    assert (len(found.dots), found.scale, found.people) == (dots, scale, people)


def test_a_dot_leads_where_one_of_its_people_does() -> None:
    leads = [number == 9 for number in range(80)]
    assert [at for at, dot in enumerate(outline.ring(leads).dots) if dot == "lead"] == [4]


def test_two_people_of_one_name_are_two_and_somebody_in_two_sessions_is_one() -> None:
    sessions = shown("two_halls")["sessions"]
    assert outline.table(sessions, []).people == 2
    assert outline.table(sessions, []).dots == ("lead", "seat"), "who moderates leads while nothing is on"
    assert outline.table(sessions, ["programme"]).dots == ("lead", "seat")
    assert outline.table(sessions, ["mesa"]).dots == ("lead", "lead")


@pytest.mark.parametrize(
    ("modes", "stages", "state", "doors"),
    [
        ([], ["a"], COMING, ("in_room", "remote", "hub")),
        ([], [], COMING, ("in_room",)),
        (["in_room"], ["a"], COMING, ("in_room",)),
        (["hub", "remote"], [], COMING, ("remote", "hub")),
        ([], ["a"], DayState("today", moved_online=True), ("remote", "hub")),
        (["in_room"], [], DayState("before", moved_online=True), ("remote",)),
        ([], ["a"], DayState("over"), ()),
        ([], ["a"], DayState("draft"), ()),
        ([], ["a"], DayState("cancelled"), ()),
        ([], ["a"], DayState("postponed"), ()),
    ],
)
def test_only_the_doors_that_lead_somewhere_are_offered(
    modes: list[str], stages: list[str], state: DayState, doors: tuple[str, ...]
) -> None:
    assert outline.doors({"modes": modes, "stages": stages}, state) == doors


def test_the_legend_stands_where_something_was_not_printed() -> None:
    assert outline.assumes(shown("example")) is True
    assert outline.assumes(shown("symposium")) is outline.assumes_ends(shown("symposium")) is False
    assert outline.assumes_ends(shown("example")) is True


def test_a_session_is_marked_as_moved_while_its_new_start_is_worth_knowing() -> None:
    programme = parse(TEXTS["two_halls"])
    day, at = datetime(2025, 10, 3).date(), datetime(2025, 10, 3, 14, 0, tzinfo=UTC)
    later = Hand(day, begins=datetime(2025, 10, 3, 15, 20, tzinfo=UTC), ends=datetime(2025, 10, 3, 16, 5, tzinfo=UTC), decided_at=at)
    decisions = Decisions({"programme": later})
    before = marks(running_order(programme, at, decisions), ["programme"])
    assert (before["programme"].moved, before["programme"].next) == (True, True)
    assert before["programme"].printed_at == "2025-10-03T15:00:00.000Z"
    assert before["programme"].starts_at == "2025-10-03T15:20:00.000Z"
    assert not before["doors"].moved
    after = marks(running_order(programme, datetime(2025, 10, 3, 20, 0, tzinfo=UTC), decisions), [])
    assert (after["programme"].progress, after["programme"].moved) == ("over", False)
