"""A programme as iCalendar (RFC 5545, RFC 7986): the whole day, one session, and the days of one person.

What lives here: which property says what. What must not: the writing of the format itself, which the icalendar library does (escaping,
folding at 75 octets, VTIMEZONE out of the time-zone database).

UIDs are stable, so that a calendar replaces what it had; SEQUENCE rises with every change of the programme or of its hours. Hours are those
that hold (`running_order`). None of them holds a personal link.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, Literal

from icalendar import Calendar, Timezone, vCalAddress, vDuration, vUri
from icalendar import Event as Entry

from services.registration.programme.day import OPEN_END, days, outer
from services.registration.programme.exports.wording import colon, named
from services.registration.programme.format.halls import room_of
from services.registration.programme.format.model import Programme, Session
from services.registration.programme.order.decisions import UNDECIDED, Decisions
from services.registration.programme.order.lines import whole_minute
from services.registration.programme.running_order import Slot, running_order
from shared.errors import Invalid, NotFound

PRODID = "-//Tablee//Programme//FR"
REFRESH = timedelta(hours=1)
MEDIA_TYPE = "text/calendar; charset=utf-8"
Method = Literal["PUBLISH", "CANCEL"]
STATUS = {"cancelled": "CANCELLED", "postponed": "TENTATIVE", "draft": "TENTATIVE"}

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


@dataclass(frozen=True, slots=True)
class Issue:
    """Of which state of the event an entry is: SEQUENCE, DTSTAMP (when that state came about, RFC 5545, section 3.8.7.2, so that the same
    state is the same bytes; None: now) and the running order."""

    sequence: int = 0
    made: datetime | None = None
    decisions: Decisions = UNDECIDED


FIRST_ISSUE: Final = Issue()


@dataclass(frozen=True)
class Matter:
    """What every entry is made from; `url` is the public page, with a final slash."""

    programme: Programme
    now: datetime
    issue: Issue
    url: str | None

    @cached_property
    def order(self) -> Mapping[str, Slot]:
        return running_order(self.programme, self.now, self.issue.decisions)


def event_calendar(programme: Programme, now: datetime, *, issue: Issue = FIRST_ISSUE, url: str | None = None) -> bytes:
    """One entry per day, whose description is the programme of that day. Raises Invalid("programme.date_unknown")."""
    return _bytes(programme, _every_day(Matter(programme, now, issue, url)), f"{url}calendar.ics" if url else None)


def session_calendar(programme: Programme, id: str, now: datetime, *, issue: Issue = FIRST_ISSUE, url: str | None = None) -> bytes:
    """One session. Raises NotFound("programme.session_unknown"), Invalid("programme.date_unknown")."""
    session = programme.session(id)
    if session is None:
        raise NotFound("programme.session_unknown", params={"id": id[:60]})
    return _bytes(programme, [_session(session, Matter(programme, now, issue, url))], f"{url}sessions/{id}.ics" if url else None)


def sessions_calendar(programme: Programme, now: datetime, *, issue: Issue = FIRST_ISSUE, url: str | None = None) -> bytes:
    """Every session that has a start, each as an entry. Raises Invalid("programme.date_unknown")."""
    matter = Matter(programme, now, issue, url)
    known = [session for session in programme.sessions if matter.order[session.id].announced[0] is not None]
    if not known:
        raise Invalid("programme.date_unknown")
    return _bytes(programme, [_session(session, matter) for session in known], None)


def personal_calendar(
    programme: Programme,
    now: datetime,
    days: Collection[date],
    *,
    url: str,
    door: str,
    hint: str,
    join: str,
    issue: Issue = FIRST_ISSUE,
) -> bytes:
    """The `days` on which one person comes. Calendars are shared and synchronised, so nothing of it lets anybody in: `url` is the public
    page, and `hint`, which opens the description, says where the personal link is to be found. `join` names the page of the broadcast where
    the person attends from elsewhere; both in that person's language. Once the event is cancelled it takes the days out of their calendar
    (METHOD:CANCEL, RFC 5546, section 3.2.5). Raises Invalid("programme.date_unknown") when no day is left.
    """
    entries = _every_day(Matter(programme, now, issue, url), opening=hint, only=days)
    for entry in entries if door != "in_room" else []:
        features = ["AUDIO", "VIDEO", "CHAT"] if door == "remote" else ["AUDIO", "VIDEO"]
        parameters: dict[str, Any] = {"VALUE": "URI", "FEATURE": features, "LABEL": join}
        entry.add("conference", vUri(f"{url}watch"), parameters=parameters)
    return _bytes(programme, entries, None, method=personal_method(programme))


def personal_method(programme: Programme) -> Method:
    """The method of `personal_calendar`, which the mail has to name too (RFC 6047, section 2.4)."""
    return "CANCEL" if programme.event.status == "cancelled" else "PUBLISH"


def _every_day(matter: Matter, *, opening: str = "", only: Collection[date] | None = None) -> list[Entry]:
    found = {day: sessions for day, sessions in days(matter.programme, matter.now).items() if only is None or day in only}
    if not found:
        raise Invalid("programme.date_unknown")
    return [_day(day, sessions, matter, opening=opening) for day, sessions in found.items()]


def uid(event: str, session: str = "") -> str:
    """A name-based UUID (RFC 9562, version 5): the same entry always has the same, and it tells nothing of the server (RFC 7986, 5.3)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:tablee:event:{event}:{session}"))


