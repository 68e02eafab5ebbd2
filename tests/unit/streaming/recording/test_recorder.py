"""A stage recorded on a real disk, and read again: nothing missing from the first second, and no disk that harms the stage."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from services.streaming.media.fmp4 import Fragment, Splitter
from services.streaming.packaging.segments import MadePart
from services.streaming.recording import recorder as recorders
from services.streaming.recording import replay as lists
from services.streaming.recording.disk import Disk
from services.streaming.recording.library import Library
from services.streaming.recording.recorder import OpenTake, StageRecorder
from services.streaming.recording.replay import Replay
from services.streaming.recording.takes import TakeFacts
from shared.errors import Conflict, NotFound
from tests.support.paths import ROOT
from tests.support.simulated_stage import NOON, SimulatedStage

SESSION = "table/ronde 2"


class RecordedStage:
    """`advance` lets the disk do its work in between."""

    def __init__(self, open_take: OpenTake, now: float) -> None:
        self.stage = SimulatedStage(slate_mark=b"", made=self._made, now=now)
        clock = lambda: datetime.fromtimestamp(self.stage.now, UTC)  # noqa: E731
        self.recorder = StageRecorder("hall", self.stage.packager, clock, open_take)

    def _made(self, part: MadePart) -> None:
        self.recorder.made(part)

    async def advance(self, seconds: float) -> None:
        for _ in range(round(seconds)):
            self.stage.advance(1.0)
            await self.recorder.flush()


@asynccontextmanager
async def recorded(open_take: OpenTake, now: float = NOON) -> AsyncIterator[RecordedStage]:
    found = RecordedStage(open_take, now)
    task = asyncio.create_task(found.recorder.run())
    try:
        yield found
    finally:
        task.cancel()


def replay_of(disk: Disk, session: str = SESSION, growing: frozenset[str] = frozenset()) -> Replay:
    takes = disk.takes(session)
    for take in takes:
        disk.read_on(take)
    return Replay(takes, growing)


def shown(replay: Replay) -> list[str]:
    """What is shown at the begin of each piece and just before its end."""
    at, found = 0.0, list[str]()
    for piece in replay.pieces:
        seconds = piece.segments[replay.leader].seconds
        found += [replay.shown_at(at + 1e-6), replay.shown_at(at + seconds - 1e-6)]
        at += seconds
    assert found[-1] == replay.shown_at(at + 100.0)
    assert all(replay.init_of(replay.leader, name) for name in found)
    return found


def seconds_of(disk: Disk, replay: Replay, rendition: str) -> list[tuple[float, float]]:
    """Begin and end of every fragment of its files, as a player finds them."""
    splitter, found = Splitter(), list[tuple[float, float]]()
    for line in lists.media(replay, rendition, ended=True).splitlines():
        name = line.split('"')[1] if line.startswith("#EXT-X-MAP") else line
        if name.startswith("#"):
            continue
        place = replay.place(rendition, name)
        assert place is not None, name
        for item in splitter.feed(disk.bytes_of(place[0], rendition, place[1], place[2])):
            if isinstance(item, Fragment):
                found.append((item.time / item.timescale, item.time / item.timescale + item.seconds))
    return found


async def test_a_session_is_recorded_from_its_first_second_to_its_last_though_it_was_told_late(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "not there yet", reserve=0)
    async with recorded(disk.writer) as hall:
        hall.stage.start()
        await hall.advance(10)
        began = hall.stage.now
        await hall.advance(25)
        hall.recorder.want({SESSION: began})
        hall.recorder.want({SESSION: began})
        await hall.advance(15)
        growing = frozenset(take for _, take in hall.recorder.growing)
        live = replay_of(disk, growing=growing)
        assert "#EXT-X-ENDLIST" not in lists.media(live, "720p", ended=False)
        hall.recorder.want({})
        ended = hall.stage.now
        await hall.advance(6)
    replay = replay_of(disk)
    assert live.pieces == replay.pieces[: len(live.pieces)], "what was listed stays"
    assert len(live.pieces) >= len(replay.pieces) - 1
    assert shown(replay) == [name for name in dict.fromkeys(shown(replay)) for _ in range(2)], "each is shown from its begin to its end"
    for track in replay.tracks:
        spans = seconds_of(disk, replay, track.name)
        first, last = spans[0][0], spans[-1][1]
        wall = replay.spans()[0].began - first
        assert wall + first <= began
        assert wall + first > began - 5
        assert ended - 1.5 < wall + last <= ended + 0.1
        assert max(abs(after[0] - before[1]) for before, after in pairwise(spans)) < 0.001, track.name
    assert len(replay.spans()) == 1
    assert "#EXT-X-DISCONTINUITY" not in lists.media(replay, "audio", ended=True)


async def test_where_others_must_not_be_recorded_nothing_from_before_is(tmp_path: Path) -> None:
    disk = Disk(tmp_path, reserve=0)
    async with recorded(disk.writer) as hall:
        hall.stage.start()
        await hall.advance(10)
        began = hall.stage.now
        await hall.advance(9)
        hall.recorder.want({SESSION: began}, later=True)
        await hall.advance(6)
        hall.recorder.want({})
        await hall.advance(1)
    assert began <= replay_of(disk).spans()[0].began < began + 4.5


async def test_a_session_that_was_ended_by_mistake_and_goes_on_is_played_once(tmp_path: Path) -> None:
    disk = Disk(tmp_path, reserve=0)
    async with recorded(disk.writer) as hall:
        hall.stage.start()
        began = hall.stage.now
        await hall.advance(13)
        hall.recorder.want({SESSION: began})
        await hall.advance(9)
        hall.recorder.want({})
        await hall.advance(3)
        hall.recorder.want({SESSION: began})
        await hall.advance(10)
        hall.recorder.want({})
        await hall.advance(1)
    replay = replay_of(disk)
    assert len(replay.takes) == 2
    for track in replay.tracks:
        fragments = seconds_of(disk, replay, track.name)
        assert min(after[0] - before[1] for before, after in pairwise(fragments)) > -2.0, "no more than half a segment comes twice"
        assert max(after[0] - before[1] for before, after in pairwise(fragments)) < 2.0, "nor is missing"
        assert fragments[-1][1] - fragments[0][0] > 30


class Failing:
    """A disk that is full for a while."""

    def __init__(self, disk: Disk) -> None:
        self.disk, self.full = disk, False

    def open(self, facts: TakeFacts) -> FailingTake:
        return FailingTake(self, self.disk, facts)


class FailingTake:
    def __init__(self, owner: Failing, disk: Disk, facts: TakeFacts) -> None:
        self._owner, self._writer = owner, disk.writer(facts)

    def write(self, part: MadePart) -> None:
        if self._owner.full:
            raise OSError(errno.ENOSPC, "no space left on device")
        self._writer.write(part)

    def close(self) -> None:
        self._writer.close()


async def test_a_full_disk_costs_a_hole_that_is_told_and_the_recording_goes_on_by_itself(tmp_path: Path) -> None:
    failing = Failing(Disk(tmp_path, reserve=0))
    async with recorded(failing.open) as hall:
        hall.stage.start()
        hall.recorder.want({SESSION: hall.stage.now})
        await hall.advance(14)
        assert not hall.recorder.trouble
        failing.full = True
        await hall.advance(9)
        assert hall.recorder.trouble
        assert hall.stage.longest_silence < 1.0, "live goes on"
        failing.full = False
        await hall.advance(5)
        assert not hall.recorder.trouble
        await hall.advance(10)
        hall.recorder.want({})
        await hall.advance(1)
    replay = replay_of(failing.disk)
    spans = replay.spans()
    assert len(spans) == 2
    assert 9 <= spans[1].began - spans[0].began - spans[0].seconds <= 17
    for track in replay.tracks:
        text = lists.media(replay, track.name, ended=True)
        assert text.count("#EXT-X-DISCONTINUITY\n") == 1
        assert text.count("#EXT-X-PROGRAM-DATE-TIME") == 2
        assert seconds_of(failing.disk, replay, track.name)


async def test_a_disk_that_hangs_costs_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorders, "MOST_WAITING_BYTES", 20_000)
    monkeypatch.setattr(recorders, "FLUSH_SECONDS", 0.01)
    disk, may = Disk(tmp_path, reserve=0), threading.Event()

    class Hanging(FailingTake):
        def write(self, part: MadePart) -> None:
            may.wait(30)
            super().write(part)

    owner = Failing(disk)
    async with recorded(lambda facts: Hanging(owner, disk, facts)) as hall:
        hall.stage.start()
        hall.recorder.want({SESSION: hall.stage.now})
        await hall.advance(20)
        assert hall.recorder.trouble
        assert hall.recorder._bytes <= 20_000
        may.set()
        monkeypatch.setattr(recorders, "FLUSH_SECONDS", 10.0)
        await hall.advance(12)
        assert not hall.recorder.trouble
        hall.recorder.want({})
        await hall.advance(1)
    assert len(replay_of(disk).spans()) >= 2


async def test_too_little_free_space_is_left_to_others(tmp_path: Path) -> None:
    disk = Disk(tmp_path, reserve=1 << 60)
    async with recorded(disk.writer) as hall:
        hall.stage.start()
        hall.recorder.want({SESSION: hall.stage.now})
        await hall.advance(8)
        assert hall.recorder.trouble
    assert not replay_of(disk).pieces


WRITES = """
import sys
from dataclasses import replace
from pathlib import Path
from services.streaming.recording.disk import Disk
from services.streaming.recording.takes import TakeFacts
from tests.support.simulated_stage import NOON, SimulatedStage
parts = []
stage = SimulatedStage(made=parts.append)
stage.start()
stage.advance(12)
writer = Disk(Path(sys.argv[1]), reserve=0).writer(TakeFacts("t", "s", "hall", 0.0, stage.ladder.tracks))
for number in range(100_000):
    for part in parts:
        writer.write(replace(part, sequence=part.sequence + 1000 * number))
        print(part.rendition, flush=True)
