"""A stay: who is in follows from when things were done, in whatever order and however often they arrive; of two
desks one is told it was second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.door.domain import LATEST, MOST_SCANS, Kind, Scan, Stay, made_at, presence, take, told, undo
from shared.errors import NotFound, TooMany

NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
EMPTY = Stay("stay", "assises", "2026-11-23", "", "ada", "in_room")


def scan(nonce: str, minute: int, kind: Kind = "entry", *, desk: str = "A", undoes: str = "") -> Scan:
    at = NINE + timedelta(minutes=minute)
    return Scan(nonce, kind, at, at, desk, undoes)


def after(*scans: Scan) -> Stay:
    stay = EMPTY
    for one in scans:
        stay = take(stay, one)
    return stay


def test_a_second_entry_is_told_who_was_first_and_when() -> None:
    stay = after(scan("a", 2, desk="B"), scan("b", 20))
    assert told(stay, "a") == ("in", None)
    second, first = told(stay, "b")
    assert second == "again"
    assert first is not None
    assert (first.at, first.desk) == (NINE + timedelta(minutes=2), "B")


def test_a_scan_made_earlier_that_arrives_later_is_told_of_the_other_and_still_is_when_they_came() -> None:
    """One of two desks must wonder, and both must not."""
    stay = after(scan("online", 10, desk="B"), scan("offline", 0))
    assert told(stay, "online") == ("in", None)
    assert told(stay, "offline")[0] == "again"
    entry = presence(stay).entry
    assert entry is not None
    assert entry.nonce == "offline"


def test_the_same_scan_sent_again_changes_nothing_and_is_answered_alike() -> None:
    stay = after(scan("a", 0), scan("b", 1))
    assert take(stay, scan("a", 0)) is stay
    assert told(take(stay, scan("a", 0)), "a") == ("in", None)


def test_whoever_went_out_comes_in_again_without_a_word() -> None:
    stay = after(scan("in", 0), scan("out", 5, "exit"), scan("back", 9))
    assert [told(stay, nonce)[0] for nonce in ("in", "out", "back")] == ["in", "out", "in"]
    assert told(after(scan("out", 0, "exit")), "out")[0] == "not_in"


def test_an_entry_that_was_taken_back_never_was() -> None:
    stay = undo(after(scan("a", 0)), scan("u", 1, "undo", undoes="a"))
    assert presence(stay).entry is None
    assert not presence(stay).arrived
    assert told(stay, "u")[0] == "undone"
    assert told(take(stay, scan("b", 2)), "b")[0] == "in"


def test_an_exit_that_was_taken_back_leaves_them_in() -> None:
    stay = undo(after(scan("a", 0), scan("x", 5, "exit")), scan("u", 6, "undo", undoes="x"))
    assert presence(stay).entry == scan("a", 0)


def test_nobody_takes_back_what_is_not_there_or_an_undo() -> None:
    stay = undo(after(scan("a", 0)), scan("u", 1, "undo", undoes="a"))
    for nonce in ("nothing", "u"):
        with pytest.raises(NotFound, match=r"door.scan_unknown"):
            undo(stay, scan("v", 2, "undo", undoes=nonce))


def test_a_ticket_that_is_scanned_for_fun_has_an_end() -> None:
    stay = after(*(scan(str(number), number) for number in range(MOST_SCANS)))
    with pytest.raises(TooMany, match=r"door.too_many_scans"):
        take(stay, scan("more", 0))
    assert take(stay, scan("7", 7)) is stay


def test_the_clock_of_a_desk_is_believed_within_what_can_be() -> None:
    assert made_at(NINE + timedelta(hours=1), NINE) == NINE
    assert made_at(NINE - timedelta(minutes=5), NINE) == NINE - timedelta(minutes=5)
    assert made_at(NINE - timedelta(days=9), NINE) == NINE - LATEST


_LOG = st.lists(
    st.tuples(st.sampled_from(["entry", "exit", "walk_in"]), st.integers(0, 9), st.booleans()), max_size=8, unique_by=lambda one: one[1]
)


@given(_LOG, st.randoms(use_true_random=False))
def test_whatever_order_scans_arrive_in_the_same_people_are_in(log: list[tuple[Kind, int, bool]], chance: object) -> None:
    scans = [scan(f"s{number}", minute, kind) for number, (kind, minute, _) in enumerate(log)]
    undone = [scan(f"u{number}", 10, "undo", undoes=f"s{number}") for number, (_, _, taken_back) in enumerate(log) if taken_back]
    in_order = presence(after(*scans, *undone))
    arriving = scans + scans
    chance.shuffle(arriving)  # type: ignore[attr-defined]
    stay = after(*arriving, *undone, *undone)
    assert len(stay.scans) == len(scans) + len(undone)
    assert presence(stay) == in_order
    model = None
    left = [one for one in scans if all(one.nonce != each.undoes for each in undone)]
    for one in sorted(left, key=lambda one: one.at):
        model = None if one.kind == "exit" else model or one
    assert in_order.entry == model


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_of_all_desks_that_let_the_same_ticket_in_one_alone_is_told_to(minutes: list[int], chance: object) -> None:
    scans = [scan(f"s{number}", minute) for number, minute in enumerate(minutes)]
    chance.shuffle(scans)  # type: ignore[attr-defined]
    stay, answers = EMPTY, []
    for one in scans:
        stay = take(stay, one)
        answers.append(told(stay, one.nonce)[0])
    assert answers == ["in"] + ["again"] * (len(scans) - 1)
