"""The use cases of the door: the sealed list of a day, scans, taking one back, people who walk in, finding somebody by name, counts.

What must not be here: HTTP, rules of a stay (`domain`), how codes are made.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from services.registration.door import domain
from services.registration.door.domain import ENTRANCE, Refusal, Scan, Stay, Told
from services.registration.door.store import DoorStore
from services.registration.door.tickets import Tickets
from services.registration.people import domain as people
from services.registration.people.domain import Person, State
from services.registration.people.draft import ImageChoice
from services.registration.people.form import check_walk_in
from services.registration.people.saving import Saving, again
from services.registration.people.store import PeopleStore
from services.registration.places.domain import has_place
from services.registration.programme.format.model import Programme
from services.registration.programme.open_days import EventDay, coming
from shared.errors import NotFound
from shared.ids import is_uuid
from shared.service.ports import Ports
from shared.storage.port import Duplicate

MOST_FOUND: Final = 20
LEAST_SEARCH: Final = 2
RELEARN: Final = timedelta(seconds=1)
"""Unknown tickets make this process look for new people at most so often."""
WALK_INS: Final = uuid.UUID("6a0f5a0e-9a3c-5a55-8d2f-1f6f1e3c9b10")


class AtTheDoor(Protocol):
    """What the event says of itself at a moment."""

    @property
    def running(self) -> _Running: ...

    def open_days(self, now: datetime) -> Sequence[EventDay]: ...

    def image_text(self) -> tuple[str, str]: ...


class _Running(Protocol):
    @property
    def programme(self) -> Programme: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A scan as a desk sends it, untrusted. Whose: the index of a ticket (`codes.index_of`), else a person found by name. `insist`: they
    are in, whatever the list says: the desk let them in without a line, or on purpose."""

    nonce: str
    kind: domain.Kind
    at: datetime
    desk: str
    place: str = ENTRANCE
    ticket: str = ""
    person: str = ""
    insist: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a desk is told. `person` None where it learns of nobody; `first`: the scan that came before its own."""

    told: Told | Refusal
    person: Person | None = None
    first: Scan | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody found by name; `entry`: by which they are in."""

    person: Person
    expected: bool
    entry: Scan | None


@dataclass(frozen=True, slots=True)
class SealedList:
    """`lines`: (index, sealed) of every ticket; `inside`: (index, place, entry) of those who are in today."""

    day: str
    made_at: datetime
    salt: bytes
    lines: list[tuple[str, str]]
    inside: list[tuple[str, str, Scan]]


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """Of one place on one day. `doors`: who arrived, by the door they registered for."""

    day: str
    place: str
    expected: int
    arrived: int
    inside: int
    walk_ins: int
    doors: dict[str, int]


