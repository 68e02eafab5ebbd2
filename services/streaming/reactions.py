"""What this service does when others' events come. One short function each. What comes twice or late changes nothing, so that no inbox is
needed."""

from __future__ import annotations

from typing import Final

from services.streaming.app import Streaming
from shared.bus.port import Delivery, Group
from shared.bus.typed import EventHandler
from shared.events.programme import ProgrammePublished
from shared.events.running_order import RunningOrderChanged

PROGRAMME: Final = Group("streaming.programme", (ProgrammePublished.TYPE,))
RUNNING_ORDER: Final = Group("streaming.running_order", (RunningOrderChanged.TYPE,))


def on_programme(app: Streaming, event_id: str) -> EventHandler[ProgrammePublished]:
    """Starts, renames and ends stages."""

    async def handle(event: ProgrammePublished, delivery: Delivery) -> None:
        if event.event_id == event_id:
            await app.programme_published(event, delivery.envelope.seq)

    return handle


def on_running_order(app: Streaming, event_id: str) -> EventHandler[RunningOrderChanged]:
    """Closes halls and opens them again."""

    async def handle(event: RunningOrderChanged, delivery: Delivery) -> None:
        if event.event_id == event_id:
            await app.order_changed(event, delivery.envelope.seq)

    return handle
