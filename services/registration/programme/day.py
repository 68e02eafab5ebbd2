"""When things happen: the days of the event, the instants of its sessions, what is on now. Pure: the moment is a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.registration.programme.format.hours import MINUTES_OF_DAY, first_day, timetable
from services.registration.programme.format.model import Programme, Session

OPEN_END = timedelta(hours=1)
"""How long a session whose end nobody knows counts as on."""

Span = tuple[datetime | None, datetime | None]
"""Start and end of a session as instants with the zone of the event, each None while unknown."""


@dataclass(frozen=True, slots=True)
class StageMoment:
    """Ids of the sessions of one stage; None when there is none."""

    now: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class NowNext:
    """Ids of the sessions that are on, the last one begun last, and of those that begin next (at one hour, in print order)."""

    now: tuple[str, ...]
    next: tuple[str, ...]
    at: str
    stages: Mapping[str, StageMoment]


def day_of(programme: Programme, now: datetime | None) -> date | None:
    """The first day of the event. In rehearsal it is the day of `now` in the event's time zone, and so turns at its midnight."""
    if not programme.rehearsal:
        return first_day(programme)
    return now.astimezone(ZoneInfo(programme.event.timezone)).date() if now else None


def days(programme: Programme, now: datetime | None) -> Mapping[date, tuple[Session, ...]]:
    """The sessions of each day, days in order; empty while the first day is unknown."""
    first = day_of(programme, now)
    found: dict[date, tuple[Session, ...]] = {}
    if first is not None:
        for session, hours in zip(programme.sessions, timetable(programme), strict=True):
            day = first + timedelta(days=hours.day)
            found[day] = (*found.get(day, ()), session)
    return found


def spans(programme: Programme, now: datetime | None) -> Mapping[str, Span]:
    """When each session is, by its id."""
    first, zone = day_of(programme, now), ZoneInfo(programme.event.timezone)
    return {
        session.id: (_instant(first, zone, hours.day, hours.start), _instant(first, zone, hours.day, hours.end))
        for session, hours in zip(programme.sessions, timetable(programme), strict=True)
    }


def span(programme: Programme, session: Session, now: datetime | None) -> Span:
    """When one session is."""
    return spans(programme, now)[session.id]


def _instant(first: date | None, zone: ZoneInfo, day: int, minutes: int | None) -> datetime | None:
    """An hour that the clock skips is read by the offset before the change, one that it shows twice is the first of the two."""
    if first is None or minutes is None:
        return None
    on = first + timedelta(days=day + minutes // MINUTES_OF_DAY)
    return datetime(on.year, on.month, on.day, minutes % MINUTES_OF_DAY // 60, minutes % 60, tzinfo=zone)


def whole_day(programme: Programme, now: datetime | None) -> Span:
    """From the first start to the last end of the event, whatever its days (of a session without an end: its start)."""
    return outer(spans(programme, now).values())


def outer(found: Iterable[Span]) -> Span:
    """From the first start to the last end of some sessions."""
    known = [(start, end or start) for start, end in found if start is not None]
    return (min(start for start, _ in known), max(end for _, end in known)) if known else (None, None)
