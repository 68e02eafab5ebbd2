"""What this service does when others' events come. One short function each."""

from __future__ import annotations

from typing import Final

from services.streaming.app import Streaming
from shared.bus.port import Delivery, Group
from shared.bus.typed import EventHandler
from shared.events.programme import ProgrammePublished

PROGRAMME: Final = Group("streaming.programme", (ProgrammePublished.TYPE,))


def on_programme(app: Streaming, event_id: str) -> EventHandler[ProgrammePublished]:
    """Creates and renames stages. What comes twice changes nothing, so that no inbox is needed."""

    async def handle(event: ProgrammePublished, delivery: Delivery) -> None:
        if event.event_id == event_id:
            await app.programme_published(event.stages)

    return handle
