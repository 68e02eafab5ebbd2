"""Many votes decided at once: what each voter is answered and which ballots change, from what the store held before. Pure.

A ballot is kept when it is taken back (`on: false`): its rev says that this is newer than the vote before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.qa.question import Question
from shared.errors import DomainError, NotFound
from shared.events.vocabulary import Attendance

BallotKey = tuple[str, str]
"""(question, voter)"""


@dataclass(frozen=True, slots=True)
class Wish:
    """One person wants to have given a vote (`on`) or not to have. `may` raises a DomainError when they may not vote on this question."""

    question: str
    voter: str
    on: bool
    at: datetime
    may: Callable[[Question], None]
    door: Attendance

    @property
    def key(self) -> BallotKey:
        return (self.question, self.voter)


@dataclass(frozen=True, slots=True)
class Counted:
    """The answer to a wish: the question after all of them. `rev` is the ballot's where it moved, 0 where it was so before."""

    question: Question
    rev: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """A ballot that is not what it was. `known`: there was one of this voter before."""

    wish: Wish
    session: str
    rev: int
    known: bool


@dataclass(frozen=True, slots=True)
class BallotDecision:
    answers: Sequence[Counted | DomainError]
    """For each wish, in their order."""
    counts: Mapping[str, tuple[int, int]]
    """Question → what votes and votes_rev rise by, of those that move."""
    moves: Sequence[Move]


def decide(wishes: Sequence[Wish], questions: Mapping[str, Question], held: Mapping[BallotKey, bool]) -> BallotDecision:
    """`held`: the ballots of these voters on these questions. Of several wishes of one person the last one stands; each is answered as if
    it had come alone, after those before it."""
    refused: dict[int, DomainError] = {}
    last: dict[BallotKey, Wish] = {}
    for place, wish in enumerate(wishes):
        try:
            _admit(wish, questions)
            last[wish.key] = wish
        except DomainError as error:
            refused[place] = error
    moves, after = _move(last, questions, held)
    revs = {move.wish.key: move.rev for move in moves}
    answers = [
        refused[place] if place in refused else Counted(after[wish.question], revs.get(wish.key, 0) if wish is last[wish.key] else 0)
        for place, wish in enumerate(wishes)
    ]
    moved = {id: (question.votes - questions[id].votes, question.votes_rev - questions[id].votes_rev) for id, question in after.items()}
    return BallotDecision(answers, {id: by for id, by in moved.items() if by[1]}, moves)


def _admit(wish: Wish, questions: Mapping[str, Question]) -> None:
    question = questions.get(wish.question)
    if question is None:
        raise NotFound("qa.unknown_question")
    wish.may(question)


def _move(
    last: Mapping[BallotKey, Wish], questions: Mapping[str, Question], held: Mapping[BallotKey, bool]
) -> tuple[list[Move], dict[str, Question]]:
    moves: list[Move] = []
    after = dict(questions)
    for key, wish in last.items():
        if held.get(key, False) == wish.on:
            continue
        before = after[wish.question]
        after[wish.question] = replace(before, votes=before.votes + (1 if wish.on else -1), votes_rev=before.votes_rev + 1)
        moves.append(Move(wish, before.session, before.votes_rev + 1, key in held))
    return moves, after
