"""A programme → what the standards can say of it.

Left out: sessions whose start is unknown, for which no standard has room, and cancelled ones, for which none has a word: the apps of the
field tell of a session that vanished from the schedule as cancelled.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote, urlsplit

from services.registration.programme.day import OPEN_END, Span, day_of, days, spans
from services.registration.programme.exchange.model import Embedded, Exchange, Hall, Talk, TalkPerson
from services.registration.programme.exports.ics import uid
from services.registration.programme.exports.wording import language_of
from services.registration.programme.format.model import Participant, Programme, Session
from shared.errors import Invalid

SHORTEST_NAME: Final = 4
"""Signs of an acronym, and of each part of a slug."""
LARGEST_NUMBER: Final = 2**31 - 1
SLUG_NUMBERS: Final = 10**6
_URI_SIGNS: Final = ":/?#@!$&'()*+,;=%~"
"""What RFC 3986 reserves outside the name of a host, and the sign of what is encoded already."""


def exchange_of(
    programme: Programme,
    now: datetime,
    *,
    url: str,
    version: str,
    embedded: Embedded | None = None,
    actual: Mapping[str, Span] | None = None,
) -> Exchange:
    """`url` is the public page, with a final slash; `actual` the hours of each session as the day really goes, where they are not the
    printed ones: a session it lacks is cancelled. Raises Invalid("programme.date_unknown")."""
    when = actual if actual is not None else _uncancelled(programme, now)
    event = programme.event
    if day_of(programme, now) is None:
        raise Invalid("programme.date_unknown")
    talks: list[Talk] = []
    for day, sessions in days(programme, now).items():
        for session in sessions:
            start, end = when.get(session.id, (None, None))
            if start is None:
                continue
            number = number_of(uid(event.id, session.id), {talk.number for talk in talks})
            talks.append(_talk(programme, session, day, start, end, number=number, url=url))
    halls = tuple(
        Hall(room.name, uid(event.id, f"room:{room.id}"), room.capacity if isinstance(room.capacity, int) else None) for room in event.rooms
    )
    return Exchange(
        title=event.name, acronym=acronym_of(event.id), version=version, zone=event.timezone, url=uri(event.url or url),
        days=tuple(days(programme, now)), talks=tuple(talks), halls=halls, description=event.theme or "", embedded=embedded,
    )  # fmt: skip


def _talk(programme: Programme, session: Session, day: date, start: datetime, end: datetime | None, *, number: int, url: str) -> Talk:
    event, length = programme.event.id, (end or start + OPEN_END).astimezone(UTC) - start.astimezone(UTC)
    return Talk(
        guid=uid(event, session.id), number=number, slug=slug_of(event, session.id, number), day=day, begins=start,
        minutes=max(0, int(length.total_seconds()) // 60), room=_room(programme, session),
        title=session.title, subtitle=session.label or "", kind=session.kind, language=language_of(programme, session),
        description=session.description or "", url=f"{url}#{session.id}",
        people=tuple(_person(programme, one) for one in session.participants),
        links=tuple((one.label, uri(one.url)) for one in session.resources),
        is_streamed=session.stream is not False, is_recorded=session.record is not False,
    )  # fmt: skip


def _uncancelled(programme: Programme, now: datetime) -> Mapping[str, Span]:
    when = spans(programme, now)
    return {session.id: when[session.id] for session in programme.sessions if session.status != "cancelled"}


def acronym_of(id: str) -> str:
    """An id as an acronym, which may hold no hyphen."""
    acronym = re.sub(r"[^a-z0-9_]", "_", id)
    return acronym if len(acronym) >= SHORTEST_NAME else f"{acronym}_event"


def slug_of(event: str, session: str, number: int) -> str:
    """`acronym-number-name`, the form that every version of the standard takes: letters and figures, up to six figures, four signs or
    more."""
    acronym = re.sub(r"[^a-z0-9]", "", event)
    first = acronym if len(acronym) >= SHORTEST_NAME else f"{acronym}event"
    return f"{first}-{number % SLUG_NUMBERS}-{session if len(session) >= SHORTEST_NAME else f'session-{session}'}"


def number_of(guid: str, taken: set[int] | None = None) -> int:
    """A number for formats that want one: the same for the same guid, at least 1, the next free one where it is taken."""
    number = uuid.UUID(guid).int % LARGEST_NUMBER + 1
    while taken and number in taken:
        number = number % LARGEST_NUMBER + 1
    return number


def uri(address: str) -> str:
    """An address as the standards want it: ASCII only (RFC 3986), a host of other letters in its IDNA form."""
    escaped = re.sub("%(?![0-9A-Fa-f]{2})", "%25", address)
    try:
        parts = urlsplit(escaped)
        user, at, host = parts.netloc.rpartition("@")
        before = f"{parts.scheme}://{quote(user, safe=_URI_SIGNS)}{at}{host.encode('idna').decode()}"
    except ValueError:  # no name of a host that IDNA could write: percent signs say the whole
        return quote(escaped, safe=_URI_SIGNS)
    return before + quote(parts._replace(scheme="", netloc="").geturl(), safe=_URI_SIGNS)


def _room(programme: Programme, session: Session) -> str:
    """Every talk needs a room: without one it is that of the stage, the venue, the event."""
    room, stage, venue = programme.room(session.room), programme.stage(session.stage), programme.event.venue
    return next(one.name for one in (room, stage, venue, programme.event) if one is not None)


def _person(programme: Programme, one: Participant) -> TalkPerson:
    person = programme.people[one.person]
    guid = uid(programme.event.id, f"person:{one.person}")
    titles = one.titles_here or tuple(title.text for title in person.titles)
    return TalkPerson(guid, number_of(guid), person.display, person.bio or "", one.roles, titles)
