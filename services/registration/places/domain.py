"""The lines of an event: one for each door and day, with the places it has and whoever waits for one. Pure: the moment is a value.

A line counts; what a person has in it, their holding, is kept with the person. A place that is offered is taken until the offer ends.
Nobody passes anybody: while one person waits, whoever comes waits behind them. What must not be here: who may decide, storage, words.

Errors: Conflict("registration.no_offer") where there is none to take or decline, Conflict("registration.offer_over") for one that ended,
Conflict("registration.not_waiting") where there is nothing to give or to ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from shared.errors import Conflict
from shared.events.vocabulary import Door, PlaceStanding

LONGEST_OFFER: Final = timedelta(hours=24)
SHORTEST_OFFER: Final = timedelta(minutes=15)
PART_OF_REST: Final = 4
"""An offer lasts a quarter of the time that is left until the day begins, between the two bounds above: three people who do not answer
still leave a fourth the time to come."""
MOST_PLACES: Final = 100_000

Held = tuple["Holding", ...]
Answer = Literal["accept", "decline"]


class LineKey(NamedTuple):
    """`day` counts from 1: it stays the same when an event is moved to another date."""

    door: Door
    day: int


Stated = Callable[[LineKey], int | None]
"""How many places the programme gives a line; None for as many as come."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one person has in one line. `number` is their place in the order in which people came to it; `until` is when an offer ends.
    `lapsed`: the offer was declined or not answered; they are in no line until they ask again."""

    door: Door
    day: int
    standing: PlaceStanding
    number: int
    since: datetime
    until: datetime | None = None

    @property
    def key(self) -> LineKey:
        return LineKey(self.door, self.day)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """`taken`: places that somebody has or is offered; `last`: the newest number. `by_hand`: places as an operator set them, which
    outranks the programme. `version` is that of the stored line, 0 for one that is not stored yet."""

    door: Door
    day: int
    taken: int = 0
    waiting: int = 0
    last: int = 0
    by_hand: int | None = None
    version: int = 0

    @property
    def key(self) -> LineKey:
        return LineKey(self.door, self.day)


class Board:
    """The lines while something is decided about them: what is decided changes them here, and `changed` is what is to be stored."""

    def __init__(self, lines: Iterable[PlaceLine], stated: Stated) -> None:
        self._stated = stated
        self._known = {line.key: line for line in lines}
        self._lines = dict(self._known)

    # --- reading ----------------------------------------------------------------------------------------------------------
    def line(self, key: LineKey) -> PlaceLine:
        return self._lines.get(key) or PlaceLine(key.door, key.day)

    def capacity(self, key: LineKey) -> int | None:
        line = self.line(key)
        return self._stated(key) if line.by_hand is None else line.by_hand

    def free(self, key: LineKey) -> int | None:
        """Places that nobody has; None where they do not run out. Fewer places than there were leave nobody without theirs."""
        places = self.capacity(key)
        return None if places is None else max(0, places - self.line(key).taken)

    def open_to_all(self, key: LineKey) -> bool:
        """Whether whoever comes now gets a place at once."""
        free = self.free(key)
        return self.line(key).waiting == 0 and (free is None or free > 0)

    def due(self) -> dict[LineKey, int]:
        """How many of those who wait are to be offered a place, line by line."""
        waits = [key for key, line in self._lines.items() if line.waiting]
        found = {key: self.line(key).waiting if (free := self.free(key)) is None else min(free, self.line(key).waiting) for key in waits}
        return {key: number for key, number in found.items() if number}

    @property
    def changed(self) -> Sequence[PlaceLine]:
        return [line for key, line in self._lines.items() if line != self._known.get(key)]

    def mark(self) -> Mapping[LineKey, PlaceLine]:
        """As the lines stand now, to come back to."""
        return dict(self._lines)

    def back_to(self, mark: Mapping[LineKey, PlaceLine]) -> None:
        self._lines = dict(mark)

    # --- deciding ---------------------------------------------------------------------------------------------------------
    def join(self, key: LineKey, now: datetime) -> Holding:
        seated = self.open_to_all(key)
        number = self.line(key).last + 1
        self._count(key, taken=int(seated), waiting=int(not seated), last=number)
        return Holding(key.door, key.day, "seated" if seated else "waiting", number, now)

    def leave(self, held: Holding) -> None:
        self._count(held.key, taken=-int(held.standing in ("seated", "offered")), waiting=-int(held.standing == "waiting"))

    def offer(self, held: Holding, now: datetime, until: datetime) -> Holding:
        """To somebody who waits, where a place is free (`due`)."""
        self._count(held.key, taken=1, waiting=-1)
        return replace(held, standing="offered", since=now, until=until)

    def lapse(self, held: Holding, now: datetime) -> Holding:
        """An offer that is declined, or was not answered in time."""
        self._count(held.key, taken=-1)
        return replace(held, standing="lapsed", since=now, until=None)

    def answer(self, held: Holding, answer: Answer, now: datetime) -> Holding:
        if held.standing == "seated" and answer == "accept":
            return held  # the button was pressed twice
        if held.standing != "offered" or held.until is None:
            raise Conflict("registration.no_offer")
        if answer == "decline":
            return self.lapse(held, now)
        if now >= held.until:
            raise Conflict("registration.offer_over")
        return replace(held, standing="seated", since=now, until=None)

    def ask_again(self, held: Holding, now: datetime) -> Holding:
        """Behind everybody who waits by now."""
        if held.standing != "lapsed":
            raise Conflict("registration.not_waiting")
        return self.join(held.key, now)

    def give(self, held: Holding, now: datetime) -> Holding:
        """A place by hand, before others and beyond the places there are."""
        if held.standing == "seated":
            raise Conflict("registration.not_waiting")
        self._count(held.key, taken=int(held.standing != "offered"), waiting=-int(held.standing == "waiting"))
        return replace(held, standing="seated", since=now, until=None)

    def set_by_hand(self, key: LineKey, places: int | None) -> None:
        """None: as the programme says."""
        self._lines[key] = replace(self.line(key), by_hand=places)

    def _count(self, key: LineKey, *, taken: int = 0, waiting: int = 0, last: int | None = None) -> None:
        line = self.line(key)
        newest = line.last if last is None else last
        self._lines[key] = replace(line, taken=line.taken + taken, waiting=line.waiting + waiting, last=newest)


def settle(board: Board, held: Held, wanted: Collection[LineKey], now: datetime) -> Held:
    """What somebody has once they are in the lines they want and in no other. Whoever has no place elsewhere may come from afar meanwhile:
    where that is limited they stand in that line, too, until they have one."""
    kept = [one for one in held if one.key in wanted or one.door == "remote"]
    for one in held:
        if one not in kept:
            board.leave(one)
    known = {one.key for one in kept}
    kept += [board.join(key, now) for key in wanted if key not in known]
    meanwhile = _meanwhile(board, kept, wanted)
    for one in [one for one in kept if one.key not in wanted and one.key not in meanwhile]:
        board.leave(one)
        kept.remove(one)
    known = {one.key for one in kept}
    return (*kept, *(board.join(key, now) for key in meanwhile if key not in known))


def is_settled(board: Board, held: Held, wanted: Collection[LineKey]) -> bool:
    return {one.key for one in held} == {*wanted, *_meanwhile(board, held, wanted)}


def _meanwhile(board: Board, held: Iterable[Holding], wanted: Collection[LineKey]) -> list[LineKey]:
    unseated = [one for one in held if one.key in wanted and one.door != "remote" and one.standing != "seated"]
    keys = [LineKey("remote", one.day) for one in unseated]
    return [key for key in keys if key not in wanted and board.capacity(key) is not None]


def has_place(held: Held, door: str, day: int | None = None) -> bool:
    """Whether somebody whose door it is comes by it, on a day or on any: they have a place, or were never put in line."""
    mine = [one for one in held if one.door == door and day in (None, one.day)]
    return not mine or any(one.standing == "seated" for one in mine)


def offer_ends(now: datetime, starts_at: datetime | None) -> datetime:
    """When an offer made now ends, for a day that begins at `starts_at`, None while unknown. To the second."""
    rest = (starts_at - now) / PART_OF_REST if starts_at is not None else LONGEST_OFFER
    return (now + min(LONGEST_OFFER, max(SHORTEST_OFFER, rest))).replace(microsecond=0)
