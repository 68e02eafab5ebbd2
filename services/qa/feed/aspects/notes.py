"""The aspect of notes between the moderators and the chair; nobody else learns that there are any.

snapshot  notes  note id → NOTE
frames    note {…the note…} · note_gone {"id"}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.notes import note_for
from services.qa.feed.projection import AT_WORK, Json, View
from shared.events.kind import Event
from shared.events.note import NoteChanged, NoteState


class NoteAspect(Aspect):
    def __init__(self) -> None:
        self._notes: dict[str, dict[str, NoteState]] = defaultdict(dict)

    def takes(self) -> Mapping[type[Event], Fold]:
        return {NoteChanged: lambda event, seq: self._put(event.note)}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for note in contents.notes:
            yield from self._put(note)

    def forget(self, session: str) -> None:
        self._notes.pop(session, None)

    def _put(self, note: NoteState) -> Iterable[AspectChange]:
        """Cleared ones are remembered without their words, so that what comes late of them brings none back."""
        known = self._notes[note.session].get(note.id)
        if known is not None and known.version >= note.version:
            return
        self._notes[note.session][note.id] = note
        for view in AT_WORK:
            yield AspectChange(note.session, (note.id,), view)

    def shared(self, session: str, view: View) -> Json:
        if view not in AT_WORK:
            return {}
        return {"notes": {id: note_for(note) for id, note in self._notes[session].items() if not note.cleared}}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        for key in keys:
            note = self._notes[session][key]
            yield FrameData("note_gone", {"id": key}) if note.cleared else FrameData("note", note_for(note))
