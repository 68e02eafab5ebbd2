"""The rules of raised hands. Every command takes values (`now`, ids, who) and returns the new state with its event, or raises a kind of
`shared.errors`. What must not be here: await, I/O, projections.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.clock import to_text
from shared.errors import Conflict
from shared.events.hand import HandChanged, HandLowered, HandRaised, HandState
from shared.events.vocabulary import Door

MOST_HANDS: Final = 500
"""Raised at once in one session: nobody hears more of them."""
KEPT_SECONDS: Final = 3600
"""How long a lowered hand is kept, so that it can be put back and every feed hears of it."""


@dataclass(frozen=True, slots=True)
class RaisedHand:
    """One hand at one version; the fields are those of the event (shared/events/hand.py), with instants for texts."""

    id: str
    session: str
    version: int
    up: bool
    person: str
    name: str
    door: Door
    raised_at: datetime
    changed_at: datetime
    changed_by: str = ""

    def state(self) -> HandState:
        """As events carry it."""
        return HandState(
            self.id, self.session, self.version, self.up, self.person, self.name, self.door, to_text(self.raised_at),
            to_text(self.changed_at), self.changed_by,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HandChange:
    hand: RaisedHand
    event: HandChanged


def raised(*, id: str, session: str, person: str, name: str, door: Door, now: datetime) -> HandChange:
    hand = RaisedHand(id, session, 1, True, person, name, door, now, now)
    return HandChange(hand, HandRaised(hand.state()))


def lowered(hand: RaisedHand, *, by: str, now: datetime) -> HandChange | None:
    """None when it is down already. `by`: a moderator's name."""
    if not hand.up:
        return None
    changed = replace(hand, version=hand.version + 1, up=False, changed_at=now, changed_by=by)
    return HandChange(changed, HandLowered(changed.state()))


def put_back(hand: RaisedHand, *, by: str, now: datetime) -> HandChange | None:
    """Where it was in the line; None when it is up. Raises Conflict when nobody knows any more whose it was."""
    if hand.up:
        return None
    if not hand.person:
        raise Conflict("qa.hand_gone")
    changed = replace(hand, version=hand.version + 1, up=True, changed_at=now, changed_by=by)
    return HandChange(changed, HandRaised(changed.state()))


def disowned(hand: RaisedHand, now: datetime) -> HandChange:
    """The person withdrew from the event: it is down, and nobody's."""
    changed = replace(hand, version=hand.version + 1, up=False, person="", name="", changed_at=now, changed_by="")
    return HandChange(changed, HandLowered(changed.state()))


def must_fall(hand: RaisedHand, *, closed: bool, ended_at: datetime | None, now: datetime) -> bool:
    """Whether the session lowers it: it takes no questions any more, or is over since the hand was raised. One that is raised later, while
    somebody keeps the session open by hand, stays."""
    return hand.up and (closed or (ended_at is not None and hand.raised_at <= ended_at <= now))
