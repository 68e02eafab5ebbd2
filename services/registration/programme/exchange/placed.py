"""On which day a talk is and at what hours, as a print would give them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from services.registration.programme.exchange.model import Talk
from services.registration.programme.format.hours import MINUTES_OF_DAY
from services.registration.programme.format.kinds import LAST_HOUR, ClockTime

LAST_MINUTE: Final = (LAST_HOUR + 1) * 60 - 1


@dataclass(frozen=True, slots=True)
class PlacedHours:
    """`duration` in minutes, where the end is beyond the hours that a day may have."""

    day: date
    start: ClockTime
    end: ClockTime | None
    duration: int | None


def hours_of(talk: Talk) -> PlacedHours:
    """Hours after midnight go on after 24, so that a talk stays on the day it is listed under; one that is not in that day or the night
    after it is on its own."""
    wall = talk.begins.replace(tzinfo=None)
    day, start = talk.day, int((wall - datetime.combine(talk.day, time.min)).total_seconds()) // 60
    if not 0 <= start <= LAST_MINUTE:
        day, start = wall.date(), wall.hour * 60 + wall.minute
    end = start + talk.minutes
    fits, is_short = end <= LAST_MINUTE, 1 <= talk.minutes <= MINUTES_OF_DAY
    return PlacedHours(day, _clock(start), _clock(end) if fits else None, talk.minutes if is_short and not fits else None)


def _clock(minutes: int) -> ClockTime:
    return ClockTime(minutes // 60, minutes % 60, f"{minutes // 60:02}:{minutes % 60:02}")


def in_order(talks: tuple[Talk, ...]) -> list[Talk]:
    return sorted(talks, key=lambda talk: ((hours := hours_of(talk)).day, hours.start.minutes))
