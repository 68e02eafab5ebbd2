"""A session is recorded while it is on, can be gone back in, is a replay the moment it is over, and can be erased."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.streaming.recording.disk import RESERVE_BYTES
from shared.config import Settings
from shared.events.programme import SessionRef
from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import STAGE, StreamingHarness, open_harness
from tests.support.bus.kit import eventually
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


async def made(stage: StreamingHarness, kind: str, **more: Any) -> dict[str, Any]:
    """A file of the recording, ready."""
    operator = stage.as_role("operator")
    async with stage.client.post(f"{RECORDING}/files", json={"kind": kind, "title": "Table ronde", **more}, headers=operator) as answer:
        assert answer.status == 202, await answer.text()
        assert (await answer.json())["state"] == "making"
    found: dict[str, Any] = {}

    async def state() -> str:
        (recording,) = (await (await stage.client.get("/api/streaming/recordings", headers=operator)).json())["recordings"]
        found.update(next(one for one in recording["files"] if one["kind"] == kind))
        return str(found["state"])

    assert await eventually(lambda: _unless_making(state()), 30) == "ready"
    return found


async def _unless_making(state: Awaitable[str]) -> str | None:
    return None if (found := await state) == "making" else found


async def listened(ffmpeg: Path, file: Path) -> str:
    """What ffmpeg says of a file, decoding all of it without a complaint."""
    process = await asyncio.create_subprocess_exec(
        str(ffmpeg), "-nostdin", "-hide_banner", "-i", str(file), "-f", "null", "-", stderr=asyncio.subprocess.PIPE
    )
    said, _, decoding = (await process.communicate())[1].decode().partition("Output #0")
    assert process.returncode == 0, said
    assert "error" not in decoding.lower(), decoding
    return said


async def test_operators_keep_a_recording_as_one_file_with_its_questions_as_chapters(
    stage: StreamingHarness, ffmpeg: Path, tmp_path: Path
) -> None:
    operator = stage.as_role("operator")
    await recorded(stage, 2)
    async with stage.client.post(f"{RECORDING}/files", json={"kind": "video", "title": "Table"}, headers=operator) as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "streaming.recording_running")
    await stage.tell_what_is_on()
    await recorded(stage, 1)  # a second take, after a hole
    await stage.tell_what_is_on()
    recorder = stage.source.recorder
    assert recorder is not None
    await stage.until(lambda: not recorder.growing)
    facts = await told(stage)
    assert len(facts["spans"]) == 2
    hour = datetime.fromisoformat(facts["spans"][1]["began"])
    asked = [
        {"at": (hour + timedelta(seconds=after)).isoformat(), "title": title}
        for after, title in ((0.5, "Qui = quoi ; où ?"), (900, "Plus tard"))
    ]

    file = await made(stage, "video", chapters=asked)
    async with stage.client.get(file["url"]) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{TABLE.id}.mp4"
        body = await answer.read()
    assert len(body) == file["bytes"]
    assert b"moov" in body[:4096], "players begin before they have all of it"
    (whole := tmp_path / "whole.mp4").write_bytes(body)
    said = await listened(ffmpeg, whole)
    assert said.count("Chapter #") == 2, "what was on in no stretch has none"
    assert re.findall(r"title +: (.*)", said) == ["Table ronde", "Table ronde", "Qui = quoi ; où ?"]
    assert float(re.findall(r"Chapter #0:1: start ([\d.]+)", said)[0]) == pytest.approx(facts["spans"][1]["at"] + 0.5, abs=0.01)
    assert "1280x720" in said
    assert seconds_of(said) == pytest.approx(facts["seconds"], abs=1.2)  # each take may lack its last part
    async with stage.client.get(file["url"], headers={"Range": "bytes=0-99"}) as answer:
        assert (answer.status, await answer.read()) == (206, body[:100])

    sound = await made(stage, "sound")
    (heard := tmp_path / "sound.m4a").write_bytes(await (await stage.client.get(sound["url"])).read())
    said = await listened(ffmpeg, heard)
    assert "Audio: aac" in said
    assert "Video:" not in said
    assert seconds_of(said) == pytest.approx(facts["seconds"], abs=1.2)  # each take may lack its last part

    async with stage.client.get(sound["url"].replace("/sound", "/video")) as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "streaming.key_refused"), "a key opens the one file"
    assert (await stage.client.delete(RECORDING, headers=operator)).status == 204
    assert (await stage.client.get(file["url"])).status == 404, "it is erased with its recording"
    assert not list((tmp_path / "recordings").rglob("*.mp4"))


def seconds_of(said: str) -> float:
    hours, minutes, seconds = said.partition("Duration: ")[2].partition(",")[0].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


async def test_one_file_is_made_at_a_time_by_operators_where_there_is_room(
    stage: StreamingHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator, files = stage.as_role("operator"), f"{RECORDING}/files"
    for role in ("viewer", "moderator", "display"):
        assert (await stage.client.post(files, json={"kind": "video", "title": "Table"}, headers=stage.as_role(role))).status == 403
    assert (await stage.client.post(files, json={"kind": "video", "title": "Table"}, headers=operator)).status == 404
    await recorded(stage, 1)
    await stage.tell_what_is_on()
    recorder = stage.source.recorder
    assert recorder is not None
    await stage.until(lambda: not recorder.growing)
    assert (await stage.client.post(files, json={"kind": "film", "title": "Table"}, headers=operator)).status == 422
    usage = shutil.disk_usage("/")
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda path: usage._replace(free=RESERVE_BYTES))
        async with stage.client.post(files, json={"kind": "video", "title": "Table"}, headers=operator) as answer:
            assert (answer.status, (await answer.json())["code"]) == (503, "streaming.no_room")
    first, second = await asyncio.gather(
        *(stage.client.post(files, json={"kind": kind, "title": "Table"}, headers=operator) for kind in ("video", "sound"))
    )
    assert sorted((first.status, second.status)) == [202, 409]
    assert "streaming.file_busy" in await second.text() + await first.text()


async def test_a_recording_shows_a_still_picture_of_any_second_to_whoever_may_watch_it(stage: StreamingHarness) -> None:
    await recorded(stage, 2)
    at = f"{REPLAY}/stills"

    async def still(path: str) -> tuple[int, bytes, str]:
        async with stage.client.get(f"{at}/{path}.jpg", cookies=cookies(stage)) as answer:
            return answer.status, await answer.read(), answer.headers.get("ETag", "")

    answers = await asyncio.gather(*(still("320/1") for _ in range(12)))
    assert len(set(answers)) == 1
    status, picture, tag = answers[0]
    assert status == 200
    assert jpeg_size(picture) == (320, 180)
    assert (await still("960/999999"))[0] == 200, "past the end there is its last picture"
    assert jpeg_size((await still("960/0"))[1])[0] == 960
    headers = {"If-None-Match": tag}
    assert (await stage.client.get(f"{at}/320/1.jpg", cookies=cookies(stage), headers=headers)).status == 304
    assert (await stage.client.get(f"{at}/320/1.jpg")).status == 401
    assert [(await still(path))[0] for path in ("321/1", "320/x", "320/-1", "1/1", "320/1234567")] == [404] * 5

    await stage.tell_what_is_on()
    recorder = stage.source.recorder
    assert recorder is not None
    await stage.until(lambda: not recorder.growing)
    assert (await stage.client.delete(RECORDING, headers=stage.as_role("operator"))).status == 204
    assert (await still("320/1"))[0] == 404, "what was erased is not shown from memory"


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height out of the frame header (ITU-T T.81, B.2.2)."""
    at = data.index(b"\xff\xc0")
    return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
