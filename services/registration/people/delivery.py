"""The group that delivers mails: how long it keeps trying, and what it gave up on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.registration.people.store import PeopleStore
from shared.bus.port import Group, lasting
from shared.events.person import PersonRegistered
from shared.service.ports import Ports

FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 4 * 3600.0
PATIENCE: Final = 2 * 24 * 3600.0
"""Seconds a mail is tried for. A server that is away for an evening, or that turns first attempts away (greylisting), is normal (RFC 5321,
section 4.5.4.1)."""
MAIL: Final = Group("registration.mail", (PersonRegistered.TYPE,), patience=lasting(PATIENCE, first=FIRST_PAUSE, longest=LONGEST_PAUSE))
MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail that will not be sent any more. `name` is empty when the person is gone since."""

    id: str
    person: str
    name: str
    reason: str
    at: datetime


class Undeliverable:
    """What operators read of mails that did not leave, from whatever process."""

    def __init__(self, ports: Ports, store: PeopleStore) -> None:
        self._ports = ports
        self._store = store

    async def troubled_since(self) -> datetime | None:
        """None after a mail that was taken."""
        return await self._store.mail_troubled_since(self._ports.event_id)

    async def taken(self) -> None:
        await self._store.mail_taken(self._ports.event_id)

    async def deferred(self) -> None:
        await self._store.mail_deferred(self._ports.event_id, self._ports.clock())

    async def given_up(self) -> list[Undelivered]:
        """The oldest first, MOST_SHOWN at most."""
        found = []
        for letter in await self._ports.bus.dead_letters(group=MAIL.name, limit=MOST_SHOWN):
            id = letter.event.subject if letter.event is not None else ""
            person = await self._store.person(id) if id else None
            found.append(Undelivered(letter.id, id, person.shown(None).name if person is not None else "", letter.reason, letter.died_at))
        return found
