"""The use case of an export: whose questions, in which order, written to a file beside the loop. What must not be here: HTTP."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

from services.qa.day import floor_for
from services.qa.documents import question_of
from services.qa.exports.files import FILES, Format
from services.qa.exports.table import Row, columns, row
from services.qa.question import Question
from services.qa.store import QaStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.events.vocabulary import Attendance
from shared.storage.port import Database

PIECE: Final = 200
"""Questions in memory at a time."""
MOST_PIECES: Final = 500


class Exports:
    def __init__(self, store: QaStore, database: Database) -> None:
        self._store = store
        self._questions, self._votes = database.collection("questions"), database.collection("votes")

    async def write(self, by: Pass, session: str | None, path: Path, *, format: Format, names: bool) -> None:
        """The questions of a session in the order in which they were asked; without a session of all that the caller's pass covers, one
        session after the other. Raises Denied, NotFound."""
        capabilities.require(by.duty, "question.export")
        sessions = await self._sessions(by, session)
        file = await asyncio.to_thread(FILES[format], path, columns(names=names))
        try:
            for one in sessions:
                async for piece in self._pieces(one, names=names):
                    await asyncio.to_thread(file.add, piece)
        finally:
            await asyncio.to_thread(file.close)

    async def _sessions(self, by: Pass, session: str | None) -> list[str]:
        if session is None:
            return sorted(floor.session for floor in await self._store.floors() if by.covers(floor.session))
        return [(await floor_for(self._store, by, session)).session]

    async def _pieces(self, session: str, *, names: bool) -> AsyncIterator[list[Row]]:
        votes = await self._votes_by_door(session)
        for at in range(MOST_PIECES):
            piece = await self._piece(session, at * PIECE)
            yield [row(question, _weighed(question, votes), names=names) for question in piece]
            if len(piece) < PIECE:
                return

    async def _piece(self, session: str, skip: int) -> list[Question]:
        found = await self._questions.find({"session": session}, sort=[("asked_at", 1), ("_id", 1)], skip=skip, limit=PIECE)
        return [question_of(document) for document in found]

    async def _votes_by_door(self, session: str) -> Mapping[str, Mapping[Attendance, int]]:
        """Question → door → votes that count; those that are older than doors on ballots are left out."""
        counted: dict[str, dict[Attendance, int]] = defaultdict(dict)
        for (question, door), count in await self._votes.groups({"session": session, "on": True}, by=("question", "door")):
            if capabilities.is_attendance(door):
                counted[question][door] = count
        return counted


def _weighed(question: Question, ballots: Mapping[str, Mapping[Attendance, int]]) -> Mapping[Attendance, int]:
    """One ballot may weigh as many votes as there were hands in a hall: what the question itself counts by door goes first."""
    counted = dict(ballots.get(question.id, {}))
    for door, votes in question.by_door.items():
        counted[door] = votes
    return counted
