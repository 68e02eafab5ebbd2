"""Raised hands, step by step. Each step carries the whole hand, so that the newest one is enough.

Whose hand it is is in these events: they are meant for the servers of live feeds, which project them per audience.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Door, Sender


@dataclass(frozen=True, slots=True)
class HandState:
    """A hand at `version`. A person has at most one raised hand in a session; another one later has another id."""

    id: str
    session: str
    version: int
    up: bool
    person: str
    """Empty once nobody may know any more whose it was."""
    name: str
    """As moderators read it; empty: raised without a name."""
    door: Door
    raised_at: Instant
    """Its place in the line; a hand that is put back has its old one."""
    changed_at: Instant
    changed_by: str
    """Name of the moderator who lowered it or put it back; empty: the person themselves, or the session."""


@dataclass(frozen=True, slots=True)
class HandChanged(Event):
    """Base of the steps of a hand. Subject: the hand's id; seq: its version."""

    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    hand: HandState


@dataclass(frozen=True, slots=True)
class HandRaised(HandChanged):
    """Raised, or put back where it was in the line."""

    TYPE: ClassVar[str] = "tablee.hand.raised.v1"


@dataclass(frozen=True, slots=True)
class HandLowered(HandChanged):
    """By the person, by a moderator, or because the session takes no questions any more."""

    TYPE: ClassVar[str] = "tablee.hand.lowered.v1"
