"""Many votes decided at once: what each voter is answered and which ballots change, from what the store held before. Pure.

A ballot weighs one vote, or as many hands as the host of a local hub counted: it stands for all of them and replaces the host's own vote.
One that is taken back is kept (`on: false`): its rev says that this is newer than the vote before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NamedTuple

from services.qa.question import Question
from shared.errors import DomainError, NotFound
from shared.events.vocabulary import DOORS, Attendance, Door, is_door

BallotKey = tuple[str, str]
"""(question, voter)"""


class Held(NamedTuple):
    """What a ballot is worth: `weight` 0 once it is taken back. `counted`: hands in a hall, not the voter's own. `door`: where it counts;
    empty for ballots from before doors were kept."""

    weight: int
    counted: bool
    door: Attendance | Literal[""]


NOTHING = Held(0, False, "")


@dataclass(frozen=True, slots=True)
class Wish:
    """One person wants to have given a vote (`on`) or not to have; or, with `hands`, to have counted so many, and with `cap`, that what
    they counted is not more than that. `may` raises a DomainError when they may not vote on this question."""

    question: str
    voter: str
    on: bool
    at: datetime
    may: Callable[[Question], None]
    door: Attendance
    hands: int | None = None
    cap: bool = False

    @property
    def key(self) -> BallotKey:
        return (self.question, self.voter)

    def upon(self, held: Held) -> Held:
        """The ballot as it shall be. A vote beside hands that were counted is one of them."""
        if self.cap:
            fewer = min(held.weight, self.hands or 0)
            return Held(fewer, True, held.door) if held.counted and fewer < held.weight else held
        if self.hands is not None:
            return Held(self.hands, True, self.door) if self.hands else _off(held)
        if self.on:
            return held if held.weight else Held(1, False, self.door)
        return _off(held)


def _off(held: Held) -> Held:
    return Held(0, False, "") if held.weight else held


@dataclass(frozen=True, slots=True)
class Counted:
    """The answer to a wish: the question after all of them, and the voter's ballot after this one. `rev` is the ballot's where it moved, 0
    where it was so before."""

    question: Question
    held: Held
    rev: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """A ballot that is not what it was. `known`: there was one of this voter before."""

    wish: Wish
    session: str
    held: Held
    rev: int
    known: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """What a question's counts rise by (or fall)."""

    votes: int
    revs: int
    by_door: Mapping[Door, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BallotDecision:
    answers: Sequence[Counted | DomainError]
    """For each wish, in their order."""
    counts: Mapping[str, Shift]
    """Question → how it shifts, of those that do."""
    moves: Sequence[Move]


def decide(wishes: Sequence[Wish], questions: Mapping[str, Question], held: Mapping[BallotKey, Held]) -> BallotDecision:
    """`held`: the ballots of these voters on these questions. Each wish of a person is decided upon the one before it; what is written is
    the last."""
    refused: dict[int, DomainError] = {}
    after = dict(held)
    last: dict[BallotKey, Wish] = {}
    told: dict[int, Held] = {}
    for place, wish in enumerate(wishes):
        try:
            _admit(wish, questions)
            told[place] = after[wish.key] = wish.upon(after.get(wish.key, NOTHING))
            last[wish.key] = wish
        except DomainError as error:
            refused[place] = error
    moves, counted = _move(last, questions, held, after)
    revs = {move.wish.key: move.rev for move in moves}
    answers = [
        refused[place]
        if place in refused
        else Counted(counted[wish.question], told[place], revs.get(wish.key, 0) if wish is last[wish.key] else 0)
        for place, wish in enumerate(wishes)
    ]  # fmt: skip
    shifts = {id: _shift(questions[id], question) for id, question in counted.items()}
    return BallotDecision(answers, {id: by for id, by in shifts.items() if by.revs}, moves)


def _admit(wish: Wish, questions: Mapping[str, Question]) -> None:
    question = questions.get(wish.question)
    if question is None:
        raise NotFound("qa.unknown_question")
    wish.may(question)


def _move(
    last: Mapping[BallotKey, Wish], questions: Mapping[str, Question], held: Mapping[BallotKey, Held], after: Mapping[BallotKey, Held]
) -> tuple[list[Move], dict[str, Question]]:
    moves: list[Move] = []
    counted = dict(questions)
    for key, wish in last.items():
        was, now = held.get(key, NOTHING), after[key]
        if was[:2] == now[:2]:
            continue
        question = recounted(counted[wish.question], was, now)
        counted[wish.question] = question
        moves.append(Move(wish, question.session, now, question.votes_rev, key in held))
    return moves, counted


def recounted(question: Question, was: Held, now: Held) -> Question:
    """The question after a ballot of it changed."""
    doors = Counter({door: question.by_door.get(door, 0) for door in DOORS})
    for ballot, sign in ((was, -1), (now, 1)):
        if is_door(ballot.door):
            doors[ballot.door] += sign * ballot.weight
    return replace(question, votes=question.votes + now.weight - was.weight, votes_rev=question.votes_rev + 1, by_door=_some(doors))


def _some(doors: Mapping[Door, int]) -> dict[Door, int]:
    """Without the doors by which nobody voted."""
    return {door: votes for door, votes in doors.items() if votes}


def _shift(before: Question, after: Question) -> Shift:
    by_door = {door: after.by_door.get(door, 0) - before.by_door.get(door, 0) for door in DOORS}
    return Shift(after.votes - before.votes, after.votes_rev - before.votes_rev, _some(by_door))
