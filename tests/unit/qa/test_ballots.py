"""Votes decided together, against a plain model that takes them one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.qa import domain
from services.qa.ballots import BallotKey, Counted, Wish, decide
from services.qa.question import Actor, Question
from shared.errors import Conflict, Denied, DomainError, NotFound
from shared.events.vocabulary import QuestionStatus

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
PEOPLE = [Actor(f"person-{n}", f"n{n}", "remote") for n in range(4)]
AUTHOR = PEOPLE[0]
STATUS: dict[str, QuestionStatus] = {"open": "published", "staged": "on_stage", "closed": "answered", "waiting": "queued"}


def question(id: str) -> Question:
    asked = domain.ask(id=id, session="s", text="Quand ?", language="fr", anonymous=False, by=AUTHOR, now=NOW).question
    return replace(asked, status=STATUS[id])


def wish(id: str, by: Actor, on: bool) -> Wish:
    return Wish(id, by.person, on, NOW, lambda found: domain.require_votable(found, by.person), by.door)


def decided(wishes: list[Wish], questions: dict[str, Question], held: dict[BallotKey, bool]) -> list[Counted | DomainError]:
    """As the store does it: decide, then write."""
    decision = decide(wishes, questions, held)
    for id, (votes, revs) in decision.counts.items():
        before = questions[id]
        questions[id] = replace(before, votes=before.votes + votes, votes_rev=before.votes_rev + revs)
    for move in decision.moves:
        assert (move.wish.key in held) == move.known
        held[move.wish.key] = move.wish.on
    return list(decision.answers)


wishes = st.builds(wish, st.sampled_from([*STATUS, "unknown"]), st.sampled_from(PEOPLE), st.booleans())


@given(st.lists(st.lists(wishes, max_size=12), max_size=6))
def test_in_whatever_groups_votes_come_the_counts_are_those_of_one_by_one(groups: list[list[Wish]]) -> None:
    questions = {id: question(id) for id in STATUS}
    held: dict[BallotKey, bool] = {}
    model: set[BallotKey] = set()
    revs = dict.fromkeys(STATUS, 0)
    for group in groups:
        answers = decided(group, questions, held)
        for each, answer in zip(group, answers, strict=True):
            if each.question == "unknown":
                assert isinstance(answer, NotFound)
            elif each.voter == AUTHOR.person:
                assert isinstance(answer, Denied)
            elif each.question in ("closed", "waiting"):
                assert isinstance(answer, Conflict)
            else:
                assert isinstance(answer, Counted)
                (model.add if each.on else model.discard)(each.key)
        for answer in answers:
            if isinstance(answer, Counted):
                assert answer.question == questions[answer.question.id]
        assert {key for key, on in held.items() if on} == model
        for id, each_question in questions.items():
            assert each_question.votes == sum(key[0] == id for key in model)
            assert each_question.votes_rev >= revs[id]
            revs[id] = each_question.votes_rev


@given(st.lists(wishes, max_size=12))
def test_each_ballot_that_moved_has_a_rev_of_its_own_and_the_last_one_is_the_counts(group: list[Wish]) -> None:
    questions = {id: replace(question(id), votes_rev=7) for id in STATUS}
    decision = decide(group, questions, {})
    for id in STATUS:
        revs = [move.rev for move in decision.moves if move.wish.question == id]
        assert revs == list(range(8, 8 + len(revs)))
        assert decision.counts.get(id, (0, 0))[1] == len(revs)
    told = [answer.rev for answer in decision.answers if isinstance(answer, Counted) and answer.rev]
    assert sorted(told) == sorted(move.rev for move in decision.moves)


def test_a_vote_given_and_taken_back_in_one_group_leaves_no_trace_and_two_answers() -> None:
    anne = PEOPLE[1]
    decision = decide([wish("open", anne, True), wish("open", anne, False)], {"open": question("open")}, {})
    assert (decision.counts, decision.moves) == ({}, [])
    assert [isinstance(answer, Counted) and answer.rev for answer in decision.answers] == [0, 0]
