"""The groups that deliver mails: how long they keep trying, and what they gave up on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.registration.people.store import PeopleStore
from shared.bus.port import DeadLetter, Group, lasting
from shared.events.answer import AnswerRecorded
from shared.events.catalogue import decode
from shared.events.envelope import Unreadable
from shared.events.person import PersonErased, PersonRegistered
from shared.events.place import PlaceChanged
from shared.events.ticket import TicketIssued
from shared.service.ports import Ports

FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 4 * 3600.0
PATIENCE: Final = 2 * 24 * 3600.0
"""Seconds a mail is tried for. A server that is away for an evening, or that turns first attempts away (greylisting), is normal (RFC 5321,
section 4.5.4.1)."""
_TRIES: Final = lasting(PATIENCE, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
MAIL: Final = Group("registration.mail", (PersonRegistered.TYPE,), patience=_TRIES)
ANSWER_MAILS: Final = Group("registration.answer_mails", (AnswerRecorded.TYPE,), patience=_TRIES)
TICKET_MAILS: Final = Group("registration.ticket_mails", (TicketIssued.TYPE,), patience=_TRIES)
PLACE_MAILS: Final = Group("registration.place_mails", (PlaceChanged.TYPE,), patience=_TRIES)
MAIL_GROUPS: Final = (MAIL, ANSWER_MAILS, TICKET_MAILS, PLACE_MAILS)
FORGOTTEN: Final = Group("registration.forgotten", (PersonErased.TYPE,), patience=_TRIES)
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
        letters = [letter for group in MAIL_GROUPS for letter in await self._ports.bus.dead_letters(group=group.name, limit=MOST_SHOWN)]
        found = []
        for letter in sorted(letters, key=lambda letter: letter.died_at)[:MOST_SHOWN]:
            id = _addressee(letter)
            person = await self._store.person(id) if id else None
            found.append(Undelivered(letter.id, id, person.shown(None).name if person is not None else "", letter.reason, letter.died_at))
        return found


def _addressee(letter: DeadLetter) -> str:
    """The person's id; '' where it cannot be told."""
    if letter.event is None:
        return ""
    try:
        event = decode(letter.event)
    except Unreadable:
        return ""
    return event.author if isinstance(event, AnswerRecorded) else letter.event.subject
