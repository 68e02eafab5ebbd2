"""schedule.json, version 2: its events in one list, each with start and end. They are put under days and rooms, as version 1 has them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from services.registration.programme.exchange.reading import ForeignFile

Node = dict[str, Any]


def days_of(source: ForeignFile, schedule: Node, conference: Node) -> list[Any]:
    """The days of either version. Raises ProgrammeError where there are none."""
    days = source.items(conference.get("days"), "schedule.conference.days")
    if "events" not in schedule:
        return days
    biographies = {source.text(one, "guid"): source.text(one, "biography") for one in source.several(schedule.get("persons"))}
    tracks = {source.text(one, "slug"): source.text(one, "name") for one in source.several(conference.get("tracks"))}
    found: dict[date, dict[str, list[Any]]] = {}
    for index, value in enumerate(source.items(schedule["events"], "schedule.events")):
        for one in source.each(partial(source.block, value, f"schedule.events.{index}")):
            event = _event(source, one, biographies, tracks)
            found.setdefault(_day(source, days, event, index), {}).setdefault(event["room"], []).append(event)
    return [{"date": day.isoformat(), "rooms": found[day]} for day in sorted(found)]


def _event(source: ForeignFile, one: Node, biographies: dict[str, str], tracks: dict[str, str]) -> Node:
    place, track = one.get("room"), one.get("track")
    people = [
        {**person, "biography": biographies.get(source.text(person, "guid"), "")} for person in source.several(one.get("participants"))
    ]
    kept = {name: value for name, value in one.items() if name not in {"participants", "start", "logo", "feedback"}}
    return {
        **kept, "date": one.get("start"), "room": source.text(place if isinstance(place, dict) else {"name": place}, "name"),
        "track": tracks.get(source.text(track, "slug"), source.text(track, "slug")) if isinstance(track, dict) else track,
        "persons": people,
    }  # fmt: skip


def _day(source: ForeignFile, days: list[Any], event: Node, index: int) -> date:
    """The listed day whose hours hold the event, else its own. Raises ProgrammeError where it has no start."""
    start = _moment(event.get("date"))
    if start is None:
        raise source.refusal(f"schedule.events.{index}.start", "programme.missing_field", name="start")
    for day in source.several(days):
        begins, ends = _moment(day.get("start")), _moment(day.get("end"))
        if begins and ends and begins <= start < ends and begins + timedelta(days=2) > ends:
            return source.day(day.get("date"), f"schedule.events.{index}.start")
    return start.date()


def _moment(value: Any) -> datetime | None:
    """With an offset only."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None