def _bytes(programme: Programme, entries: list[Entry], source: str | None, *, method: Method = "PUBLISH") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", programme.event.name)
    calendar.add("x-wr-calname", programme.event.name)
    calendar.add("method", method)
    if source:
        calendar.add("source", vUri(source), parameters={"VALUE": "URI"})
        calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    if programme.event.timezone == "Europe/Paris":
        calendar.add_component(Timezone.from_ical(PARIS.replace("\n", "\r\n")))
    for entry in entries:
        calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _day(day: date, sessions: Sequence[Session], matter: Matter, *, opening: str = "") -> Entry:
    """One day of the event. The first keeps the UID that the event has always had."""
    programme, event = matter.programme, matter.programme.event
    start, end = outer(matter.order[session.id].announced for session in sessions)
    is_first = sessions[0].id == programme.sessions[0].id
    entry = _entry(uid(event.id) if is_first else uid(event.id, f"day:{day.isoformat()}"), start, end, matter)
    entry.add("summary", event.name)
    held = [session for session in sessions if matter.order[session.id].progress != "cancelled"]
    lines = [_line(session, matter) for session in (sessions if event.status == "cancelled" else held)]
    entry.add("description", "\n".join([*([opening, ""] if opening else []), event.theme or event.name, "", *lines]))
    _locate(entry, programme, None, matter.url)
    entry.add("status", STATUS.get(event.status, "CONFIRMED") if held else "CANCELLED")
    address = matter.url or event.url
    if address:
        entry.add("url", vUri(address))
    return entry


def _line(session: Session, matter: Matter) -> str:
    """As it was printed; where its hour no longer holds, the one that does."""
    slot = matter.order[session.id]
    start = slot.actual[0]
    printed = session.start.text if session.start else "?"
    return f"{f'{start:%H:%M}' if slot.moved and start else printed} · {named(matter.programme, session)}"


def _session(session: Session, matter: Matter) -> Entry:
    programme, slot = matter.programme, matter.order[session.id]
    start, end = slot.announced
    entry = _entry(uid(programme.event.id, session.id), start, end, matter)
    entry.add("summary", named(programme, session))
    people = []
    for one in session.participants:
        person = programme.people[one.person]
        titles = " ; ".join(one.titles_here or tuple(title.text for title in person.titles))
        label = f"{one.block_label}{colon(programme.language)}" if "moderation" in one.roles and one.block_label else ""
        people.append(f"{label}{person.display}{', ' if titles else ''}{titles}")
    description = ["", *session.description.split("\n")] if session.description else []
    entry.add("description", "\n".join([programme.event.name, *description, *(["", *people] if people else [])]))
    _locate(entry, programme, room_of(programme, session), matter.url)
    entry.add("status", "CANCELLED" if slot.progress == "cancelled" else STATUS.get(programme.event.status, "CONFIRMED"))
    if matter.url:
        entry.add("url", vUri(f"{matter.url}#{session.id}"))
    return entry


def _entry(id: str, start: datetime | None, end: datetime | None, matter: Matter) -> Entry:
    programme = matter.programme
    if start is None:
        raise Invalid("programme.date_unknown")
    start, end = whole_minute(start), whole_minute(end) if end else None
    entry = Entry()
    entry.add("uid", id)
    entry.add("dtstamp", (matter.issue.made or matter.now).astimezone(UTC))
    entry.add("sequence", matter.issue.sequence)
    entry.add("dtstart", start)
    if end != start:  # a marker of no length has neither end nor duration (RFC 5545, 3.6.1)
        entry.add("dtend", end if end and end > start else start + OPEN_END)
    entry.add("transp", "OPAQUE")
    if programme.event.contact:
        organiser = programme.organisations.get(programme.event.organiser or "")
        address = vCalAddress(f"mailto:{programme.event.contact}")
        address.params["CN"] = organiser.name if organiser else programme.event.name
        entry.add("organizer", address)
    return entry


def _locate(entry: Entry, programme: Programme, room_id: str | None, url: str | None) -> None:
    """The room and the venue; where everything moved online, the address of the page."""
    event, room = programme.event, programme.room(room_id)
    if event.status == "moved_online":
        parts = [url or event.url]
    else:
        venue = event.venue
        parts = [room.name if room else None, venue.name if venue else None, venue.address if venue else None]
    found = list(dict.fromkeys(part for part in parts if part))
    if found:
        entry.add("location", ", ".join(found))
