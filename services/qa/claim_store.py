"""Which moderator reads which question: one document per question while it lasts, beside the question, whose version it does not move.

A claim counts until its end, or until the question has another version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.qa.facts import Claim
from services.qa.paging import pages
from services.qa.question import Question
from shared.auth.passes import Pass
from shared.storage.port import Database, Document, Duplicate, Index

INDEXES: Final[Mapping[str, Sequence[Index]]] = {"claims": (Index("kept", (("until", 1),), expire_after=0),)}


class ClaimStore:
    def __init__(self, database: Database) -> None:
        self._claims = database.collection("claims")

    async def take(self, question: Question, by: Pass, *, now: datetime, until: datetime) -> tuple[Claim, bool]:
        """One atomic step: whose claim it is now, and whether it is this caller's."""
        free = {"$or": [{"hand": by.hand}, {"until": {"$lte": now}}, {"version": {"$lt": question.version}}]}
        change = {
            "session": question.session, "version": question.version, "person": by.person, "hand": by.hand, "by": by.name, "until": until,
            "seq": _seq(now), "given_up": False,
        }  # fmt: skip
        try:
            taken = await self._claims.update({"_id": question.id, **free}, {"$set": change}, upsert=True)
        except Duplicate:
            taken = await self._claims.get(question.id)
        held = taken or {"_id": question.id, **change, "hand": "", "by": "", "given_up": True}  # it ended this very moment
        return _claim(held), held.get("hand") == by.hand

    async def give_up(self, question: Question, by: Pass, *, now: datetime) -> Claim | None:
        """None when it was somebody else's, or nobody's."""
        held = {"_id": question.id, "hand": by.hand, "until": {"$gt": now}}
        given_up = await self._claims.update(held, {"$set": {"by": "", "until": now, "seq": _seq(now), "given_up": True}})
        return None if given_up is None else _claim(given_up)

    async def reads(self, question: Question, now: datetime) -> bool:
        """Whether some moderator reads this version of it."""
        held = await self._claims.get(question.id)
        return held is not None and held["version"] == question.version and held["until"] > now and not held.get("given_up", False)

    async def all(self, session: str = "") -> list[Claim]:
        """Also those that have just ended."""
        of: dict[str, Any] = {"session": session} if session else {}
        return [_claim(found) async for found in pages(self._claims, of)]

    async def forget(self, person: str) -> None:
        await self._claims.delete({"person": person})


def _seq(now: datetime) -> int:
    return int(now.timestamp() * 1000)


def _claim(document: Document) -> Claim:
    return Claim(
        document["_id"], document["session"], document["version"], document["by"], document["until"], document["seq"],
        given_up=document.get("given_up", False),
    )  # fmt: skip
