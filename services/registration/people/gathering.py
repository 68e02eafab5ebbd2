"""Everything that is held about one person, over every service: asked on the bus, waited for a moment, and told with what is missing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from services.registration.people.app import Registration
from services.registration.people.records import Records
from shared.bus.port import Delivery
from shared.bus.typed import Listener
from shared.errors import Denied, TooMany, Unavailable
from shared.events.person import PersonAsked, PersonTold
from shared.events.vocabulary import Sender
from shared.service.ports import Ports

OTHERS: Final[tuple[Sender, ...]] = ("qa",)
"""The other services that keep something of people."""
PATIENCE: Final = 3.0
"""Seconds until a service that has not answered counts as away."""
MOST_AT_ONCE: Final = 32
"""Enquiries under way in one process."""


@dataclass(frozen=True, slots=True)
class HeldData:
    """`services`: the service → the names of what it keeps → JSON values; `missing`: those that did not answer in time."""

    at: datetime
    services: Mapping[str, Mapping[str, object]]
    missing: tuple[str, ...]


@dataclass(slots=True)
class _Enquiry:
    told: dict[str, Mapping[str, object]] = field(default_factory=dict)
    whole: asyncio.Event = field(default_factory=asyncio.Event)


class Gathering:
    def __init__(self, ports: Ports, registration: Registration, records: Records) -> None:
        self._ports, self._registration, self._records = ports, registration, records
        self._waiting: dict[str, _Enquiry] = {}

    def listener(self) -> Listener[PersonTold]:
        return Listener((PersonTold,), self._take, self._reload)

    async def of_session(self, token: str | None) -> HeldData:
        """Of the person whose browser it is. Raises Unauthenticated("registration.no_session"), Denied("registration.place_fixed") for
        the holders of shared links, who are nobody in particular, TooMany("registration.busy")."""
        person = (await self._registration.who_is(token)).person
        if person.kind != "registrant":
            raise Denied("registration.place_fixed")
        if len(self._waiting) >= MOST_AT_ONCE:
            raise TooMany("registration.busy")
        own = await self._records.export(person.id)
        told = await self._ask(person.id)
        held: dict[str, Mapping[str, object]] = {"registration": own, **{name: told[name] for name in OTHERS if name in told}}
        return HeldData(self._ports.clock(), held, tuple(name for name in OTHERS if name not in told))

    async def _ask(self, person: str) -> Mapping[str, Mapping[str, object]]:
        id, enquiry = self._ports.new_id(), _Enquiry()
        self._waiting[id] = enquiry
        asked = PersonAsked(self._ports.event_id, id, person)
        envelope = asked.to_envelope(id=self._ports.new_id(), subject=id, seq=1, time=self._ports.clock())
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ports.bus.publish(envelope)
                await enquiry.whole.wait()
        except (TimeoutError, Unavailable):
            pass  # what did not come is named as missing
        finally:
            del self._waiting[id]
        return enquiry.told

    async def _take(self, event: PersonTold, delivery: Delivery) -> None:
        enquiry = self._waiting.get(event.enquiry)
        if enquiry is None or event.service not in OTHERS:
            return  # asked by another process, or too late
        enquiry.told[event.service] = json.loads(event.kept)
        if len(enquiry.told) == len(OTHERS):
            enquiry.whole.set()

    async def _reload(self) -> None:
        """Nothing to reload: an answer that was lost is missing."""
