"""From when until when people may register, as the programme says. Pure: the moment is a value.

What must not be here: whether the event itself takes anybody (`state`), how many (`registration/places`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.registration.programme.day import Span
from services.registration.programme.format.event import EventEntry
from services.registration.programme.format.kinds import ClockTime

Enrolling = Literal["open", "early", "late"]


def enrolment(event: EventEntry) -> Span:
    """From and until when, in the zone of the event; None where the programme sets no bound. A last day without an hour is whole."""
    told = event.registration
    if told is None:
        return None, None
    zone = ZoneInfo(event.timezone)
    closes = told.closes + timedelta(days=1) if told.closes and told.closes_at is None else told.closes
    return _instant(told.opens, told.opens_at, zone), _instant(closes, told.closes_at, zone)


def enrolling(event: EventEntry, at: datetime) -> Enrolling:
    opens, closes = enrolment(event)
    if opens is not None and at < opens:
        return "early"
    return "late" if closes is not None and at >= closes else "open"


def _instant(day: date | None, hour: ClockTime | None, zone: ZoneInfo) -> datetime | None:
    if day is None:
        return None
    minutes = hour.minutes if hour is not None else 0
    on = day + timedelta(days=minutes // 1440)
    local = datetime(on.year, on.month, on.day, minutes % 1440 // 60, minutes % 60, tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone)
