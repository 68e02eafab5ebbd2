"""schedule.xml, as frab and pretalx publish it and as apps and video teams of the field read it.

Its schema leaves no room for names of one's own, so the whole programme travels along in a processing instruction, which every reader of
XML skips that does not know it. Source: the schema of the video operation centre of the Chaos Computer Club (schedule.xml.xsd).
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final
from xml.etree import ElementTree as Tree

from services.registration.programme.exchange.hours import bounds, clock, duration_text, moment
from services.registration.programme.exchange.model import MOST_BYTES, Embedded, Exchange, Talk, TalkPerson, halls_of
from services.registration.programme.exchange.reading import ForeignFile, joined, number

MEDIA_TYPE: Final = "application/vnd.c3voc.schedule+xml"
TARGET: Final = "tablee-programme"
"""Of the processing instruction: base64 of deflated JSON {programme, completion}."""

CONFERENCE_NAMES: Final = frozenset({
    "acronym", "title", "start", "end", "days", "timeslot_duration", "day_change", "base_url", "url", "time_zone_name", "venue",
    "city",
})  # fmt: skip
EVENT_NAMES: Final = frozenset({
    "date", "start", "duration", "room", "slug", "url", "title", "subtitle", "type", "language", "abstract", "description",
    "recording", "persons", "links", "attachments", "feedback_url", "origin_url",
})  # fmt: skip
"""What a programme has a place for, or what only the system of origin has a use for."""
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
    """Raises ProgrammeError with every place of what cannot be read. A document type is refused: entities may grow without end."""
    source = ForeignFile(name)
    root = _root(source, text)
    conference = root.find("conference")
    if root.tag != "schedule" or conference is None:
        raise source.refusal("", "exchange.not_schedule", missing="conference" if root.tag == "schedule" else "schedule")
    head = {one.tag: one.text or "" for one in conference}
    zone, base = source.zone(head), source.text(head, "base_url") or source.text(head, "url")
    days: list[date] = []
    talks: list[Talk] = []
    for index, node in enumerate(root.findall("day")):
        day = source.day(node.get("date"), f"day {index + 1} date")
        days.append(day)
        for room in node.findall("room"):
            for event in room.findall("event"):
                path = f"day {index + 1} event {event.get('id', '?')}"
                midnight = datetime.combine(day, time.min)
                talks += source.each(partial(_read_event, source, event, path, room.get("name", ""), midnight, zone, base))
    source.whole()
    source.left_out((one.tag for one in conference if (one.text or "").strip() or one.attrib), CONFERENCE_NAMES)
    version = root.find("version")
    return Exchange(
        title=source.text(head, "title"), acronym=source.text(head, "acronym"), version=(version.text or "") if version is not None else "",
        zone=zone, url=base, days=tuple(days), talks=tuple(talks), venue=", ".join(filter(None, (head.get("venue"), head.get("city")))),
        embedded=_read_instruction(text), findings=source.notes.findings(name),
    )  # fmt: skip


class _NoDocumentType(Tree.TreeBuilder):
    """Raises at the declaration itself, before any entity of it could be met."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise DocumentType


class DocumentType(Exception):
    pass


def _root(source: ForeignFile, text: str) -> Tree.Element:
    parser = Tree.XMLParser(target=_NoDocumentType(), encoding="utf-8")  # noqa: S314 - without a document type there is no entity to expand
    try:
        parser.feed(text.encode("utf-8", "replace"))
        return parser.close()
    except DocumentType:
        raise source.refusal("", "exchange.doctype") from None
    except Tree.ParseError as error:
        raise source.malformed(*error.position) from None


def _read_event(source: ForeignFile, event: Tree.Element, path: str, room: str, midnight: datetime, zone: str, base: str) -> Talk:
    node: dict[str, Any] = {one.tag: one.text or "" for one in event}
    optout = event.findtext("recording/optout", "").strip().casefold()
    people = [one for one in event.findall("persons/person") if (one.text or "").strip()]
    source.left_out((one.tag for one in event if (one.text or "").strip() or len(one)), EVENT_NAMES)
    return Talk(
        guid=event.get("guid", ""), number=number(event.get("id")), slug=source.text(node, "slug"), day=midnight.date(),
        begins=moment(source, node, path, midnight, zone), minutes=source.minutes(node.get("duration"), f"{path} duration"),
        room=source.text(node, "room") or room, title=source.required(node, "title", path), subtitle=source.text(node, "subtitle"),
        kind=source.text(node, "type"), track=source.text(node, "track"), language=source.text(node, "language"),
        abstract=source.text(node, "abstract"), description=source.text(node, "description"), url=source.text(node, "url"),
        people=tuple(_read_person(one) for one in people),
        links=(*_read_links(event, "links/link", ""), *_read_links(event, "attachments/attachment", base)),
        is_recorded=optout not in {"true", "1"},
    )  # fmt: skip


def _read_links(event: Tree.Element, path: str, base: str) -> tuple[tuple[str, str], ...]:
    """Files in the wild have the address as an attribute or as the text."""
    found = [((one.text or "").strip(), one.get("href") or (one.text or "").strip()) for one in event.findall(path)]
    return tuple((label or address, joined(base, address)) for label, address in found if address)


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
