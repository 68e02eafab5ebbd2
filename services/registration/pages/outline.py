"""What the event page shows of a programme, in the order it shows it: days, hours, halls side by side, who sits around the table, doors;
and the sessions that live pages offer.

Pure, over the public programme (`programme/exports/public`). What must not be here: words, HTML, what is on now (the running order).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from services.registration.programme.state import DayState
from services.registration.programme.state import doors as state_doors
from shared.events.vocabulary import Door

Shown = Mapping[str, Any]

MOST_DOTS: Final = 40
"""Dots that stay apart on a ring. With more people than that, each dot stands for as many of them as it takes."""
LONG_ESSAY: Final = 900
"""Characters of an essay that a phone shows whole."""
WITHOUT_ENTRY: Final = frozenset({"break", "reception"})
"""Kinds of session that nobody watches from afar or puts into a calendar by itself."""


@dataclass(frozen=True, slots=True)
class Ring:
    """`dots`: one word per dot, clockwise from the top (`lead`, `seat`). `scale`: how many people one dot stands for."""

    dots: tuple[str, ...]
    scale: int
    people: int


@dataclass(frozen=True, slots=True)
class HourOfSessions:
    """Sessions that begin at the same time: more than one where halls run side by side."""

    start: str | None
    sessions: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class DayOfSessions:
    """`date` as in ISO 8601, None while unknown."""

    date: str | None
    hours: tuple[HourOfSessions, ...]


def days(sessions: Sequence[Shown]) -> tuple[DayOfSessions, ...]:
    """The sessions in print order, by day and by the hour they begin."""
    found = []
    for date, of_day in groupby(sessions, key=lambda one: one["date"]):
        hours = tuple(HourOfSessions(start, tuple(several)) for start, several in groupby(of_day, key=lambda one: one["start"]))
        found.append(DayOfSessions(date, hours))
    return tuple(found)


def choices(sessions: Sequence[Shown], on: Collection[str], coming: Collection[str]) -> tuple[tuple[str, tuple[Shown, ...]], ...]:
    """The groups from which a live page lets people choose a session: those on `now`, `next`, then `all` the others; none is empty."""
    found = {
        "now": tuple(one for one in sessions if one["id"] in on),
        "next": tuple(one for one in sessions if one["id"] in coming),
        "all": tuple(one for one in sessions if one["id"] not in on and one["id"] not in coming),
    }
    return tuple((group, some) for group, some in found.items() if some)


def table(sessions: Iterable[Shown], on: Sequence[str]) -> Ring:
    """Everyone who stands in the programme, once each: two people of one name are two. Those of the sessions on now lead; while none is on,
    those who moderate."""
    leads: dict[str, bool] = {}
    for session in sessions:
        for one in session["participants"]:
            lead = session["id"] in on if on else "moderation" in one["roles"]
            leads[one["id"]] = leads.get(one["id"], False) or lead
    return ring(list(leads.values()))


def seats(session: Shown) -> Ring:
    return ring(["moderation" in one["roles"] for one in session["participants"]])


def ring(leads: Sequence[bool]) -> Ring:
    """One dot per person up to `MOST_DOTS`, then one for every two, three, …; a dot leads where one of its people does."""
    scale = max(1, -(-len(leads) // MOST_DOTS))
    dots = ["lead" if any(leads[at : at + scale]) else "seat" for at in range(0, len(leads), scale)]
    return Ring(tuple(dots), scale, len(leads))


def doors(event: Shown, state: DayState) -> tuple[Door, ...]:
    """The ways to come that the page offers, see `state.doors`."""
    return state_doors(event["modes"], streamed=bool(event["stages"]), state=state)


def assumes(programme: Shown) -> bool:
    """Whether something on the page was not printed, so that the organisers want the legend."""
    event, venue = programme["event"], programme["event"]["venue"]
    return bool(event["date_assumed"] or (venue and venue["assumed"])) or assumes_ends(programme)


def assumes_ends(programme: Shown) -> bool:
    """Whether an end is inferred, so that everybody wants the legend."""
    return any(one["end_assumed"] or one["end_basis"] in ("next_start", "assumed") for one in programme["sessions"] if one["end"])


def is_long(paragraphs: Iterable[str]) -> bool:
    """Whether an essay fills more than a phone's screen, so that it is folded there."""
    return sum(len(one) for one in paragraphs) > LONG_ESSAY


def has_entry(session: Shown) -> bool:
    return session["kind"] not in WITHOUT_ENTRY


def replays(sessions: Iterable[Shown]) -> bool:
    return any(one["replay_url"] for one in sessions)
