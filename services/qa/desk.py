"""The use cases of several moderators at one desk: saying which question one reads, and deciding many at once.

What must not be here: rules of questions (domain.py), HTTP, a broker.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from services.qa.app import Questions
from services.qa.facts import Claim
from services.qa.life import CLAIM_SECONDS, BulkCommand
from services.qa.moving import Announcer
from services.qa.question import Question
from services.qa.store import QaStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.bus.port import Bus
from shared.clock import to_text
from shared.errors import DomainError, NotFound
from shared.events.question import QuestionClaimed

log = logging.getLogger("tablee.qa.desk")

Json = dict[str, Any]

SIDE_BY_SIDE: Final = 8
"""Questions of one request that are decided at the same time."""


class Wanted(NamedTuple):
    """One question of a decision on many."""

    id: str
    expected_version: int


class Desk:
    def __init__(self, questions: Questions, store: QaStore, bus: Bus, announcer: Announcer) -> None:
        self._questions, self._store, self._bus = questions, store, bus
        self._announcer, self._clock = announcer, announcer.clock

    # --- who reads what --------------------------------------------------------------------------------------------------------------
    async def claim(self, by: Pass, id: str) -> Json:
        """{"id", "claim", "yours"}: the caller's claim, begun or made longer, or that of the colleague who was first."""
        capabilities.require(by.duty, "question.moderate")
        question = await self._questions.question(by, id)
        now = self._clock()
        claim, yours = await self._store.claims.take(question, by, now=now, until=now + timedelta(seconds=CLAIM_SECONDS))
        if yours:
            await self._tell(claim)
        return {"id": id, "claim": None if claim.given_up else {"by": claim.by, "until": to_text(claim.until)}, "yours": yours}

    async def give_up(self, by: Pass, id: str) -> Json:
        """Harmless when it was not the caller's."""
        capabilities.require(by.duty, "question.moderate")
        question: Question = await self._questions.question(by, id)
        claim = await self._store.claims.give_up(question, by, now=self._clock())
        if claim is not None:
            await self._tell(claim)
        return {"id": id, "claim": None, "yours": False}

    async def _tell(self, claim: Claim) -> None:
        """Advice of the moment: published at once and not through an outbox; what is lost is healed by the feed's regular reload."""
        event = QuestionClaimed(
            question=claim.question, session=claim.session, version=claim.version, by=claim.by, until=to_text(claim.until),
            given_up=claim.given_up,
        )  # fmt: skip
        try:
            await self._bus.publish(self._announcer.envelope(event, claim.question, claim.seq))
        except DomainError as error:
            log.warning("a claim was not told", extra={"code": error.code})

    # --- many at once ------------------------------------------------------------------------------------------------------------------
    async def decide(
        self, by: Pass, session: str, command: BulkCommand, items: Sequence[Wanted], *, reason: str, note: str
    ) -> list[tuple[str, Json | DomainError]]:
        """For each question, in the order asked for, what it is now or why it was not done: one refusal stops no other."""
        capabilities.require(by.duty, "question.moderate")
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(wanted: Wanted) -> tuple[str, Json | DomainError]:
            async with places:
                try:
                    return wanted.id, await self._decide(by, session, command, wanted, reason, note)
                except DomainError as refusal:
                    return wanted.id, refusal

        return await asyncio.gather(*map(one, items))

    async def _decide(self, by: Pass, session: str, command: BulkCommand, wanted: Wanted, reason: str, note: str) -> Json:
        if (await self._questions.question(by, wanted.id)).session != session:
            raise NotFound("qa.unknown_question")
        if command == "undo":
            return await self._questions.undo(by, wanted.id, expected_version=wanted.expected_version)
        details = {"reason": reason, "note": note} if command == "decline" else {}
        return await self._questions.carry_out(by, wanted.id, command, expected_version=wanted.expected_version, **details)
