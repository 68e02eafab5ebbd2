"""Queries of people by what they hold in lines, and saving many of them in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.registration.people.domain import Person, State
from services.registration.people.store import PEOPLE, from_person, line_name, to_person
from services.registration.places.domain import LineKey
from shared.events.envelope import Envelope
from shared.storage.outbox import OUTBOX, to_stored
from shared.storage.port import Database, Transaction, Update


class PeopleInLine:
    """The same collection as `PeopleStore`."""

    def __init__(self, database: Database) -> None:
        self._people = database.collection(PEOPLE)

    async def next_in_line(self, event: str, key: LineKey, limit: int, *, transaction: Transaction) -> list[Person]:
        """Those who wait longest."""
        field = _line_field(key)
        found = await self._people.find({"event": event, field: {"$gt": 0}}, sort=[(field, 1)], limit=limit, transaction=transaction)
        return [to_person(one) for one in found]

    async def versions(self, ids: Sequence[str], *, transaction: Transaction) -> dict[str, int]:
        found = await self._people.find({"_id": {"$in": list(ids)}}, fields=("version",), limit=len(ids), transaction=transaction)
        return {one["_id"]: one["version"] for one in found}

    async def save_people(self, people: Sequence[tuple[Person, Sequence[Envelope]]], *, transaction: Transaction) -> None:
        """As `save_person` for many at once, each at the version that this transaction sees (`versions`)."""
        await self._people.write([_saving(person, events) for person, events in people], transaction=transaction)

    async def count_before(self, event: str, key: LineKey, number: int) -> int:
        return await self._people.count({"event": event, _line_field(key): {"$gt": 0, "$lt": number}})

    async def ended_offers(self, event: str, now: datetime, limit: int, *, transaction: Transaction | None = None) -> list[Person]:
        """Holders of offers that ended by now."""
        wanted = {"event": event, "holdings.until": {"$lte": now, "$type": "date"}}
        return [to_person(one) for one in await self._people.find(wanted, limit=limit, transaction=transaction)]

    async def confirmed(self, event: str, *, skip: int, limit: int) -> list[Person]:
        """Whoever confirmed a registration, in the order in which they did."""
        wanted = {"event": event, "kind": "registrant", "state": State.CONFIRMED.value}
        found = await self._people.find(wanted, sort=[("confirmed_at", 1), ("_id", 1)], skip=skip, limit=limit)
        return [to_person(one) for one in found]


def _saving(person: Person, events: Sequence[Envelope]) -> Update:
    document = from_person(person)
    document.pop("_id")
    change: dict[str, Any] = {"$set": document, "$inc": {"version": 1}}
    if events:
        change["$push"] = {OUTBOX: {"$each": [to_stored(one) for one in events]}}
    return Update({"_id": person.id, "version": person.version}, change)


def _line_field(key: LineKey) -> str:
    """Where a person who waits keeps their number: one field for each line, so that an index sorts it."""
    return f"in_line.{line_name(key)}"
