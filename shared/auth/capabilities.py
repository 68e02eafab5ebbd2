"""Who may do what: one pure table, action → duties. Every endpoint, page and feed audience names an action of this table.

Two things are said of a person and never mixed: how they attend (by which door) and what their duty is. The audience has the duty
`none`; what depends on the door (a hub may ask while the floor is paused) is a rule of the domain that has it, not of this table.

What must not be here: passes, HTTP, anything that knows how a caller was recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeGuard, get_args

from shared.errors import Denied
from shared.events.vocabulary import ATTENDANCES
from shared.events.vocabulary import Attendance as Attendance

Duty = Literal["none", "moderator", "chair", "display", "doorkeeper", "operator"]
"""What a person is there to do: `none` for the audience; `chair` leads a session beside the
microphone; `display` is a screen, which reads and changes nothing; `doorkeeper` lets people in."""

NONE: Final = "none"
MODERATOR: Final = "moderator"
CHAIR: Final = "chair"
DISPLAY: Final = "display"
DOORKEEPER: Final = "doorkeeper"
OPERATOR: Final = "operator"

DUTIES: Final[tuple[Duty, ...]] = get_args(Duty)
_ALL: Final[frozenset[Duty]] = frozenset(DUTIES)
_PEOPLE: Final = _ALL - {DISPLAY, DOORKEEPER}
_DESK: Final[frozenset[Duty]] = frozenset({MODERATOR, OPERATOR})
_LEADS: Final[frozenset[Duty]] = frozenset({MODERATOR, CHAIR, OPERATOR})
_OPERATORS: Final[frozenset[Duty]] = frozenset({OPERATOR})

CAPABILITIES: Final[Mapping[str, frozenset[Duty]]] = {
    "question.read": _ALL,
    "question.ask": _PEOPLE,
    "question.vote": _PEOPLE,
    "question.withdraw": _PEOPLE,  # one's own; the domain checks whose
    "question.edit": _PEOPLE,  # one's own
    "question.moderate": _DESK,
    "question.stage": _LEADS,
    "question.lead": _LEADS,  # their order, whom they are for, answers for later
    "question.export": _DESK,
    "question.erase": _OPERATORS,  # anybody's; one's own goes with question.withdraw
    "floor.change": _DESK,
    "poll.answer": _PEOPLE,  # by one of the three doors; the domain checks which
    "poll.manage": _DESK,
    "hand.raise": _PEOPLE,  # one's own, by one of the three doors; the domain checks which
    "hand.lower": _LEADS,  # anybody's
    "seat.invite": _LEADS,
    "seat.sit": _PEOPLE,  # one's own; the use case checks whose
    "seat.take": _OPERATORS | {CHAIR},
    "seat.manage": _DESK,
    "seat.read": _LEADS,
    "seat.studio": _OPERATORS,
    "table.call": _PEOPLE,  # whoever has a seat, and the studio; the use case checks which
    "note.write": _LEADS,
    "screens.blank": _DESK,  # of one session
    "screens.blank_all": _OPERATORS,
    "guard.read": _DESK,
    "flags.read": _DESK,
    "flags.change": _OPERATORS,
    "guard.change": _DESK,  # slow mode, muting
    "reaction.show": _PEOPLE,
    "feed.public": _ALL,
    "feed.moderator": _DESK,
    "feed.chair": _LEADS,
    "feed.studio": _OPERATORS,
    "feed.display": _DESK | {DISPLAY},
    "stream.watch": _ALL,
    "stream.read": _OPERATORS,
    "stream.manage": _OPERATORS,
    "programme.import": _OPERATORS,
    "running_order.change": _OPERATORS,
    "programme.read_draft": _OPERATORS,
    "person.read": _OPERATORS,
    "person.revoke": _OPERATORS,
    "person.import": _OPERATORS,
    "person.export": _OPERATORS,
    "person.confirm_hub": _OPERATORS,
    "hall_code.read": _DESK | {DISPLAY},
    "hall_code.replace": _OPERATORS,
    "hub_code.read": frozenset({NONE}),  # the host of a local hub; registration knows who that is
    "access.manage": _OPERATORS,  # the links of the team
    "place.manage": _OPERATORS,
    "mail.read": _OPERATORS,
    "mailing.read": _OPERATORS,
    "mailing.send": _OPERATORS,
    "door.scan": _OPERATORS | {DOORKEEPER},
    "page.place": _ALL,
    "page.watch": _ALL,
    "page.room": _ALL,
    "page.hub": frozenset({NONE}),  # the host of a local hub; registration knows who that is
    "page.lite": _PEOPLE,
    "page.moderate": _DESK,
    "page.chair": _LEADS,
    "page.stage": _DESK | {DISPLAY},
    "page.control": _OPERATORS,
    "page.camera": _OPERATORS,
    "page.studio": _OPERATORS,
    "page.people": _OPERATORS,
    "page.messages": _OPERATORS,
    "page.access": _OPERATORS,
    "page.door": _OPERATORS | {DOORKEEPER},
}


def is_duty(text: object) -> TypeGuard[Duty]:
    return text in DUTIES


def is_attendance(text: object) -> TypeGuard[Attendance]:
    return text in ATTENDANCES


def may(duty: Duty, action: str) -> bool:
    """Whether somebody with `duty` may do `action`. An action outside the table is a programming error: KeyError."""
    return duty in CAPABILITIES[action]


def require(duty: Duty, action: str) -> None:
    """Raises Denied("access.denied")."""
    if not may(duty, action):
        raise Denied("access.denied", params={"action": action})
