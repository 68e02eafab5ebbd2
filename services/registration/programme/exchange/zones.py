"""Which time zone a schedule means: the one it names, unless its own hours speak against it; else one that has the offsets of its hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from services.registration.programme.exchange.model import Exchange
from services.registration.programme.exchange.reading import Notes

AREAS: Final = ("Europe", "America", "Asia", "Australia", "Pacific", "Africa", "Atlantic", "Indian")
"""Where one looks first when several zones fit."""
HOUR: Final = timedelta(hours=1)


def settled(exchange: Exchange, notes: Notes) -> Exchange:
    """Every talk in one zone, `zone` named; `notes` says where it was not in the file."""
    moments = [talk.begins for talk in exchange.talks if not isinstance(talk.begins.tzinfo, ZoneInfo)]
    zone = exchange.zone
    if not moments:
        if not zone:
            notes.note("exchange.zone_unknown")
        return in_zone(exchange, zone or "UTC")
    if zone and 2 * sum(_speaks_against(zone, one) for one in moments) <= len(moments):
        return in_zone(exchange, zone)
    taken = fitting(moments)
    if zone:
        notes.note("exchange.zone_wrong", zone=zone, taken=taken)
    else:
        notes.note("exchange.zone_assumed", zone=taken)
    return in_zone(exchange, taken)


def in_zone(exchange: Exchange, zone: str) -> Exchange:
    """The same instants, as the clocks of `zone` show them."""
    talks = tuple(replace(talk, begins=talk.begins.astimezone(ZoneInfo(zone))) for talk in exchange.talks)
    return replace(exchange, zone=zone, talks=talks)


def fitting(moments: Iterable[datetime]) -> str:
    """A zone that has the offset of every moment at that moment."""
    distinct = {(one.date(), one.utcoffset()): one for one in moments}
    offsets = {one.utcoffset() or timedelta() for one in distinct.values()}
    first = next(iter(offsets))
    if len(offsets) == 1 and first % HOUR == timedelta():
        return _fixed(first)
    fits = (zone for zone in _zones() if all(_has(zone, one) for one in distinct.values()))
    return next(fits, _fixed(first))


def _fixed(offset: timedelta) -> str:
    """In the names of these zones the sign stands the other way round."""
    hours = round(offset / HOUR)
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _speaks_against(zone: str, moment: datetime) -> bool:
    """A moment in UTC is an instant in whatever zone; any other offset was meant."""
    return bool(moment.utcoffset()) and not _has(zone, moment)


def _has(zone: str, moment: datetime) -> bool:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() == moment.utcoffset()


@cache
def _zones() -> tuple[str, ...]:
    known = (zone for zone in available_timezones() if zone.split("/")[0] in AREAS)
    return tuple(sorted(known, key=lambda zone: (AREAS.index(zone.split("/")[0]), zone)))
