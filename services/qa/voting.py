"""The use cases of votes: a person gives one or takes it back, the host of a local hub counts raised hands. Votes of a moment are decided
together, on what the store holds then.

A host counts at most as many as they declared: their pass says how many, and so does registration as soon as that changes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from services.qa import domain
from services.qa.ballots import Counted, Wish
from services.qa.question import Question
from services.qa.store import QaStore
from services.qa.votes import VoteBatcher
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.clock import Clock
from shared.errors import Denied, DomainError, Invalid, Unavailable
from shared.events.votes import Ballot, VoteCount
from shared.group_commit import GroupCommit

Json = dict[str, Any]

BALLOT_LANES: Final = 4
"""Votes on one question are in one lane and go together; those on others need not wait for them."""


class Halls:
    """How many people there are in local hubs, as their hosts declared."""

    def __init__(self, store: QaStore) -> None:
        self._store = store

    async def people(self, by: Pass) -> int:
        """In the hall of this host now. Raises Denied for whoever is no host, or declared nobody."""
        told = await self._store.hall(by.person) if by.door == "hub" else None
        people = told[0] if told is not None and told[1].replace(microsecond=0) >= by.issued_at else by.people
        if by.door != "hub":
            raise Denied("qa.hall_only_hosts")
        if people < 1:
            raise Denied("qa.hall_undeclared")
        return people


class Voting:
    def __init__(
        self, store: QaStore, votes: VoteBatcher, halls: Halls, *, clock: Clock, in_force: Callable[[Question], None],
        moved: Callable[[bool], None],
    ) -> None:  # fmt: skip
        """`in_force` raises Conflict for a question whose session was removed; `moved` is told of each vote given (True) or taken back."""
        self._store, self._votes, self.halls, self._clock = store, votes, halls, clock
        self._in_force, self._moved = in_force, moved
        self._lanes = tuple(GroupCommit(store.cast) for _ in range(BALLOT_LANES))

    async def vote(self, by: Pass, id: str, *, on: bool) -> Json:
        """{"id", "votes", "voted", "hands"}. Idempotent both ways, durable when it returns. Raises NotFound, Denied for one's own question,
        Conflict while it takes no votes or its session is removed, Unavailable when too many vote at once."""
        capabilities.require(by.duty, "question.vote")
        return self._answer(await self._cast(self._wish(by, id, on=on)))

    async def count(self, by: Pass, id: str, hands: int) -> Json:
        """The same for `hands` counted in the hall of a local hub, in the place of its host's own vote; 0 takes them back. Raises as
        `vote`, Denied for others, Invalid for more than there are in the hall."""
        capabilities.require(by.duty, "question.vote")
        people = await self.halls.people(by)
        if not 0 <= hands <= people:
            raise Invalid.about("hands", "qa.hall_hands", people=people)
        counted = await self._cast(self._wish(by, id, hands=hands))
        fewer = await self.halls.people(by)
        if hands > fewer:  # declared while this was on its way
            counted = await self._cast(self._wish(by, id, hands=fewer, cap=True))
        return self._answer(counted)

    def _wish(self, by: Pass, id: str, *, on: bool = True, hands: int | None = None, cap: bool = False) -> Wish:
        may = partial(self._require_votable, by, hands is not None)
        return Wish(id, by.person, on, self._clock(), may, by.door, hands, cap)

    async def cap(self, host: str, people: int, at: datetime) -> None:
        """There are not more people in the hall of this host: what they counted for questions that still take votes is not more either."""
        await self._cap(host, people, at, domain.require_takes_votes)

    async def forget(self, host: str, at: datetime) -> None:
        """What they counted counts for nothing any more: nobody stands for it."""
        await self._cap(host, 0, at, lambda question: None)

    async def _cap(self, host: str, people: int, at: datetime, may: Callable[[Question], None]) -> None:
        for id in await self._store.counted_by(host):
            try:
                await self._cast(Wish(id, host, True, at, may, "hub", people, cap=True))
            except Unavailable:
                raise
            except DomainError:
                continue  # it takes no votes any more: what was counted stays

    async def _cast(self, wish: Wish) -> Counted:
        counted = await self._lanes[hash(wish.question) % BALLOT_LANES].submit(wish)
        question, held = counted.question, counted.held
        if counted.rev:
            hands = held.weight if held.counted else 0
            count = VoteCount(question.votes, question.votes_rev, question.by_door)
            self._votes.add(question.session, count, Ballot(question.id, wish.voter, held.weight > 0, counted.rev, hands))
            self._moved(held.weight > 0)
        return counted

    @staticmethod
    def _answer(counted: Counted) -> Json:
        question, held = counted.question, counted.held
        return {
            "id": question.id, "votes": question.votes, "voted": held.weight > 0, "hands": held.weight if held.counted else 0,
            "by_door": dict(question.by_door),
        }  # fmt: skip

    def _require_votable(self, by: Pass, counting: bool, question: Question) -> None:
        if not by.covers(question.session):
            raise Denied("access.session_not_yours")
        domain.require_votable(question, by.person, counting=counting)
        self._in_force(question)
