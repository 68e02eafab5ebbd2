"""Seats at the table, step by step, and what the two ends of a call say to each other. Each step carries the whole seat, so that the newest
one is enough.

Whose seat it is is in these events: they are meant for the servers of live feeds, which project them per audience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Door, SeatKind, SeatStanding, Sender, SignalKind, SignalSide


@dataclass(frozen=True, slots=True)
class SeatState:
    """A seat at `version`. A person has at most one in a session that has not ended; another one later has another id."""

    id: str
    session: str
    version: int
    state: SeatStanding
    kind: SeatKind
    person: str
    """Empty once nobody may know any more whose it was."""
    name: str
    """As it is shown; before the person said so, the name of their hand or question, which may be empty."""
    title: str
    door: Door
    voice_only: bool
    no_picture: bool
    """The person refused that pictures of them are published."""
    muted: bool
    hand: str
    """Id of the hand that the person was invited for; empty: another reason."""
    question: str
    """Id of the question that they were invited for; empty: another reason."""
    invited_at: Instant
    expires_at: Instant
    """Until then an invitation can be accepted."""
    since: Instant
    """Since when it stands so."""
    round_trip_ms: int
    """Of the test call; 0 before it."""
    picture: str
    """Of the test call, as 1280x720; empty: none."""
    undo: str
    """The step that would be taken back first; empty: none."""


@dataclass(frozen=True, slots=True)
class SeatChanged(Event):
    """Base of the steps of a seat. Subject: the seat's id; seq: its version."""

    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    seat: SeatState


@dataclass(frozen=True, slots=True)
class SeatInvited(SeatChanged):
    """Somebody is asked to the table, or the invitation made longer."""

    TYPE: ClassVar[str] = "tablee.table.invited.v1"


@dataclass(frozen=True, slots=True)
class SeatMoved(SeatChanged):
    """Checking, ready, on air, off air, muted, lost or back."""

    TYPE: ClassVar[str] = "tablee.table.moved.v1"


@dataclass(frozen=True, slots=True)
class SeatEnded(SeatChanged):
    """Declined, expired, left or removed."""

    TYPE: ClassVar[str] = "tablee.table.ended.v1"


@dataclass(frozen=True, slots=True)
class StudioHeld(Event):
    """Which open studio page speaks for a session, and until when unless it says so again. Subject: the session's id; seq: rises."""

    TYPE: ClassVar[str] = "tablee.table.studio_held.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    session: str
    instance: str
    """Empty: it was given up."""
    since: Instant
    until: Instant


@dataclass(frozen=True, slots=True)
class SignalSent(Event):
    """What one end of a call says to the other: passed on to that one, kept nowhere. Subject: the seat's id; seq: `n`."""

    TYPE: ClassVar[str] = "tablee.table.signalled.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    session: str
    seat: str
    person: str
    """Whose seat it is."""
    side: SignalSide
    """Who says it."""
    kind: SignalKind
    message: str
    n: int
