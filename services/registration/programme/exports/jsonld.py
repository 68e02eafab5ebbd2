"""A programme as schema.org JSON-LD, for the page's head: an Event that takes place in a room and online at once.

What lives here: the mapping to schema.org. What must not: personal links, which must never be in it (it is read by strangers).
Source: https://schema.org/Event and what Google requires of an Event (name, startDate, location) and recommends. No programme holds prices,
so there are no offers, and nothing is called free.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.registration.programme.day import OPEN_END, outer
from services.registration.programme.exports.wording import language_of, named
from services.registration.programme.format.halls import room_of
from services.registration.programme.format.model import Programme, Session
from services.registration.programme.order.decisions import UNDECIDED, Decisions
from services.registration.programme.running_order import Slot, running_order

MODES = {
    (True, True): "https://schema.org/MixedEventAttendanceMode",
    (False, True): "https://schema.org/OnlineEventAttendanceMode",
    (True, False): "https://schema.org/OfflineEventAttendanceMode",
}
STATUS = {
    "cancelled": "https://schema.org/EventCancelled",
    "postponed": "https://schema.org/EventPostponed",
    "moved_online": "https://schema.org/EventMovedOnline",
}
SCHEDULED = "https://schema.org/EventScheduled"
RESCHEDULED = "https://schema.org/EventRescheduled"

Node = dict[str, Any]


def json_ld(programme: Programme, now: datetime, *, decisions: Decisions = UNDECIDED, url: str | None = None) -> Node | None:
    """The event with its sessions as the running order has them; `url` is its public page. None while the day is unknown, for an Event
    must have a startDate."""
    order = running_order(programme, now, decisions)
    known = [session for session in programme.sessions if order[session.id].announced[0]]
    start, end = outer(slot.announced for slot in order.values())
    if start is None:
        return None
    event = programme.event
    address = event.url or url
    attendance = _attendance(programme)
    places = _locations(programme, None, attendance, address)
    speakers = dict.fromkeys(one.person for session in programme.sessions for one in session.participants)
    node: Node = {
        "@context": "https://schema.org", "@type": "Event", "@id": f"urn:tablee:event:{event.id}",
        "name": event.name, "description": event.theme or event.name, "inLanguage": programme.language,
        "startDate": _local(start), "endDate": _local(end),
        "eventStatus": STATUS.get(event.status, SCHEDULED), "eventAttendanceMode": _mode(places, attendance),
        "location": places, "url": address, "organizer": _organizer(programme, address),
        "performer": [_performer(programme, id) for id in speakers],
        "sponsor": [_organisation(programme, id) for tier in programme.partners for id in tier.members],
        "maximumPhysicalAttendeeCapacity": _count(programme, "in_room"),
        "maximumVirtualAttendeeCapacity": _count(programme, "remote"),
        "subEvent": [_session(programme, session, order[session.id], address) for session in known],
    }  # fmt: skip
    return _known(node)


def _session(programme: Programme, session: Session, slot: Slot, address: str | None) -> Node:
    start, end = slot.announced
    attendance = _attendance_of(programme, session)
    places = _locations(programme, session, attendance, address)
    return _known(
        {
            "@type": "Event", "@id": f"urn:tablee:event:{programme.event.id}:{session.id}", "name": named(programme, session),
            "description": session.description, "startDate": _local(start), "endDate": _local(end or (start + OPEN_END if start else None)),
            "previousStartDate": _local(slot.printed[0]) if _is_rescheduled(slot) else None,
            "eventStatus": _status(programme, slot), "eventAttendanceMode": _mode(places, attendance),
            "inLanguage": language_of(programme, session), "location": places, "url": f"{address}#{session.id}" if address else None,
            "organizer": _organizer(programme, address), "performer": [_performer(programme, one.person) for one in session.participants],
            "superEvent": {"@id": f"urn:tablee:event:{programme.event.id}"},
        }
    )  # fmt: skip


def _status(programme: Programme, slot: Slot) -> str:
    """A cancelled session is cancelled whatever the event is; one that was moved says so unless more is to be said of the whole event."""
    status = "cancelled" if slot.progress == "cancelled" else programme.event.status
    return STATUS.get(status, RESCHEDULED if _is_rescheduled(slot) else SCHEDULED)


def _is_rescheduled(slot: Slot) -> bool:
    return slot.moved and _local(slot.printed[0]) != _local(slot.actual[0])


def _attendance(programme: Programme) -> tuple[bool, bool]:
    """In a room, online: as the event says, else by what it has."""
    event, modes = programme.event, set(programme.event.modes)
    if event.status == "moved_online":
        return False, True
    if modes:
        return "in_room" in modes, bool(modes & {"remote", "hub"})
    return bool(event.venue or event.rooms), bool(event.stages)


def _attendance_of(programme: Programme, session: Session) -> tuple[bool, bool]:
    """A session may say for itself; one that is not streamed cannot be attended from afar."""
    physical, virtual = _attendance(programme)
    modes = set(session.modes) if programme.event.status != "moved_online" else set()
    if modes:
        physical, virtual = "in_room" in modes, bool(modes & {"remote", "hub"})
    return physical, virtual and session.stream is not False


def _locations(programme: Programme, session: Session | None, attendance: tuple[bool, bool], address: str | None) -> list[Node]:
    """Never empty where the page has an address: Google requires a location."""
    event, (physical, virtual) = programme.event, attendance
    room = programme.room(room_of(programme, session)) if session else next(iter(event.rooms), None) if event.venue is None else None
    places: list[Node] = []
    if physical and (event.venue or room):
        names = [one.name for one in (room, event.venue) if one]
        venue = event.venue
        places.append(_known({"@type": "Place", "name": ", ".join(names), "address": (venue.address or venue.name) if venue else names[0]}))
    if address and (virtual or not places):
        places.append({"@type": "VirtualLocation", "url": address})
    return places


def _mode(places: list[Node], attendance: tuple[bool, bool]) -> str | None:
    """Said only where the locations bear it out: an event whose place nobody wrote down is not online for that."""
    kinds = {place["@type"] for place in places}
    return MODES.get(attendance) if ("Place" in kinds, "VirtualLocation" in kinds) == attendance else None


def _organizer(programme: Programme, address: str | None) -> Node:
    """Whoever gives the event, else the event itself; search engines want an address with it."""
    body = _organisation(programme, programme.event.organiser) or {"@type": "Organization", "name": programme.event.name}
    return _known({**body, "url": body.get("url", address)})


def _performer(programme: Programme, id: str) -> Node:
    person = programme.people[id]
    return _known(
        {
            "@type": "Person", "name": person.display, "givenName": person.given,
            "familyName": f"{person.particle or ''}{person.family}" if person.family else None,
            "jobTitle": [title.text for title in person.titles],
        }
    )  # fmt: skip


def _organisation(programme: Programme, id: str | None) -> Node | None:
    if id is None:
        return None
    body = programme.organisations[id]
    return _known({"@type": "Organization", "name": body.name, "alternateName": body.acronym, "url": body.url})


def _count(programme: Programme, door: str) -> int | None:
    places = getattr(programme.event.capacity, door, None)
    return places if isinstance(places, int) else None


def _local(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None


def _known(node: Node) -> Node:
    """Without what is unknown: schema.org has no word for it."""
    return {name: value for name, value in node.items() if value is not None and value != []}
