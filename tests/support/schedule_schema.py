"""The rules of schedule.json (version 1) and schedule.xml, written down from their public schemas, to check what the platform writes.

schedule.json: required names, and no others outside `conference.meta` and persons. schedule.xml: which elements an element may hold, in
which order for the root, and the forms of values. Where versions of a schema differ, what every one of them takes. What is wrong comes
back as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree as Tree

TEXT: Final[dict[str, Any]] = {"type": "string"}
MAYBE: Final[dict[str, Any]] = {"type": ["string", "null"]}
DATE: Final = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
MOMENT: Final = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_REST: Final = r"(//\[[0-9A-Fa-f:.]+\])?([A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
URI: Final = {"type": "string", "pattern": f"^[A-Za-z][A-Za-z0-9+.-]*:{_REST}$"}
UUID: Final = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
PERSON: Final = {
    "oneOf": [
        {"required": ["public_name", "id"], "properties": {"id": {"type": "integer"}}},
        {"required": ["name"], "properties": {"name": TEXT, "code": {"type": "string", "pattern": "^[A-Z0-9]+$"}, "biography": MAYBE}},
    ],
    "properties": {"guid": UUID, "name": TEXT, "url": URI},
}


def closed(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": [*required], "properties": {**required, **optional}}


REFERENCE: Final = closed(
    {"url": URI}, {"title": TEXT, "type": {"enum": ["slides", "paper", "web", "blog", "article", "media", "related", "activitypub"]}}
)
EVENT: Final = closed(
    {
        "guid": UUID, "id": {"type": "integer", "minimum": 1}, "date": MOMENT,
        "start": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
        "duration": {"type": "string", "pattern": "^[0-9]+:[0-9]{2}$"}, "room": TEXT,
        "slug": {"type": "string", "pattern": "^[a-z0-9_-]+[a-z0-9]$"}, "url": URI, "title": TEXT,
        "subtitle": MAYBE, "track": MAYBE, "type": TEXT, "language": TEXT, "abstract": MAYBE,
        "persons": {"type": "array", "items": PERSON}, "links": {"type": "array", "items": REFERENCE},
    },
    {"description": MAYBE, "do_not_record": {"type": ["boolean", "null"]}, "do_not_stream": {"type": ["boolean", "null"]},
     "recording_license": TEXT, "attachments": {"type": "array", "items": REFERENCE}},
)  # fmt: skip
DAY: Final = closed(
    {
        "index": {"type": "integer"},
        "date": DATE,
        "day_start": MOMENT,
        "day_end": MOMENT,
        "rooms": {"type": "object", "additionalProperties": {"type": "array", "items": EVENT}},
    },
    {},
)
ROOM: Final = closed({"name": TEXT, "guid": UUID}, {"description": MAYBE, "capacity": {"type": ["number", "null"]}})
CONFERENCE: Final = closed(
    {
        "title": TEXT, "acronym": {"type": "string", "pattern": "^[a-z0-9_-][a-z0-9_]{3,}(-2[0-9]{3}-[a-z]+)?$"},
        "days": {"type": "array", "items": DAY}, "daysCount": {"type": "integer"}, "start": DATE, "end": DATE, "timeslot_duration": TEXT,
    },
    {"description": TEXT, "time_zone_name": {"type": "string", "pattern": "^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$"}, "url": URI, "logo": URI,
     "rooms": {"type": "array", "items": ROOM}, "meta": {"type": "object"}, "colors": {"type": "object"}, "tracks": {"type": "array"},
     "keywords": {"type": "array"}},
)  # fmt: skip
SCHEDULE_JSON: Final = closed(
    {"schedule": {"type": "object", "required": ["version", "conference"],
                  "properties": {"version": TEXT, "base_url": URI, "conference": CONFERENCE,
                                 "rooms": False}}},
    {"$schema": TEXT, "generator": {"type": "object"}},
)  # fmt: skip

_MOMENT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"
_DURATION: Final = r"\d{1,2}:\d\d(:\d{1,2})?"
_ADDRESS: Final = f"https?:(?=//){_REST}"
_CHILDREN: Final[dict[str, tuple[str, str]]] = {
    "conference": ("title acronym", "start end days timeslot_duration base_url time_zone_name"),
    "event": (
        "room title subtitle type date start duration abstract slug track",
        "logo persons language description recording links attachments video_download_url url",
    ),
    "recording": ("license optout", ""),
}
_FORMS: Final = {
    "event/date": _MOMENT, "event/start": r"[0-2]\d:[0-5]\d", "event/duration": _DURATION, "event/url": _ADDRESS,
    "event/slug": r"[a-z0-9]{4,}-\d{1,6}-[a-z0-9_-]{4,}", "conference/acronym": "[a-z0-9_-]{4,}",
    "recording/optout": "true|false", "conference/base_url": _ADDRESS, "conference/days": r"\d+",
    "conference/start": r"\d{4}-\d\d-\d\d", "conference/end": r"\d{4}-\d\d-\d\d", "conference/timeslot_duration": _DURATION,
}  # fmt: skip


def faults_of_xml(text: str) -> list[str]:
    """Empty when the text is a valid schedule.xml."""
    root = Tree.fromstring(text)
    found = [*_order(root), *(fault for tag in _CHILDREN for one in root.iter(tag) for fault in _element(one))]
    events = [event for room in root.iterfind("day/room") for event in room.findall("event")]
    for name, values in (("id", [one.get("id") for one in events]), ("guid", [one.get("guid") for one in events]),
                         ("slug", [one.findtext("slug") for one in events])):  # fmt: skip
        if len(set(values)) != len(values):
            found.append(f"{name} twice")
    found += [f"guid {one.get('guid')}" for one in events if not re.fullmatch(UUID["pattern"], one.get("guid") or "")]
    found += [f"id {one.get('id')}" for one in events if not re.fullmatch("[1-9][0-9]*", one.get("id") or "")]
    found += [f"person id {one.get('id')}" for one in root.iter("person") if not re.fullmatch("[1-9][0-9]*", one.get("id") or "")]
    for day in root.findall("day"):
        found += [f"day {name}" for name in ("start", "end") if not re.fullmatch(_MOMENT, day.get(name) or "")]
        found += [f"day {day.get('index')} of {day.get('date')}"] if not re.fullmatch("[1-9][0-9]*", day.get("index") or "") else []
        found += ["a room without a name" for room in day.findall("room") if not room.get("name")]
    indexes = [day.get("index") for day in root.findall("day")]
    found += ["day index twice"] if len(set(indexes)) != len(indexes) else []
    return found


def _order(root: Tree.Element) -> Iterator[str]:
    tags = [one.tag for one in root]
    days = len(root.findall("day"))
    if root.tag != "schedule" or tags not in (
        ["version", "conference", *["day"] * days],
        ["generator", "version", "conference", *["day"] * days],
    ):
        yield f"{root.tag} holds {tags}"
    if not days:
        yield "no day"


def _element(element: Tree.Element) -> Iterator[str]:
    required, optional = (set(names.split()) for names in _CHILDREN[element.tag])
    tags = [one.tag for one in element]
    if len(set(tags)) != len(tags):
        yield f"{element.tag}: an element twice"
    if not required <= set(tags) or set(tags) - required - optional:
        yield f"{element.tag}: {required - set(tags)} missing, {set(tags) - required - optional} unknown"
    for child in element:
        form = _FORMS.get(f"{element.tag}/{child.tag}")
        if form and re.fullmatch(form, child.text or "") is None:
            yield f"{element.tag}/{child.tag}: {child.text}"
