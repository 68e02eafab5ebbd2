"""Use cases of messages to many, for operators: begin one, see what it would be, pause, resume, stop it, see how far it is.

What must not be here: HTTP, the sending itself (`post`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Final, Protocol

from services.registration.mailings import domain
from services.registration.mailings.domain import (
    Audience,
    Mailing,
    MailingKind,
    MailingProgress,
    MailingWords,
    check_audience,
    check_words,
    moved,
)
from services.registration.mailings.store import MailingStore
from services.registration.people.form import check_email
from services.registration.people.reach import Attending, Reached
from services.registration.people.store import PeopleStore
from services.registration.programme.app import Publishing
from services.registration.programme.day import days as days_of
from services.registration.programme.open_days import EventDay, by_door
from shared.errors import Conflict, Invalid, NotFound
from shared.events.vocabulary import DOORS
from shared.ids import is_uuid
from shared.service.ports import Ports

ORGANISER: Final = "Tablée"
"""Who writes where the programme names nobody."""
NOBODY: Final = "nobody@example.org"
"""To whom a preview is written: it goes nowhere."""


@dataclass(frozen=True, slots=True)
class MailingAsk:
    """A message as an operator wants it, untrusted. `id`: a random one, so that the same form sent twice is one message."""

    id: str
    kind: MailingKind
    audience: Audience
    words: Mapping[str, MailingWords]


@dataclass(frozen=True, slots=True)
class MailingShown:
    mailing: Mailing
    progress: MailingProgress


class Composer(Protocol):
    def sample(self, mailing: Mailing, language: str, to: str) -> EmailMessage:
        """As somebody would get it who has neither a name nor a link."""

    async def send_sample(self, message: EmailMessage) -> None:
        """Raises Unavailable, Invalid("mail.refused")."""


class MailingDesk:
    def __init__(self, ports: Ports, store: MailingStore, people: PeopleStore, publishing: Publishing, composer: Composer) -> None:
        self._ports, self._store, self._people, self._publishing, self._composer = ports, store, people, publishing, composer
        self.woken = asyncio.Event()

    # --- writing ----------------------------------------------------------------------------------------------------------
    async def begin(self, ask: MailingAsk, by: str) -> Mailing:
        """The same one again changes nothing. Raises Invalid("registration.mailing"), Conflict("registration.mailing_nobody")."""
        mailing = await self._checked(ask, by)
        if mailing.total == 0:
            raise Conflict("registration.mailing_nobody")
        if await self._store.add(mailing) and mailing.kind == "change":
            await self._store.tell(self._ports.event_id, self.facts())
        self.woken.set()
        return mailing

    async def preview(self, ask: MailingAsk, language: str | None = None) -> tuple[int, EmailMessage]:
        """How many would have it, and what it would be. Raises Invalid("registration.mailing")."""
        mailing = await self._checked(ask, "")
        return mailing.total, self._composer.sample(mailing, language or self._publishing.language(), NOBODY)

    async def test(self, ask: MailingAsk, to: str, language: str | None = None) -> None:
        """One mail to an address that an operator gives. Raises Invalid, Unavailable("mail.unavailable")."""
        address, mailing = check_email(to), await self._checked(ask, "")
        await self._composer.send_sample(self._composer.sample(mailing, language or self._publishing.language(), address))

    async def _checked(self, ask: MailingAsk, by: str) -> Mailing:
        now = self._ports.clock()
        days, programme = self._publishing.open_days(now), self._publishing.running.programme
        check_audience(ask.audience, [day.id for day in days], [one.id for one in programme.sessions])
        words = check_words(ask.words, self._ports.messages.languages) if ask.kind == "words" else {}
        if ask.kind == "reminder" or not is_uuid(ask.id):  # reminders are the clock's
            raise Invalid("registration.mailing")
        total = await self._people.count_audience(self._ports.event_id, self.reached(ask.audience, now))
        return Mailing(ask.id, self._ports.event_id, ask.kind, ask.audience, "running", now, by, total, words)

    def reached(self, audience: Audience, now: datetime) -> Reached:
        days, programme = self._publishing.open_days(now), self._publishing.running.programme
        doors: tuple[str, ...] = (audience.door,) if audience.door else ()
        wanted = audience.day
        session = programme.session(audience.session) if audience.session else None
        if session is not None:
            on = next((date for date, held in days_of(programme, now).items() if session in held), None)
            wanted = wanted or next((day.id for day in days if day.date == on), "")
            doors = doors or tuple(session.modes)
        return Reached(doors, attending(days, wanted), audience.search)

    # --- standing ---------------------------------------------------------------------------------------------------------
    async def stand(self, id: str, change: Callable[[Mailing], Mailing]) -> None:
        """Pause, resume, stop. Raises NotFound("registration.mailing_unknown"), Conflict("registration.mailing_over")."""
        mailing = await self._store.mailing(id)
        if mailing is None or mailing.event != self._ports.event_id:
            raise NotFound("registration.mailing_unknown")
        if not await self._store.stand(mailing, change(mailing)):
            raise Conflict("registration.busy")
        self.woken.set()

    async def again(self, id: str) -> None:
        """Also to those of whom nobody knows whether theirs left. Raises as `stand`."""
        await self.stand(id, domain.resume)
        await self._store.give_back_unsure(id, self._ports.clock())

    async def newest(self) -> list[MailingShown]:
        now = self._ports.clock()
        found = await self._store.newest(self._ports.event_id)
        return [MailingShown(one, await self._store.progress(one.id, now)) for one in found]

    # --- what moved -------------------------------------------------------------------------------------------------------
    def facts(self) -> Mapping[str, str]:
        """What people know of the event: name of the fact → its value. The day of a rehearsal is whatever day it is."""
        now, running = self._ports.clock(), self._publishing.running.programme
        venue, rehearsal = running.event.venue, running.rehearsal
        status = running.event.status
        facts = {"status": status, "venue": f"{venue.name}, {venue.address or ''}" if venue else ""}
        for day in self._publishing.open_days(now):
            start = day.starts_at.isoformat() if day.starts_at else ""
            gone = day.off == "cancelled" and status != "cancelled"
            facts[f"day {day.id}"] = f"{start[11:] if rehearsal else start} {'cancelled' if gone else ''}"
        return facts

    async def moved(self) -> tuple[str, ...]:
        """Names of facts that are otherwise than they were told last."""
        told = await self._store.told(self._ports.event_id)
        return moved(told, self.facts()) if told is not None else ()

    async def remember_first(self) -> None:
        """At start: whoever registers reads how it stands now."""
        await self._store.tell(self._ports.event_id, self.facts(), only_first=True)


def attending(days: Sequence[EventDay], id: str) -> Attending | None:
    """None for an event of one day: whoever is confirmed comes."""
    if len(days) < 2 or all(day.id != id for day in days):
        return None
    return Attending(id, tuple(door for door in DOORS if any(day.id == id for day in by_door(door, days))))
