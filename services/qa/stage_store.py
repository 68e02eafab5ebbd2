"""What each stage sends out, as last announced: one document per stage, so that a feed that begins knows what is on."""

from __future__ import annotations

from services.qa.day_store import put_newer
from services.qa.facts import StageFacts
from services.qa.paging import pages
from shared.storage.port import Database


class AnnouncedStages:
    def __init__(self, database: Database) -> None:
        self._stages = database.collection("stages")

    async def all(self) -> list[StageFacts]:
        return [
            StageFacts(found["_id"], found["seq"], found["state"], found["origin"], found.get("reason"))
            async for found in pages(self._stages, {})
        ]

    async def put(self, stage: StageFacts) -> None:
        """Keeps the newest."""
        told = {"seq": stage.seq, "state": stage.state, "origin": stage.origin, "reason": stage.reason}
        await put_newer(self._stages, stage.id, "seq", stage.seq, told)
