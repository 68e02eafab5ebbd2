"""Who gets a place, decided on what the store holds: a change of a person and of the lines they stand in is one transaction, so that any
number of processes give out each place once. Those who come at one moment are decided together, in the order in which they came.

What must not be here: HTTP, mails, the rules of the lines (`domain`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from services.registration.people.domain import Person, State, ticketed
from services.registration.people.in_line import PeopleInLine
from services.registration.people.saving import Saving, again
from services.registration.people.store import PeopleStore
from services.registration.places import domain
from services.registration.places.domain import Answer, Board, Held, Holding, LineKey, PlaceLine
from services.registration.places.store import LineStore
from services.registration.places.wishes import is_settled, told, wanted_by
from services.registration.programme.open_days import EventDay
from shared.errors import Conflict, DomainError, NotFound
from shared.events.envelope import Envelope
from shared.events.kind import Event
from shared.events.ticket import TicketIssued
from shared.events.vocabulary import DOORS, Door
from shared.group_commit import GroupCommit
from shared.ids import is_uuid
from shared.service.ports import Ports
from shared.storage.port import Duplicate, StaleVersion, Transaction

log = logging.getLogger("tablee.registration")

MOST_TOGETHER: Final = 100
"""People in one transaction: it must end long before the store's deadline."""
MOST_PASSED_ON: Final = 50
"""Offers made, or ended, in one transaction."""
SWEEP_SECONDS: Final = 5.0
"""How late an offer that ended passes on, and how soon places that an import added are offered."""
PAGE: Final = 500

Act = Callable[[Board, Held], Held]


class PlacePlan(Protocol):
    """What the programme in force says."""

    @property
    def version(self) -> int: ...

    def open_days(self, now: datetime) -> Sequence[EventDay]: ...

    def doors(self, now: datetime) -> Collection[str]: ...

    def capacity(self, door: Door, day: int) -> int | None: ...


@dataclass(frozen=True, slots=True)
class PlaceWish:
    """A person as they are to be saved, with the events of that; `act` changes what they hold before they are put in line."""

    person: Person
    events: tuple[Event, ...]
    now: datetime
    first_id: str | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class LineState:
    """A line as operators and forms see it. `places`: how many, None for as many as come; `stated`: by the programme."""

    line: PlaceLine
    day: EventDay
    places: int | None
    stated: int | None
    full: bool

    @property
    def free(self) -> int | None:
        return None if self.places is None else max(0, self.places - self.line.taken)


