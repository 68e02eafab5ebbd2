"""What a standard's file says → a programme: anew, or over the programme that travelled along in it.

Where the file was ours and came back unchanged, the programme is what it was. What somebody changed in between (a title, an hour, a room,
a language, a description, who speaks; a session more or less) is taken over, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.registration.programme.day import spans
from services.registration.programme.exchange.anew import (
    PeopleByKey,
    Rooms,
    dated_once,
    first_of,
    line,
    prose,
    session_of,
    slug,
    sorted_talks,
    zone_of,
)
from services.registration.programme.exchange.model import MOST_TALKS, Exchange, Talk
from services.registration.programme.exchange.outward import exchange_of
from services.registration.programme.exchange.reading import ForeignFile
from services.registration.programme.format.completion import printed
from services.registration.programme.format.event import EventEntry
from services.registration.programme.format.hours import first_day, timetable
from services.registration.programme.format.model import Programme, Session
from services.registration.programme.format.parsing import parse
from services.registration.programme.format.writer import write


@dataclass(frozen=True, slots=True)
class Imported:
    """The texts of the two files; `completion` is None when the file brought none."""

    programme: str
    completion: str | None = None


def programme_of(exchange: Exchange, name: str) -> Imported:
    """Raises ProgrammeError: what is wrong in the file called `name`, or in the programme that it would make."""
    if not exchange.talks:
        raise ForeignFile(name).refusal("", "programme.no_sessions")
    if len(exchange.talks) > MOST_TALKS:
        raise ForeignFile(name).refusal("", "programme.too_many_items", max=MOST_TALKS)
    if exchange.embedded is None:
        text = write(_anew(exchange))
        parse(text)
        return Imported(text)
    completion = exchange.embedded.completion
    base = parse(exchange.embedded.programme, completion)
    changed = _over(base, exchange)
    text = exchange.embedded.programme if changed is base else write(changed)
    parse(text, completion)
    return Imported(text, completion)


def _anew(exchange: Exchange) -> Programme:
    rooms, people = Rooms.of(exchange), PeopleByKey()
    first, zone = first_of(exchange), zone_of(exchange)
    found: list[Session] = []
    for talk in sorted_talks(exchange.talks):
        found.append(session_of(talk, rooms, people, found))
    language = next((talk.language for talk in exchange.talks if talk.language), "en")
    event = EventEntry(
        id=slug(exchange.acronym or exchange.title, "event"), name=line(exchange.title) or exchange.acronym or "?", date=first,
        timezone=zone, status="published", url=exchange.url if exchange.url.startswith("http") else None, rooms=rooms.blocks,
    )  # fmt: skip
    return Programme(
        format_version=1, language=language.split("-")[0].casefold(), event=event, sessions=dated_once(found, first), people=people.blocks
    )


def _over(base: Programme, exchange: Exchange) -> Programme:
    """`base` itself when nothing was changed."""
    moment = datetime.combine(exchange.days[0], time(12), ZoneInfo(base.event.timezone))
    ours = exchange_of(base, moment, url=exchange.url, version=exchange.version)
    before = {talk.guid: (talk, id) for talk, id in zip(ours.talks, _known_ids(base, moment), strict=True)}
    after = {talk.guid: talk for talk in exchange.talks}
    rooms, people = Rooms.over(base), PeopleByKey.over(base, ours)
    changes: dict[str, dict[str, Any] | None] = {}
    for guid, (talk, id) in before.items():
        theirs = after.get(guid)
        changed = _changes(base.session(id), talk, theirs, rooms, people) if theirs else None
        if changed != {}:
            changes[id] = changed
    added = [talk for talk in sorted_talks(exchange.talks) if talk.guid not in before]
    if not changes and not added:
        return base
    sessions = []
    for one, day in zip(printed(base).sessions, _days_of(base), strict=True):
        changed = changes.get(one.id, {})
        if changed is not None:
            sessions.append(replace(one, **{"date": day, **changed}))
    for talk in added:
        sessions.append(session_of(talk, rooms, people, sessions))
    with_rooms = printed(base) if rooms.blocks == base.event.rooms else _in_rooms(printed(base), rooms)
    return _rebuilt(with_rooms, sessions, people)


def _known_ids(base: Programme, moment: datetime) -> list[str]:
    return [session.id for session in base.sessions if spans(base, moment)[session.id][0] is not None]


def _days_of(base: Programme) -> list[date | None]:
    first = first_day(base)
    return [first + timedelta(days=hours.day) if first else None for hours in timetable(base)]


def _changes(session: Session | None, ours: Talk, theirs: Talk, rooms: Rooms, people: PeopleByKey) -> dict[str, Any]:
    """The fields of a session that somebody changed on the way."""
    taken: dict[str, Any] = {}
    fresh = session_of(theirs, rooms, people, [])
    hours = {"end": fresh.end, "end_basis": fresh.end_basis, "duration": fresh.duration}
    if theirs.title != ours.title:
        taken |= {"title": fresh.title, "title_raw": None}
    if theirs.subtitle != ours.subtitle:
        taken["label"] = line(theirs.subtitle) or None
    if (theirs.begins.astimezone(UTC), theirs.day) != (ours.begins.astimezone(UTC), ours.day):
        taken |= {"date": fresh.date, "start": fresh.start, **hours}
    elif theirs.minutes != ours.minutes:
        taken |= hours
    if theirs.room != ours.room:
        taken["room"] = fresh.room
    if theirs.language != ours.language:
        taken["language"] = fresh.language
    if (theirs.abstract, theirs.description) != (ours.abstract, ours.description):
        taken["description"] = prose(theirs.abstract, theirs.description)
    if [people.id_of(one) for one in theirs.people] != [people.id_of(one) for one in ours.people]:
        kept = {one.person: one for one in session.participants} if session else {}
        taken["participants"] = tuple(kept.get(one.person, one) for one in fresh.participants)
    return taken


def _in_rooms(base: Programme, rooms: Rooms) -> Programme:
    return replace(base, event=replace(base.event, rooms=rooms.blocks))


def _rebuilt(base: Programme, sessions: list[Session], people: PeopleByKey) -> Programme:
    """In the order of the hours; ends that followed from the next start are stated now."""
    stated = [replace(one, end_basis="stated") if one.end_basis == "next_start" else one for one in sessions]
    ordered = sorted(stated, key=lambda one: (one.date or date.min, one.start.minutes if one.start else 0))
    return replace(base, sessions=dated_once(ordered, first_day(base)), people=people.blocks)
