"""Others who want every closed segment (a recording, a replay, thumbnails): each has a bounded queue, so that none can harm the stage."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Final, Protocol

from services.streaming.packaging.segments import ClosedSegment

log = logging.getLogger("tablee.streaming.observers")

MOST_WAITING: Final = 32
"""Segments per observer, of all renditions together: about forty seconds of a stage with three."""
FLUSH_SECONDS: Final = 2.0
"""How long a stage that stops waits for an observer to take what is left."""


class SegmentObserver(Protocol):
    async def segment_closed(self, stage: str, segment: ClosedSegment) -> None:
        """One segment at a time, in the order in which they were closed. What it raises is logged and costs this one segment."""


class SegmentQueue:
    """Between a stage and one observer. `dropped`: segments that a slow observer missed; `failed`: those it could not take."""

    def __init__(self, stage: str, observer: SegmentObserver) -> None:
        self.dropped = 0
        self.failed = 0
        self._stage, self._observer = stage, observer
        self._waiting: deque[ClosedSegment] = deque()
        self._added = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def put(self, segment: ClosedSegment) -> None:
        """Never blocks: over the bound, the oldest is dropped."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self.dropped += 1
            if self.dropped == 1:
                log.warning("%s: an observer of segments is too slow and misses some", self._stage)
        self._waiting.append(segment)
        self._idle.clear()
        self._added.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            while self._waiting:
                await self._hand_over(self._waiting.popleft())
            self._idle.set()
            self._added.clear()
            await self._added.wait()

    async def flush(self) -> None:
        """Until the observer has everything, FLUSH_SECONDS at most. `run` must be running."""
        try:
            async with asyncio.timeout(FLUSH_SECONDS):
                await self._idle.wait()
        except TimeoutError:
            log.warning("%s: an observer of segments did not take the last %d in time", self._stage, len(self._waiting) + 1)

    async def _hand_over(self, segment: ClosedSegment) -> None:
        try:
            await self._observer.segment_closed(self._stage, segment)
        except Exception:
            self.failed += 1
            log.exception("%s: an observer could not take segment %s", self._stage, segment.name)
