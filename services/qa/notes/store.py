"""The documents of notes.

notes  one per note; cleared ones go CLEARED_KEPT_SECONDS later
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from services.qa.notes.domain import CLEARED_KEPT_SECONDS, Note
from services.qa.paging import pages
from shared.events.envelope import Envelope
from shared.storage.port import Database, Document, Index

NOTE_INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    "notes": (
        Index("by_session", (("session", 1), ("at", 1))),
        Index("by_person", (("person", 1),)),
        Index("kept", (("cleared_at", 1),), expire_after=CLEARED_KEPT_SECONDS),
    ),
}


class NoteStore:
    def __init__(self, database: Database) -> None:
        self._notes = database.collection("notes")

    async def note(self, id: str) -> Note | None:
        found = await self._notes.get(id)
        return None if found is None else _note(found)

    async def all(self, session: str = "") -> list[Note]:
        """Also those that are cleared."""
        of = {"session": session} if session else {}
        return [_note(found) async for found in pages(self._notes, of)]

    async def written(self) -> list[Note]:
        """Those that have words."""
        return [_note(found) async for found in pages(self._notes, {"cleared_at": None})]

    async def of_person(self, person: str) -> list[Note]:
        return [_note(found) async for found in pages(self._notes, {"person": person})]

    async def count(self, session: str, limit: int) -> int:
        return await self._notes.count({"session": session, "cleared_at": None}, limit=limit)

    async def insert(self, note: Note, event: Envelope) -> None:
        """Raises Duplicate when the id is taken."""
        await self._notes.insert(_document(note), [event])

    async def save(self, note: Note, event: Envelope) -> None:
        """Raises StaleVersion."""
        await self._notes.save(_document(note), expected_version=note.version - 1, events=[event])


def _document(note: Note) -> Document:
    document = asdict(note)
    document["_id"] = document.pop("id")
    return document


_FIELDS: Final = tuple(field.name for field in fields(Note) if field.name != "id")


def _note(document: Document) -> Note:
    kept: dict[str, Any] = {name: document[name] for name in _FIELDS}
    return Note(id=document["_id"], **kept)
