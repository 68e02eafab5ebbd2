"""schedule.json, version 1, as apps for conferences read it and as pretalx, frab and the hub of congresses publish it.

Extra names are allowed in `conference.meta` and in persons, nowhere else: there the whole programme travels along, and a person's roles
and titles. Source: the schema of the video operation centre of the Chaos Computer Club, https://c3voc.de/schedule/schema.json.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

from services.registration.programme.exchange.hours import bounds, clock, duration_text, moment
from services.registration.programme.exchange.model import Embedded, Exchange, Hall, Talk, TalkPerson, halls_of
from services.registration.programme.exchange.reading import ForeignFile, joined, number
from services.registration.programme.exchange.version_2 import days_of

MEDIA_TYPE: Final = "application/json"
SCHEMA: Final = "https://c3voc.de/schedule/schema.json"
META: Final = "tablee"
CONFERENCE_NAMES: Final = frozenset({
    "acronym", "title", "description", "start", "end", "days", "daysCount", "timeslot_duration", "time_zone_name", "url", "rooms",
    "meta", "languages",
})  # fmt: skip
EVENT_NAMES: Final = frozenset({
    "guid", "code", "id", "date", "start", "end", "duration", "room", "slug", "url", "title", "subtitle", "type", "language",
    "abstract", "description", "do_not_record", "do_not_stream", "persons", "links", "attachments", "feedback_url", "origin_url",
})  # fmt: skip
"""What a programme has a place for, or what only the system of origin has a use for."""
_ZONE: Final = re.compile(r"[A-Z][a-z]+/[A-Z][a-z]+|UTC$")

Node = dict[str, Any]


def write_json(exchange: Exchange) -> str:
    """The text of the file."""
    conference: Node = {
        "acronym": exchange.acronym, "title": exchange.title, "description": exchange.description,
        "start": exchange.days[0].isoformat(), "end": exchange.days[-1].isoformat(), "daysCount": len(exchange.days),
        "timeslot_duration": "00:05", "url": exchange.url,
        "rooms": [{"name": hall.name, "guid": hall.guid, "description": None, "capacity": hall.capacity} for hall in exchange.halls],
        "days": [_day(exchange, index) for index in range(len(exchange.days))],
    }  # fmt: skip
    if _ZONE.match(exchange.zone):
        conference["time_zone_name"] = exchange.zone
    if exchange.embedded:
        conference["meta"] = {META: {"programme": exchange.embedded.programme, "completion": exchange.embedded.completion}}
    schedule = {"version": exchange.version, "base_url": exchange.url, "conference": conference}
    return json.dumps({"$schema": SCHEMA, "generator": {"name": "Tablée"}, "schedule": schedule}, ensure_ascii=False, indent=1) + "\n"


def _day(exchange: Exchange, index: int) -> Node:
    day = exchange.days[index]
    talks = tuple(talk for talk in exchange.talks if talk.day == day)
    start, end = bounds(day, talks, exchange.zone)
    return {
        "index": index + 1, "date": day.isoformat(), "day_start": start.isoformat(), "day_end": end.isoformat(),
        "rooms": {name: [_event(talk) for talk in talks if talk.room == name] for name in halls_of(talks)},
    }  # fmt: skip


def _event(talk: Talk) -> Node:
    event: Node = {
        "guid": talk.guid, "id": talk.number, "date": talk.begins.isoformat(), "start": clock(talk.begins),
        "duration": duration_text(talk.minutes), "room": talk.room, "slug": talk.slug, "url": talk.url, "title": talk.title,
        "subtitle": talk.subtitle, "track": talk.track or None, "type": talk.kind, "language": talk.language,
        "abstract": talk.abstract or None, "description": talk.description or None,
        "persons": [_person(person) for person in talk.people],
        "links": [{"title": label, "url": address} for label, address in talk.links],
    }  # fmt: skip
    if not talk.is_streamed:
        event["do_not_stream"] = True
    if not talk.is_recorded:
        event["do_not_record"] = True
    return event


def _person(person: TalkPerson) -> Node:
    """With `name` and never a number: a person must fit exactly one of the two variants that the schema knows."""
    node: Node = {"guid": person.key, "name": person.name, "roles": list(person.roles), "titles": list(person.titles)}
    return {**node, "biography": person.bio} if person.bio else node


def read_json(text: str, name: str) -> Exchange:
    """Of version 1 or 2. Raises ProgrammeError with every place of what cannot be read."""
    source = ForeignFile(name)
    try:
        root = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise source.malformed(getattr(error, "lineno", 1), getattr(error, "colno", 1)) from None
    schedule = source.block(source.block(root, "").get("schedule"), "schedule")
    conference = source.block(schedule.get("conference"), "schedule.conference")
    zone, base = source.zone(conference), source.text(conference, "url") or source.text(schedule, "base_url")
    days: list[date] = []
    talks: list[Talk] = []
    for index, one in enumerate(days_of(source, schedule, conference)):
        path = f"schedule.conference.days.{index}"
        node = source.block(one, path)
        day = source.day(node.get("date"), f"{path}.date")
        days.append(day)
        for room, events in source.block(node.get("rooms") or {}, f"{path}.rooms").items():
            for at, event in enumerate(source.items(events, f"{path}.rooms.{room}")):
                where = f"{path}.rooms.{room}.{at}"
                talks += source.each(partial(_talk, source, event, where, room, datetime.combine(day, time.min), zone, base))
    source.whole()
    source.left_out((key for key, value in conference.items() if value), CONFERENCE_NAMES)
    meta = conference.get("meta")
    own = meta.get(META) if isinstance(meta, dict) else None
    return Exchange(
        title=source.text(conference, "title"), acronym=source.text(conference, "acronym"), version=source.text(schedule, "version"),
        zone=zone, url=base, days=tuple(days), talks=tuple(talks), halls=_halls(source, conference),
        description=source.text(conference, "description"), embedded=_embedded(own), findings=source.notes.findings(name),
    )  # fmt: skip


def _halls(source: ForeignFile, conference: Node) -> tuple[Hall, ...]:
    found = source.several(conference.get("rooms"))
    return tuple(
        Hall(source.text(one, "name"), source.text(one, "guid"), one["capacity"] if isinstance(one.get("capacity"), int) else None)
        for one in found
        if source.text(one, "name")
    )


def _embedded(own: Any) -> Embedded | None:
    if not isinstance(own, dict) or not isinstance(own.get("programme"), str):
        return None
    completion = own.get("completion")
    return Embedded(own["programme"], completion if isinstance(completion, str) else None)


def _talk(source: ForeignFile, value: Any, path: str, room: str, midnight: datetime, zone: str, base: str) -> Talk:
    event = source.block(value, path)
    begins = moment(source, event, path, midnight, zone)
    until = None if event.get("duration") else source.until(event.get("end"), begins)
    source.left_out((key for key, given in event.items() if given), EVENT_NAMES)
    return Talk(
        guid=source.text(event, "guid"), number=number(event.get("id")), slug=source.text(event, "slug"), day=midnight.date(),
        begins=begins, minutes=source.minutes(event.get("duration"), f"{path}.duration") if until is None else until,
        room=source.text(event, "room") or room, title=source.required(event, "title", path), subtitle=source.text(event, "subtitle"),
        kind=source.text(event, "type"), track=source.text(event, "track"), language=source.text(event, "language"),
        abstract=source.text(event, "abstract"), description=source.text(event, "description"), url=source.text(event, "url"),
        people=tuple(_read_person(source, one) for one in source.several(event.get("persons")) if _name(source, one)),
        links=(*_links(source, event, "links", ""), *_links(source, event, "attachments", base)),
        is_streamed=not _is_true(event.get("do_not_stream")), is_recorded=not _is_true(event.get("do_not_record")),
    )  # fmt: skip


def _read_person(source: ForeignFile, one: Node) -> TalkPerson:
    name = _name(source, one)
    key = source.text(one, "guid") or source.text(one, "code") or source.text(one, "id") or name
    bio = source.text(one, "biography") or source.text(one, "abstract")
    return TalkPerson(key, number(one.get("id")), name, bio, source.texts(one.get("roles")), source.texts(one.get("titles")))


def _name(source: ForeignFile, one: Node) -> str:
    return source.text(one, "public_name") or source.text(one, "name") or source.text(one, "full_public_name")


def _links(source: ForeignFile, event: Node, field: str, base: str) -> tuple[tuple[str, str], ...]:
    """Files in the wild have texts here, and objects of several shapes; attachments may be named from `base` on."""
    listed = event.get(field)
    found = []
    for one in listed if isinstance(listed, list) else ():
        node: Node = one if isinstance(one, dict) else {"url": one}
        address = source.text(node, "url") or source.text(node, "href")
        if address:
            found.append((source.text(node, "title") or address, joined(base, address)))
    return tuple(found)


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.casefold() in {"true", "1", "yes"})