"""


async def test_a_process_that_is_killed_loses_the_part_it_was_writing_at_most(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITES, str(tmp_path), stdout=asyncio.subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert process.stdout is not None
    written = dict.fromkeys(("720p", "360p", "audio"), 0)
    while sum(written.values()) < 400:
        written[(await process.stdout.readline()).decode().strip()] += 1
    process.send_signal(signal.SIGKILL)
    for line in (await process.stdout.read()).split():
        written[line.decode()] += 1
    await process.wait()
    disk = Disk(tmp_path, reserve=0)
    (take,) = disk.takes("s")
    disk.read_on(take)
    for name, track in take.tracks.items():
        lines = (tmp_path / "s" / "t" / f"{name}.index").read_bytes().count(b"\n") - len(track.inits)
        assert written[name] <= lines <= written[name] + 1
        last = track.segments[-1]
        assert len(disk.bytes_of(take.facts, name, last.offset, last.length)) == last.length


def append(file: Path, data: bytes) -> None:
    assert file.stat().st_size > 0
    with file.open("ab") as opened:
        opened.write(data)


async def test_what_was_half_written_is_no_part_of_a_take_and_a_second_take_is_joined(tmp_path: Path) -> None:
    disk = Disk(tmp_path, reserve=0)
    for now in (NOON, NOON + 20):  # the second as by another process
        async with recorded(disk.writer, now) as hall:
            hall.stage.start()
            hall.recorder.want({SESSION: hall.stage.now})
            await hall.advance(11)
            hall.recorder.want({})
            await hall.advance(1)
    first, second = disk.takes(SESSION)
    append(tmp_path / "table%2Fronde%202" / first.facts.id / "audio.index", b'["p",1,2')
    replay = replay_of(disk)
    assert [span.at for span in replay.spans()] == [0.0, pytest.approx(replay.spans()[0].seconds)]
    text = lists.media(replay, "360p", ended=True)
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    assert text.count("#EXT-X-MAP") == 2
    assert second.facts.id in text


class Stuck(Disk):
    """A disk that keeps one session for ever."""

    def erase(self, session: str) -> None:
        if session == "a":
            raise PermissionError(errno.EACCES, "not ours")
        super().erase(session)


async def test_one_recording_that_cannot_be_erased_keeps_none_of_the_others(tmp_path: Path) -> None:
    disk = Stuck(tmp_path, reserve=0)
    async with recorded(disk.writer) as hall:
        library = Library(disk, lambda: hall.recorder.growing)
        hall.stage.start()
        hall.recorder.want({"a": hall.stage.now, "b": hall.stage.now})
        await hall.advance(6)
        hall.recorder.want({})
        await hall.advance(1)
        assert disk.sessions() == ["a", "b"]
        await library.expire(hall.stage.now + 1)
        assert disk.sessions() == ["a"]


async def test_what_is_erased_is_gone_but_not_while_it_is_recorded(tmp_path: Path) -> None:
    disk = Disk(tmp_path, reserve=0)
    async with recorded(disk.writer) as hall:
        library = Library(disk, lambda: hall.recorder.growing)
        with pytest.raises(NotFound):
            await library.erase(SESSION)
        hall.stage.start()
        hall.recorder.want({SESSION: hall.stage.now})
        await hall.advance(11)
        with pytest.raises(Conflict):
            await library.erase(SESSION)
        hall.recorder.want({})
        await hall.advance(1)
        (kept,) = await library.recordings()
        assert (kept.session, kept.stage, kept.growing) == (SESSION, "hall", False)
        assert kept.bytes > 0
        await library.expire(kept.began - 1)
        assert len(await library.recordings()) == 1
        await library.expire(kept.began + 1)
        assert await library.recordings() == []
        assert disk.sessions() == []
        with pytest.raises(NotFound):
            await library.media(SESSION, "720p", ended=True)
