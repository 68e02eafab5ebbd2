"""When things happen: the day of the event, the instants of its sessions, what is on now. Pure: the moment is a value.

What lives here: times of day → instants, in the event's time zone. What must not: shapes of answers, calendars.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.registration.programme.format.kinds import ClockTime
from services.registration.programme.format.model import Programme, Session
from shared.clock import to_text

OPEN_END = timedelta(hours=1)
"""How long a session whose end nobody knows counts as on."""


@dataclass(frozen=True, slots=True)
class NowNext:
    """Ids of the session that is on and of the one that comes next; None when there is none."""

    now: str | None
    next: str | None
    at: str


def day_of(programme: Programme, now: datetime | None) -> date | None:
    """The day of the event. In rehearsal it is the day of `now` in the event's time zone, and so turns at its midnight."""
    if not programme.rehearsal:
        return programme.event.date
    return now.astimezone(ZoneInfo(programme.event.timezone)).date() if now else None


def instant(programme: Programme, time: ClockTime | None, now: datetime | None) -> datetime | None:
    """A time of day of the event as an instant with its zone; None while the day or the time is unknown."""
    day = day_of(programme, now)
    if day is None or time is None:
        return None
    return datetime(day.year, day.month, day.day, time.hour, time.minute, tzinfo=ZoneInfo(programme.event.timezone))


def span(programme: Programme, session: Session, now: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Start and end of a session, each None while unknown."""
    return instant(programme, session.start, now), instant(programme, session.end, now)


def whole_day(programme: Programme, now: datetime | None) -> tuple[datetime | None, datetime | None]:
    """From the first start to the last end (of a session without an end: its start)."""
    spans = [span(programme, session, now) for session in programme.sessions]
    starts = [start for start, _ in spans if start]
    ends = [end or start for start, end in spans if start]
    return (min(starts), max(end for end in ends if end)) if starts else (None, None)


def now_next(programme: Programme, at: datetime) -> NowNext:
    """What is on at `at` and what comes next. Outside the hours of the day `now` is None."""
    on: Session | None = None
    following: Session | None = None
    for session in programme.sessions:
        start, end = span(programme, session, at)
        if start is None or session.status == "cancelled":
            continue
        if start <= at < (end or start + OPEN_END):
            on = session
        if start > at and following is None:
            following = session
    return NowNext(on.id if on else None, following.id if following else None, to_text(at))
