"""WHIP (RFC 9725): a camera's pictures and sound over WebRTC, as a browser sends them, become what viewers see and hear."""

from __future__ import annotations

import asyncio
import io
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import PATIENCE, STAGE, StreamingHarness, open_harness
from tests.services.streaming.seen_and_heard import Moment, Shown, everything_since, onsets_since
from tests.services.streaming.test_rtmp_to_hls import encoder
from tests.services.streaming.whip_sender import FPS, INTERPRETED_TONE, TONE, by_key, offer_of, publish, sender
from tests.support.hls_validator import check_multivariant

PATIENT = 2 * PATIENCE
MOMENTS = 5


async def on_air(found: StreamingHarness, origin: str) -> None:
    await found.until(lambda: found.source.state.origin == origin, PATIENT)


async def in_step(found: StreamingHarness, moment: Moment) -> bool:
    """Whether sound and picture belong together, for six seconds out of thirty: on a busy machine the camera itself may stumble."""
    for _ in range(MOMENTS):
        bright, loud = await onsets_since(found, moment)
        apart = [min((sound - picture for sound in loud), key=abs) for picture in bright]
        if len(apart) >= 4 and abs(median(apart)) <= 0.040 + 1 / FPS:
            return True
        moment = Moment.now(found)
        await moment.seconds_later(found, 6.0)
    return False


async def test_what_a_browser_sends_is_seen_and_heard_and_ends_when_it_says_so(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database) as found, sender() as camera:
        where = await publish(found, camera, await by_key(found))
        await on_air(found, "whip")
        moment = Moment.now(found)
        await moment.seconds_later(found, 6.0)
        seen = await everything_since(found, moment, ffmpeg)
        assert seen.shows((255, 255, 255))
        assert seen.shows((0, 0, 0))
        assert seen.loudness(TONE) > 0.1
        assert await in_step(found, moment)
        stage = await found.operators_see()
        assert stage["on_air"]["cause"] == "sending"
        assert set(stage["on_air"]["troubles"]) <= {"slow", "overloaded"}, "a camera on a busy machine is slow indeed"
        async with found.client.delete(where) as response:
            assert response.status == 200
        await on_air(found, "generated")
        async with found.client.delete(where) as response:
            assert response.status == 404


async def refused(
    found: StreamingHarness, sdp: str | bytes | io.BytesIO, headers: Mapping[str, str], stage: str = STAGE
) -> tuple[int, str]:
    """Status and stable code."""
    path = f"/whip/{stage}"
    async with found.client.post(path, data=sdp, headers={"Content-Type": "application/sdp", **headers}) as response:
        return response.status, (await response.json())["code"]


async def test_one_sender_has_the_stage_until_its_key_is_changed_and_a_broken_encoder_costs_it_nothing(
    database: MongoDatabase, ffmpeg: Path
) -> None:
    async with open_harness(database) as found, sender() as camera, sender() as second:
        key = await by_key(found)
        await publish(found, camera, key)
        await on_air(found, "whip")
        assert await refused(found, await offer_of(second), key) == (409, "streaming.rtmp.busy")
        assert (await found.operators_see())["refusal"]["code"] == "streaming.rtmp.busy"
        async with encoder(ffmpeg, await found.rtmp_url()) as other:
            assert await asyncio.wait_for(other.wait(), PATIENT) != 0
        before, pid = found.source.restarts, found.source._runs[found.source._number].encoder.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await found.until(lambda: found.source.restarts > before)
        await found.until(lambda: found.source.state.origin == "whip" and found.source.splicer.on_air is not None, PATIENT)
        assert found.source.ingest is not None
        assert found.source.ingest.origin == "whip"
        async with found.client.post(f"/api/streaming/stages/{STAGE}/key", headers=found.as_role("operator")) as response:
            assert response.status == 200
        await found.until(lambda: found.source.ingest is None)
        assert await refused(found, await offer_of(second), key) == (401, "streaming.rtmp.wrong_key")


def loud(shown: Shown) -> dict[int, bool]:
    """Which of the two tones are heard."""
    return {tone: shown.loudness(tone) > 0.1 for tone in (TONE, INTERPRETED_TONE)}


