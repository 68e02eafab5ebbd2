"""Encoders as processes: what comes out of their pipes, and that none outlives its owner."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from services.streaming.encoding.encoder import Encoder, Progress, find_ffmpeg
from services.streaming.encoding.errand import probe
from services.streaming.encoding.slate import make_slate
from services.streaming.media.fmp4 import Fragment, Init
from services.streaming.media.inputs import Generated
from services.streaming.media.ladder import STANDARD, Ladder, audio, video
from shared.config import SettingError
from tests.support.paths import ROOT
from tests.support.processes import ends


async def test_the_generated_source_comes_in_exact_parts_with_a_key_frame_every_two_seconds(ffmpeg: Path) -> None:
    found: dict[str, list[Init | Fragment]] = {track.name: [] for track in STANDARD.tracks}
    enough = asyncio.Event()

    def take(name: str, item: Init | Fragment) -> None:
        found[name].append(item)
        if all(len(items) > 10 for items in found.values()):
            enough.set()

    encoder = Encoder(str(ffmpeg), Generated(), STANDARD, take)
    task = asyncio.create_task(encoder.run())
    await asyncio.wait_for(enough.wait(), 40)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert encoder.process is not None
    assert encoder.process.returncode is not None
    for track in STANDARD.tracks:
        init, *parts = found[track.name][:11]
        assert isinstance(init, Init)
        assert (init.timescale, init.width, init.height) == (track.timescale, track.width, track.height)
        fragments = [part for part in parts if isinstance(part, Fragment)]
        assert [part.time for part in fragments] == [number * track.part_ticks for number in range(10)]
        assert {part.duration for part in fragments} == {track.part_ticks}
        assert [part.independent for part in fragments] == [track.kind == "audio" or number % 4 == 0 for number in range(10)]


async def test_the_slate_is_one_full_part_of_each_track_with_the_initialisation_of_the_ladder(ffmpeg: Path) -> None:
    slate = await make_slate(str(ffmpeg), STANDARD)
    for track in STANDARD.tracks:
        assert slate.fragments[track.name].duration == track.part_ticks
        assert slate.fragments[track.name].independent
        level = "F" if track.name == "720p" else "E"
        assert slate.inits[track.name].codec == (f"avc1.64001{level}" if track.kind == "video" else "mp4a.40.2")


async def test_a_ladder_of_its_own_is_encoded_as_it_says(ffmpeg: Path) -> None:
    ladder = Ladder(
        (video("180p", width=320, height=180, peak=300_000, average=200_000, quality=28, level="2.0"),),
        tuple(audio(name, bitrate=24_000, peak=30_000, average=26_000, title="", language=name) for name in ("fr", "en")),
    )
    slate = await make_slate(str(ffmpeg), ladder)
    assert {name: (init.width, init.height) for name, init in slate.inits.items()} == {"180p": (320, 180), "fr": (0, 0), "en": (0, 0)}
    assert [slate.fragments[track.name].duration for track in ladder.tracks] == [track.part_ticks for track in ladder.tracks]


ORPHAN = """
import asyncio, sys
from services.streaming.encoding.encoder import Encoder
from services.streaming.media.inputs import Generated
from services.streaming.media.ladder import STANDARD
async def main():
    encoder = Encoder(sys.argv[1], Generated(), STANDARD, lambda name, item: None)
    task = asyncio.create_task(encoder.run())
    while encoder.pid is None or not encoder.progress.seconds:
        await asyncio.sleep(0.05)
    print(encoder.pid, flush=True)
    await task
asyncio.run(main())
"""


async def test_an_encoder_dies_with_a_killed_owner(ffmpeg: Path) -> None:
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ORPHAN, str(ffmpeg), cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert owner.stdout is not None
    pid = int(await asyncio.wait_for(owner.stdout.readline(), 40))
    os.kill(pid, 0)
    owner.send_signal(signal.SIGKILL)
    await owner.wait()
    await ends([pid], 5.0)


async def test_a_file_that_is_no_media_is_refused_in_one_line(ffmpeg: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing to see")
    with pytest.raises(SettingError, match="neither video nor audio"):
        await probe(str(ffmpeg), str(path))


def test_a_program_that_is_not_there_is_named_with_its_setting() -> None:
    with pytest.raises(SettingError, match="TABLEE_FFMPEG"):
        find_ffmpeg("/nowhere/ffmpeg")


def test_progress_is_read_line_by_line_and_nonsense_is_harmless() -> None:
    progress = Progress()
    for line in ("frame=12", "fps=29.97", "out_time_us=1500000", "speed=1.01x", "nonsense", "out_time_us=N/A"):
        assert not progress.take(line)
    assert progress.take("progress=continue")
    assert (progress.seconds, progress.fps, progress.speed) == (0.0, 29.97, 1.01)
    progress.take("out_time_us=2000000")
    progress.take("progress=end")
    assert progress.seconds == 2.0
