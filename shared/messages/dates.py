"""Days and hours as a language writes them. Babel knows the names of days and months; the patterns are words of the language (`format.*`).

Patterns are those of Unicode Technical Standard 35, part 4, section 8. Pure.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location

from shared.messages.catalogue import Catalogue
from shared.messages.typesetting import contracted


def day(catalogue: Catalogue, language: str, value: date) -> str:
    """`jeudi 3 juin 2021`, `Thursday 3 June 2021`. The first of a month has its own pattern: French writes « 1er juin »."""
    pattern = catalogue.text(language, "format.first_day" if value.day == 1 else "format.day")
    return format_date(value, pattern, locale=catalogue.locale(language))


def named_day(catalogue: Catalogue, language: str, id: str) -> str:
    """A day by its name: `2021-06-03`, or `day-2` of an event that has no dates of its own."""
    try:
        return day(catalogue, language, date.fromisoformat(id))
    except ValueError:
        return catalogue.text(language, "days.numbered", number=id.rpartition("-")[2])


def hour(catalogue: Catalogue, language: str, value: time) -> str:
    """`8 h 45`, `8:45`."""
    return format_time(value, catalogue.text(language, "format.hour"), locale=catalogue.locale(language))


def zone(catalogue: Catalogue, language: str, name: str) -> str:
    """`heure de Paris`, `Paris time` for `Europe/Paris`; zones without a city (`UTC`) by their own name."""
    city = get_timezone_location(ZoneInfo(name), locale=catalogue.locale(language), return_city=True)
    bare = "/" not in name or name.startswith("Etc/")
    return contracted(catalogue.text(language, "format.zone.bare" if bare else "format.zone", city=city), language)


def moment(catalogue: Catalogue, language: str, at: datetime, zone_name: str) -> str:
    """A day and an hour in the time zone of `zone_name`, which is named."""
    local = at.astimezone(ZoneInfo(zone_name))
    return catalogue.text(
        language,
        "format.moment",
        day=day(catalogue, language, local.date()),
        hour=hour(catalogue, language, local.time()),
        zone=zone(catalogue, language, zone_name),
    )