class DoorDesk:
    def __init__(self, ports: Ports, store: DoorStore, people: PeopleStore, event: AtTheDoor, tickets: Tickets) -> None:
        self._ports = ports
        self._store = store
        self._people = people
        self._event = event
        self._tickets = tickets
        self._saving = Saving(ports, people)
        self._learnt_at: datetime | None = None

    # --- scans ------------------------------------------------------------------------------------------------------------
    async def scan(self, shown: Shown) -> Verdict:
        """The same answer however often it is sent. Raises NotFound("door.place_unknown"), TooMany, Unavailable."""
        now = self._ports.clock()
        self._require_place(shown.place)
        person = await self._whose(shown, now)
        at = domain.made_at(shown.at, now)
        refusal = self._refusal(person, shown, at)
        if person is None or (refusal is not None and not shown.insist):
            return Verdict(refusal or "unknown", person if refusal in ("other_door", "other_day") else None)
        scan = Scan(shown.nonce, shown.kind, at, now, shown.desk)
        return await again(partial(self._log, person, shown.place, scan))

    async def _log(self, person: Person, place: str, scan: Scan) -> Verdict:
        stay = domain.take(await self._stay(person, place, scan.at), scan)
        await self._keep(stay)
        told, first = domain.told(stay, scan.nonce)
        return Verdict(told, person, first)

    async def undo(self, undoes: str, nonce: str, at: datetime, desk: str) -> Verdict:
        """Raises NotFound("door.scan_unknown"), TooMany, Unavailable."""
        now = self._ports.clock()
        scan = Scan(nonce, "undo", domain.made_at(at, now), now, desk, undoes)
        return await again(partial(self._undo, scan))

    async def _undo(self, scan: Scan) -> Verdict:
        known = await self._store.stay_of_scan(scan.undoes)
        if known is None or known.event != self._ports.event_id:
            raise NotFound("door.scan_unknown")
        await self._keep(domain.undo(known, scan))
        return Verdict("undone", await self._people.person(known.person) if known.person else None)

    async def walk_in(self, shown: Shown, name: str, language: str, image_rights: str) -> Verdict:
        """Somebody who never registered comes in; sent again it is the same person. Raises Invalid("registration.form"), and as `scan`."""
        self._require_place(shown.place)
        checked = check_walk_in(name, language, image_rights, self._ports.messages.languages)
        now, id = self._ports.clock(), str(uuid.uuid5(WALK_INS, f"{self._ports.event_id}:{shown.nonce}"))
        at, known = domain.made_at(shown.at, now), await self._people.person(id)
        if known is None:
            version, sha256 = self._event.image_text()
            choice = ImageChoice(checked.image_rights, version, sha256, at, "door")
            known, events = people.walk_in(id, self._ports.event_id, checked.name, checked.language, choice)
            try:
                await self._people.add_person(known, self._saving.seal(known, 1, events, now, first_id=None))
                self._ports.relay_wake()
            except Duplicate:  # sent twice at once
                known = await self._people.person(id) or known
        scan = Scan(shown.nonce, "walk_in", at, now, shown.desk)
        return await again(partial(self._log, known, shown.place, scan))

    # --- what a desk reads ------------------------------------------------------------------------------------------------
    async def sealed_list(self) -> SealedList:
        """What a desk needs of today while it has no line, and cannot read without the tickets themselves."""
        now, event = self._ports.clock(), self._ports.event_id
        day = self._day(now)
        holders = await self._people.ticket_holders(event)
        days = self._event.open_days(now)
        sealing = [(one, [each.date.isoformat() for each in coming(one.days, one.door, days)]) for one in holders]
        lines = await asyncio.to_thread(lambda: [self._tickets.line(one, dates) for one, dates in sealing])
        found = [(stay, domain.presence(stay).entry) for stay in await self._store.inside(event, day)]
        inside = [(self._tickets.index_of(stay.person), stay.place, entry) for stay, entry in found if stay.person and entry]
        return SealedList(day, now, self._tickets.salt, lines, inside)

    async def search(self, text: str, place: str) -> list[Found]:
        """Confirmed people whose name holds `text`, at most MOST_FOUND; nobody for a shorter text than LEAST_SEARCH. Raises NotFound."""
        self._require_place(place)
        if len(text.strip()) < LEAST_SEARCH:
            return []
        now, event = self._ports.clock(), self._ports.event_id
        found = await self._people.registrants(event, text.strip(), after="", limit=MOST_FOUND)
        return [await self._found(one, place, now) for one in found if one.state is State.CONFIRMED]

    async def _found(self, person: Person, place: str, now: datetime) -> Found:
        stay = await self._store.stay(person.event, self._day(now), place, person.id)
        entry = domain.presence(stay).entry if stay else None
        return Found(person, person.has_ticket and self._expected(person, now, now), entry)

    async def counts(self, place: str) -> DoorCounts:
        """Raises NotFound("door.place_unknown")."""
        self._require_place(place)
        now = self._ports.clock()
        day, doors = self._day(now), dict[str, int]()
        groups = await self._store.counts(self._ports.event_id, day, place)
        for door, _, _, number in groups:
            doors[door] = doors.get(door, 0) + number
        return DoorCounts(
            day=day,
            place=place,
            expected=await self._expecting(now),
            arrived=sum(doors.values()),
            inside=sum(number for _, inside, _, number in groups if inside),
            walk_ins=sum(number for _, _, walked_in, number in groups if walked_in),
            doors=doors,
        )

    async def _expecting(self, now: datetime) -> int:
        """How many have a ticket for today; walk-ins are not among them."""
        days, today = self._event.open_days(now), self._day(now)
        chosen = await self._people.ticket_choices(self._ports.event_id)
        return sum(number for kept, number in chosen if _covers(coming(kept, "in_room", days), days, today))

    # --- whose, where, when -----------------------------------------------------------------------------------------------
    async def _whose(self, shown: Shown, now: datetime) -> Person | None:
        id = shown.person if not shown.ticket else self._tickets.person_of(shown.ticket)
        if id is None and (self._learnt_at is None or now - self._learnt_at >= RELEARN):
            self._tickets.learn(await self._people.registrant_ids(self._ports.event_id))
            self._learnt_at, id = now, self._tickets.person_of(shown.ticket)
        person = await self._people.person(id) if id and is_uuid(id) else None
        return person if person is not None and person.event == self._ports.event_id and person.kind == "registrant" else None

    def _refusal(self, person: Person | None, shown: Shown, at: datetime) -> Refusal | None:
        if person is None:
            return "unknown"
        if person.state is State.REVOKED:
            return "withdrawn"
        if person.state is State.PENDING:
            return "unconfirmed"
        if shown.kind == "exit":
            return None
        if not person.has_ticket:
            return "other_door"
        return None if self._expected(person, at, at) else "other_day"

    def _expected(self, person: Person, at: datetime, now: datetime) -> bool:
        days = self._event.open_days(now)
        mine = [day for number, day in enumerate(days, 1) if has_place(person.holdings, person.door, number)]
        return _covers([day for day in coming(person.days, person.door, days) if day in mine], days, self._day(at))

    def _day(self, at: datetime) -> str:
        return at.astimezone(ZoneInfo(self._event.running.programme.event.timezone)).date().isoformat()

    def _require_place(self, place: str) -> None:
        if place != ENTRANCE and self._event.running.programme.session(place) is None:
            raise NotFound("door.place_unknown")

    async def _stay(self, person: Person, place: str, at: datetime) -> Stay:
        day = self._day(at)
        known = await self._store.stay(person.event, day, place, person.id)
        return known or Stay(self._ports.new_id(), person.event, day, place, person.id, person.door)

    async def _keep(self, stay: Stay) -> None:
        await self._store.keep(stay)


def _covers(mine: Sequence[EventDay], days: Sequence[EventDay], today: str) -> bool:
    """Whether whoever comes on the days `mine` is expected on the date `today`; on a date that is no day of the event, everybody is."""
    dates = {day.date.isoformat() for day in mine}
    return today in dates or all(day.date.isoformat() != today for day in days)
