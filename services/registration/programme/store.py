"""The running programme as it is kept: one document per event, with the files as text exactly as they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.events.envelope import Envelope
from shared.storage.port import Database, Document

PROGRAMMES: Final = "programmes"
OUTBOXES: Final = (PROGRAMMES,)


class ProgrammeStore:
    def __init__(self, database: Database) -> None:
        self._programmes = database.collection(PROGRAMMES)

    async def programme(self, event: str) -> Document | None:
        """{_id, version, digest, folder_digest, day, told, yaml, completion, published_at}."""
        return await self._programmes.get(event)

    async def add(self, document: Document, events: Sequence[Envelope]) -> None:
        """Raises Duplicate."""
        await self._programmes.insert(document, events)

    async def save(self, document: Document, expected_version: int, events: Sequence[Envelope]) -> None:
        """Raises StaleVersion."""
        await self._programmes.save(document, expected_version=expected_version, events=events)
