"""Whose turn it would be: each door gets its part of the session."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.qa.fair_turn import Asked, DoorFacts, Turn, fair_turn
from shared.events.vocabulary import DOORS, Door

ROOM, FAR, HALL = (Asked("room", "in_room"), Asked("far", "remote"), Asked("hall", "hub"))


def chosen(turn: Turn) -> tuple[str | None, str]:
    return turn.question, turn.why


def test_nothing_to_ask_is_nobodys_turn() -> None:
    turn = fair_turn([], {"remote": DoorFacts(people=9)})
    assert chosen(turn) == (None, "")
    assert turn.doors["remote"].part == 1.0


def test_the_first_turn_goes_to_the_door_with_most_people_and_askers() -> None:
    facts: dict[Door, DoorFacts] = {"in_room": DoorFacts(people=40, askers=1), "remote": DoorFacts(people=60, askers=3)}
    assert chosen(fair_turn([ROOM, FAR], facts)) == ("far", "first")


def test_a_door_that_had_more_than_its_part_waits() -> None:
    facts: dict[Door, DoorFacts] = {
        "in_room": DoorFacts(people=50, askers=2, answered=3, seconds=400),
        "remote": DoorFacts(people=50, askers=2, answered=1, seconds=60),
    }
    turn = fair_turn([ROOM, ROOM, FAR], facts)
    assert chosen(turn) == ("far", "behind")
    assert turn.doors["in_room"].had > turn.doors["in_room"].part


def test_the_time_of_the_floor_is_shared_not_the_number_of_questions() -> None:
    facts: dict[Door, DoorFacts] = {
        "in_room": DoorFacts(people=50, askers=2, answered=1, seconds=600),
        "remote": DoorFacts(people=50, askers=2, answered=3, seconds=180),
    }
    assert chosen(fair_turn([ROOM, FAR], facts)) == ("far", "behind")


def test_where_every_door_has_its_part_the_order_decides() -> None:
    facts: dict[Door, DoorFacts] = {door: DoorFacts(people=10, askers=2, answered=1, seconds=90) for door in DOORS}
    assert chosen(fair_turn([HALL, ROOM, FAR], facts)) == ("hall", "even")


def test_where_all_come_by_one_door_it_is_theirs() -> None:
    facts: dict[Door, DoorFacts] = {"remote": DoorFacts(people=1), "in_room": DoorFacts(people=90)}
    assert chosen(fair_turn([FAR, FAR], facts)) == ("far", "only")


@pytest.mark.parametrize("known", ["people", "askers"])
def test_one_of_the_two_numbers_is_enough(known: str) -> None:
    facts: dict[Door, DoorFacts] = {"hub": DoorFacts(**{known: 3}), "remote": DoorFacts(**{known: 1})}
    turn = fair_turn([FAR, HALL], facts)
    assert (turn.question, turn.doors["hub"].part) == ("hall", 0.75)


counts = st.integers(0, 200)
facts = st.dictionaries(st.sampled_from(DOORS), st.builds(DoorFacts, counts, counts, counts, counts))


@given(st.lists(st.sampled_from([ROOM, FAR, HALL]), max_size=6), facts)
def test_the_proposal_can_be_asked_and_parts_make_a_whole(candidates: list[Asked], known: dict[Door, DoorFacts]) -> None:
    turn = fair_turn(candidates, known)
    assert turn.question in [each.id for each in candidates] or (turn.question is None and not candidates)
    assert (turn.why == "") == (not candidates)
    for values in ([each.part for each in turn.doors.values()], [each.had for each in turn.doors.values()]):
        assert sum(values) == pytest.approx(1.0, abs=0.01) or sum(values) == 0
    assert turn == fair_turn(candidates, known)


def test_whoever_is_served_by_the_proposals_gets_their_part_in_the_end() -> None:
    """Forty questions, as proposed one after the other: each door had within a tenth of its part."""
    people: dict[Door, int] = {"in_room": 50, "remote": 30, "hub": 20}
    answered: dict[Door, int] = dict.fromkeys(DOORS, 0)
    for _ in range(40):
        known = {door: DoorFacts(people=people[door], answered=answered[door], seconds=60 * answered[door]) for door in DOORS}
        door = fair_turn([ROOM, FAR, HALL], known).door
        assert door is not None
        answered[door] += 1
    for door, count in answered.items():
        assert abs(count / 40 - people[door] / 100) < 0.1, answered