class Seating:
    def __init__(self, ports: Ports, people: PeopleStore, lines: LineStore, plan: PlacePlan) -> None:
        self._ports, self._people, self._lines, self._plan = ports, people, lines, plan
        self._queue = PeopleInLine(ports.database)
        self._saving = Saving(ports, people)
        self._group: GroupCommit[PlaceWish, Person | None] = GroupCommit(self._carry_out, most_together=MOST_TOGETHER)
        self._settled = -1
        """The version of the programme by which everybody was put in line last."""

    async def prepare(self) -> None:
        await self._lines.prepare(self._ports.event_id)

    # --- people -----------------------------------------------------------------------------------------------------------
    async def save(self, person: Person, events: Sequence[Event], now: datetime, *, first_id: str | None = None) -> Person:
        """Save a person and put them in the lines they now want, and out of the others. Raises StaleVersion."""
        wanted = wanted_by(person, self._plan.open_days(now))
        if wanted is None or domain.is_settled(Board((), self._stated), person.holdings, wanted):
            await self._saving.save(person, events, now, first_id=first_id)
            return _saved(person)
        return await self._submit(PlaceWish(person, tuple(events), now, first_id))

    async def answer(self, person_id: str, key: LineKey, answer: Answer) -> Person:
        """Take an offer, or decline it. Raises Conflict("registration.no_offer" | "registration.offer_over")."""
        now = self._ports.clock()
        return await self._move(person_id, key, lambda board, held: board.answer(held, answer, now), "registration.no_offer")

    async def ask_again(self, person_id: str, key: LineKey) -> Person:
        """Stand in line again after an offer was not taken. Raises Conflict("registration.not_waiting")."""
        now = self._ports.clock()
        return await self._move(person_id, key, lambda board, held: board.ask_again(held, now), "registration.not_waiting")

    async def give(self, person_id: str, key: LineKey) -> Person:
        """A place by hand. Raises NotFound("registration.person_unknown"), Conflict("registration.not_waiting")."""
        now = self._ports.clock()
        return await self._move(person_id, key, lambda board, held: board.give(held, now), "registration.not_waiting")

    async def _move(self, person_id: str, key: LineKey, move: Callable[[Board, Holding], Holding], missing: str) -> Person:
        def act(board: Board, held: Held) -> Held:
            if all(one.key != key for one in held):
                raise Conflict(missing)
            return tuple(move(board, one) if one.key == key else one for one in held)

        return await again(partial(self._moved, person_id, act))

    async def _moved(self, person_id: str, act: Act) -> Person:
        person = await self._people.person(person_id) if is_uuid(person_id) else None
        if person is None or person.state is not State.CONFIRMED:
            raise NotFound("registration.person_unknown")
        return await self._submit(PlaceWish(person, (), self._ports.clock(), act=act))

    async def _submit(self, wish: PlaceWish) -> Person:
        saved = await self._group.submit(wish)
        if saved is None:
            raise StaleVersion
        return saved

    async def place_in_line(self, held: Holding) -> int:
        """How many are before them, and one."""
        return 1 + await self._queue.count_before(self._ports.event_id, held.key, held.number)

    # --- lines ------------------------------------------------------------------------------------------------------------
    async def states(self) -> list[LineState]:
        """Every line of the doors that are offered, and those in which somebody stands, by day."""
        now = self._ports.clock()
        board, days, doors = await self._board(None), self._plan.open_days(now), self._plan.doors(now)
        found = []
        for number, day in enumerate(days, 1):
            for door in DOORS:
                key, line = LineKey(door, number), board.line(LineKey(door, number))
                if (door in doors and door in day.doors) or line.taken or line.waiting:
                    found.append(LineState(line, day, board.capacity(key), self._stated(key), not board.open_to_all(key)))
        return found

    async def set_places(self, key: LineKey, places: int | None) -> None:
        """How many there are, by hand; None: as the programme says. Whoever has a place keeps it.

        Raises NotFound("registration.no_line").
        """
        if key.day > len(self._plan.open_days(self._ports.clock())) or key.day < 1:
            raise NotFound("registration.no_line")

        async def work(transaction: Transaction) -> None:
            board = await self._board(transaction)
            board.set_by_hand(key, places)
            await self._pass_on(board, self._ports.clock(), transaction)

        await again(lambda: self._ports.database.transact(work))
        self._settled = -1  # who waits may come from afar meanwhile, where that is limited now
        self._ports.relay_wake()

    # --- by itself --------------------------------------------------------------------------------------------------------
    async def follow(self) -> None:
        """A task: end offers, pass places on, put people in line when the programme changed."""
        while True:
            try:
                await self.sweep()
            except (DomainError, StaleVersion, Duplicate) as error:
                log.warning("places could not be passed on", extra={"error": str(error)})
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self) -> None:
        """Harmless to repeat, in any number of processes."""
        version = self._plan.version
        if self._settled != version:
            await self._put_in_line()
            self._settled = version
        now = self._ports.clock()
        while await self._queue.ended_offers(self._ports.event_id, now, 1) or self._due(await self._board(None), now):
            if not await self._ports.database.transact(partial(self._round, now)):
                return
            self._ports.relay_wake()

    async def _put_in_line(self) -> None:
        """Everybody in the order in which they confirmed: days came and went, or they registered before there were lines."""
        now, page = self._ports.clock(), 0
        days, empty = self._plan.open_days(now), Board((), self._stated)
        while people := await self._queue.confirmed(self._ports.event_id, skip=page * PAGE, limit=PAGE):
            astray = [one for one in people if not is_settled(empty, one, wanted_by(one, days))]
            found = await asyncio.gather(*(self._submit(PlaceWish(one, (), now)) for one in astray), return_exceptions=True)
            for error in found:
                if isinstance(error, BaseException) and not isinstance(error, StaleVersion):
                    raise error
            page += 1

    # --- in a transaction -------------------------------------------------------------------------------------------------
    async def _carry_out(self, wishes: Sequence[PlaceWish]) -> Sequence[Person | DomainError | None]:
        found = await self._ports.database.transact(partial(self._together, wishes))
        self._ports.relay_wake()
        return found

    async def _together(self, wishes: Sequence[PlaceWish], transaction: Transaction) -> list[Person | DomainError | None]:
        board, found = await self._board(transaction), list[Person | DomainError | None]()
        known = await self._queue.versions([wish.person.id for wish in wishes], transaction=transaction)
        saves: list[tuple[Person, list[Envelope]]] = []
        for wish in wishes:
            if known.pop(wish.person.id, None) != wish.person.version:
                found.append(None)  # changed meanwhile, or there twice: the second is decided anew
                continue
            mark = board.mark()
            try:
                saves.append(self._sealed(replace(wish.person, holdings=self._decided(board, wish)), wish))
                found.append(_saved(saves[-1][0]))
            except Conflict as refused:
                board.back_to(mark)
                found.append(refused)
        await self._queue.save_people(saves, transaction=transaction)
        await self._pass_on(board, self._ports.clock(), transaction)
        return found

    def _decided(self, board: Board, wish: PlaceWish) -> Held:
        held = wish.person.holdings
        if wish.act is not None:
            held = wish.act(board, held)
        wanted = wanted_by(wish.person, self._plan.open_days(wish.now))
        return held if wanted is None else domain.settle(board, held, wanted, wish.now)

    async def _round(self, now: datetime, transaction: Transaction) -> bool:
        """End offers and pass on; whether anything was done."""
        board = await self._board(transaction)
        for person in await self._queue.ended_offers(self._ports.event_id, now, MOST_PASSED_ON, transaction=transaction):
            held = tuple(
                board.lapse(one, now) if one.standing == "offered" and one.until is not None and one.until <= now else one
                for one in person.holdings
            )
            await self._store(replace(person, holdings=held), person, now, transaction)
        await self._pass_on(board, now, transaction)
        return bool(board.changed)

    async def _pass_on(self, board: Board, now: datetime, transaction: Transaction) -> None:
        """Offer what is free to whoever is next, and store the lines."""
        days, event = self._plan.open_days(now), self._ports.event_id
        for key, number in self._due(board, now).items():
            until = domain.offer_ends(now, days[key.day - 1].starts_at)
            limit = min(number, MOST_PASSED_ON)
            for person in await self._queue.next_in_line(event, key, limit, transaction=transaction):
                held = tuple(board.offer(one, now, until) if one.key == key else one for one in person.holdings)
                await self._store(replace(person, holdings=held), person, now, transaction)
        await self._lines.save(event, board.changed, transaction)

    def _due(self, board: Board, now: datetime) -> dict[LineKey, int]:
        """Nothing is offered for a day that is over or cancelled, nor by a door that is closed."""
        days, doors = self._plan.open_days(now), self._plan.doors(now)
        return {
            key: number for key, number in board.due().items()
            if key.day <= len(days) and not days[key.day - 1].off and key.door in doors
        }  # fmt: skip

    async def _store(self, person: Person, before: Person, now: datetime, transaction: Transaction) -> None:
        saved, sealed = self._sealed(person, PlaceWish(before, (), now))
        await self._people.save_person(saved, sealed, transaction=transaction)

    def _sealed(self, person: Person, wish: PlaceWish) -> tuple[Person, list[Envelope]]:
        """Who is to be saved, with the events of it."""
        kept = [one for one in wish.events if person.has_ticket or not isinstance(one, TicketIssued)]
        events = [*kept, *told(wish.person, person.holdings, wish.now), *ticketed(wish.person, person)]
        return person, self._saving.seal(person, person.version + 1, events, wish.now, first_id=wish.first_id)

    async def _board(self, transaction: Transaction | None) -> Board:
        if transaction is not None:
            await self._lines.hold(self._ports.event_id, transaction)
        return Board(await self._lines.lines(self._ports.event_id, transaction=transaction), self._stated)

    def _stated(self, key: LineKey) -> int | None:
        return self._plan.capacity(key.door, key.day)


def _saved(person: Person) -> Person:
    return replace(person, version=person.version + 1)
