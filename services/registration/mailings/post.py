"""Sending messages to many: a task that finds what is due and whom it has not reached yet. Each mail is written down before it
leaves, by whichever process is first, so that none leaves twice, whatever is killed; what was cut off on its way is shown, and is
sent again by hand alone.

What must not be here: HTTP, what a message says (`letter`).
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from typing import Final

from services.registration.mailings.app import ORGANISER, MailingDesk
from services.registration.mailings.domain import Audience, Mailing, reminders_due
from services.registration.mailings.letter import compose_many
from services.registration.mailings.store import MailingStore
from services.registration.people import access
from services.registration.people.diary import own_calendar
from services.registration.people.domain import Person, State, door_of
from services.registration.people.draft import Draft, ImageChoice
from services.registration.people.links import Links
from services.registration.people.mail import MailFacts
from services.registration.people.reactions import Mails
from services.registration.people.store import PeopleStore
from services.registration.programme.app import Publishing
from shared.bus.port import Refused
from shared.errors import DomainError, Unavailable
from shared.service.ports import Ports

log = logging.getLogger("tablee.registration")

SWEEP_SECONDS: Final = 5.0
"""How late a reminder leaves, and after how long a mail server that was away is tried again."""
PAGE: Final = 100
MOST_AT_ONCE: Final = 4
"""Mails on their way together, as many as the mail server is spoken to at once."""


class MailingComposer:
    """What one person reads of a message to many."""

    def __init__(self, ports: Ports, publishing: Publishing, mails: Mails) -> None:
        self._ports, self._publishing, self._mails = ports, publishing, mails

    def sample(self, mailing: Mailing, language: str, to: str) -> EmailMessage:
        """As somebody would get it who has neither a name nor a link: it leads to the public page."""
        messages, now = self._ports.messages, self._ports.clock()
        name = messages.text(language, "messages.sample")
        door = door_of(mailing.audience.door) or "remote"
        image = ImageChoice("granted", "", "", now, "form")
        draft = Draft("", name, door, language, image)
        person = Person("", self._ports.event_id, to, name, door, language, State.PENDING, (), now, drafts=(draft,))
        return self._composed(
            mailing, person, replace(self._mails.facts(person, to, None, self._publishing.site_url, mailing.id), counted=False)
        )

    async def send_sample(self, message: EmailMessage) -> None:
        """Raises Unavailable, Invalid("mail.refused")."""
        await self._ports.mailer.send(message)

    def of(self, mailing: Mailing, person: Person, link: str) -> EmailMessage:
        """Raises ValueError."""
        facts = self._mails.facts(person, person.email or "", None, link, f"{mailing.id.replace(':', '-')}.{person.id}")
        return self._composed(mailing, person, facts)

    def _composed(self, mailing: Mailing, person: Person, facts: MailFacts) -> EmailMessage:
        messages, programme, now = self._ports.messages, self._publishing.running.programme, self._ports.clock()
        organiser = programme.organisations.get(programme.event.organiser or "")
        words = mailing.said_in(person.language) if mailing.kind == "words" else None
        if mailing.kind == "change":
            shown = person.shown(None)
            facts = replace(facts, calendar=own_calendar(self._publishing, messages, shown, now), counted=False)
        return compose_many(facts, mailing.kind, words, organiser.name if organiser else ORGANISER, messages)


class MailingPost:
    def __init__(
        self,
        ports: Ports,
        store: MailingStore,
        people: PeopleStore,
        links: Links,
        publishing: Publishing,
        mails: Mails,
        composer: MailingComposer,
        desk: MailingDesk,
    ) -> None:
        self._ports, self._store, self._people, self._links = ports, store, people, links
        self._publishing, self._mails, self._composer, self._desk = publishing, mails, composer, desk

    async def follow(self) -> None:
        """A task."""
        while True:
            self._desk.woken.clear()
            await self.settle()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._desk.woken.wait(), SWEEP_SECONDS)

    async def settle(self) -> None:
        """Send whatever is due. Never raises a DomainError: what failed is done by the next pass."""
        try:
            await self._remind()
            for mailing in await self._store.running(self._ports.event_id):
                await self._send_all(mailing)
        except DomainError as error:
            log.warning("messages to many are held up", extra={"code": error.code})

    async def _remind(self) -> None:
        now, event = self._ports.clock(), self._ports.event_id
        if not self._publishing.state(now).coming:
            return
        for id, day, due in reminders_due(self._publishing.open_days(now), self._publishing.reminders(), now):
            audience = Audience(day=day)
            if await self._store.mailing(id) is None:
                total = await self._people.count_audience(event, self._desk.reached(audience, now))
                await self._store.add(Mailing(id, event, "reminder", audience, "running", due, "", total))

    async def _send_all(self, mailing: Mailing) -> None:
        """Raises Unavailable when the mail server is away: the next pass goes on."""
        reached, after = self._desk.reached(mailing.audience, self._ports.clock()), ""
        while found := await self._people.audience(mailing.event, reached, after=after, limit=PAGE):
            begun = await self._store.has(mailing.id, [one.id for one in found])
            left = [one for one in found if one.id not in begun and self._concerns(mailing, one)]
            for start in range(0, len(left), MOST_AT_ONCE):
                if not await self._store.is_running(mailing.id):
                    return
                leaving = [self._send(mailing, one) for one in left[start : start + MOST_AT_ONCE]]
                together = await asyncio.gather(*leaving, return_exceptions=True)
                for failed in together:
                    if isinstance(failed, BaseException):
                        raise failed
            after = found[-1].id
        await self._store.stand(mailing, replace(mailing, state="done"))

    def _concerns(self, mailing: Mailing, person: Person) -> bool:
        """Whoever confirmed after a reminder was due, or after something moved, has just read how it stands."""
        return mailing.kind == "words" or (person.confirmed_at is not None and person.confirmed_at <= mailing.made_at)

    async def _send(self, mailing: Mailing, person: Person) -> None:
        if not await self._store.begin(mailing.id, person.id, self._ports.clock()):
            return
        token = access.mail_token(self._ports.secrets, person.id, mailing.id)
        try:
            await self._links.mint(token, person, purpose="mail", draft=None)
            await self._mails.send(self._composer.of(mailing, person, self._mails.link(token, "/place")), person)
        except Unavailable:
            await self._store.give_back(mailing.id, person.id)
            raise
        except (Refused, ValueError):
            await self._store.left(mailing.id, person.id, "refused", self._ports.clock())
            return
        await self._store.left(mailing.id, person.id, "sent", self._ports.clock())
