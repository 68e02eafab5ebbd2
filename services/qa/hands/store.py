"""The documents of raised hands.

hands  one per hand; a person has one raised hand per session (unique); lowered ones go KEPT_SECONDS later
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from services.qa.hands.domain import KEPT_SECONDS, RaisedHand
from services.qa.paging import pages
from shared.events.envelope import Envelope
from shared.storage.port import Database, Document, Index

ONE_HAND: Final = "one_hand_each"
HAND_INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    "hands": (
        Index(ONE_HAND, (("session", 1), ("person", 1)), unique=True, partial={"up": True}),
        Index("in_line", (("up", 1), ("session", 1), ("raised_at", 1))),
        Index("by_person", (("person", 1),)),
        Index("kept", (("lowered_at", 1),), expire_after=KEPT_SECONDS),
    ),
}


class HandStore:
    def __init__(self, database: Database) -> None:
        self._hands = database.collection("hands")

    async def hand(self, id: str) -> RaisedHand | None:
        found = await self._hands.get(id)
        return None if found is None else _hand(found)

    async def held_up(self, session: str, person: str) -> RaisedHand | None:
        found = await self._hands.find_one({"session": session, "person": person, "up": True})
        return None if found is None else _hand(found)

    async def up(self, session: str = "") -> list[RaisedHand]:
        """Those of one session, or of all."""
        of = {"session": session} if session else {}
        return [_hand(found) async for found in pages(self._hands, {"up": True, **of})]

    async def count(self, session: str, limit: int) -> int:
        return await self._hands.count({"up": True, "session": session}, limit=limit)

    async def rank(self, hand: RaisedHand) -> int:
        """In its line, from 1."""
        later = {"raised_at": hand.raised_at, "_id": {"$lt": hand.id}}
        before = {"up": True, "session": hand.session, "$or": [{"raised_at": {"$lt": hand.raised_at}}, later]}
        return 1 + await self._hands.count(before)

    async def all(self, session: str = "") -> list[RaisedHand]:
        """Also those that are kept for a while."""
        of = {"session": session} if session else {}
        return [_hand(found) async for found in pages(self._hands, of)]

    async def of_person(self, person: str) -> list[RaisedHand]:
        return [_hand(found) async for found in pages(self._hands, {"person": person})]

    async def insert(self, hand: RaisedHand, event: Envelope) -> None:
        """Raises Duplicate(ONE_HAND) when the person has one up."""
        await self._hands.insert(_document(hand), [event])

    async def save(self, hand: RaisedHand, event: Envelope) -> None:
        """Raises StaleVersion, and Duplicate(ONE_HAND) when the person has another one up."""
        await self._hands.save(_document(hand), expected_version=hand.version - 1, events=[event])


def _document(hand: RaisedHand) -> Document:
    document = asdict(hand)
    document["_id"] = document.pop("id")
    return {**document, "lowered_at": None if hand.up else hand.changed_at}


_FIELDS: Final = tuple(field.name for field in fields(RaisedHand) if field.name != "id")


def _hand(document: Document) -> RaisedHand:
    kept: dict[str, Any] = {name: document[name] for name in _FIELDS}
    return RaisedHand(id=document["_id"], **kept)
