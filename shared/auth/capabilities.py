"""Who may do what: one pure table of action × role. Every endpoint and every feed audience names an action of this table.

What must not be here: passes, HTTP, anything that knows how a caller was recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.errors import Denied

VIEWER: Final = "viewer"
"""A registered person who follows from afar."""
ROOM: Final = "room"
"""A registered person in the room."""
HUB: Final = "hub"
"""The host of a village hall."""
MODERATOR: Final = "moderator"
SPEAKER: Final = "speaker"
DISPLAY: Final = "display"
"""A screen: reads what is public and on stage, changes nothing."""
OPERATOR: Final = "operator"

ROLES: Final = (VIEWER, ROOM, HUB, MODERATOR, SPEAKER, DISPLAY, OPERATOR)
_AUDIENCE = frozenset({VIEWER, ROOM, HUB})
_PEOPLE = _AUDIENCE | {MODERATOR, SPEAKER, OPERATOR}
_ALL = frozenset(ROLES)

CAPABILITIES: Final[Mapping[str, frozenset[str]]] = {
    "question.read": _ALL,
    "question.ask": _PEOPLE,
    "question.vote": _PEOPLE,
    "question.withdraw": _PEOPLE,  # one's own; the domain checks whose
    "question.edit": _PEOPLE,  # one's own
    "question.moderate": frozenset({MODERATOR, OPERATOR}),
    "question.stage": frozenset({MODERATOR, SPEAKER, OPERATOR}),
    "floor.change": frozenset({MODERATOR, OPERATOR}),
    "feed.public": _ALL,
    "feed.moderator": frozenset({MODERATOR, OPERATOR}),
    "feed.display": frozenset({DISPLAY, MODERATOR, SPEAKER, OPERATOR}),
    "stream.watch": _ALL,
    "stream.read": frozenset({OPERATOR}),
    "stream.manage": frozenset({OPERATOR}),
    "programme.import": frozenset({OPERATOR}),
    "person.read": frozenset({OPERATOR}),
    "person.revoke": frozenset({OPERATOR}),
}


def may(role: str, action: str) -> bool:
    """Whether `role` may do `action`. An action outside the table is a programming error: KeyError."""
    return role in CAPABILITIES[action]


def require(role: str, action: str) -> None:
    """Raises Denied("access.denied")."""
    if not may(role, action):
        raise Denied("access.denied", params={"action": action})
