"""Many answers to polls decided at once: what each person is answered and what is kept, from what the store held before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from services.qa.polls.answers import Choice, HallCount
from services.qa.polls.domain import Poll
from shared.errors import DomainError, NotFound
from shared.events.poll import PollAnswer
from shared.events.vocabulary import Attendance

AnswerKey = tuple[str, str]
"""(poll, person)"""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What somebody answers: what they chose, or the hands they counted."""

    choice: Choice = ()
    hall: HallCount | None = None


@dataclass(frozen=True, slots=True)
class AnswerWish:
    """One person wants to have answered. `give` makes the answer fit the poll, or raises the DomainError that refuses it."""

    poll: str
    person: str
    door: Attendance
    at: datetime
    give: Callable[[Poll], GivenAnswer]

    @property
    def key(self) -> AnswerKey:
        return (self.poll, self.person)


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to a wish: the poll it is of, and what the person answered, as it is kept."""

    poll: Poll
    answer: PollAnswer


class Keep(NamedTuple):
    """What is to be written for one person. `known`: they had answered before."""

    wish: AnswerWish
    session: str
    given: GivenAnswer
    rev: int
    known: bool


class AnswerDecision(NamedTuple):
    """`taken`: for each wish, in their order. `kept`: one for each person and poll that answered."""

    taken: Sequence[Taken | DomainError]
    kept: Sequence[Keep]


def decide_answers(wishes: Sequence[AnswerWish], polls: Mapping[str, Poll], held: Mapping[AnswerKey, int]) -> AnswerDecision:
    """`held`: the revs of what these people answered before. Of several answers of one person the last one is kept; each is answered as if
    it had come alone, after those before it."""
    taken: list[Taken | DomainError] = []
    kept: dict[AnswerKey, Keep] = {}
    for wish in wishes:
        try:
            poll, given = _given(wish, polls)
        except DomainError as error:
            taken.append(error)
            continue
        rev = (kept[wish.key].rev if wish.key in kept else held.get(wish.key, 0)) + 1
        kept[wish.key] = Keep(wish, poll.session, given, rev, wish.key in held)
        taken.append(Taken(poll, _answer(wish, given, rev)))
    return AnswerDecision(taken, list(kept.values()))


def _given(wish: AnswerWish, polls: Mapping[str, Poll]) -> tuple[Poll, GivenAnswer]:
    poll = polls.get(wish.poll)
    if poll is None:
        raise NotFound("qa.unknown_poll")
    return poll, wish.give(poll)


def _answer(wish: AnswerWish, given: GivenAnswer, rev: int) -> PollAnswer:
    hall = given.hall
    counts, people = (None, 0) if hall is None else (hall.counts, hall.people)
    return PollAnswer(wish.poll, wish.person, rev, given.choice, counts, people)
