"""A file that was ours and came back, over the programme that travelled along in it.

Unchanged, the programme is what it was. What somebody changed in between (of a session: title, hours, room, kind, language, description,
links, who speaks, whether it is streamed; a session more or less; a name of a person, of a room, of the event) is taken over, and nothing
else: what the standard has no word for stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.registration.programme.exchange.anew import PeopleByKey, Rooms, dated_once, line, prose, session_of
from services.registration.programme.exchange.model import Exchange, Talk, TalkPerson
from services.registration.programme.exchange.outward import exchange_of
from services.registration.programme.exchange.placed import in_order
from services.registration.programme.exchange.reading import Notes
from services.registration.programme.exchange.zones import in_zone
from services.registration.programme.exports.ics import uid
from services.registration.programme.format.event import EventEntry
from services.registration.programme.format.hours import first_day, timetable
from services.registration.programme.format.model import Programme, Session

Fields = dict[str, Any]


def over(base: Programme, ground: Programme, exchange: Exchange, through: Callable[[Exchange], Exchange], notes: Notes) -> Programme:
    """`ground` with the changes, itself when there are none: `base` as printed, or with what was assumed. `through`: see `inward`."""
    zone = exchange.zone or base.event.timezone
    ours = through(exchange_of(base, day_of(exchange), url=exchange.url, version=exchange.version))
    known, theirs = in_zone(ours, base.event.timezone), in_zone(exchange, zone)
    rooms, people = Rooms.over(base), PeopleByKey.over(ground, ours)
    event = _event(ground.event, known, theirs, bool(exchange.zone) and exchange.zone != ours.zone)
    changes = _sessions(ground, known, theirs, rooms, people, notes)
    people.renewed(_people(known), _people(theirs), notes)
    listed = {talk.guid for talk in known.talks}
    added = [talk for talk in in_order(theirs.talks) if talk.guid not in listed]
    if not changes and not added and event == ground.event and people.blocks == ground.people:
        return ground
    sessions = [replace(one, **{"date": day, **changed}) for one, day, changed in _kept(base, ground, changes)]
    for talk in added:
        sessions.append(session_of(talk, rooms, people, sessions, notes))
    named = rooms.blocks if rooms.blocks != base.event.rooms else event.rooms
    return _rebuilt(replace(ground, event=replace(event, rooms=named)), sessions, people, first_day(base))


def day_of(exchange: Exchange) -> datetime:
    """Noon of its first day: in rehearsal, the day it was made on."""
    return (
        datetime.combine(exchange.days[0], time(12), ZoneInfo(exchange.zone or "UTC"))
        if exchange.days
        else datetime(2000, 1, 1, tzinfo=UTC)
    )


def _sessions(
    ground: Programme, known: Exchange, theirs: Exchange, rooms: Rooms, people: PeopleByKey, notes: Notes
) -> dict[str, Fields | None]:
    """Session id → its new fields, None when it was taken out. Sessions that no schedule shows are not asked about."""
    ids = {uid(ground.event.id, session.id): session.id for session in ground.sessions}
    after = {talk.guid: talk for talk in theirs.talks}
    changes: dict[str, Fields | None] = {}
    for talk in known.talks:
        session, other = ground.session(ids[talk.guid]), after.get(talk.guid)
        assert session is not None
        changed = _changes(session, talk, other, rooms, people, notes) if other else None
        if changed != {}:
            changes[session.id] = changed
    return changes


def _kept(base: Programme, ground: Programme, changes: Mapping[str, Fields | None]) -> list[tuple[Session, date | None, Fields]]:
    first = first_day(base)
    dates = [first + timedelta(days=hours.day) if first else None for hours in timetable(base)]
    both = [(session, day, changes.get(session.id, {})) for session, day in zip(ground.sessions, dates, strict=True)]
    return [(session, day, changed) for session, day, changed in both if changed is not None]


def _changes(session: Session, ours: Talk, theirs: Talk, rooms: Rooms, people: PeopleByKey, notes: Notes) -> Fields:
    """The fields of a session that somebody changed on the way."""
    fresh = session_of(theirs, rooms, people, [], notes)
    taken = _times(ours, theirs, fresh)
    if theirs.title != ours.title:
        taken |= {"title": fresh.title, "title_raw": None, "status": fresh.status}
    if theirs.subtitle != ours.subtitle:
        taken["label"] = line(theirs.subtitle) or None
    if (theirs.abstract, theirs.description) != (ours.abstract, ours.description):
        taken["description"] = prose(notes, theirs.abstract, theirs.description)
    for name, field in (
        ("room", "room"), ("language", "language"), ("kind", "kind"), ("links", "resources"), ("is_streamed", "stream"),
        ("is_recorded", "record"),
    ):  # fmt: skip
        if getattr(theirs, name) != getattr(ours, name):
            taken[field] = getattr(fresh, field)
    if [one.key for one in theirs.people] != [one.key for one in ours.people]:
        kept = {one.person: one for one in session.participants}
        taken["participants"] = tuple(kept.get(one.person, one) for one in fresh.participants)
    return taken


def _times(ours: Talk, theirs: Talk, fresh: Session) -> Fields:
    hours = {"end": fresh.end, "end_basis": fresh.end_basis, "duration": fresh.duration}
    if (theirs.begins.astimezone(UTC), theirs.day) != (ours.begins.astimezone(UTC), ours.day):
        return {"date": fresh.date, "start": fresh.start, **hours}
    return hours if theirs.minutes != ours.minutes else {}


def _event(event: EventEntry, known: Exchange, theirs: Exchange, moved: bool) -> EventEntry:
    """`moved`: the file names another zone now."""
    taken: Fields = {}
    if theirs.title != known.title and line(theirs.title):
        taken["name"] = line(theirs.title)
    if theirs.description != known.description:
        taken |= {"theme": line(theirs.description) or None, "theme_raw": None}
    if theirs.url != known.url and theirs.url.startswith("http"):
        taken["url"] = theirs.url
    if moved:
        taken["timezone"] = theirs.zone
    before, after = ({hall.guid: hall for hall in one.halls} for one in (known, theirs))
    rooms = []
    for room in event.rooms:
        ours, other = before.get(guid := uid(event.id, f"room:{room.id}")), after.get(guid)
        changed = other if other != ours else None
        rooms.append(replace(room, name=line(changed.name) or room.name, capacity=changed.capacity) if changed else room)
    return replace(event, **taken, rooms=tuple(rooms))


def _people(exchange: Exchange) -> dict[str, TalkPerson]:
    return {one.key: one for talk in exchange.talks for one in talk.people}


def _rebuilt(ground: Programme, sessions: list[Session], people: PeopleByKey, first: date | None) -> Programme:
    """In the order of the hours; ends that followed from the next start are stated now."""
    stated = [replace(one, end_basis="stated") if one.end_basis == "next_start" else one for one in sessions]
    ordered = sorted(stated, key=lambda one: (one.date or date.min, one.start.minutes if one.start else 0))
    return replace(ground, sessions=dated_once(ordered, first), people=people.blocks)
