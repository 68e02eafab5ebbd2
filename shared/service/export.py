"""How a service answers when somebody asks what is kept of them: its `export_person`, told on the bus to whoever asked."""

from __future__ import annotations

import json

from shared.bus.port import Delivery
from shared.bus.typed import Listener
from shared.events.person import PersonAsked, PersonTold
from shared.events.vocabulary import Sender
from shared.service.declaration import Export
from shared.service.ports import Ports


def export_listener(service: Sender, export: Export, ports: Ports) -> Listener[PersonAsked]:
    """Answers every enquiry about a person of this event. One that is lost is asked again by the person: nothing is retried."""

    async def answer(asked: PersonAsked, delivery: Delivery) -> None:
        if asked.event_id != ports.event_id:
            return
        kept = json.dumps(await export(asked.person_id), ensure_ascii=False)
        told = PersonTold(asked.event_id, asked.enquiry, service, kept)
        await ports.bus.publish(told.to_envelope(id=ports.new_id(), subject=asked.enquiry, seq=1, time=ports.clock()))

    async def reload() -> None:
        """Nothing to reload: who asked in a gap was told that the answer is missing."""

    return Listener((PersonAsked,), answer, reload)
