"""The completion of a programme: what the print leaves unknown and somebody assumed, kept apart and marked as such.

What lives here: reading the completion file, laying it over the programme, taking it off again. What must not: changing anything that
was printed, which is an error (`completion.printed`).

A completion may say `date: today`: the rehearsal mode, in which the day of the event is whatever day it is in the event's time zone, so
that a platform that was just started has a living day to show. A date given as a date is never moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from services.registration.programme.format.event import EventEntry
from services.registration.programme.format.fields import FORMAT_VERSION
from services.registration.programme.format.kinds import SLUG, Number, Text, Unfit, nearest
from services.registration.programme.format.model import Notice, Organisation, PersonEntry, Programme, Session
from services.registration.programme.format.nodes import compose
from services.registration.programme.format.reader import Reading, entries, read_node
from services.registration.programme.format.shape import shape

TODAY = "today"

EVENT_FIELDS = frozenset(
    {"date", "status", "contact", "url", "venue", "rooms", "stages", "hubs", "modes", "capacity", "registration", "reasons"}
)  # fmt: skip
SESSION_FIELDS = frozenset(
    {"date", "end", "duration", "room", "stage", "modes", "language", "interpretation", "description", "signup", "stream", "record",
     "questions", "polls", "resources", "replay_url"}
)  # fmt: skip
PARTS: Mapping[str, tuple[type, frozenset[str]]] = {
    "sessions": (Session, SESSION_FIELDS),
    "people": (PersonEntry, frozenset({"bio", "photo", "links"})),
    "organisations": (Organisation, frozenset({"url", "logo"})),
    "notices": (Notice, frozenset({"contact", "effective_from", "placements"})),
}
ROOT = ("format_version", "completes", "why", "event", "every_session", *PARTS)


@dataclass(slots=True)
class Completion:
    """What a completion file says: values by part and id. `every_session` holds for each session that leaves the field unknown."""

    completes: str
    event: dict[str, Any]
    every_session: dict[str, Any]
    parts: dict[str, dict[str, dict[str, Any]]]
    rehearsal: bool


def read_completion(text: str, reading: Reading) -> Completion:
    """The completion in `text`. Raises ProgrammeError when the YAML is broken; other errors are collected in `reading`."""
    found = Completion("", {}, {}, {}, False)
    root = compose(text, reading.name)
    for name, node, line in entries(root, "", reading):
        if name not in ROOT:
            like = nearest(name, list(ROOT))
            reading.refuse(name, "programme.unknown_field_near" if like else "programme.unknown_field", line, name=name[:60], nearest=like)
        elif name == "event":
            found.rehearsal = _take_today(node)
            found.event = read_node(EventEntry, node, name, reading, EVENT_FIELDS) or {}
        elif name == "every_session":
            found.every_session = read_node(Session, node, name, reading, SESSION_FIELDS) or {}
        elif name in PARTS:
            found.parts[name] = _read_part(name, node, reading)
        else:
            _read_head(name, node, found, reading)
    for name in ("format_version", "completes"):
        if name not in reading.lines:
            reading.refuse(name, "programme.missing_field", 1, name=name)
    return found


def _read_head(name: str, node: yaml.Node, found: Completion, reading: Reading) -> None:
    if not isinstance(node, yaml.ScalarNode):
        return reading.refuse(name, "programme.not_scalar")
    try:
        if name == "format_version":
            Number(FORMAT_VERSION, FORMAT_VERSION).read(node.value)
        elif name == "completes":
            found.completes = SLUG.read(node.value)
        else:
            Text(2_000, lines=True).read(node.value)
    except Unfit as refused:
        reading.refuse(name, refused.code, **refused.params)
    return None


def _read_part(name: str, node: yaml.Node, reading: Reading) -> dict[str, dict[str, Any]]:
    if not isinstance(node, yaml.MappingNode):
        reading.refuse(name, "programme.not_block")
        return {}
    block, fields = PARTS[name]
    return {id: read_node(block, inner, f"{name}.{id}", reading, fields) or {} for id, inner, _ in entries(node, name, reading)}


def _take_today(node: yaml.Node) -> bool:
    """Whether the event's date is `today`; takes the word out, since no date can hold it."""
    if not isinstance(node, yaml.MappingNode):
        return False
    words = [pair for pair in node.value if getattr(pair[0], "value", "") == "date" and getattr(pair[1], "value", "") == TODAY]
    node.value = [pair for pair in node.value if pair not in words]
    return bool(words)


