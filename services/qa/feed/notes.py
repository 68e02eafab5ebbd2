"""What leaves the service of a note, to the only ones who read it: the moderators and the chair of its session. Pure."""

from __future__ import annotations

from services.qa.feed.projection import Json
from shared.events.note import NoteState


def note_for(note: NoteState) -> Json:
    return {
        "id": note.id, "version": note.version, "side": note.side, "name": note.name, "text": note.text, "at": note.at,
        "seen_at": note.seen_at, "seen_by": note.seen_by,
    }  # fmt: skip
