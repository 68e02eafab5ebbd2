"""schedule.xml, as frab and pretalx publish it and as apps and video teams of the field read it.

Its schema leaves no room for names of one's own, so the whole programme travels along in a processing instruction, which every reader of
XML skips that does not know it. Source: the schema of the video operation centre of the Chaos Computer Club (schedule.xml.xsd).
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from datetime import datetime, time
from typing import Any, Final
from xml.etree import ElementTree as Tree

from services.registration.programme.exchange.hours import bounds, clock, duration_text, moment, same_zone
from services.registration.programme.exchange.model import MOST_BYTES, Embedded, Exchange, Talk, TalkPerson, halls_of
from services.registration.programme.exchange.reading import ForeignFile, number

MEDIA_TYPE: Final = "application/vnd.c3voc.schedule+xml"
TARGET: Final = "tablee-programme"
"""Of the processing instruction: base64 of deflated JSON {programme, completion}."""

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INSTRUCTION: Final = re.compile(rf"<\?{TARGET} ([A-Za-z0-9+/=]+)\?>")


def write_xml(exchange: Exchange) -> str:
    """The text of the file."""
    root = Tree.Element("schedule")
    Tree.SubElement(root, "generator", name="Tablée", version="1")
    _leaf(root, "version", exchange.version)
    conference = Tree.SubElement(root, "conference")
    for name, text in (
        ("title", exchange.title), ("acronym", exchange.acronym), ("start", exchange.days[0].isoformat()),
        ("end", exchange.days[-1].isoformat()), ("days", str(len(exchange.days))), ("timeslot_duration", "00:05"),
        ("base_url", exchange.url), ("time_zone_name", exchange.zone),
    ):  # fmt: skip
        _leaf(conference, name, text)
    for index, day in enumerate(exchange.days):
        talks = tuple(talk for talk in exchange.talks if talk.day == day)
        start, end = bounds(day, talks, exchange.zone)
        node = Tree.SubElement(root, "day", index=str(index + 1), date=day.isoformat(), start=start.isoformat(), end=end.isoformat())
        for name in halls_of(talks):
            room = Tree.SubElement(node, "room", name=_clean(name))
            for talk in talks:
                if talk.room == name:
                    _write_event(room, talk)
    Tree.indent(root, " ")
    body = Tree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_instruction(exchange.embedded)}{body}\n'


def _write_event(room: Tree.Element, talk: Talk) -> None:
    event = Tree.SubElement(room, "event", guid=talk.guid, id=str(talk.number))
    for name, text in (
        ("date", talk.begins.isoformat()), ("start", clock(talk.begins)), ("duration", duration_text(talk.minutes)), ("room", talk.room),
        ("slug", talk.slug), ("url", talk.url), ("title", talk.title), ("subtitle", talk.subtitle), ("track", talk.track),
        ("type", talk.kind), ("language", talk.language), ("abstract", talk.abstract), ("description", talk.description),
    ):  # fmt: skip
        _leaf(event, name, text)
    recording = Tree.SubElement(event, "recording")
    _leaf(recording, "license", "")
    _leaf(recording, "optout", "false" if talk.is_recorded else "true")
    people = Tree.SubElement(event, "persons")
    for person in talk.people:
        _leaf(people, "person", person.name, id=str(person.number))
    links = Tree.SubElement(event, "links")
    for label, address in talk.links:
        _leaf(links, "link", label, href=address)


def _leaf(parent: Tree.Element, name: str, text: str, **attributes: str) -> None:
    Tree.SubElement(parent, name, attributes).text = _clean(text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _instruction(embedded: Embedded | None) -> str:
    if embedded is None:
        return ""
    packed = zlib.compress(json.dumps({"programme": embedded.programme, "completion": embedded.completion}).encode(), 9)
    return f"<?{TARGET} {base64.b64encode(packed).decode()}?>\n"


def read_xml(text: str, name: str) -> Exchange:
    """Raises ProgrammeError with the place of what cannot be read. A document type is refused: entities may grow without end."""
    source = ForeignFile(name)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise source.refusal("", "exchange.doctype")
    try:
        root = Tree.fromstring(text.encode("utf-8", "replace"))  # noqa: S314 - without a document type there is no entity to expand
    except Tree.ParseError as error:
        raise source.malformed(*error.position) from None
    conference = root.find("conference")
    if root.tag != "schedule" or conference is None:
        raise source.refusal("", "exchange.not_schedule")
    head = {one.tag: one.text or "" for one in conference}
    zone = source.text(head, "time_zone_name")
    days, talks = [], []
    for index, node in enumerate(root.findall("day")):
        day = source.day(node.get("date"), f"day {index + 1} date")
        days.append(day)
        for room in node.findall("room"):
            for event in room.findall("event"):
                path = f"day {index + 1} event {event.get('id', '?')}"
                talks.append(_read_event(source, event, path, room.get("name", ""), datetime.combine(day, time.min), zone))
    version = root.find("version")
    return Exchange(
        title=source.text(head, "title"), acronym=source.text(head, "acronym"), version=(version.text or "") if version is not None else "",
        zone=zone, url=source.text(head, "base_url"), days=tuple(days), talks=tuple(talks), embedded=_read_instruction(text),
    )  # fmt: skip


def _read_event(source: ForeignFile, event: Tree.Element, path: str, room: str, midnight: datetime, zone: str) -> Talk:
    node: dict[str, Any] = {one.tag: one.text or "" for one in event}
    optout = event.findtext("recording/optout", "").strip().casefold()
    people = [one for one in event.findall("persons/person") if (one.text or "").strip()]
    return Talk(
        guid=event.get("guid", ""), number=number(event.get("id")), slug=source.text(node, "slug"), day=midnight.date(),
        begins=same_zone(moment(source, node, path, midnight, zone), zone),
        minutes=source.minutes(node.get("duration"), f"{path} duration"),
        room=source.text(node, "room") or room, title=source.required(node, "title", path), subtitle=source.text(node, "subtitle"),
        kind=source.text(node, "type"), track=source.text(node, "track"), language=source.text(node, "language"),
        abstract=source.text(node, "abstract"), description=source.text(node, "description"), url=source.text(node, "url"),
        people=tuple(_read_person(one) for one in people),
        links=tuple((one.text or one.get("href") or "", one.get("href") or "") for one in event.findall("links/link") if one.get("href")),
        is_recorded=optout not in {"true", "1"},
    )  # fmt: skip


def _read_person(one: Tree.Element) -> TalkPerson:
    name = " ".join((one.text or "").split())
    key = one.get("guid") or one.get("code") or one.get("id") or name
    return TalkPerson(key, number(one.get("id")), name)


def _read_instruction(text: str) -> Embedded | None:
    found = _INSTRUCTION.search(text)
    if found is None:
        return None
    try:
        unpacker = zlib.decompressobj()
        packed = json.loads(unpacker.decompress(base64.b64decode(found[1]), MOST_BYTES))
    except (ValueError, zlib.error):
        return None
    if not isinstance(packed, dict) or not isinstance(packed.get("programme"), str):
        return None
    completion = packed.get("completion")
    return Embedded(packed["programme"], completion if isinstance(completion, str) else None)
