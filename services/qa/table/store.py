"""The documents of the table.

seats    one per seat, with its history, kept as long as the event: that somebody agreed to be seen is to be shown later; a person has one
         seat per session that has not ended (unique), a place is one person's (unique)
studios  one per session: which studio page speaks for it, and which ones did before
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from services.qa.paging import pages
from services.qa.table.seat import Consent, Seat, SeatLine, SeatPast
from services.qa.table.studio import Studio
from shared.events.envelope import Envelope
from shared.events.table import StudioHeld
from shared.storage.port import Database, Document, Index

ONE_SEAT: Final = "one_seat_each"
ONE_PLACE: Final = "one_place_each"
TABLE_INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    "seats": (
        Index(ONE_SEAT, (("session", 1), ("person", 1)), unique=True, partial={"standing": True}),
        Index(ONE_PLACE, (("session", 1), ("place", 1)), unique=True, partial={"place": {"$type": "number"}}),
        Index("of_session", (("session", 1), ("invited_at", 1))),
        Index("by_person", (("person", 1),)),
        Index("not_ended", (("standing", 1),)),
        Index("by_actor", (("log.person", 1),)),
    ),
}


class SeatStore:
    def __init__(self, database: Database) -> None:
        self._seats = database.collection("seats")
        self._studios = database.collection("studios")

    async def seat(self, id: str) -> Seat | None:
        found = await self._seats.get(id)
        return None if found is None else _seat(found)

    async def standing(self, session: str = "") -> list[Seat]:
        """Those that have not ended, of one session or of all."""
        of = {"session": session} if session else {}
        return [_seat(found) async for found in pages(self._seats, {"standing": True, **of})]

    async def all(self, session: str = "") -> list[Seat]:
        of = {"session": session} if session else {}
        return [_seat(found) async for found in pages(self._seats, of)]

    async def of_person(self, person: str) -> list[Seat]:
        return [_seat(found) async for found in pages(self._seats, {"person": person})]

    async def moved_by(self, person: str) -> list[Seat]:
        return [_seat(found) async for found in pages(self._seats, {"log.person": person})]

    async def insert(self, seat: Seat, event: Envelope) -> None:
        """Raises Duplicate(ONE_SEAT) when the person has one."""
        await self._seats.insert(_document(seat), [event])

    async def save(self, seat: Seat, *events: Envelope) -> None:
        """Raises StaleVersion, Duplicate(ONE_SEAT) when the person has another one, Duplicate(ONE_PLACE) when the place is taken."""
        await self._seats.save(_document(seat), expected_version=seat.version - 1, events=list(events))

    # --- studios ---------------------------------------------------------------------------------------------------------------------
    async def studio(self, session: str) -> Studio | None:
        found = await self._studios.get(session)
        return None if found is None else _studio(found)

    async def studios(self, session: str = "") -> list[tuple[StudioHeld, int]]:
        of = {"_id": session} if session else {}
        held = [_studio(found) async for found in pages(self._studios, of)]
        return [(studio.told(), studio.version) for studio in held]

    async def put_studio(self, studio: Studio) -> None:
        """Raises Duplicate, StaleVersion when another page was faster."""
        document = asdict(studio)
        document["_id"] = document.pop("session")
        if studio.version == 1:
            await self._studios.insert(document)
        else:
            await self._studios.save(document, expected_version=studio.version - 1)


def _document(seat: Seat) -> Document:
    document = asdict(seat)
    document["_id"] = document.pop("id")
    return {**document, "standing": seat.standing}


_PLAIN: Final = tuple(each.name for each in fields(Seat) if each.name not in ("id", "consent", "past", "log"))


def _seat(document: Document) -> Seat:
    kept: dict[str, Any] = {name: document[name] for name in _PLAIN}
    consent = document["consent"]
    return Seat(
        id=document["_id"], **kept, consent=None if consent is None else Consent(**consent),
        past=tuple(SeatPast(**each) for each in document["past"]), log=tuple(SeatLine(**each) for each in document["log"]),
    )  # fmt: skip


def _studio(document: Document) -> Studio:
    return Studio(
        document["_id"], document["version"], document["instance"], document["since"], document["until"], tuple(document["before"])
    )
