"""A real encoder whose sound, or whose picture, stops in the midst: the other goes on, and what comes back is heard and seen again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import StreamingHarness, open_harness
from tests.services.streaming.seen_and_heard import Moment, everything_since
from tests.support.flv_sender import PICTURES, SOUND, flv_sender, recorded


@pytest.fixture
async def stage(database: MongoDatabase, ffmpeg: Path) -> AsyncIterator[StreamingHarness]:
    async with open_harness(database) as found:
        yield found


async def the_encoder_is_on(stage: StreamingHarness) -> None:
    await stage.until(lambda: stage.source.state.origin == "rtmp", 60)
    await stage.until(lambda: stage.source.splicer.settled(stage.source.splicer.on_air or 0), 60)


async def test_sound_that_stops_becomes_silence_and_comes_back(stage: StreamingHarness, ffmpeg: Path) -> None:
    async with flv_sender(await stage.rtmp_url(), await recorded(ffmpeg)) as sender:
        await the_encoder_is_on(stage)
        sender.without = {SOUND}
        await Moment.now(stage).seconds_later(stage, 4.0)
        still = Moment.now(stage)
        await still.seconds_later(stage, 4.0)
        seen = await everything_since(stage, still, ffmpeg)
        assert seen.loudness(440) < 0.01
        assert len(set(seen.colours)) > 2, "the pictures move: no slate in any size"
        sender.without = set()
        await Moment.now(stage).seconds_later(stage, 4.0)
        back = Moment.now(stage)
        await back.seconds_later(stage, 3.0)
        assert (await everything_since(stage, back, ffmpeg)).loudness(440) > 0.05


async def test_pictures_that_stop_stand_still_while_the_sound_goes_on(stage: StreamingHarness, ffmpeg: Path) -> None:
    async with flv_sender(await stage.rtmp_url(), await recorded(ffmpeg)) as sender:
        await the_encoder_is_on(stage)
        sender.without = {PICTURES}
        await Moment.now(stage).seconds_later(stage, 4.0)
        still = Moment.now(stage)
        await still.seconds_later(stage, 4.0)
        seen = await everything_since(stage, still, ffmpeg)
        assert seen.loudness(440) > 0.05
        assert len(set(seen.colours)) <= 2, "one picture in each size"
        sender.without = set()
        await asyncio.wait_for(sounds_and_moves(stage, ffmpeg), 40)


async def sounds_and_moves(stage: StreamingHarness, ffmpeg: Path) -> None:
    while True:
        moment = Moment.now(stage)
        await moment.seconds_later(stage, 3.0)
        seen = await everything_since(stage, moment, ffmpeg)
        if seen.loudness(440) > 0.05 and len(set(seen.colours)) > 2:
            return
