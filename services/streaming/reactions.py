"""What this service does when others' events come. One short function each."""

from __future__ import annotations

from typing import Final

from services.streaming.app import Streaming
from shared.bus.port import Delivery, Group, Handler, Unreadable
from shared.events.registration import ProgrammePublished, StageRef

PROGRAMME: Final = Group("streaming.programme", (ProgrammePublished.TYPE,))


def on_programme(app: Streaming, event_id: str) -> Handler:
    """Creates and renames stages. What comes twice changes nothing, so that no inbox is needed."""

    async def handle(delivery: Delivery) -> None:
        data = delivery.event.data
        try:
            ours = data["event_id"] == event_id
            stages = [StageRef(id=str(stage["id"]), name=str(stage["name"])) for stage in data["stages"]]
        except (KeyError, TypeError) as error:
            raise Unreadable(f"programme: {error!r}") from None
        if ours:
            await app.programme_published(stages)

    return handle
