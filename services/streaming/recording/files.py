"""Recordings as files to keep: made one at a time when an operator asks, on disk beside what they were made of, erased with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from services.streaming.recording import whole_file
from services.streaming.recording.library import Library
from services.streaming.recording.replay import Replay
from services.streaming.recording.takes import TakeFacts
from services.streaming.recording.whole_file import Chapter, FileKind
from shared.errors import Conflict, NotFound, Unavailable

log = logging.getLogger("tablee.streaming.recording")

FileState = Literal["making", "ready", "failed"]
Run = Callable[[Sequence[str]], Awaitable[None]]
"""Runs ffmpeg with these arguments to its end. Raises OSError with what it complained of."""


class Cupboard(Protocol):
    """Where takes and the files made of them lie. Everything blocks."""

    def path_of(self, take: TakeFacts, rendition: str) -> Path: ...

    def file_of(self, session: str, name: str) -> Path: ...

    def workplace(self, session: str, needed: int) -> Path: ...

    def clear(self, workplace: Path) -> None: ...


@dataclass(frozen=True, slots=True)
class RecordingFile:
    kind: FileKind
    state: FileState
    bytes: int


class RecordingFiles:
    """`cupboard` None: nothing is recorded here. `end_with_us` runs as long as the service does."""

    def __init__(self, cupboard: Cupboard | None, library: Library, run: Run) -> None:
        self._cupboard, self._library, self._run = cupboard, library, run
        self._making: tuple[str, FileKind] | None = None
        self._failed: set[tuple[str, FileKind]] = set()
        self._task: asyncio.Task[None] | None = None

    async def of(self, session: str) -> list[RecordingFile]:
        """Those that were asked for."""
        return [found for kind in whole_file.KINDS if (found := await self._state(session, kind)) is not None]

    async def path(self, session: str, kind: str) -> Path:
        """Of one that is ready. Raises NotFound("streaming.recording_unknown")."""
        for one in await self.of(session):
            if self._cupboard is not None and one.kind == kind and one.state == "ready":
                return self._cupboard.file_of(session, _name(one.kind))
        raise NotFound("streaming.recording_unknown")

    async def make(self, session: str, kind: FileKind, title: str, chapters: Sequence[Chapter]) -> RecordingFile:
        """Begins to make it, in place of one made before. Raises NotFound("streaming.recording_unknown"),
        Conflict("streaming.recording_running" | "streaming.file_busy"), Unavailable("streaming.no_room")."""
        replay = await self._library.replay(session)
        if self._cupboard is None or not replay.pieces:
            raise NotFound("streaming.recording_unknown")
        if self._library.grows(session):
            raise Conflict("streaming.recording_running")
        if self._making is not None:
            raise Conflict("streaming.file_busy")
        self._making = session, kind
        self._failed.discard((session, kind))
        try:
            workplace = await asyncio.to_thread(self._cupboard.workplace, session, replay.bytes)
        except OSError:
            self._making = None
            raise Unavailable("streaming.no_room") from None
        marks = whole_file.marks(title, chapters, replay.spans())
        self._task = asyncio.create_task(self._make(replay, kind, marks, workplace), name="recording file")
        return RecordingFile(kind, "making", 0)

    async def end_with_us(self) -> None:
        """What is being made when the service stops is left out, and what lies of it is cleared away."""
        try:
            await asyncio.Event().wait()
        finally:
            if self._task is not None:
                self._task.cancel()
                await asyncio.wait((self._task,))

    def forget(self, session: str) -> None:
        """Its recording is being erased. Raises Conflict("streaming.file_busy")."""
        if self._making is not None and self._making[0] == session:
            raise Conflict("streaming.file_busy")
        self._failed -= {(session, kind) for kind in whole_file.KINDS}

    async def _state(self, session: str, kind: FileKind) -> RecordingFile | None:
        if self._making == (session, kind):
            return RecordingFile(kind, "making", 0)
        if (session, kind) in self._failed:
            return RecordingFile(kind, "failed", 0)
        if self._cupboard is None:
            return None
        with suppress(FileNotFoundError):
            path = self._cupboard.file_of(session, _name(kind))
            return RecordingFile(kind, "ready", (await asyncio.to_thread(path.stat)).st_size)
        return None

    async def _make(self, replay: Replay, kind: FileKind, marks: str, workplace: Path) -> None:
        session, cupboard = replay.takes[0].facts.session, self._cupboard
        assert cupboard is not None
        made = workplace / _name(kind)
        try:
            given = await asyncio.to_thread(_lay_out, replay, kind, marks, workplace, cupboard)
            await self._run([*given, str(made)])
            await asyncio.to_thread(made.replace, cupboard.file_of(session, _name(kind)))
            log.info("the recording of %s is a file now: %s", session, _name(kind))
        except OSError as wrong:
            self._failed.add((session, kind))
            log.error("no file could be made of the recording of %s: %s", session, wrong)
        finally:
            self._making = None
            cupboard.clear(workplace)


def _lay_out(replay: Replay, kind: FileKind, marks: str, workplace: Path, cupboard: Cupboard) -> list[str]:
    """Writes the lists that ffmpeg reads; its arguments but for the file to be made."""
    parts, spans = whole_file.stretches(replay), replay.spans()

    def where(take: TakeFacts, rendition: str) -> str:
        return str(cupboard.path_of(take, rendition))

    sequences = []
    for rendition in whole_file.renditions(replay, kind):
        paths = [workplace / f"{rendition}.{index}.m3u8" for index in range(len(parts))]
        for path, stretch in zip(paths, parts, strict=True):
            path.write_text(whole_file.playlist(stretch, rendition, where))
        sequences.append(workplace / f"{rendition}.txt")
        sequences[-1].write_text(whole_file.sequence([str(path) for path in paths], spans))
    (chapters := workplace / "chapters.txt").write_text(marks)
    return whole_file.arguments([str(path) for path in sequences], str(chapters))


def _name(kind: FileKind) -> str:
    return f"{kind}.{whole_file.ENDINGS[kind]}"