def complete(programme: Programme, completion: Completion, reading: Reading) -> Programme:
    """The programme with what was assumed filled in and named in `assumed`. Errors are collected in `reading`."""
    if completion.completes and completion.completes != programme.event.id:
        reading.refuse("completes", "completion.other_event", given=completion.completes, expected=programme.event.id)
    assumed: set[str] = {"event.date"} if completion.rehearsal else set()
    if completion.rehearsal and programme.event.date is not None:
        reading.refuse("event.date", "completion.printed", field="event.date")
    event = _fill(programme.event, completion.event, "event", reading, assumed)
    parts = {name: _known(programme, name, completion, reading) for name in PARTS}
    sessions = []
    for session in programme.sessions:
        own = parts["sessions"].get(session.id, {})
        common = {name: value for name, value in completion.every_session.items() if name not in own and _is_unknown(session, name)}
        sessions.append(_fill(session, common | own, f"sessions.{session.id}", reading, assumed))
    return replace(
        programme,
        event=event,
        sessions=tuple(sessions),
        people={
            id: _fill(person, parts["people"].get(id, {}), f"people.{id}", reading, assumed) for id, person in programme.people.items()
        },
        organisations={
            id: _fill(body, parts["organisations"].get(id, {}), f"organisations.{id}", reading, assumed)
            for id, body in programme.organisations.items()
        },
        notices=tuple(
            _fill(notice, parts["notices"].get(notice.id, {}), f"notices.{notice.id}", reading, assumed) for notice in programme.notices
        ),
        assumed=frozenset(assumed), rehearsal=completion.rehearsal,
    )  # fmt: skip


def _known(programme: Programme, name: str, completion: Completion, reading: Reading) -> dict[str, dict[str, Any]]:
    """The entries of one part, those refused that complete something the programme does not have."""
    ids = list(_by_id(programme, name))
    values = completion.parts.get(name, {})
    for id in values:
        if id not in ids:
            reading.refuse(f"{name}.{id}", "completion.unknown_id", id=id[:60], nearest=nearest(id, ids))
    return values


def _by_id(programme: Programme, name: str) -> Mapping[str, Any]:
    part = getattr(programme, name)
    return part if isinstance(part, Mapping) else {one.id: one for one in part}


def _fill(block: Any, values: Mapping[str, Any], path: str, reading: Reading, assumed: set[str]) -> Any:
    changes: dict[str, Any] = {}
    for name, value in values.items():
        if not _is_unknown(block, name):
            reading.refuse(f"{path}.{name}", "completion.printed", field=f"{path}.{name}")
            continue
        changes[name] = value
        assumed.add(f"{path}.{name}")
    if "end" in changes and isinstance(block, Session):
        changes["end_basis"] = "assumed"
    return replace(block, **changes) if changes else block


def _is_unknown(block: Any, name: str) -> bool:
    return bool(getattr(block, name) == _default(type(block), name))


def _default(block: type, name: str) -> Any:
    return next(one.default for one in shape(block) if one.attribute == name)


def lines_of(programme: Programme, reading: Reading) -> dict[str, int]:
    """Where the assumed values stand in the completion file, under the paths they have in the completed programme."""
    lines, below = dict(reading.lines), _lines_by_field(reading)
    at = {session.id: index for index, session in enumerate(programme.sessions)}
    for path in programme.assumed:
        part, _, id_and_name = path.partition(".")
        id, _, name = id_and_name.partition(".")
        if part == "sessions":
            for inner, line in (below.get(path) or below.get(f"every_session.{name}", {})).items():
                lines[f"sessions.{at[id]}.{name}{inner}"] = line
    return lines


def _lines_by_field(reading: Reading) -> dict[str, dict[str, int]]:
    """Path of a field of sessions → what stands below it ("" for itself) → line."""
    found: dict[str, dict[str, int]] = {}
    for path, line in reading.lines.items():
        parts = path.split(".")
        deep = 2 if parts[0] == "every_session" else 3
        if len(parts) >= deep:
            found.setdefault(".".join(parts[:deep]), {})["".join(f".{part}" for part in parts[deep:])] = line
    return found


def printed(programme: Programme) -> Programme:
    """The programme as printed: everything that was assumed is unknown again."""
    if not programme.assumed:
        return replace(programme, rehearsal=False)

    def bare(block: Any, path: str) -> Any:
        changes = {
            one.attribute: one.default for one in shape(type(block)) if f"{path}.{one.attribute}" in programme.assumed
        }  # fmt: skip
        if "end" in changes:
            changes["end_basis"] = "unknown"
        return replace(block, **changes) if changes else block

    return replace(
        programme,
        event=bare(programme.event, "event"),
        sessions=tuple(bare(session, f"sessions.{session.id}") for session in programme.sessions),
        people={id: bare(person, f"people.{id}") for id, person in programme.people.items()},
        organisations={id: bare(body, f"organisations.{id}") for id, body in programme.organisations.items()},
        notices=tuple(bare(notice, f"notices.{notice.id}") for notice in programme.notices),
        assumed=frozenset(), rehearsal=False,
    )  # fmt: skip
