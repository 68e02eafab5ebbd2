"""The stream as viewers and operators meet it over HTTP, with a real encoder behind it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from services.streaming.packaging.runs import SLATE
from shared.clock import utc_now
from shared.config import Settings
from shared.events.stage import StageChanged
from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import STAGE, StreamingHarness, following, open_harness
from tests.support.hls_observer import observe
from tests.support.hls_text import parse
from tests.support.hls_validator import check_media_playlist
from tests.support.messages import MESSAGES
from tests.support.sender import rtmp_push

BUSY_MACHINE = "rule 13"
"""Parts that come late because this machine does too much at once are no fault of the packager."""


@pytest.fixture
async def stage(database: MongoDatabase, ffmpeg: Path) -> AsyncIterator[StreamingHarness]:
    async with open_harness(database) as found:
        yield found


async def test_a_followed_stream_obeys_every_rule(stage: StreamingHarness) -> None:
    await stage.until(lambda: len(stage.source.packager.leader.window) >= 2)
    report = await observe(stage.url, seconds=14)
    assert not [line for line in report.broken if not line.startswith(BUSY_MACHINE)], str(report)
    assert min(report.parts.values()) >= 20


async def test_a_killed_encoder_leaves_viewers_with_the_slate_until_the_next_one_comes(stage: StreamingHarness) -> None:
    await stage.until(lambda: stage.source.splicer.on_air == 1)
    pid = stage.source._runs[1].encoder.pid
    assert pid is not None
    before = await stage.text("/720p/index.m3u8")
    os.kill(pid, signal.SIGKILL)
    texts = [before, *await following(stage, "720p", parts=8)]
    for earlier, later in pairwise(texts):
        assert not check_media_playlist(later, previous=earlier, reports=2)
    await stage.until(lambda: stage.source.splicer.settled(2))
    assert "#EXT-X-DISCONTINUITY\n" not in await stage.text("/720p/index.m3u8"), "initialisation and times go on unbroken"


async def test_a_stopped_encoder_is_replaced(stage: StreamingHarness) -> None:
    await stage.until(lambda: stage.source.splicer.on_air == 1)
    pid = stage.source._runs[1].encoder.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    await stage.until(lambda: stage.source.splicer.on_air == SLATE)
    await stage.until(lambda: stage.source.splicer.settled(2))
    await stage.until(lambda: 1 not in stage.source._runs)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_rtmp_with_the_key_replaces_the_picture_and_the_stage_falls_back_when_it_goes(stage: StreamingHarness, ffmpeg: Path) -> None:
    await stage.until(lambda: stage.source.state.origin == "generated")
    answer = await stage.client.get(f"/api/streaming/stages/{STAGE}/key", headers=stage.as_role("operator"))
    where = await answer.json()
    slates = stage.source.splicer.slates
    async with rtmp_push(ffmpeg, f"{where['rtmp_url']}/{where['stream_key']}"):
        await stage.until(lambda: stage.source.state.origin == "rtmp", 30)
        await stage.until(lambda: stage.source.splicer.settled(2))
        assert stage.source.splicer.slates == slates, "viewers saw the slate although the old picture was there"
        watched = await (await stage.client.get(f"/api/streaming/stages/{STAGE}", headers=stage.as_role("viewer"))).json()
        assert (watched["state"], watched["origin"]) == ("live", "rtmp")
        operators = await (await stage.client.get("/api/streaming/stages", headers=stage.as_role("operator"))).json()
        assert operators["stages"][0]["ingest"]["bytes"] > 0
        inits = {init for r in stage.source.packager.renditions.values() for init in r._inits}
        assert len(inits) == 1, "every run has the same initialisation section"
    await stage.until(lambda: stage.source.state.origin == "generated", 30)
    assert not check_media_playlist(await stage.text("/audio/index.m3u8"), reports=2)


async def test_a_publisher_that_falls_silent_is_stood_in_for_and_taken_back_when_it_goes_on(stage: StreamingHarness, ffmpeg: Path) -> None:
    where = await (await stage.client.get(f"/api/streaming/stages/{STAGE}/key", headers=stage.as_role("operator"))).json()
    async with rtmp_push(ffmpeg, f"{where['rtmp_url']}/{where['stream_key']}") as process:
        await stage.until(lambda: stage.source.state.origin == "rtmp", 30)
        process.send_signal(signal.SIGSTOP)
        await stage.until(lambda: stage.source.state.origin == "slate")
        process.send_signal(signal.SIGCONT)
        await stage.until(lambda: stage.source.state.origin == "rtmp", 30)
        late = stage.source.packager.program_time(stage.source.packager.leader.end) - utc_now().timestamp()
        assert abs(late) < 2.0, "what was missed is not made up for"


async def test_a_wrong_stream_key_opens_nothing(stage: StreamingHarness, ffmpeg: Path) -> None:
    where = await (await stage.client.get(f"/api/streaming/stages/{STAGE}/key", headers=stage.as_role("operator"))).json()
    async with rtmp_push(ffmpeg, f"{where['rtmp_url']}/live_wrong") as process:
        assert await asyncio.wait_for(process.wait(), 20) != 0
    assert stage.source.ingest is None
    seen = await (await stage.client.get("/api/streaming/stages", headers={**stage.as_role("operator"), "Accept-Language": "en"})).json()
    assert seen["refusal"]["code"] == "streaming.rtmp.wrong_key"
    assert seen["refusal"]["detail"] == MESSAGES.text("en", "streaming.rtmp.wrong_key")
    assert seen["stages"][0]["refusal"] is None, "the key was that of no stage"
    assert "live_wrong" not in str(seen)


async def test_a_new_stream_key_closes_the_door_to_the_old_one(stage: StreamingHarness) -> None:
    path, operator = f"/api/streaming/stages/{STAGE}/key", stage.as_role("operator")
    before = await (await stage.client.get(path, headers=operator)).json()
    after = await (await stage.client.post(path, headers=operator)).json()
    assert before["stream_key"] != after["stream_key"]
    assert await stage.app.authorize("live", before["stream_key"]) is None
    assert await stage.app.authorize("live", after["stream_key"]) == STAGE
    assert await stage.app.authorize("other", after["stream_key"]) is None


async def test_a_new_stream_key_cuts_whoever_sends_with_the_old_one_and_lets_the_new_one_in(stage: StreamingHarness, ffmpeg: Path) -> None:
    path, operator = f"/api/streaming/stages/{STAGE}/key", stage.as_role("operator")
    old = await (await stage.client.get(path, headers=operator)).json()
    async with rtmp_push(ffmpeg, f"{old['rtmp_url']}/{old['stream_key']}") as sender:
        await stage.until(lambda: stage.source.ingest is not None, 30)
        new = await (await stage.client.post(path, headers=operator)).json()
        await stage.until(lambda: stage.source.ingest is None)
        assert await asyncio.wait_for(sender.wait(), 20) != 0
    async with rtmp_push(ffmpeg, f"{new['rtmp_url']}/{new['stream_key']}"):
        await stage.until(lambda: stage.source.ingest is not None, 30)


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("moderator", 403), ("operator", 200)])
async def test_only_operators_see_keys_and_encoders(stage: StreamingHarness, role: str, status: int) -> None:
    for path in ("/api/streaming/stages", f"/api/streaming/stages/{STAGE}/key"):
        assert (await stage.client.get(path, headers=stage.as_role(role))).status == status


async def test_playlists_open_to_a_pass_in_the_cookie_until_it_is_revoked(stage: StreamingHarness) -> None:
    path, person = f"/hls/{STAGE}/index.m3u8", "6f0a9a4e-8f64-4b8e-a0a5-3d7b5dd0d0a1"
    assert (await stage.client.get(path)).status == 401
    forged = {"tablee_media": stage.pass_text(purpose="media")[:-4] + "AAAA"}
    assert (await stage.client.get(path, cookies=forged)).status == 401
    old = {"tablee_media": stage.pass_text(now=utc_now() - timedelta(minutes=11), purpose="media")}
    assert (await stage.client.get(path, cookies=old)).status == 401
    good = {"tablee_media": stage.pass_text(person=person, purpose="media")}
    for _ in range(2):
        answer = await stage.client.get(path, cookies=good)
        assert answer.status == 200
        assert answer.headers["Cache-Control"].startswith("private")
    stage.revocations.revoke(person, utc_now() + timedelta(seconds=1))
    refused = await stage.client.get(path, cookies=good)
    assert refused.status == 401
    assert (await refused.json())["code"] == "access.revoked"


async def test_a_watch_link_opens_its_own_stage_only(stage: StreamingHarness) -> None:
    assert (await stage.client.get(stage.keyed + "/index.m3u8")).status == 200
    expiry, signature = stage.keyed.split("/")[3].split("-", 1)
    for forged in (f"{expiry}-{'B' if signature[0] == 'A' else 'A'}{signature[1:]}", f"z{expiry}-{signature}", f"0-{signature}"):
        assert (await stage.client.get(f"/hls/k/{forged}/{STAGE}/index.m3u8")).status == 403
    assert (await stage.client.get(stage.keyed.replace(STAGE, "autre-salle") + "/index.m3u8")).status == 403


async def test_what_cannot_be_answered_is_refused_as_the_rules_say(stage: StreamingHarness) -> None:
    position = stage.source.packager.leader.position
    for query, status in (
        ({"_HLS_part": "1"}, 400), ({"_HLS_msn": "x"}, 400), ({"_HLS_msn": "-1"}, 400), ({"_HLS_msn": "1", "_HLS_part": "1.5"}, 400),
        ({"_HLS_skip": "NO"}, 400), ({"_HLS_msn": str(position + 9)}, 400), ({"_HLS_msn": str(position), "_HLS_part": "99"}, 400),
        ({"_HLS_msn": "0"}, 200), ({"other": "x"}, 200),
    ):  # fmt: skip
        answer = await stage.client.get(stage.keyed + "/720p/index.m3u8", params=query)
        assert answer.status == status, query
        if status == 400:
            assert answer.content_type == "application/problem+json"
            assert answer.headers["Cache-Control"] == "public, max-age=20"
    for path in ("/720p/nothing.m4s", "/4k/index.m3u8"):
        assert (await stage.client.get(stage.keyed + path)).status == 404
    unknown = await stage.client.get("/hls/nowhere/index.m3u8", cookies={"tablee_media": stage.pass_text(purpose="media")})
    assert unknown.status == 404


async def test_answers_carry_cache_times_compression_and_tags(stage: StreamingHarness) -> None:
    plain = await stage.client.get(stage.keyed + "/720p/index.m3u8", headers={"Accept-Encoding": "gzip"})
    assert plain.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Cache-Control"] == "public, max-age=2"
    assert plain.content_type == "application/vnd.apple.mpegurl"
    found = parse(await plain.text())
    blocked = await stage.client.get(stage.keyed + "/720p/index.m3u8", params={"_HLS_msn": found.media_sequence, "_HLS_part": 0})
    assert blocked.headers["Cache-Control"] == "public, max-age=30"
    part = found.segments[-1].parts[-1].uri
    answer = await stage.client.get(f"{stage.keyed}/720p/{part}")
    assert (answer.status, answer.content_type) == (200, "video/mp4")
    again = await stage.client.get(f"{stage.keyed}/720p/{part}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


async def test_the_hinted_part_is_given_the_moment_it_is_made(stage: StreamingHarness) -> None:
    hint = stage.source.packager.leader.hint
    async with asyncio.timeout(5):
        answer = await stage.client.get(f"{stage.keyed}/720p/{hint}")
    assert answer.status == 200
    assert stage.source.packager.leader.file(hint) == await answer.read()


async def test_every_change_of_a_stage_is_an_event_in_order(stage: StreamingHarness, database: MongoDatabase) -> None:
    await stage.until(lambda: stage.source.state.origin == "generated")
    await stage.until(lambda: len(stage.relay_woken) > 0)
    events = [event for event in await database.pending_events("stages", 100) if event.type == StageChanged.TYPE]
    assert [event.seq for event in events] == sorted({event.seq for event in events})
    assert events[-1].data["stage"] == STAGE
    assert (events[-1].data["state"], events[-1].data["origin"]) in {("live", "generated"), ("fallback", "slate")}


async def test_a_programme_that_comes_twice_changes_nothing_and_a_new_name_is_taken_over(stage: StreamingHarness) -> None:
    source = stage.source
    await stage.publish_programme()
    await stage.publish_programme(name="Auditorium")
    await stage.publish_programme(name="Ailleurs", event="another-event")
    assert stage.source is source
    assert stage.app.describe(STAGE)["name"] == "Auditorium"


async def test_after_a_restart_the_stage_is_back_with_higher_sequence_numbers_and_the_same_key(
    database: MongoDatabase, ffmpeg: Path
) -> None:
    async with open_harness(database) as before:
        first, key = parse(await before.text("/720p/index.m3u8")), await before.app.key(STAGE)
        names = set(before.source.packager.leader._files)
    async with open_harness(database, programme=False) as after:
        await after.until(lambda: after.source.packager.ready)
        second = parse(await after.text("/720p/index.m3u8"))
        assert second.media_sequence > first.last[0]
        assert await after.app.key(STAGE) == key
        assert not names & set(after.source.packager.leader._files)


async def test_a_media_file_is_played_over_and_over(database: MongoDatabase, ffmpeg: Path, tmp_path: Path) -> None:
    media = tmp_path / "short film.mp4"
    make = await asyncio.create_subprocess_exec(
        str(ffmpeg), "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=3", "-f", "lavfi", "-i", "sine=r=44100:d=3",
        "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(media),
    )  # fmt: skip
    assert await make.wait() == 0
    async with open_harness(database, Settings(media=str(media))) as found:
        await found.until(lambda: found.source.state.origin == "file")
        await found.until(lambda: found.source.packager.leader.end > 7, 30)
        assert found.source.restarts == 0
        assert not check_media_playlist(await found.text("/720p/index.m3u8"), reports=2)


async def test_stopping_leaves_no_encoder_behind_and_answers_those_who_wait(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database) as found:
        await found.until(lambda: found.source.splicer.on_air == 1)
        pid = found.source._runs[1].encoder.pid
        assert pid is not None
        ahead = {"_HLS_msn": found.source.packager.leader.position + 1}
        waiting = asyncio.create_task(found.client.get(found.keyed + "/720p/index.m3u8", params=ahead))
        await found.until(lambda: found.source.channel.waiting > 0)
        assert found.service.drain is not None
        await found.service.drain()
        assert (await asyncio.wait_for(waiting, 3)).status in (200, 503)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        raise AssertionError("the encoder outlived the service")


async def test_the_menu_of_audio_speaks_the_language_of_the_viewer(stage: StreamingHarness) -> None:
    for chosen, title in (("fr", "Son de la salle"), ("en", "Room audio")):
        answer = await stage.client.get(f"{stage.keyed}/index.m3u8", headers={"Accept-Language": chosen})
        assert f'NAME="{title}"' in await answer.text()
        assert "Accept-Language" in answer.headers["Vary"]


async def test_head_is_answered_like_get_without_the_body(stage: StreamingHarness) -> None:
    uri = parse(await stage.text("/720p/index.m3u8")).segments[-1].parts[-1].uri
    for path in ("/index.m3u8", "/720p/index.m3u8", "/audio/index.m3u8", f"/720p/{uri}"):
        got = await stage.client.get(stage.keyed + path, headers={"Accept-Encoding": "identity"})
        asked = await stage.client.head(stage.keyed + path, headers={"Accept-Encoding": "identity"})
        assert (asked.status, asked.content_type) == (got.status, got.content_type) == (200, got.content_type)
        assert asked.headers["Cache-Control"] == got.headers["Cache-Control"]
        assert int(asked.headers["Content-Length"]) > 0
        assert await asked.read() == b""


@pytest.mark.parametrize("embedding", ["no", "yes"])
async def test_pages_of_other_sites_play_watch_links_where_they_may(database: MongoDatabase, ffmpeg: Path, embedding: str) -> None:
    async with open_harness(database, Settings(embedding=embedding)) as stage:
        from_elsewhere = {"Origin": "https://elsewhere.example"}
        uri = parse(await stage.text("/720p/index.m3u8")).segments[-1].parts[-1].uri
        for path in ("/index.m3u8", "/720p/index.m3u8", f"/720p/{uri}"):
            got = await stage.client.get(stage.keyed + path, headers=from_elsewhere)
            assert got.headers.get("Access-Control-Allow-Origin") == ("*" if embedding == "yes" else None)
            assert (await stage.client.options(stage.keyed + path, headers=from_elsewhere)).status == (204 if embedding == "yes" else 405)
        cookies = {"tablee_media": stage.pass_text(purpose="media")}
        own = await stage.client.get(f"/hls/{STAGE}/index.m3u8", cookies=cookies, headers=from_elsewhere)
        assert "Access-Control-Allow-Origin" not in own.headers, "what a cookie opens is nobody else's"


async def test_metrics_are_counted(stage: StreamingHarness) -> None:
    await stage.text("/720p/index.m3u8")
    answer = await stage.client.get("/metrics")
    text = await answer.text()
    for name in ("parts_total", "encoder_ends_total", "blocked_requests_total", "last_part_age_seconds", "viewers"):
        assert f"tablee_streaming_{name}" in text


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (Settings(ffmpeg="/nowhere/ffmpeg"), "TABLEE_FFMPEG"),
        (Settings(ffmpeg="/bin/true"), "ffmpeg"),
        (Settings(media="/nowhere/film.mp4"), "MEDIA"),
    ],
)
async def test_what_cannot_start_says_so_in_one_line(database: MongoDatabase, ffmpeg: Path, settings: Settings, word: str) -> None:
    from shared.config import SettingError

    with pytest.raises(SettingError) as caught:
        async with open_harness(database, replace(settings)):
            pass
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)
