"""What the control page reads of a stage: what is on the air and why, every sender turned away, a small picture and the sound."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from services.streaming.on_air import BEGIN_SECONDS
from services.streaming.source import Source
from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import STAGE, StreamingHarness, open_harness
from tests.support.flv_sender import PICTURES, SOUND, FlvSender, flv_sender, recorded
from tests.support.sender import rtmp_push

SOON: Final = 10.0
"""Seconds, on a machine that does much besides: it is told at the next look after one second."""


@pytest.fixture
async def stage(database: MongoDatabase, ffmpeg: Path) -> AsyncIterator[StreamingHarness]:
    async with open_harness(database) as found:
        await found.until(lambda: found.source.state.origin == "generated")
        yield found


async def told(stage: StreamingHarness, condition: Callable[[dict[str, Any]], bool], seconds: float = SOON) -> dict[str, Any]:
    """What operators see as soon as `condition` holds; asked at every part that comes."""
    deadline = time.monotonic() + seconds
    while not condition(found := await stage.operators_see()):
        assert time.monotonic() < deadline, f"never told: {found['on_air']}, {found['refusal']}"
        made = stage.source.packager.revision
        await stage.source.channel.wait(("told", made), lambda made=made: stage.source.packager.revision > made, 0.25)  # type: ignore[misc]
    return found


async def sends(stage: StreamingHarness) -> None:
    await stage.until(lambda: stage.source.state.origin == "rtmp", 30)


async def test_a_stage_without_a_camera_is_a_rehearsal_and_nothing_is_wrong(stage: StreamingHarness) -> None:
    found = await stage.operators_see()
    assert found["on_air"] == {"shows": "generated", "mark": "rehearsal", "cause": "never", "troubles": []}
    assert (found["viewers"], found["restarts"], found["refusal"]) == (0, 0, None)


async def test_an_encoder_that_comes_stops_and_is_lost_is_told_in_that_order_without_contradiction(
    stage: StreamingHarness, ffmpeg: Path
) -> None:
    async with rtmp_push(ffmpeg, await stage.rtmp_url()):
        await sends(stage)
        found = await told(stage, lambda seen: seen["on_air"]["cause"] == "sending")
        assert (found["on_air"]["mark"], found["on_air"]["shows"], found["state"]) == ("live", "rtmp", "live")
    found = await told(stage, lambda seen: seen["on_air"]["cause"] == "stopped")
    await stage.until(lambda: stage.source.state.origin == "generated")
    found = await stage.operators_see()
    assert found["on_air"] == {"shows": "generated", "mark": "rehearsal", "cause": "stopped", "troubles": []}
    async with flv_sender(await stage.rtmp_url(), await recorded(ffmpeg)):
        await sends(stage)
    await told(stage, lambda seen: seen["on_air"]["cause"] == "lost")
    await stage.until(lambda: stage.source.state.origin == "generated")
    found = await stage.operators_see()
    assert (found["on_air"]["shows"], found["on_air"]["mark"], found["on_air"]["cause"]) == ("generated", "rehearsal", "lost")


@pytest.mark.parametrize(
    ("codec", "name"), [(("-c:v", "libx265"), "HEVC (H.265)"), (("-c:v", "flv"), "Sorenson H.263"), (("-c:a", "libmp3lame"), "MP3")]
)
async def test_a_codec_that_is_not_taken_is_told_with_its_name(
    stage: StreamingHarness, ffmpeg: Path, codec: tuple[str, str], name: str
) -> None:
    async with rtmp_push(ffmpeg, await stage.rtmp_url(), codecs=codec):
        found = await told(stage, lambda seen: seen["refusal"] is not None, 40)
    assert found["refusal"]["code"] == "streaming.rtmp.unsupported_codec"
    assert name in found["refusal"]["detail"]
    assert "{" not in found["refusal"]["detail"]
    assert found["on_air"]["shows"] == "generated"


async def test_a_second_publisher_is_told_on_the_stage_it_wanted(stage: StreamingHarness, ffmpeg: Path) -> None:
    film, url = await recorded(ffmpeg), await stage.rtmp_url()
    async with flv_sender(url, film):
        await sends(stage)
        async with flv_sender(url, film) as second:
            await asyncio.wait_for(second.cut.wait(), 20)
            found = await told(stage, lambda seen: seen["refusal"] is not None)
    assert found["refusal"]["code"] == "streaming.rtmp.busy"
    assert found["on_air"]["cause"] == "sending"


async def slow(sender: FlvSender) -> None:
    sender.pace = 0.6


async def mute(sender: FlvSender) -> None:
    sender.without = {SOUND}


async def blind(sender: FlvSender) -> None:
    sender.without = {PICTURES}


@pytest.mark.parametrize(("how", "trouble"), [(slow, "slow"), (mute, "sound_stopped"), (blind, "picture_stopped")])
async def test_what_ails_a_sender_is_told_while_it_ails(
    stage: StreamingHarness, ffmpeg: Path, how: Callable[[FlvSender], Any], trouble: str
) -> None:
    async with flv_sender(await stage.rtmp_url(), await recorded(ffmpeg)) as sender:
        await sends(stage)
        found = await told(stage, lambda seen: seen["ingest"]["pace"] is not None)
        assert found["on_air"]["troubles"] == []
        await how(sender)
        await told(stage, lambda seen: trouble in seen["on_air"]["troubles"])
        sender.pace, sender.without = 1.0, set()
        await told(stage, lambda seen: trouble not in seen["on_air"]["troubles"])


async def test_a_sender_whose_line_freezes_is_told_as_silent(stage: StreamingHarness, ffmpeg: Path) -> None:
    async with flv_sender(await stage.rtmp_url(), await recorded(ffmpeg)) as sender:
        await sends(stage)
        sender.held = True
        found = await told(stage, lambda seen: seen["on_air"]["cause"] == "silent")
        assert found["on_air"]["troubles"] == []
        ingest, causes = stage.source.ingest, set[str]()
        assert ingest is not None
        await stage.until(lambda: stage.source.state.origin == "slate" and ingest.facts.lasts > BEGIN_SECONDS, 30)
        sender.held = False

        def sends_again(seen: dict[str, Any]) -> bool:
            causes.add(seen["on_air"]["cause"])
            return "sending" in causes

        await told(stage, sends_again, 40)
        assert causes <= {"silent", "repairing", "sending"}, "its key frames come: it lacks none"


async def test_operators_see_and_hear_what_is_on_the_air_and_nobody_else_does(stage: StreamingHarness) -> None:
    path = f"/api/streaming/stages/{STAGE}/picture"
    found = await told(stage, lambda seen: seen["preview"] is not None)
    assert -60 < found["preview"]["level"] < found["preview"]["peak"] < 0, "the generated source speaks"
    answer = await stage.client.get(path, headers=stage.as_role("operator"))
    picture = await answer.read()
    assert (answer.status, answer.content_type, answer.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert picture[:2] == b"\xff\xd8"
    assert picture[-2:] == b"\xff\xd9"
    for role in ("viewer", "moderator", "speaker"):
        assert (await stage.client.get(path, headers=stage.as_role(role))).status == 403
    assert (await stage.client.get(path)).status == 401


async def test_a_closed_session_is_not_to_be_seen_in_the_last_preview(stage: StreamingHarness) -> None:
    await told(stage, lambda seen: seen["preview"] is not None)
    source: Source = stage.source
    source.shut()
    assert source.preview.last is None
    found = await told(stage, lambda seen: seen["preview"] is not None)
    assert found["preview"]["peak"] < -60, "the slate is silent"
    assert found["on_air"]["cause"] == "closed_session"
