"""A programme as schema.org JSON-LD, for the page's head: an Event that takes place in a room and online at once.

What lives here: the mapping to schema.org. What must not: personal links, which must never be in it (it is read by strangers).
Source: https://schema.org/Event and Google's required fields (name, startDate, location).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.registration.programme.day import day_of, span, whole_day
from services.registration.programme.format.model import Programme, Session

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

Node = dict[str, Any]


def json_ld(programme: Programme, now: datetime, *, url: str | None = None) -> Node | None:
    """The event with its sessions; `url` is its public page. None while the day is unknown, for an Event must have a startDate."""
    if day_of(programme, now) is None:
        return None
    event = programme.event
    start, end = whole_day(programme, now)
    address = event.url or url
    modes = set(event.modes)
    node: Node = {
        "@context": "https://schema.org", "@type": "Event", "@id": f"urn:tablee:event:{event.id}",
        "name": event.name, "description": event.theme, "inLanguage": programme.language,
        "startDate": _local(start), "endDate": _local(end),
        "eventStatus": STATUS.get(event.status, SCHEDULED),
        "eventAttendanceMode": MODES.get(("in_room" in modes, bool(modes & {"remote", "hub"}))),
        "location": _locations(programme, address), "url": address, "isAccessibleForFree": True,
        "organizer": _organisation(programme, event.organiser),
        "sponsor": [_organisation(programme, id) for tier in programme.partners for id in tier.members],
        "maximumPhysicalAttendeeCapacity": _count(programme, "in_room"),
        "maximumVirtualAttendeeCapacity": _count(programme, "remote"),
        "subEvent": [_session(programme, session, now, address) for session in programme.sessions if session.start],
    }  # fmt: skip
    return _said(node)


def _session(programme: Programme, session: Session, now: datetime, address: str | None) -> Node:
    start, end = span(programme, session, now)
    name = f"{session.label} : {session.title}" if session.label else session.title
    performers = [_performer(programme, one.person) for one in session.participants]
    return _said(
        {
            "@type": "Event", "@id": f"urn:tablee:event:{programme.event.id}:{session.id}", "name": name,
            "startDate": _local(start), "endDate": _local(end),
            "eventStatus": STATUS.get(session.status, SCHEDULED), "inLanguage": session.language,
            "location": _locations(programme, address), "performer": performers,
            "superEvent": {"@id": f"urn:tablee:event:{programme.event.id}"},
        }
    )  # fmt: skip


def _locations(programme: Programme, address: str | None) -> list[Node]:
    event = programme.event
    places: list[Node] = []
    if event.venue and (not event.modes or "in_room" in event.modes):
        places.append(_said({"@type": "Place", "name": event.venue.name, "address": event.venue.address or event.venue.name}))
    if address and set(event.modes) & {"remote", "hub"}:
        places.append({"@type": "VirtualLocation", "url": address})
    return places


def _performer(programme: Programme, id: str) -> Node:
    person = programme.people[id]
    return _said(
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
    return _said({"@type": "Organization", "name": body.name, "alternateName": body.acronym, "url": body.url})


def _count(programme: Programme, door: str) -> int | None:
    places = getattr(programme.event.capacity, door, None)
    return places if isinstance(places, int) else None


def _local(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None


def _said(node: Node) -> Node:
    """Without what is unknown: schema.org has no word for it."""
    return {name: value for name, value in node.items() if value is not None and value != []}