async def test_whoever_interprets_is_heard_in_a_sound_of_their_own_alone_until_the_sender_has_none(
    database: MongoDatabase, ffmpeg: Path
) -> None:
    room, own = {TONE: True, INTERPRETED_TONE: False}, {TONE: False, INTERPRETED_TONE: True}
    async with open_harness(database) as found:
        key, packager = await by_key(found), found.source.packager
        async with sender(interpreted=True) as camera:
            where = await publish(found, camera, key, language="en")
            await on_air(found, "whip")
            await found.until(lambda: packager.renditions["interpreted"].last is not None, PATIENT)
            moment = Moment.now(found)
            await moment.seconds_later(found, 3.0)
            assert loud(await everything_since(found, moment, ffmpeg)) == room
            assert loud(await everything_since(found, moment, ffmpeg, "interpreted")) == own
            assert packager.renditions["interpreted"].position == packager.leader.position
            lists = [await found.text(path) for path in ("/index.m3u8", "/index.m3u8?sound=interpreted")]
            for text in lists:
                assert check_multivariant(text) == []
            sounds = [[line for line in text.splitlines() if "TYPE=AUDIO" in line] for text in lists]
            assert ['LANGUAGE="en"' in line for line in sounds[0]] == [False, True]
            assert ["DEFAULT=YES" in line for line in sounds[0]] == [True, False]
            assert ['LANGUAGE="en",DEFAULT=YES' in line for line in sounds[1]] == [True, False]
            async with found.client.delete(where):
                pass
            await on_air(found, "generated")
        async with sender() as camera:
            await publish(found, camera, key)
            await on_air(found, "whip")
            moment = Moment.now(found)
            await moment.seconds_later(found, 3.0)
            assert loud(await everything_since(found, moment, ffmpeg, "interpreted")) == room, "nobody interprets"


@pytest.mark.parametrize(("interpreted", "language"), [(True, ""), (False, "en"), (True, 'x",URI="')])
async def test_a_second_sound_is_taken_where_it_is_announced_and_nowhere_else(
    database: MongoDatabase, interpreted: bool, language: str
) -> None:
    async with open_harness(database) as found, sender(interpreted=interpreted) as camera:
        headers = {"Content-Type": "application/sdp", **await by_key(found)}
        path, offer = f"/whip/{STAGE}", await offer_of(camera)
        async with found.client.post(path, data=offer, params={"interpreted": language}, headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (422, "streaming.whip.offer")


async def test_sound_alone_is_enough(database: MongoDatabase) -> None:
    async with open_harness(database) as found, sender(tracks="audio") as microphone:
        await publish(found, microphone, await by_key(found))
        await on_air(found, "whip")


async def test_a_camera_that_vanishes_leaves_the_stage_to_what_comes_next(database: MongoDatabase) -> None:
    async with open_harness(database) as found:
        async with sender() as camera:
            await publish(found, camera, await by_key(found))
            await on_air(found, "whip")
        await on_air(found, "generated")
        async with sender() as camera:
            await publish(found, camera, await by_key(found))
            await on_air(found, "whip")


async def test_what_is_no_offer_of_ours_is_refused_in_words_and_leaves_nothing(database: MongoDatabase) -> None:
    async with open_harness(database) as found, sender("video/VP8") as old, sender() as camera:
        key, offer = await by_key(found), await offer_of(camera)
        assert await refused(found, await offer_of(old), key) == (422, "streaming.whip.codec")
        assert "H.264" in (await found.operators_see())["refusal"]["detail"]
        for wrong in ("", "hello", "v=0\r\n", offer.replace("m=audio", "m=video"), offer.replace("a=fingerprint", "a=finger"), b"\xff\xfe"):
            assert await refused(found, wrong, key) == (422, "streaming.whip.offer"), wrong
        assert await refused(found, io.BytesIO(b"x" * 10_000_000), key) == (413, "request.too_large")
        assert await refused(found, offer, {}) == (401, "streaming.rtmp.wrong_key")
        assert await refused(found, offer, key, "elsewhere") == (401, "streaming.rtmp.wrong_key")
        assert await refused(found, offer, {**key, "Content-Type": "text/plain"}) == (415, "request.unsupported_media_type")
        assert found.source.ingest is None


@pytest.mark.parametrize(("role", "status"), [("operator", 201), ("moderator", 403), ("viewer", 403)])
async def test_operators_may_send_from_their_own_page(database: MongoDatabase, role: str, status: int) -> None:
    async with open_harness(database) as found, sender() as camera:
        headers = {**found.as_role(role), "Content-Type": "application/sdp"}
        path = f"/api/streaming/stages/{STAGE}/whip"
        async with found.client.post(path, data=await offer_of(camera), headers=headers) as response:
            assert response.status == status
