"""Use cases about what is kept of people: their list, confirming a hub, revoking, exporting, erasing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from services.registration.answers.store import AnswerStore
from services.registration.door.store import DoorStore
from services.registration.mailings.store import MailingStore
from services.registration.people import domain
from services.registration.people.app import Placing
from services.registration.people.domain import Person
from services.registration.people.draft import Draft, FormAnswer, ImageChoice
from services.registration.people.reach import Attending
from services.registration.people.saving import Saving, again
from services.registration.people.store import PeopleStore, cursor_of
from services.registration.people.tombstones import Tombstones
from services.registration.places.domain import Holding
from services.registration.programme.open_days import EventDay, by_door, coming
from shared.bus.port import Delivery
from shared.clock import to_text
from shared.errors import NotFound
from shared.events.person import PersonErased
from shared.events.vocabulary import DOORS
from shared.ids import is_uuid
from shared.service.ports import Ports

log = logging.getLogger("tablee.registration")

PAGE: Final = 50
"""People on one page of their list."""
MOST_SEARCH: Final = 100
MOST_CURSOR: Final = 300


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`more` is the cursor of the next page, empty when this is the last."""

    people: tuple[Person, ...]
    more: str


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many confirmed registrations there are for a day, by door."""

    day: EventDay
    doors: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.doors.values())


class Records:
    """`days`: those of the event."""

    def __init__(
        self,
        ports: Ports,
        store: PeopleStore,
        answers: AnswerStore,
        door: DoorStore,
        mailings: MailingStore,
        tombstones: Tombstones,
        placing: Placing,
        *,
        days: Callable[[datetime], Sequence[EventDay]],
    ) -> None:
        self._placing = placing
        self._tombstones = tombstones
        self._ports = ports
        self._store = store
        self._answers = answers
        self._door = door
        self._mailings = mailings
        self._days = days
        self._saving = Saving(ports, store)

    async def revoke(self, person_id: str, reason: str) -> None:
        """Raises NotFound("registration.person_unknown")."""
        await again(lambda: self._revoke(person_id, reason))

    async def _revoke(self, person_id: str, reason: str) -> None:
        person = domain.require_found(await self._store.person(person_id) if is_uuid(person_id) else None)
        now = self._ports.clock()
        gone, events = domain.revoke(person, reason, now)
        if events:
            # From this save on no link, session or new pass of the person counts: each of them looks at the person.
            await self._placing.save(gone, events, now)
        await self._store.end_sessions_of(person.id)

    async def registrants(self, search: str, after: str, day: str = "") -> PeoplePage:
        """Whoever registered and did not withdraw, by name; only those who come on the day with the id `day` where it is one of the event.
        `after` is where the page before this one ended."""
        found = await self._store.registrants(
            self._ports.event_id, search.strip()[:MOST_SEARCH], after=after[:MOST_CURSOR], limit=PAGE + 1, on=self._attending(day)
        )
        more = cursor_of(found[PAGE - 1]) if len(found) > PAGE else ""
        return PeoplePage(tuple(found[:PAGE]), more)

    async def by_day(self) -> list[DayCount]:
        """Confirmed registrations for each day of an event of several; empty for an event of one."""
        days = self._days(self._ports.clock())
        chosen = await self._store.confirmed_choices(self._ports.event_id) if len(days) > 1 else []
        found: dict[str, dict[str, int]] = {day.id: dict.fromkeys(DOORS, 0) for day in days}
        for kept, door, people in chosen:
            for day in coming(kept, door, days):
                found[day.id][door] += people
        return [DayCount(day, found[day.id]) for day in days] if len(days) > 1 else []

    def _attending(self, id: str) -> Attending | None:
        days = self._days(self._ports.clock())
        if all(day.id != id for day in days):
            return None
        return Attending(id, tuple(door for door in DOORS if any(day.id == id for day in by_door(door, days))))

    async def registrant(self, person_id: str) -> Person:
        """Raises NotFound("registration.person_unknown"), also for the holders of shared links."""
        person = domain.require_found(await self._store.person(person_id) if is_uuid(person_id) else None)
        if person.kind != "registrant" or person.erased_at is not None:
            raise NotFound("registration.person_unknown")
        return person

    async def confirm_hub(self, person_id: str) -> None:
        """Raises NotFound("registration.person_unknown"), Conflict("registration.no_hub")."""
        await again(partial(self._confirm_hub, person_id))

    async def _confirm_hub(self, person_id: str) -> None:
        person = domain.require_found(await self._store.person(person_id) if is_uuid(person_id) else None)
        confirmed = domain.confirm_hub(person)
        if confirmed != person:
            now = self._ports.clock()
            await self._saving.save(confirmed, domain.declared(person, confirmed, now), now)

    async def erase(self, person_id: str) -> None:
        """Name, address, image choices, links and mails of the person go; the other services learn it. Harmless to repeat.

        Raises Denied("registration.place_fixed") for the holders of shared links.
        """
        await again(partial(self._erase, person_id))

    async def _erase(self, person_id: str) -> None:
        person = await self._store.person(person_id)
        if person is None:
            return
        now = self._ports.clock()
        gone, events = domain.erase(person, now)
        await self._tombstones.add(person.id, now)
        # Whatever needs the address to be found goes first, so that an erasure cut short can be done again.
        if person.email is not None:
            await self._ports.mailer.forget(person.email)
        await self._store.delete_credentials_of(person.id)
        await self._answers.forget(person.id)
        await self._mailings.forget(person.id)
        await self._door.forget(person.id)
        if events:
            await self._placing.save(gone, events, now)
        await self._store.end_sessions_of(person.id)

    async def erase_again(self) -> int:
        """At the start: whoever was erased and is there again, because an old backup was restored. How many there were."""
        found = 0
        for id in await self._tombstones.all():
            person = await self._store.person(id)
            if person is not None and person.erased_at is None:
                await self.erase(id)
                found += 1
        if found:
            log.warning("people of a restored backup were erased again", extra={"people": found})
        return found

    async def erased(self, event: PersonErased, delivery: Delivery) -> None:
        """Once it is certain that everybody learns of it: what was given up on and named them goes as well, and what came in between.
        Harmless to repeat."""
        await self._ports.bus.drop_dead_letters(event.person_id)
        await self._store.delete_credentials_of(event.person_id)
        await self._store.end_sessions_of(event.person_id)
        await self._answers.forget(event.person_id)
        await self._mailings.forget(event.person_id)

    async def export(self, person_id: str) -> Mapping[str, object]:
        """What registration keeps of a person, as JSON values; empty when it keeps nothing."""
        person = await self._store.person(person_id)
        if person is None or person.erased_at is not None:
            return {}
        mails = await self._ports.mailer.mails_to(person.email) if person.email is not None else []
        return {
            **_plain_person(person),
            "links": [
                {"made_for": one.purpose, "from": to_text(one.not_before), "until": to_text(one.expires_at)}
                for one in await self._store.credentials_of(person.id)
            ],
            "browsers": await self._store.sessions_of(person.id),
            "mails": list(mails),
            "messages": [
                {"kind": one.kind, "subject": one.said_in(person.language).subject if one.words else None, "at": to_text(at)}
                for one, at in await self._mailings.of_person(person.id)
            ],
            "answered": [
                {"session": one.session, "question": one.text, "name": one.name, "answer": one.answer}
                for one in await self._answers.of_author(person.id)
            ],
            "door": [
                {"passage": scan.kind, "at": to_text(scan.at), "session": stay.place}
                for stay in await self._door.stays_of(person.id)
                for scan in stay.scans
            ],
        }


def _plain_person(person: Person) -> dict[str, object]:
    return {
        "person": {
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "door": person.door,
            "days": _plain_days(person),
            "headcount": person.headcount,
            "language": person.language,
            "state": person.state.value,
            "registered_at": to_text(person.registered_at),
            "confirmed_at": to_text(person.confirmed_at) if person.confirmed_at else None,
        },
        "places": [{"door": one.door, "day": one.day, "standing": one.standing, "since": to_text(one.since)} for one in person.holdings],
        "image_rights": [_plain_choice(one) for one in person.image_rights],
        "form_answers": [_plain_answer(one) for one in person.answers],
        "unconfirmed": [_plain_draft(one) for one in person.drafts],
    }


def _plain_draft(one: Draft) -> dict[str, object]:
    return {
        "name": one.name,
        "door": one.door,
        "days": _plain_days(one),
        "headcount": one.headcount,
        "image_rights": _plain_choice(one.image),
        "form_answers": [_plain_answer(each) for each in one.answers],
    }


def _plain_answer(one: FormAnswer) -> Mapping[str, object]:
    return {"question": one.asked, "said": list(one.values)}


def _plain_days(one: Person | Draft) -> list[str] | str:
    return list(one.days) or "all"


def _plain_holding(one: Holding) -> dict[str, object]:
    return {"door": one.door, "day": one.day, "standing": one.standing, "since": to_text(one.since)}


def _plain_choice(one: ImageChoice) -> Mapping[str, object]:
    return {"choice": one.choice, "text": one.text_version, "text_sha256": one.text_sha256, "at": to_text(one.at), "where": one.channel}
