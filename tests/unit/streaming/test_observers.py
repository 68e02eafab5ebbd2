"""Observers of segments get them in order; one that is slow or fails loses segments, and the stage does not notice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.streaming import observers
from services.streaming.observers import MOST_WAITING, SegmentQueue
from services.streaming.packaging.segments import ClosedSegment


def segment(number: int) -> ClosedSegment:
    return ClosedSegment("720p", number, f"s{number}.m4s", "i1.mp4", b"init", b"data", 4.0 * number, 4.0, 4.0 * number, False)


class Recorder:
    def __init__(self, *, fails: int | None = None) -> None:
        self.got: list[int] = []
        self.may = asyncio.Event()
        self.may.set()
        self._fails = fails

    async def segment_closed(self, stage: str, segment: ClosedSegment) -> None:
        await self.may.wait()
        if segment.sequence == self._fails:
            raise OSError("no space left on device")
        self.got.append(segment.sequence)


@asynccontextmanager
async def running(recorder: Recorder) -> AsyncIterator[SegmentQueue]:
    queue = SegmentQueue("hall", recorder)
    task = asyncio.create_task(queue.run())
    try:
        yield queue
    finally:
        task.cancel()


async def test_segments_come_in_their_order_and_the_last_are_waited_for() -> None:
    recorder = Recorder()
    async with running(recorder) as queue:
        for number in range(5):
            queue.put(segment(number))
        await queue.flush()
        assert recorder.got == [0, 1, 2, 3, 4]


async def test_an_observer_that_fails_loses_this_one_segment() -> None:
    recorder = Recorder(fails=1)
    async with running(recorder) as queue:
        for number in range(3):
            queue.put(segment(number))
        await queue.flush()
        assert recorder.got == [0, 2]
        assert queue.failed == 1


async def test_an_observer_that_hangs_costs_a_bounded_amount_and_the_oldest_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observers, "FLUSH_SECONDS", 0.05)
    recorder = Recorder()
    recorder.may.clear()
    async with running(recorder) as queue:
        queue.put(segment(0))
        await asyncio.sleep(0)
        for number in range(1, MOST_WAITING + 11):
            queue.put(segment(number))
        await queue.flush()
        assert queue.dropped == 10
        monkeypatch.undo()
        recorder.may.set()
        await queue.flush()
        assert recorder.got == [0, *range(11, MOST_WAITING + 11)]
