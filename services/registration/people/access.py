"""Personal links and what they open: the fixed links of an installation, the page of each role, who may open which page.

Pure but for `Secrets`, which derives. What must not be here: cookies, the store, HTML.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.registration.people.domain import STAFF_DOOR
from shared.auth.capabilities import DISPLAY, HUB, MODERATOR, OPERATOR, ROLES, ROOM, SPEAKER, VIEWER
from shared.auth.keys import Secrets
from shared.config import Settings
from shared.errors import Denied

PAGE_OF_ROLE: Final[Mapping[str, str]] = {
    VIEWER: "/watch",
    HUB: "/watch",
    ROOM: "/room",
    MODERATOR: "/moderate",
    SPEAKER: "/watch",
    DISPLAY: "/stage",
    OPERATOR: "/control",
}
_EVERYONE: Final = frozenset(ROLES)
ROLES_OF_PAGE: Final[Mapping[str, frozenset[str]]] = {
    "/place": _EVERYONE,
    "/watch": _EVERYONE,
    "/room": _EVERYONE,
    "/moderate": frozenset({MODERATOR, OPERATOR}),
    "/stage": frozenset({DISPLAY, MODERATOR, OPERATOR}),
    "/control": frozenset({OPERATOR}),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A person that every installation has, so that each role has a link from the first minute on."""

    key: str
    """Its name among the links."""
    role: str
    door: str
    name: str


SEATS: Final = (
    Seat("viewer", VIEWER, "remote", "Camille Morel"),
    Seat("room", ROOM, "in_room", "Ines Petit"),
    Seat("moderator", MODERATOR, STAFF_DOOR, "Modération"),
    Seat("stage", DISPLAY, STAFF_DOOR, "Écran de scène"),
    Seat("operator", OPERATOR, STAFF_DOOR, "Régie"),
)
_SEATS_SPACE: Final = uuid.UUID("0f9d4b52-6a35-5d0e-9c0e-0a0f5be7a7b1")


def seat_id(event: str, seat: Seat) -> str:
    """The same person id at every start (RFC 9562, version 5)."""
    return str(uuid.uuid5(_SEATS_SPACE, f"{event}:{seat.role}"))


def seat_token(secrets: Secrets, event: str, seat: Seat) -> str:
    return secrets.link(f"{event}:{seat.role}")


def mail_token(secrets: Secrets, person: str, mail: str) -> str:
    """The link in the mail that the event `mail` asked for: a second attempt at the same mail carries the same link."""
    return secrets.link(f"{person}:mail:{mail}")


def link(settings: Settings, token: str) -> str:
    return f"{settings.origin}/l/{token}"


def role_links(settings: Settings, secrets: Secrets, event_id: str) -> dict[str, str]:
    """{"event", "viewer", "room", "moderator", "stage", "operator"} → address. Needs no database: the seats are made at start."""
    return {"event": f"{settings.origin}/", **{seat.key: link(settings, seat_token(secrets, event_id, seat)) for seat in SEATS}}


def require_page(path: str, role: str) -> None:
    """Raises Denied("registration.page_not_yours")."""
    if role not in ROLES_OF_PAGE[path]:
        raise Denied("registration.page_not_yours")


def pages_of(role: str) -> tuple[str, ...]:
    return tuple(path for path, roles in ROLES_OF_PAGE.items() if role in roles)
