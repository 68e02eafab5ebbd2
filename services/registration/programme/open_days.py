"""The days of an event that people say they come: which there are, by which door, and what a choice made earlier means today. Pure.

A choice is kept as the ids of its days; none kept means all of them, also those that an import adds. A day that an import took away stays
kept: it counts for nothing, people are told, and it counts again should it come back. What must not be here: whose choice it is, words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from services.registration.programme.day import days
from services.registration.programme.format.model import Programme, Session
from services.registration.programme.running_order import Slot
from services.registration.programme.state import LINGER, DayState, doors, lasting
from shared.errors import FieldError
from shared.events.vocabulary import Door

ALL: Final[tuple[str, ...]] = ()
"""What is kept of somebody who comes every day."""
UNATTENDED: Final = frozenset({"break", "reception"})
"""Kinds of session for which alone nobody comes."""
Off = Literal["", "cancelled", "over"]
Kept = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventDay:
    """`id`: the date in ISO 8601; in a rehearsal, whose first day is always today, `day-1`, `day-2`, …. `doors`: by which one may come that
    day. `off`: why nobody can choose it any more, empty while one can. `starts_at`: in UTC, None while no hour is known."""

    id: str
    date: date
    doors: frozenset[Door]
    off: Off = ""
    starts_at: datetime | None = None


def open_days(programme: Programme, order: Mapping[str, Slot], now: datetime) -> tuple[EventDay, ...]:
    """The days in order; none while the first date is unknown."""
    found = days(programme, now)
    return tuple(
        EventDay(
            f"day-{number}" if programme.rehearsal else day.isoformat(),
            day,
            _doors(programme, sessions, order, alone=len(found) == 1),
            _off(programme, [order[one.id] for one in sessions], now),
            lasting(order[one.id] for one in sessions)[0],
        )
        for number, (day, sessions) in enumerate(found.items(), 1)
    )


def coming(kept: Kept, door: str, days: Sequence[EventDay]) -> tuple[EventDay, ...]:
    """The days on which somebody is expected, cancelled ones and those that are over among them."""
    return tuple(day for day in days if day.id in kept) if kept else by_door(door, days)


def by_door(door: str, days: Sequence[EventDay]) -> tuple[EventDay, ...]:
    """The days to which one may come by a door; all of them once the event offers it no more: whoever had chosen it still comes."""
    return tuple(day for day in days if door in day.doors) or tuple(days)


def lost(kept: Kept, days: Sequence[EventDay]) -> tuple[str, ...]:
    """Ids of days that were chosen and that the event has no more. While its dates are unknown nothing is lost."""
    return tuple(id for id in kept if days and all(day.id != id for day in days))


def choose(wanted: Sequence[str] | None, door: str, days: Sequence[EventDay], before: Kept | None = None) -> tuple[Kept, list[FieldError]]:
    """What is kept of a choice, and what is wrong with it. `wanted`: ids, None to leave it open; `before`: what was kept until now, None
    for somebody new. Days that are over or cancelled stay as they were chosen."""
    had = coming(before, door, days) if before is not None else ()
    free = [day for day in by_door(door, days) if not day.off]
    if wanted is None and not before:
        return (ALL if before is not None else _kept(free, door, days)), []
    picked = [day.id for day in had if not day.off] if wanted is None else wanted
    if wrong := _wrong(picked, free, days, had):
        return before or ALL, [FieldError("days", f"registration.{wrong}")]
    chosen = [day for day in days if (day in had if day.off else day.id in picked)]
    if before is not None and {day.id for day in chosen} == {day.id for day in had}:
        return before, []
    return _kept(chosen, door, days), []


def _kept(chosen: Collection[EventDay], door: str, days: Sequence[EventDay]) -> Kept:
    every = [day for day in by_door(door, days) if day.off != "cancelled"]
    return ALL if all(day in chosen for day in every) else tuple(day.id for day in days if day in chosen)


def _wrong(picked: Sequence[str], free: Collection[EventDay], days: Sequence[EventDay], had: Collection[EventDay]) -> str:
    known = {day.id: day for day in days}
    if any(id not in known for id in picked):
        return "day_unknown"
    for day in (known[id] for id in picked):
        if day.off and day not in had:
            return f"day_{day.off}"
        if not day.off and day not in free:
            return "day_not_by_door"
    return "days_required" if free and not any(day.id in picked for day in free) else ""


def _doors(programme: Programme, sessions: Sequence[Session], order: Mapping[str, Slot], *, alone: bool) -> frozenset[Door]:
    """Those of the event; on one of several days those by which one may come to at least one session."""
    event = programme.event
    state = DayState("before", moved_online=event.status == "moved_online")
    offered = frozenset(doors(event.modes, streamed=bool(event.stages), state=state))
    attended = [one for one in sessions if one.kind not in UNATTENDED] or sessions
    held = [one for one in attended if order[one.id].progress != "cancelled"] or attended
    return offered if alone else frozenset(door for one in held for door in (one.modes or offered)) & offered


def _off(programme: Programme, slots: Sequence[Slot], now: datetime) -> Off:
    if all(slot.progress == "cancelled" for slot in slots):
        return "cancelled"
    end = lasting(slots)[1]
    done = all(slot.progress in ("over", "cancelled") for slot in slots)
    return "over" if done and end is not None and now >= end + LINGER and not programme.rehearsal else ""
