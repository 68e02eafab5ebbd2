"""Warnings about hours: two sessions on one stage at once, and hours that the clock skips or shows twice on the day it is changed.

What lives here: what can only be seen once the day and the stages are known. What must not: errors, what a proof-reader asks (`lint`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.registration.programme.format.halls import takes_up
from services.registration.programme.format.hours import MINUTES_OF_DAY, Hours, first_day, timetable
from services.registration.programme.format.model import Programme

Clash = tuple[str, str, dict[str, object]]


def clashes(programme: Programme) -> Iterator[Clash]:
    """Path, code and params of each."""
    hours = timetable(programme)
    yield from _overlaps(programme, hours)
    yield from _clock_changes(programme, hours)


def _overlaps(programme: Programme, hours: tuple[Hours, ...]) -> Iterator[Clash]:
    busy: dict[str, tuple[int, str]] = {}
    order = sorted(range(len(hours)), key=lambda index: (hours[index].day, hours[index].start or 0))
    for index in order:
        session, own = programme.sessions[index], hours[index]
        stage = takes_up(programme, session)
        if stage is None or own.start is None or session.status == "cancelled":
            continue
        start = own.day * MINUTES_OF_DAY + own.start
        until, other = busy.get(stage, (start, ""))
        if start < until:
            yield f"sessions.{index}.start", "stage_overlap", {"title": session.title, "other": other}
        end = start if own.end is None else own.day * MINUTES_OF_DAY + own.end
        if end > until or not other:
            busy[stage] = (end, session.title)


def _clock_changes(programme: Programme, hours: tuple[Hours, ...]) -> Iterator[Clash]:
    first, zone = first_day(programme), ZoneInfo(programme.event.timezone)
    if first is None:
        return
    midnight = datetime.combine(first, time.min)
    for index, own in enumerate(hours):
        for name, minutes in (("start", own.start), ("end", own.end)):
            if minutes is None:
                continue
            wall = midnight + timedelta(days=own.day, minutes=minutes)
            code = _code(wall, zone)
            if code is not None:
                yield f"sessions.{index}.{name}", code, {"time": f"{wall:%H:%M}", "date": wall.date().isoformat()}


def _code(wall: datetime, zone: ZoneInfo) -> str | None:
    early, late = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return None
    back = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return "hour_twice" if back == wall else "hour_missing"
