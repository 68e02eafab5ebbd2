"""The documents of the door.

door_stays  one person at one place on one day (unique while the person is known): the log of scans, and what follows from it, to be counted
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from services.registration.door.domain import Scan, Stay, presence
from shared.storage.port import Database, Document, Index

STAYS: Final = "door_stays"
MOST_STAYS: Final = 50_000
"""Of one day, read at once."""
INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    STAYS: (
        Index("one_stay", (("event", 1), ("day", 1), ("place", 1), ("person", 1)), unique=True, partial={"person": {"$gt": ""}}),
        Index("by_scan", (("scans.nonce", 1),)),
        Index("by_person", (("person", 1),)),
    ),
}


class DoorStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._stays = database.collection(STAYS)

    async def prepare(self) -> None:
        await self._database.ensure_indexes(INDEXES)

    async def stay(self, event: str, day: str, place: str, person: str) -> Stay | None:
        found = await self._stays.find_one({"event": event, "day": day, "place": place, "person": person})
        return None if found is None else _to_stay(found)

    async def stay_of_scan(self, nonce: str) -> Stay | None:
        found = await self._stays.find_one({"scans.nonce": nonce})
        return None if found is None else _to_stay(found)

    async def stays_of(self, person: str) -> list[Stay]:
        return [_to_stay(found) for found in await self._stays.find({"person": person}, sort=[("day", 1), ("place", 1)])]

    async def inside(self, event: str, day: str) -> list[Stay]:
        """Whoever is in, at every place."""
        return [_to_stay(found) for found in await self._stays.find({"event": event, "day": day, "inside": True}, limit=MOST_STAYS)]

    async def keep(self, stay: Stay) -> None:
        """A new one or the next version of one. Raises Duplicate, StaleVersion when somebody was faster."""
        document = _from_stay(stay)
        if stay.version:
            await self._stays.save(document, expected_version=stay.version)
        else:
            await self._stays.insert(document)

    async def counts(self, event: str, day: str, place: str) -> list[tuple[str, bool, bool, int]]:
        """(door, whether in, whether they walked in, how many) of those who arrived."""
        wanted = {"event": event, "day": day, "place": place, "arrived": True}
        found = await self._stays.groups(wanted, by=("door", "inside", "walked_in"))
        return [(door, inside, walked_in, number) for (door, inside, walked_in), number in found]

    async def forget(self, person: str) -> None:
        """That somebody was there still counts; who, is known no more. Harmless to repeat."""
        while await self._stays.update({"person": person}, {"$set": {"person": ""}}) is not None:
            pass


def _from_stay(stay: Stay) -> Document:
    found = presence(stay)
    document = asdict(stay)
    document["_id"] = document.pop("id")
    document.pop("version")
    document["scans"] = [asdict(scan) for scan in stay.scans]
    return {**document, "inside": found.entry is not None, "arrived": found.arrived, "walked_in": found.walked_in}


def _to_stay(found: Mapping[str, Any]) -> Stay:
    names = ("event", "day", "place", "person", "door", "version")
    return Stay(id=found["_id"], scans=tuple(Scan(**one) for one in found["scans"]), **{name: found[name] for name in names})
