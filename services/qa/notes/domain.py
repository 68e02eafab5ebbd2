"""The rules of notes. What must not be here: await, I/O, projections."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.clock import to_text
from shared.errors import Denied, Invalid
from shared.events.note import NoteChanged, NoteCleared, NoteSeen, NoteSent, NoteState
from shared.events.vocabulary import NoteSide
from shared.text import Unmendable, tidy

MOST_NOTES: Final = 200
"""Of one session."""
MOST_NOTE_LENGTH: Final = 200
"""Characters: read at a glance, beside a microphone."""
CLEARED_KEPT_SECONDS: Final = 3600
"""How long what is left of a cleared note is kept, so that every feed hears of it."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note at one version; the fields are those of the event (shared/events/note.py), with instants for texts, and its writer."""

    id: str
    session: str
    version: int
    side: NoteSide
    person: str
    name: str
    text: str
    at: datetime
    seen_at: datetime | None = None
    seen_by: str = ""
    cleared_at: datetime | None = None

    def state(self) -> NoteState:
        """As events carry it."""
        seen = None if self.seen_at is None else to_text(self.seen_at)
        return NoteState(
            self.id, self.session, self.version, self.side, self.name, self.text, to_text(self.at), seen, self.seen_by,
            self.cleared_at is not None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoteChange:
    note: Note
    event: NoteChanged


def written(*, id: str, session: str, side: NoteSide, person: str, name: str, text: str, now: datetime) -> NoteChange:
    """Raises Invalid."""
    note = Note(id, session, 1, side, person, name, _words(text), now)
    return NoteChange(note, NoteSent(note.state()))


def _words(text: str) -> str:
    try:
        words = tidy(text)
    except Unmendable:
        raise Invalid.about("text", "qa.text_control") from None
    if not words:
        raise Invalid.about("text", "qa.text_empty")
    if len(words) > MOST_NOTE_LENGTH:
        raise Invalid.about("text", "qa.text_too_long", most=MOST_NOTE_LENGTH, length=len(words))
    return words


def seen(note: Note, *, side: NoteSide, by: str, now: datetime) -> NoteChange | None:
    """None when it was seen before, or is cleared. Raises Denied on the side that wrote it."""
    if side == note.side:
        raise Denied("qa.note_own_side")
    if note.seen_at is not None or note.cleared_at is not None:
        return None
    read = replace(note, version=note.version + 1, seen_at=now, seen_by=by)
    return NoteChange(read, NoteSeen(read.state()))


def cleared(note: Note, now: datetime) -> NoteChange | None:
    """Without its words and names; None when it is already."""
    if note.cleared_at is not None:
        return None
    gone = replace(note, version=note.version + 1, person="", name="", seen_by="", text="", cleared_at=now)
    return NoteChange(gone, NoteCleared(gone.state()))
