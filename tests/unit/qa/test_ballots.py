"""Votes decided together, against a plain model that takes them one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.qa import domain
from services.qa.ballots import NOTHING, BallotKey, Counted, Held, Wish, decide
from services.qa.question import Actor, Question
from shared.errors import Conflict, Denied, DomainError, NotFound
from shared.events.vocabulary import DOORS, QuestionStatus, is_door

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
PEOPLE = [Actor(f"person-{n}", f"n{n}", door) for n, door in enumerate(("remote", "in_room", "hub", "hub", "staff"))]  # type: ignore[arg-type]
AUTHOR = PEOPLE[0]
STATUS: dict[str, QuestionStatus] = {"open": "published", "staged": "on_stage", "closed": "answered", "waiting": "queued"}


def question(id: str) -> Question:
    asked = domain.ask(id=id, session="s", text="Quand ?", language="fr", anonymous=False, by=AUTHOR, now=NOW).question
    return replace(asked, status=STATUS[id])


def wish(id: str, by: Actor, on: bool = True, hands: int | None = None, cap: bool = False) -> Wish:
    def may(found: Question) -> None:
        domain.require_votable(found, by.person, counting=hands is not None)

    return Wish(id, by.person, on, NOW, may, by.door, hands, cap)


def decided(wishes: list[Wish], questions: dict[str, Question], held: dict[BallotKey, Held]) -> list[Counted | DomainError]:
    """As the store does it: decide, then write."""
    decision = decide(wishes, questions, held)
    for id, shift in decision.counts.items():
        before = questions[id]
        doors = {door: votes for door in DOORS if (votes := before.by_door.get(door, 0) + shift.by_door.get(door, 0))}
        questions[id] = replace(
            before, votes=before.votes + shift.votes, votes_rev=before.votes_rev + shift.revs, by_door=doors
        )  # fmt: skip
    for move in decision.moves:
        assert (move.wish.key in held) == move.known
        held[move.wish.key] = move.held
    return list(decision.answers)


def told(model: dict[BallotKey, tuple[int, bool]], each: Wish) -> None:
    """What one wish means, said a second time: (how many, counted by raised hands)."""
    weight, counted = model.get(each.key, (0, False))
    if each.cap:
        if counted:
            model[each.key] = (min(weight, each.hands or 0), True)
    elif each.hands is not None:
        model[each.key] = (each.hands, True)
    elif not each.on:
        model[each.key] = (0, False)
    elif not weight:
        model[each.key] = (1, False)


ids = st.sampled_from([*STATUS, "unknown"])
single = st.builds(wish, ids, st.sampled_from(PEOPLE), st.booleans())
counting = st.builds(wish, ids, st.sampled_from([PEOPLE[2], PEOPLE[3]]), st.just(True), st.integers(0, 40), st.booleans())
wishes = st.one_of(single, counting)


@given(st.lists(st.lists(wishes, max_size=12), max_size=6))
def test_in_whatever_groups_votes_come_the_counts_are_those_of_one_by_one(groups: list[list[Wish]]) -> None:
    questions = {id: question(id) for id in STATUS}
    held: dict[BallotKey, Held] = {}
    model: dict[BallotKey, tuple[int, bool]] = {}
    revs = dict.fromkeys(STATUS, 0)
    for group in groups:
        answers = decided(group, questions, held)
        for each, answer in zip(group, answers, strict=True):
            if each.question == "unknown":
                assert isinstance(answer, NotFound)
            elif each.voter == AUTHOR.person and each.hands is None:
                assert isinstance(answer, Denied)
            elif each.question in ("closed", "waiting"):
                assert isinstance(answer, Conflict)
            else:
                assert isinstance(answer, Counted)
                told(model, each)
                assert answer.held.weight == model.get(each.key, (0, False))[0]
        for answer in answers:
            if isinstance(answer, Counted):
                assert answer.question == questions[answer.question.id]
        assert {key: ballot.weight for key, ballot in held.items() if ballot.weight} == {key: w for key, (w, _) in model.items() if w}
        for id, each_question in questions.items():
            assert each_question.votes == sum(weight for key, (weight, _) in model.items() if key[0] == id)
            assert each_question.votes_rev >= revs[id]
            revs[id] = each_question.votes_rev
            for door in DOORS:
                there = [weight for key, (weight, _) in model.items() if key[0] == id and _door(key[1]) == door]
                assert each_question.by_door.get(door, 0) == sum(there)


def _door(voter: str) -> str:
    return next(one.door for one in PEOPLE if one.person == voter)


@given(st.lists(wishes, max_size=12))
def test_each_ballot_that_moved_has_a_rev_of_its_own_and_the_last_one_is_the_counts(group: list[Wish]) -> None:
    questions = {id: replace(question(id), votes_rev=7) for id in STATUS}
    decision = decide(group, questions, {})
    for id in STATUS:
        revs = [move.rev for move in decision.moves if move.wish.question == id]
        assert revs == list(range(8, 8 + len(revs)))
        assert (decision.counts[id].revs if id in decision.counts else 0) == len(revs)
    told = [answer.rev for answer in decision.answers if isinstance(answer, Counted) and answer.rev]
    assert sorted(told) == sorted(move.rev for move in decision.moves)


def test_a_vote_given_and_taken_back_in_one_group_leaves_no_trace_and_two_answers() -> None:
    anne = PEOPLE[1]
    decision = decide([wish("open", anne, True), wish("open", anne, False)], {"open": question("open")}, {})
    assert (decision.counts, decision.moves) == ({}, [])
    assert [isinstance(answer, Counted) and answer.rev for answer in decision.answers] == [0, 0]


def test_a_vote_of_which_no_door_is_known_leaves_the_split_alone() -> None:
    """Those that were given before doors were kept, and those of staff."""
    known = replace(question("open"), votes=1, votes_rev=1)
    back = decide([wish("open", PEOPLE[1], False)], {"open": known}, {("open", PEOPLE[1].person): Held(1, False, "")})
    assert (back.counts["open"].votes, back.counts["open"].by_door) == (-1, {})
    staff = decide([wish("open", PEOPLE[4])], {"open": known}, {})
    assert (staff.counts["open"].votes, staff.counts["open"].by_door) == (1, {})
    assert not is_door("staff")


@given(st.integers(0, 50), st.integers(0, 50))
def test_fewer_people_cap_what_was_counted_and_nothing_else(counted: int, people: int) -> None:
    host = PEOPLE[2]
    cap = wish("open", host, hands=people, cap=True)
    assert cap.upon(Held(counted, True, "hub")).weight == min(counted, people)
    assert cap.upon(Held(1, False, "hub")) == Held(1, False, "hub"), "their own vote is nobody's hand"
    assert cap.upon(NOTHING) == NOTHING
