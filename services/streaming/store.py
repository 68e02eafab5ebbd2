"""The queries and indexes of the streaming service. No rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from services.streaming.domain import Stage
from shared.events.envelope import Envelope
from shared.storage.port import Database, Index

STAGES: Final = "stages"
INDEXES: Final[Mapping[str, Sequence[Index]]] = {STAGES: (Index("key", (("key", 1),), unique=True),)}
MOST_STAGES: Final = 64


class StageStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._stages = database.collection(STAGES)

    async def prepare(self) -> None:
        await self._database.ensure_indexes(INDEXES)

    async def all(self) -> list[Stage]:
        return [Stage.from_document(found) for found in await self._stages.find({}, sort=[("_id", 1)], limit=MOST_STAGES)]

    async def get(self, id: str) -> Stage | None:
        found = await self._stages.get(id)
        return Stage.from_document(found) if found else None

    async def insert(self, stage: Stage) -> Stage:
        """Raises Duplicate."""
        await self._stages.insert(stage.to_document())
        return Stage.from_document({**stage.to_document(), "version": 1})

    async def save(self, stage: Stage, events: Sequence[Envelope] = ()) -> Stage:
        """Raises StaleVersion when somebody else saved it since it was read."""
        return Stage.from_document(await self._stages.save(stage.to_document(), expected_version=stage.version, events=events))
