"""The mails that registration sends: with the link, when somebody registers or asks for it again; with the ticket, when they come by the
room; with an answer, once it is written."""

from __future__ import annotations

import logging
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import urlencode

from prometheus_client import Counter

from services.registration.answers.store import AnswerStore
from services.registration.door.tickets import Tickets
from services.registration.pages.qr import png_of
from services.registration.people import access
from services.registration.people.delivery import Undeliverable
from services.registration.people.diary import begins_at, days_in_words, own_calendar
from services.registration.people.domain import Person, State
from services.registration.people.links import Links
from services.registration.people.mail import AnswerFacts, MailFacts, compose, compose_answered, compose_withdrawn
from services.registration.people.mail_ticket import TicketFacts, compose_ticket
from services.registration.places.domain import has_place
from services.registration.programme.app import Publishing
from shared.bus.port import Delivery, Refused
from shared.config import Settings
from shared.errors import Invalid, Unavailable
from shared.events.answer import AnswerRecorded
from shared.events.person import PersonRegistered
from shared.events.ticket import TicketIssued
from shared.messages.dates import moment
from shared.service.ports import Ports

log = logging.getLogger("tablee.registration")


class Mails:
    """Groups `registration.mail`, `registration.ticket_mails` and `registration.answer_mails`. Harmless to repeat: a link follows from
    its event, so that a second attempt sends the same mail."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        links: Links,
        publishing: Publishing,
        undeliverable: Undeliverable,
        answers: AnswerStore,
        tickets: Tickets,
    ) -> None:
        self._ports = ports
        self._settings = settings
        self._links = links
        self._publishing = publishing
        self._undeliverable = undeliverable
        self._answers = answers
        self._tickets = tickets
        about = "Mails: sent, refused for good, deferred to a later attempt"
        self._sent = Counter("tablee_registration_mails_total", about, ("outcome",), registry=ports.metrics)

    async def on_registered(self, event: PersonRegistered, delivery: Delivery) -> None:
        """Raises Unavailable to be tried again, Refused when it never will work."""
        id = delivery.envelope.id
        person = await self._links.person(event.person_id)
        if person is None:
            raise Refused("there is no such person")
        if person.email is None:
            return  # erased since: nobody is left to write to
        if person.state is State.REVOKED:
            await self.send(compose_withdrawn(self.facts(person, person.email, None, "", id), self._ports.messages), person)
            return
        draft = id if any(one.id == id for one in person.drafts) else None
        token = access.mail_token(self._ports.secrets, person.id, id)
        await self._links.mint(token, person, purpose="mail", draft=draft)
        message = compose(self.facts(person, person.email, draft, self.link(token, event.to), id), self._ports.messages)
        await self.send(message, person)

    async def on_answered(self, event: AnswerRecorded, delivery: Delivery) -> None:
        """An answer in writing that came when the session was over is told to whoever asked, once; what is answered while it goes on they
        follow there. What a newer event has changed meanwhile is not sent any more. Raises as `on_registered`."""
        person = await self._links.person(event.author) if event.answer and event.author else None
        if person is None or person.email is None or person.state is State.REVOKED or not self._over(event.session):
            return
        if await self._answers.mailed(event.question) or await self._answers.newest(event.question) > delivery.envelope.seq:
            return
        link = f"{self._settings.origin}/answers?{urlencode({'session': event.session})}#q-{event.question}"
        facts = self.facts(person, person.email, None, link, delivery.envelope.id)
        await self.send(compose_answered(facts, AnswerFacts(event.text, event.answer, link), self._ports.messages), person)
        await self._answers.mark_mailed(event.question, self._ports.clock())

    async def on_ticket(self, event: TicketIssued, delivery: Delivery) -> None:
        """Somebody comes by the room: their ticket. Raises as `on_registered`."""
        person = await self._links.person(event.person_id)
        if person is None or person.email is None or not person.has_ticket:
            return
        if not self._publishing.state(self._ports.clock()).expects_in_room:
            return
        code = self._tickets.code_of(person.id)
        facts = self.facts(person, person.email, None, f"{self._settings.origin}/place", delivery.envelope.id)
        await self.send(compose_ticket(facts, TicketFacts(code, png_of(code)), self._ports.messages), person)

    def _over(self, session: str) -> bool:
        slot = self._publishing.running_order(self._ports.clock()).get(session)
        return slot is not None and slot.progress == "over"

    async def send(self, message: EmailMessage, person: Person) -> None:
        """Raises Unavailable to be tried again, Refused when it never will work."""
        try:
            await self._ports.mailer.send(message)
        except Invalid as refused:
            self._sent.labels("refused").inc()
            raise Refused(refused.code) from None
        except Unavailable:
            self._sent.labels("deferred").inc()
            await self._undeliverable.deferred()
            raise
        self._sent.labels("sent").inc()
        with suppress(Unavailable):  # the mail has left: it is not sent again for this; the next one says the same
            await self._undeliverable.taken()
        log.info("a mail was sent", extra={"person": person.id})

    def link(self, token: str, to: str) -> str:
        """`to`: a page of ours (`access.way_back`)."""
        return access.link(self._settings, token, access.way_back(to))

    def facts(self, person: Person, to: str, draft: str | None, link: str, mail: str) -> MailFacts:
        shown, now, messages = person.shown(draft), self._ports.clock(), self._ports.messages
        programme = self._publishing.running.programme
        venue, state = programme.event.venue, self._publishing.state(now)
        begins, (days, lost_days) = begins_at(self._publishing, shown, now), days_in_words(self._publishing, messages, shown, now)
        choice = person.draft_of(draft).image.choice if person.state is State.PENDING else person.image_choice
        host = self._settings.origin.partition("://")[2].partition(":")[0]
        return MailFacts(
            to=to,
            sender=self._settings.mail_from,
            name=shown.name,
            event=programme.event.name,
            link=link,
            door=shown.door if person.state is State.PENDING or has_place(person.holdings, person.door) else "remote",
            counted=person.state is State.PENDING and self._publishing.is_limited(shown.door),
            language=shown.language,
            image_choice=choice,
            when=moment(messages, shown.language, begins, programme.event.timezone) if state.coming and begins else "",
            where=", ".join(part for part in (venue.name, venue.address) if part) if venue and state.expects_in_room else "",
            calendar=own_calendar(self._publishing, messages, shown, now) if state.coming else "",
            message_id=f"<{mail}@{host}>",
            sent_at=now,
            event_language=programme.language,
            days=days if state.coming else "",
            lost_days=lost_days if state.coming else "",
            headcount=shown.headcount if state.coming else None,
            site=self._publishing.site_url,
            colours=self._publishing.colours,
            standing="" if state.expects_in_room else "moved_online" if state.coming else state.phase,
        )
