"""Moments and lengths as the two formats write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from services.registration.programme.exchange.model import Talk
from services.registration.programme.exchange.reading import ForeignFile
from services.registration.programme.format.kinds import Clock, Unfit

DAY_CHANGE: Final = time(6)
"""What is before it belongs to the evening before, as in the schedules of congresses."""


def bounds(day: date, talks: Iterable[Talk], zone: str) -> tuple[datetime, datetime]:
    """From one day change to the next, wider where a talk is outside."""
    start = datetime.combine(day, DAY_CHANGE, ZoneInfo(zone))
    end = datetime.combine(day + timedelta(days=1), DAY_CHANGE, ZoneInfo(zone))
    return min([start, *(talk.begins for talk in talks)]), max([end, *(talk.begins + timedelta(minutes=talk.minutes) for talk in talks)])


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def duration_text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def moment(source: ForeignFile, event: dict[str, Any], path: str, midnight: datetime, zone: str) -> datetime:
    """When an event begins: its `date` with an offset, else the `start` on its day, after the day change of the evening before; else the
    `date` without an offset. Hours without an offset are those of `zone`, or of UTC where the file has none."""
    given = source.text(event, "date")
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        found = None
    if found is not None and found.tzinfo is not None:
        source.day(given, f"{path}.date")
        return found
    if found is not None and not source.text(event, "start"):
        return found.replace(tzinfo=ZoneInfo(zone or "UTC"))
    try:
        printed = Clock().read(source.text(event, "start"))
    except Unfit as refused:
        raise source.refusal(f"{path}.start", refused.code, **refused.params) from None
    late = timedelta(days=1) if printed.minutes < DAY_CHANGE.hour * 60 else timedelta()
    return (midnight + late + timedelta(minutes=printed.minutes)).replace(tzinfo=ZoneInfo(zone or "UTC"))
