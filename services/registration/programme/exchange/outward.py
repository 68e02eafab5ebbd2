"""A programme → what the standards can say of it. Sessions whose start is unknown are left out: no standard has room for them."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Final

from services.registration.programme.day import OPEN_END, day_of, days, spans
from services.registration.programme.exchange.model import Embedded, Exchange, Hall, Talk, TalkPerson
from services.registration.programme.exports.ics import uid
from services.registration.programme.exports.wording import language_of
from services.registration.programme.format.model import Participant, Programme, Session
from shared.errors import Invalid

SHORTEST_ACRONYM: Final = 4
LARGEST_NUMBER: Final = 2**31 - 1


def exchange_of(programme: Programme, now: datetime, *, url: str, version: str, embedded: Embedded | None = None) -> Exchange:
    """`url` is the public page, with a final slash. Raises Invalid("programme.date_unknown")."""
    when, event = spans(programme, now), programme.event
    if day_of(programme, now) is None:
        raise Invalid("programme.date_unknown")
    acronym = acronym_of(event.id)
    talks = []
    for day, sessions in days(programme, now).items():
        for session in sessions:
            start, end = when[session.id]
            if start is None:
                continue
            length = (end or start + OPEN_END).astimezone(UTC) - start.astimezone(UTC)
            guid = uid(event.id, session.id)
            talks.append(
                Talk(
                    guid=guid, number=number_of(guid), slug=f"{acronym}-{session.id}", day=day, begins=start,
                    minutes=max(0, int(length.total_seconds()) // 60), room=_room(programme, session),
                    title=session.title, subtitle=session.label or "", kind=session.kind, language=language_of(programme, session),
                    description=session.description or "", url=f"{url}#{session.id}",
                    people=tuple(_person(programme, one) for one in session.participants),
                    links=tuple((one.label, one.url) for one in session.resources),
                    is_streamed=session.stream is not False, is_recorded=session.record is not False,
                )
            )  # fmt: skip
    halls = tuple(
        Hall(room.name, uid(event.id, f"room:{room.id}"), room.capacity if isinstance(room.capacity, int) else None) for room in event.rooms
    )
    return Exchange(
        title=event.name, acronym=acronym, version=version, zone=event.timezone, url=event.url or url, days=tuple(days(programme, now)),
        talks=tuple(talks), halls=halls, description=event.theme or "", embedded=embedded,
    )  # fmt: skip


def acronym_of(id: str) -> str:
    """An id as an acronym, which may hold no hyphen."""
    acronym = re.sub(r"[^a-z0-9_]", "_", id)
    return acronym if len(acronym) >= SHORTEST_ACRONYM else f"{acronym}_event"


def number_of(guid: str) -> int:
    """A number for formats that want one: the same for the same guid, at least 1."""
    return uuid.UUID(guid).int % LARGEST_NUMBER + 1


def _room(programme: Programme, session: Session) -> str:
    """Every talk needs a room: without one it is that of the stage, the venue, the event."""
    room, stage, venue = programme.room(session.room), programme.stage(session.stage), programme.event.venue
    return next(one.name for one in (room, stage, venue, programme.event) if one is not None)


def _person(programme: Programme, one: Participant) -> TalkPerson:
    person = programme.people[one.person]
    guid = uid(programme.event.id, f"person:{one.person}")
    titles = one.titles_here or tuple(title.text for title in person.titles)
    return TalkPerson(guid, number_of(guid), person.display, person.bio or "", one.roles, titles)
