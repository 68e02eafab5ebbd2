"""The days that a form offers, as its fields show them, and what comes back of them. Pure.

What must not be here: words, HTML, what a choice means (`programme/open_days`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.registration.programme.open_days import EventDay
from shared.events.vocabulary import DOORS, Door

ASKED = "days_asked"
"""A hidden field of a form that shows days: without it no day ticked would look like a form from before there were several."""


@dataclass(frozen=True, slots=True)
class DayChoice:
    """One box. `only`: the doors by which one may come that day, empty where it is by all of the event's."""

    id: str
    date: str
    off: str
    ticked: bool
    only: tuple[Door, ...]


def days_of(fields: Mapping[str, str]) -> Sequence[str] | None:
    """The ids of the boxes that were ticked; None where the form had none."""
    return tuple(fields.get("days", "").split()) if fields.get(ASKED) else None


def choices(days: Sequence[EventDay], ticked: Collection[str] | None, *, always: bool = False) -> tuple[DayChoice, ...]:
    """One for each day; every day that can be chosen is ticked where nothing was said. None for an event of one day, unless `always`."""
    every = frozenset[Door]().union(*(day.doors for day in days))
    return tuple(_choice(day, ticked, every) for day in days) if len(days) > 1 or always else ()


def _choice(day: EventDay, ticked: Collection[str] | None, every: Collection[Door]) -> DayChoice:
    only = tuple(door for door in DOORS if door in day.doors) if len(day.doors) < len(every) else ()
    return DayChoice(day.id, day.date.isoformat(), day.off, day.id in ticked if ticked is not None else not day.off, only)
