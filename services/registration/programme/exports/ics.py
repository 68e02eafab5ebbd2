"""A programme as iCalendar (RFC 5545, RFC 7986): the whole day, one session, and the day of one person with their own link.

What lives here: which property says what. What must not: the writing of the format itself, which the icalendar library does (escaping,
folding at 75 octets, VTIMEZONE out of the time-zone database).

UIDs are stable, so that a calendar replaces what it had; SEQUENCE rises with the programme's version. Only `personal_calendar` holds a
personal link.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Timezone, vCalAddress, vDuration, vUri
from icalendar import Event as Entry

from services.registration.programme.day import day_of, span, whole_day
from services.registration.programme.format.model import Programme, Session
from shared.errors import Invalid, NotFound

PRODID = "-//Tablee//Programme//FR"
REFRESH = timedelta(hours=1)
MEDIA_TYPE = "text/calendar; charset=utf-8"
SHORTEST = timedelta(minutes=15)
"""Length given to an entry whose end nobody knows: without one, calendars show nothing or a whole day."""

PARIS = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
"""The rule of directive 2000/84/EC, in force in Paris since 1996. The library would list every change since 1970, with the two onsets
an hour off (icalendar 7.3); it still serves for other zones."""


def event_calendar(programme: Programme, now: datetime, *, version: int = 0, url: str | None = None) -> bytes:
    """The whole day as one entry whose description is the programme. Raises Invalid("programme.date_unknown")."""
    return _bytes(programme, [_day(programme, now, version, url)], f"{url}calendar.ics" if url else None)


def session_calendar(programme: Programme, id: str, now: datetime, *, version: int = 0, url: str | None = None) -> bytes:
    """One session. Raises NotFound("programme.session_unknown"), Invalid("programme.date_unknown")."""
    session = programme.session(id)
    if session is None:
        raise NotFound("programme.session_unknown", params={"id": id[:60]})
    return _bytes(programme, [_session(programme, session, now, version, url)], f"{url}sessions/{id}.ics" if url else None)


def personal_calendar(programme: Programme, now: datetime, *, link: str, door: str, hint: str, join: str, version: int = 0) -> bytes:
    """The day for one person, to go with their mail: `link` opens their place. Nobody else may get these bytes.

    `hint` opens the description, `join` names the link where the person attends from elsewhere: both in that person's language.
    """
    entry = _day(programme, now, version, link, opening=(hint, ""))
    if door != "in_room":
        features = ["AUDIO", "VIDEO", "CHAT"] if door == "remote" else ["AUDIO", "VIDEO"]
        parameters: dict[str, Any] = {"VALUE": "URI", "FEATURE": features, "LABEL": join}
        entry.add("conference", vUri(link), parameters=parameters)
    return _bytes(programme, [entry], None)


def uid(event: str, session: str = "") -> str:
    """A name-based UUID (RFC 9562, version 5): the same entry always has the same, and it tells nothing of the server (RFC 7986, 5.3)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:tablee:event:{event}:{session}"))


def _bytes(programme: Programme, entries: list[Entry], source: str | None) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", programme.event.name)
    calendar.add("x-wr-calname", programme.event.name)
    if source:
        calendar.add("method", "PUBLISH")
        calendar.add("source", vUri(source), parameters={"VALUE": "URI"})
        calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    if programme.event.timezone == "Europe/Paris":
        calendar.add_component(Timezone.from_ical(PARIS.replace("\n", "\r\n")))
    for entry in entries:
        calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _day(programme: Programme, now: datetime, version: int, url: str | None, *, opening: tuple[str, ...] = ()) -> Entry:
    start, end = whole_day(programme, now)
    event = programme.event
    entry = _entry(programme, uid(event.id), start, end, now, version)
    entry.add("summary", event.name)
    lines = [f"{session.start.text if session.start else '?'} · {_named(session)}" for session in programme.sessions]
    entry.add("description", "\n".join([*opening, event.theme or event.name, "", *lines]))
    entry.add("status", "CANCELLED" if event.status == "cancelled" else "TENTATIVE" if event.status == "postponed" else "CONFIRMED")
    address = url or event.url
    if address:
        entry.add("url", vUri(address))
    return entry


def _session(programme: Programme, session: Session, now: datetime, version: int, url: str | None) -> Entry:
    start, end = span(programme, session, now)
    entry = _entry(programme, uid(programme.event.id, session.id), start, end, now, version)
    entry.add("summary", _named(session))
    people = []
    for one in session.participants:
        person = programme.people[one.person]
        titles = one.titles_here or tuple(title.text for title in person.titles)
        people.append(f"{one.block_label} : {person.display}, " if "moderation" in one.roles and one.block_label else f"{person.display}, ")
        people[-1] += " ; ".join(titles)
    entry.add("description", "\n".join([programme.event.name, *(["", *people] if people else [])]))
    entry.add("status", "CANCELLED" if session.status == "cancelled" or programme.event.status == "cancelled" else "CONFIRMED")
    if url:
        entry.add("url", vUri(f"{url}#{session.id}"))
    return entry


def _entry(programme: Programme, id: str, start: datetime | None, end: datetime | None, now: datetime, version: int) -> Entry:
    if day_of(programme, now) is None or start is None:
        raise Invalid("programme.date_unknown")
    entry = Entry()
    entry.add("uid", id)
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("sequence", version)
    entry.add("dtstart", start)
    entry.add("dtend", end if end and end > start else start + SHORTEST)
    entry.add("transp", "OPAQUE")
    venue = programme.event.venue
    if venue:
        entry.add("location", ", ".join(part for part in (venue.name, venue.address) if part))
    if programme.event.contact:
        organiser = programme.organisations.get(programme.event.organiser or "")
        address = vCalAddress(f"mailto:{programme.event.contact}")
        address.params["CN"] = organiser.name if organiser else programme.event.name
        entry.add("organizer", address)
    return entry


def _named(session: Session) -> str:
    return f"{session.label} : {session.title}" if session.label else session.title
