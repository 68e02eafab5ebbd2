"""The use cases of notes: load, decide, save with events; they go when their session is over or removed. What must not be here: HTTP, a
broker, rules."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any, Final

from services.qa.day import floor_for
from services.qa.facts import DayFacts
from services.qa.feed.notes import note_for
from services.qa.moving import Announcer, Mover, settling
from services.qa.notes import domain
from services.qa.notes.domain import Note, NoteChange
from services.qa.store import QaStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.errors import Conflict, Denied, Full, NotFound
from shared.events.vocabulary import NoteSide
from shared.storage.port import Duplicate

log = logging.getLogger("tablee.qa.notes")

Json = dict[str, Any]

CLOCK_SECONDS: Final = 5.0
"""How often notes are looked for whose session is over."""


class ChairNotes:
    def __init__(self, store: QaStore, day: DayFacts, announcer: Announcer) -> None:
        self._sessions, self._store, self._day = store, store.notes, day
        self._clock, self._wake = announcer.clock, announcer.wake
        self._mover: Mover[Note, NoteChange] = Mover(self._store.note, self._store.save, lambda change: change.note, announcer)

    async def write(self, by: Pass, session: str, id: str, text: str) -> Json:
        """The note. The same id again is the same note. Raises Invalid, NotFound, Denied, Conflict, Full."""
        capabilities.require(by.duty, "note.write")
        await floor_for(self._sessions, by, session)
        with suppress(Duplicate):  # the same request, sent twice, was first
            await self._write(by, session, id, text)
        known = await self._store.note(id)
        if known is None or known.session != session or known.person != by.person:
            raise Conflict("qa.id_taken")
        return note_for(known.state())

    async def _write(self, by: Pass, session: str, id: str, text: str) -> None:
        if self._day.removed(session):
            raise Conflict("qa.session_removed")
        change = domain.written(
            id=id, session=session, side=_side(by), person=by.person, name=by.name, text=text, now=self._clock()
        )  # fmt: skip
        if await self._store.count(session, domain.MOST_NOTES) >= domain.MOST_NOTES:
            raise Full("qa.notes_full", params={"most": domain.MOST_NOTES})
        await self._store.insert(change.note, self._mover.envelope(change))
        self._wake()

    async def see(self, by: Pass, id: str) -> Json:
        """The note, seen; harmless to repeat. Raises NotFound, Denied."""
        capabilities.require(by.duty, "note.write")
        found = await self._store.note(id)
        if found is None:
            raise NotFound("qa.unknown_note")
        if not by.covers(found.session):
            raise Denied("access.session_not_yours")
        side = _side(by)
        return note_for((await self._mover.move(found, lambda note: domain.seen(note, side=side, by=by.name, now=self._clock()))).state())

    # --- what the day and withdrawals do ---------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Until cancelled."""
        await settling(self.settle, CLOCK_SECONDS, log, "notes of ended sessions wait")

    async def settle(self) -> None:
        """Those of sessions that are over since they were written, or removed. Raises Unavailable."""
        for note in await self._store.written():
            ended_at = self._day.ended_at(note.session)
            if self._day.removed(note.session) or (ended_at is not None and note.at <= ended_at <= self._clock()):
                await self._clear(note)

    async def forget(self, person: str) -> None:
        for note in await self._store.of_person(person):
            await self._clear(note)

    async def _clear(self, note: Note) -> None:
        with suppress(Conflict):  # looked at again soon
            await self._mover.move(note, lambda known: domain.cleared(known, self._clock()))


def _side(by: Pass) -> NoteSide:
    return "chair" if by.duty == capabilities.CHAIR else "desk"
