"""Whether a session takes questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import FloorDecider, FloorState, Sender


@dataclass(frozen=True, slots=True)
class FloorChanged(Event):
    """A session's questions were opened, paused or closed. Subject: the session id; seq: the floor's version."""

    TYPE: ClassVar[str] = "tablee.floor.changed.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    session: str
    state: FloorState
    version: int
    changed_at: Instant
    by: FloorDecider = "programme"
