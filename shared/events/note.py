"""Notes between the moderators and the chair of a session. Each step carries the whole note, so that the newest one is enough.

They are for these people only: the servers of live feeds project them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import NoteSide, Sender


@dataclass(frozen=True, slots=True)
class NoteState:
    """A note at `version`."""

    id: str
    session: str
    version: int
    side: NoteSide
    """Who wrote it."""
    name: str
    """Of its writer; empty for a link without a name."""
    text: str
    """Empty once it is cleared."""
    at: Instant
    seen_at: Instant | None = None
    """When somebody on the other side had read it."""
    seen_by: str = ""
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class NoteChanged(Event):
    """Base of the steps of a note. Subject: its id; seq: its version."""

    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    note: NoteState


@dataclass(frozen=True, slots=True)
class NoteSent(NoteChanged):
    TYPE: ClassVar[str] = "tablee.note.sent.v1"


@dataclass(frozen=True, slots=True)
class NoteSeen(NoteChanged):
    TYPE: ClassVar[str] = "tablee.note.seen.v1"


@dataclass(frozen=True, slots=True)
class NoteCleared(NoteChanged):
    """Its session is over, or its writer withdrew."""

    TYPE: ClassVar[str] = "tablee.note.cleared.v1"
