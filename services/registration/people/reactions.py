"""What registration does when events come: send the mail with the personal link, follow the programme of other replicas.

What must not be here: HTTP, SMTP, what the mail says.
"""

from __future__ import annotations

import logging
from typing import Final
from zoneinfo import ZoneInfo

from services.registration.people import access
from services.registration.people.app import Registration
from services.registration.people.domain import Person, State
from services.registration.people.mail import MailFacts, compose
from services.registration.programme.app import Publication
from services.registration.programme.day import whole_day
from shared.bus.port import Delivery, Group, Refused
from shared.config import Settings
from shared.errors import Invalid
from shared.events.person import PersonRegistered
from shared.messages.dates import moment
from shared.service.ports import Ports

log = logging.getLogger("tablee.registration")

MAIL: Final = Group("registration.mail", (PersonRegistered.TYPE,))


class Mails:
    """Group `registration.mail`. Harmless to repeat: the link follows from the event, so a second attempt sends the same mail."""

    def __init__(self, ports: Ports, settings: Settings, registration: Registration, publication: Publication) -> None:
        self._ports = ports
        self._settings = settings
        self._registration = registration
        self._publication = publication
        self._sent = ports.metrics.counter("tablee_registration_mails_total", "Mails with a personal link", ("outcome",))

    async def on_registered(self, event: PersonRegistered, delivery: Delivery) -> None:
        """Raises Unavailable to be tried again, Refused when it never will work."""
        id = delivery.envelope.id
        person = await self._registration.person(event.person_id)
        if person is None or person.email is None:
            raise Refused("the person is gone or has no address")
        if person.state is State.REVOKED:
            return
        draft = id if any(one.id == id for one in person.drafts) else None
        token = access.mail_token(self._ports.secrets, person.id, id)
        await self._registration.mint(token, person, purpose="mail", draft=draft)
        message = compose(self._facts(person, person.email, draft, token, id), self._ports.messages)
        try:
            await self._ports.mailer.send(message)
        except Invalid as refused:
            self._sent.labels("refused").inc()
            raise Refused(refused.code) from None
        self._sent.labels("sent").inc()
        log.info("a personal link was mailed", extra={"person": person.id})

    def _facts(self, person: Person, to: str, draft: str | None, token: str, mail: str) -> MailFacts:
        shown, now, messages = person.shown(draft), self._ports.clock(), self._ports.messages
        link = access.link(self._settings, token)
        programme = self._publication.running.programme
        venue = programme.event.venue
        start, _ = whole_day(programme, now)
        choice = person.draft_of(draft).image.choice if person.state is State.PENDING else person.image_choice
        host = self._settings.origin.partition("://")[2].partition(":")[0]
        return MailFacts(
            to=to,
            sender=self._settings.mail_from,
            name=shown.name,
            event=programme.event.name,
            link=link,
            door=shown.door,
            language=shown.language,
            image_choice=choice,
            when=moment(messages, shown.language, start.astimezone(ZoneInfo(programme.event.timezone))) if start else "",
            where=", ".join(part for part in (venue.name, venue.address) if part) if venue else "",
            calendar=self._publication.personal_calendar(
                now,
                link=link,
                door=shown.door,
                hint=messages.text(shown.language, "letter.calendar.hint", link=link),
                join=messages.text(shown.language, "letter.calendar.join"),
            ),
            message_id=f"<{mail}@{host}>",
            sent_at=now,
        )
