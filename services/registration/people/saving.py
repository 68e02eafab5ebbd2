"""Saving a person together with the events of the change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from services.registration.people.domain import Person
from services.registration.people.store import PeopleStore
from shared import correlation
from shared.events.envelope import Envelope
from shared.events.kind import Event
from shared.service.ports import Ports
from shared.storage.race import decided_anew

again: Final = partial(decided_anew, busy="registration.busy")


class Saving:
    def __init__(self, ports: Ports, store: PeopleStore) -> None:
        self._ports = ports
        self._store = store

    async def save(self, person: Person, events: Sequence[Event], now: datetime, *, first_id: str | None = None) -> None:
        """Raises StaleVersion."""
        await self._store.save_person(person, self.seal(person, person.version + 1, events, now, first_id=first_id))
        if events:
            self._ports.relay_wake()

    def seal(self, person: Person, seq: int, events: Sequence[Event], now: datetime, *, first_id: str | None) -> list[Envelope]:
        ids = [first_id or self._ports.new_id(), *(self._ports.new_id() for _ in events[1:])]
        return [
            event.to_envelope(id=id, subject=person.id, seq=seq, time=now, correlationid=correlation.current())
            for id, event in zip(ids, events, strict=False)
        ]
