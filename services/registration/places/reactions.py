"""The mails about places, sent when a place changed, to whoever it still concerns when they leave."""

from __future__ import annotations

from services.registration.people import access
from services.registration.people.diary import BETWEEN
from services.registration.people.domain import Person, State
from services.registration.people.links import Links
from services.registration.people.reactions import Mails
from services.registration.places.app import Seating
from services.registration.places.domain import Holding
from services.registration.places.letter import PlaceFacts, compose_place
from services.registration.programme.app import Publishing
from shared.bus.port import Delivery, Refused
from shared.events.place import PlaceChanged
from shared.messages import dates
from shared.service.ports import Ports


class PlaceMails:
    """Group `registration.place_mails`. Harmless to repeat: the link follows from the event, so that a second attempt is the same mail."""

    def __init__(self, ports: Ports, mails: Mails, links: Links, publishing: Publishing, seating: Seating) -> None:
        self._ports, self._mails, self._links = ports, mails, links
        self._publishing, self._seating = publishing, seating

    async def on_changed(self, event: PlaceChanged, delivery: Delivery) -> None:
        """What is no more so is not told. Raises Unavailable to be tried again, Refused when it never will work."""
        person = await self._links.person(event.person_id)
        if person is None:
            raise Refused("there is no such person")
        held = [one for one in person.holdings if (one.door, one.standing) == (event.door, event.standing) and one.day in event.days]
        if person.email is None or person.state is State.REVOKED or event.standing == "lapsed" or not held or self._ended(held):
            return
        id = delivery.envelope.id
        token = access.mail_token(self._ports.secrets, person.id, id)
        await self._links.mint(token, person, purpose="mail", draft=None)
        facts = self._mails.facts(person, person.email, None, self._mails.link(token, "/place"), id)
        await self._mails.send(compose_place(facts, await self._told(person, held), self._ports.messages), person)

    def _ended(self, held: list[Holding]) -> bool:
        return all(one.until is not None and one.until <= self._ports.clock() for one in held)

    async def _told(self, person: Person, held: list[Holding]) -> PlaceFacts:
        messages, language, first = self._ports.messages, person.language, held[0]
        days = self._publishing.open_days(self._ports.clock())
        mine = [days[one.day - 1].date for one in held if one.day <= len(days)] if len(days) > 1 else []
        zone = self._publishing.running.programme.event.timezone
        return PlaceFacts(
            standing=first.standing,
            door=first.door,
            days=BETWEEN.join(dates.day(messages, language, day) for day in mine),
            rank=await self._seating.place_in_line(first) if first.standing == "waiting" and len(held) == 1 else None,
            until=dates.moment(messages, language, first.until, zone) if first.until is not None else "",
        )
