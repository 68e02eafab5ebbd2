"""The recorder of one stage: what is to be recorded, a bounded queue, and a thread that writes. The stage never waits for a disk.

A disk that is full or too slow costs the recording whole segments, which is told (`trouble`); it goes on by itself at a later segment.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from services.streaming.packaging.packager import Packager
from services.streaming.packaging.segments import MadePart
from services.streaming.recording.takes import TakeFacts
from shared.clock import Clock

log = logging.getLogger("tablee.streaming.recording")

MOST_WAITING_BYTES: Final = 32 * 1024 * 1024
"""Not written yet: about a minute of a stage at its peak."""
MOST_AT_ONCE: Final = 64
"""Parts of one errand to the disk."""
FLUSH_SECONDS: Final = 3.0
"""How long a stage that stops waits for its disk."""


class Writer(Protocol):
    """Blocks, and raises OSError."""

    def write(self, part: MadePart) -> None: ...

    def close(self) -> None: ...


OpenTake = Callable[[TakeFacts], Writer]


@dataclass(slots=True)
class _Running:
    """`since`: the first sequence number that is put into the queue, `written_since`: that the thread writes. `writer`: once there is
    something to write."""

    facts: TakeFacts
    since: int
    written_since: int = 0
    writer: Writer | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """A part of a take; None: its end."""

    take: _Running
    part: MadePart | None


class StageRecorder:
    def __init__(self, stage: str, packager: Packager, clock: Clock, open_take: OpenTake) -> None:
        self.lost = 0
        """Parts that are missing on disk."""
        self.trouble = False
        """Whether what is made now does not reach the disk."""
        self._stage, self._packager, self._clock, self._open = stage, packager, clock, open_take
        self._takes: dict[str, _Running] = {}
        self._jobs: deque[_Job] = deque()
        self._bytes = 0
        self._added = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def sessions(self) -> frozenset[str]:
        """Those that are being recorded."""
        return frozenset(self._takes)

    @property
    def growing(self) -> set[tuple[str, str]]:
        """Session and id of each take that is still written."""
        takes = [*self._takes.values(), *(job.take for job in self._jobs)]
        return {(take.facts.session, take.facts.id) for take in takes}

    def want(self, sessions: Mapping[str, float], *, later: bool = False) -> None:
        """Record these from now on and no others. Each with the instant (seconds since 1970) it has been on since: what is still in memory
        is recorded too; `later`: nothing that began before that instant, not even a segment. Idempotent."""
        for session in self._takes.keys() - sessions.keys():
            self._add(_Job(self._takes.pop(session), None))
            log.info("%s: recording of %s ends", self._stage, session)
        for session in sessions.keys() - self._takes.keys():
            log.info("%s: recording of %s begins", self._stage, session)
            since = self._packager.sequence_at(sessions[session], later=later)
            take = self._takes[session] = _Running(self._facts(session), since)
            for track in self._packager.ladder.tracks:  # a sound that was added later is not recorded
                for part in self._packager.renditions[track.name].made_since(since):
                    self._put(take, part)

    def _facts(self, session: str) -> TakeFacts:
        now = self._clock()
        id = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}-{secrets.token_hex(3)}"
        return TakeFacts(id, session, self._stage, now.timestamp(), self._packager.ladder.tracks)

    def made(self, part: MadePart) -> None:
        """A part of the stage. Never blocks."""
        for take in self._takes.values():
            self._put(take, part)

    async def run(self) -> None:
        """For ever."""
        while True:
            while self._jobs:
                await self._write(min(len(self._jobs), MOST_AT_ONCE))
            self._idle.set()
            self._added.clear()
            await self._added.wait()

    async def flush(self) -> None:
        """Until everything is written, FLUSH_SECONDS at most. `run` must be running."""
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._idle.wait()
        except TimeoutError:
            log.warning("%s: the last parts of a recording could not be written in time", self._stage)

    def _put(self, take: _Running, part: MadePart) -> None:
        if part.sequence < take.since:
            return
        if self._bytes + len(part.data) > MOST_WAITING_BYTES:
            self._lose(take, part, "the disk is too slow")
            return
        self._bytes += len(part.data)
        self._add(_Job(take, part))

    def _add(self, job: _Job) -> None:
        self._jobs.append(job)
        self._idle.clear()
        self._added.set()

    def _lose(self, take: _Running, part: MadePart, why: object) -> None:
        """Nothing of its segment any more: a hole must have the same edges in all renditions."""
        if not self.trouble:
            log.error("%s: the recording of %s has a hole: %s", self._stage, take.facts.session, why)
        self.lost, self.trouble = self.lost + 1, True
        take.since = max(take.since, part.sequence + 1)

    async def _write(self, count: int) -> None:
        """The next jobs, which stay in the queue until they are done."""
        jobs = [self._jobs[index] for index in range(count)]
        failed, written = await asyncio.to_thread(self._do, jobs)
        for job in jobs:
            self._jobs.popleft()
            self._bytes -= len(job.part.data) if job.part is not None else 0
        for take, part, why in failed:
            self._lose(take, part, why)
        if written and not failed:
            self.trouble = False

    def _do(self, jobs: list[_Job]) -> tuple[list[tuple[_Running, MadePart, OSError]], int]:
        """In a thread. The parts that could not be written, and how many were."""
        failed: list[tuple[_Running, MadePart, OSError]] = []
        written = 0
        for take, part in ((job.take, job.part) for job in jobs):
            if part is None:
                _end(take)
            elif part.sequence >= take.written_since:
                try:
                    take.writer = self._open(take.facts) if take.writer is None else take.writer
                    take.writer.write(part)
                    written += 1
                except OSError as wrong:
                    failed.append((take, part, wrong))
                    take.written_since = part.sequence + 1
        return failed, written


def _end(take: _Running) -> None:
    if take.writer is not None:
        take.writer.close()
