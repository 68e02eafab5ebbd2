"""A session is recorded while it is on, can be gone back in, is a replay the moment it is over, and can be erased."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.config import Settings
from shared.events.programme import SessionRef
from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import STAGE, StreamingHarness, open_harness
from tests.support.hls_text import Playlist, parse

TABLE = SessionRef("table-ronde-2", "round_table", "", "Table", None, None, None, STAGE, questions=True)
REPLAY = f"/hls/session/{TABLE.id}/replay"
RECORDING = f"/api/streaming/recordings/{TABLE.id}"


@pytest.fixture
async def stage(database: MongoDatabase, ffmpeg: Path, tmp_path: Path) -> AsyncIterator[StreamingHarness]:
    async with open_harness(database, Settings(recordings=str(tmp_path / "recordings"))) as found:
        yield found


def cookies(stage: StreamingHarness) -> dict[str, str]:
    return {"tablee_media": stage.pass_text(purpose="media")}


async def listed(stage: StreamingHarness, rendition: str = "720p") -> Playlist:
    async with stage.client.get(f"{REPLAY}/{rendition}/index.m3u8", cookies=cookies(stage)) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.headers["Cache-Control"] == "private, no-cache"
        return parse(await answer.text())


async def told(stage: StreamingHarness, role: str = "viewer") -> dict[str, Any]:
    async with stage.client.get(f"/api/streaming/sessions/{TABLE.id}/replay", headers=stage.as_role(role)) as answer:
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found


async def recorded(stage: StreamingHarness, segments: int) -> None:
    """The session is on until there are so many segments of it."""
    await stage.publish_programme(sessions=[TABLE])
    await stage.tell_what_is_on(TABLE.id)
    made = stage.source.packager.leader.position
    await stage.until(lambda: stage.source.packager.leader.position >= made + segments + 1, 60)


async def test_a_session_is_recorded_gone_back_in_and_a_replay_when_it_is_over(stage: StreamingHarness, ffmpeg: Path) -> None:
    assert (await told(stage))["url"] is None
    await recorded(stage, 2)
    assert (await stage.operators_see())["recorded"] == [TABLE.id]
    during, facts = await listed(stage), await told(stage)
    assert during.one("EXT-X-PLAYLIST-TYPE").value == "EVENT"  # type: ignore[union-attr]
    assert during.one("EXT-X-ENDLIST") is None
    assert len(during.segments) >= 2
    assert (facts["url"], facts["growing"]) == (f"{REPLAY}/index.m3u8", True)

    await stage.tell_what_is_on()
    recorder = stage.source.recorder
    assert recorder is not None
    await stage.until(lambda: not recorder.growing)
    after, facts = await listed(stage), await told(stage)
    assert after.one("EXT-X-PLAYLIST-TYPE").value == "VOD"  # type: ignore[union-attr]
    assert after.one("EXT-X-ENDLIST") is not None
    assert [one.uri for one in during.segments] == [one.uri for one in after.segments][: len(during.segments)]
    assert not facts["growing"]
    assert sum(span["seconds"] for span in facts["spans"]) == pytest.approx(facts["seconds"])
    for rendition in ("720p", "360p", "audio"):
        assert await decoded(stage, ffmpeg, rendition) == pytest.approx(facts["seconds"], abs=0.6)
    assert (await stage.client.get(f"{REPLAY}/720p/{after.segments[0].uri}", cookies=cookies(stage))).headers["ETag"]


async def decoded(stage: StreamingHarness, ffmpeg: Path, rendition: str) -> float:
    """Seconds that ffmpeg makes of a rendition of the replay without a complaint."""
    process = await asyncio.create_subprocess_exec(
        str(ffmpeg), "-v", "error", "-nostdin", "-headers", f"Cookie: tablee_media={cookies(stage)['tablee_media']}\r\n",
        "-i", str(stage.client.make_url(f"{REPLAY}/{rendition}/index.m3u8")), "-f", "null", "-", "-progress", "pipe:1",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, complaints = await process.communicate()
    assert process.returncode == 0
    assert not complaints, complaints.decode()
    return [int(line.split(b"=")[1]) for line in out.splitlines() if line.startswith(b"out_time_us") and not line.endswith(b"N/A")][
        -1
    ] / 1e6


async def test_who_may_watch_live_may_watch_again_and_operators_alone_erase(stage: StreamingHarness) -> None:
    await recorded(stage, 1)
    for path in ("/index.m3u8", "/720p/index.m3u8"):
        assert (await stage.client.get(REPLAY + path)).status == 401
        assert (await stage.client.get(REPLAY + path, cookies=cookies(stage))).status == 200
    assert (await stage.client.get(f"{REPLAY}/4k/index.m3u8", cookies=cookies(stage))).status == 404
    assert (await stage.client.get(f"{REPLAY}/720p/x.m4s", cookies=cookies(stage))).status == 404
    for role in ("viewer", "moderator", "display"):
        assert (await stage.client.get("/api/streaming/recordings", headers=stage.as_role(role))).status == 403
        assert (await stage.client.delete(RECORDING, headers=stage.as_role(role))).status == 403
    assert (await stage.client.delete(RECORDING)).status == 401
    operator = stage.as_role("operator")
    assert (await stage.client.delete(RECORDING, headers=operator)).status == 409
    (found,) = (await (await stage.client.get("/api/streaming/recordings", headers=operator)).json())["recordings"]
    assert (found["session"], found["stage"], found["growing"]) == (TABLE.id, STAGE, True)
    assert found["bytes"] > 0

    await stage.publish_programme(sessions=[replace(TABLE, record=False)])
    assert (await stage.client.get(f"{REPLAY}/index.m3u8", cookies=cookies(stage))).status == 404, "the programme says it may not be"
    recorder = stage.source.recorder
    assert recorder is not None
    await stage.until(lambda: not recorder.growing)
    assert (await stage.client.delete(RECORDING, headers=operator)).status == 204
    assert (await stage.client.delete(RECORDING, headers=operator)).status == 404
    await stage.tell_what_is_on()
    await stage.publish_programme(sessions=[TABLE])
    assert (await stage.client.get(f"{REPLAY}/index.m3u8", cookies=cookies(stage))).status == 404


async def test_what_must_not_be_recorded_is_not_even_where_another_session_may(stage: StreamingHarness) -> None:
    private = replace(TABLE, id="huis-clos", record=False)
    await stage.publish_programme(sessions=[TABLE, private])
    await stage.tell_what_is_on(private.id)
    recorder = stage.source.recorder
    assert recorder is not None
    assert not recorder.sessions
    await stage.tell_what_is_on(private.id, TABLE.id)
    assert not recorder.sessions
    await stage.tell_what_is_on(TABLE.id)
    assert recorder.sessions == {TABLE.id}
    await stage.publish_programme(sessions=[replace(TABLE, stage=None, closed_stage=STAGE)])
    assert not recorder.sessions
