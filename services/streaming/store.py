"""The queries and indexes of the streaming service. No rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from services.streaming.domain import Stage
from services.streaming.in_force import StagesInForce
from shared.events.envelope import Envelope
from shared.storage.port import Database, Index

STAGES: Final = "stages"
IN_FORCE: Final = "in_force"
"""One document per event, and no outbox."""
INDEXES: Final[Mapping[str, Sequence[Index]]] = {STAGES: (Index("key", (("key", 1),), unique=True),)}
MOST_LOOKED_AT: Final = 256
"""Stages that have not ended: those of a programme and those that left it while nobody was there to end them."""


class StageStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._stages = database.collection(STAGES)
        self._in_force = database.collection(IN_FORCE)

    async def prepare(self) -> None:
        await self._database.ensure_indexes(INDEXES)

    async def all(self) -> list[Stage]:
        return [Stage.from_document(found) for found in await self._stages.find({}, sort=[("_id", 1)], limit=MOST_LOOKED_AT)]

    async def not_ended(self) -> list[Stage]:
        found = await self._stages.find({"state": {"$ne": "ended"}}, sort=[("_id", 1)], limit=MOST_LOOKED_AT)
        return [Stage.from_document(one) for one in found]

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

    async def in_force(self, event: str) -> StagesInForce | None:
        found = await self._in_force.get(event)
        return StagesInForce.from_document(found) if found else None

    async def put_in_force(self, known: StagesInForce) -> None:
        """Raises Duplicate, StaleVersion when somebody else saved it since it was read."""
        if known.version == 0:
            await self._in_force.insert(known.to_document())
        else:
            await self._in_force.save(known.to_document(), expected_version=known.version)
