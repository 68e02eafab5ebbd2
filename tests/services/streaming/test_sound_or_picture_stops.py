"""A real encoder whose sound, or whose picture, stops in the midst: the other goes on, and what comes back is heard and seen again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import StreamingHarness, open_harness
from tests.services.streaming.seen_and_heard import Moment, Shown, everything_since
from tests.support.flv_sender import PICTURES, SOUND, FlvSender, flv_sender, recorded


@pytest.fixture
async def stage(database: MongoDatabase, ffmpeg: Path) -> AsyncIterator[StreamingHarness]:
    async with open_harness(database) as found:
        yield found


@asynccontextmanager
async def an_encoder_is_on(stage: StreamingHarness, ffmpeg: Path) -> AsyncIterator[FlvSender]:
    async with flv_sender(await stage.rtmp_url(), await recorded(ffmpeg)) as sender:
        await stage.until(lambda: stage.source.state.origin == "rtmp", 60)
        await stage.until(lambda: stage.source.splicer.settled(stage.source.splicer.on_air or 0), 60)
        yield sender


async def seen_and_heard_after(stage: StreamingHarness, ffmpeg: Path, *, after: float, lasts: float) -> Shown:
    """Everything that goes out for `lasts` seconds, from `after` seconds on."""
    await Moment.now(stage).seconds_later(stage, after)
    moment = Moment.now(stage)
    await moment.seconds_later(stage, lasts)
    return await everything_since(stage, moment, ffmpeg)


async def test_sound_that_stops_becomes_silence_and_comes_back(stage: StreamingHarness, ffmpeg: Path) -> None:
    async with an_encoder_is_on(stage, ffmpeg) as sender:
        sender.without = {SOUND}
        seen = await seen_and_heard_after(stage, ffmpeg, after=4.0, lasts=4.0)
        assert seen.loudness(440) < 0.01
        assert len(set(seen.colours)) > 2, "the pictures move: no slate in any size"
        sender.without = set()
        assert (await seen_and_heard_after(stage, ffmpeg, after=4.0, lasts=3.0)).loudness(440) > 0.05


async def test_pictures_that_stop_stand_still_while_the_sound_goes_on(stage: StreamingHarness, ffmpeg: Path) -> None:
    async with an_encoder_is_on(stage, ffmpeg) as sender:
        sender.without = {PICTURES}
        seen = await seen_and_heard_after(stage, ffmpeg, after=4.0, lasts=4.0)
        assert seen.loudness(440) > 0.05
        assert len(set(seen.colours)) <= 2, "one picture in each size"
        sender.without = set()
        await asyncio.wait_for(sounds_and_moves(stage, ffmpeg), 40)


async def sounds_and_moves(stage: StreamingHarness, ffmpeg: Path) -> None:
    while True:
        seen = await seen_and_heard_after(stage, ffmpeg, after=0.0, lasts=3.0)
        if seen.loudness(440) > 0.05 and len(set(seen.colours)) > 2:
            return
