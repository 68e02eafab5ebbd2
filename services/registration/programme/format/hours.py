"""When each session is by the printed programme: which day, and how many minutes after the midnight that began that day.

The days of an event, and the hours after midnight that still belong to the evening before.

A day runs in print order. A start before six that follows an evening is in the night of that day, not out of order; an end before the start
is the next morning's, as long as that makes a night and not a misprint.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from services.registration.programme.format.model import Programme, Session

MINUTES_OF_DAY = 24 * 60
EVENING = 18 * 60
NIGHT_ENDS = 6 * 60
LONGEST_NIGHT = 12 * 60
"""Minutes of the longest session that may end after midnight. Beyond it the end is taken for a misprint."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`day` counts from the first day of the event, which is 0; negative when a date is before it. `start` and `end` are minutes since
    the midnight that began that day, beyond 1440 in the night that follows; None while unknown."""

    day: int
    start: int | None
    end: int | None


def first_day(programme: Programme) -> datetime.date | None:
    """The date of the event, else of its first session."""
    return programme.event.date or (programme.sessions[0].date if programme.sessions else None)


def timetable(programme: Programme) -> tuple[Hours, ...]:
    """The hours of each session, in print order."""
    first = first_day(programme)
    found = []
    day, before = 0, None
    for session in programme.sessions:
        if session.date is not None and first is not None and (session.date - first).days != day:
            day, before = (session.date - first).days, None
        start = _start(session, before)
        before = start if start is not None else before
        found.append(Hours(day, start, _end(session, start)))
    return tuple(found)


def _start(session: Session, before: int | None) -> int | None:
    if session.start is None:
        return None
    start = session.start.minutes
    is_night = before is not None and before >= EVENING and start < before and start < NIGHT_ENDS
    return start + MINUTES_OF_DAY if is_night else start


def _end(session: Session, start: int | None) -> int | None:
    if session.end is None:
        return start + session.duration if start is not None and session.duration is not None else None
    end = session.end.minutes
    is_night = start is not None and end < start and end + MINUTES_OF_DAY - start <= LONGEST_NIGHT
    return end + MINUTES_OF_DAY if is_night else end
