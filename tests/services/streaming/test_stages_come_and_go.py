"""Stages follow the programme in force: they start, are renamed, leave at once or after a grace time, come back as they were."""

from __future__ import annotations

import asyncio
import gc
import os
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from services.streaming.app import Patience
from shared.auth.watch_keys import watch_key
from shared.clock import utc_now
from shared.events.stage import StageChanged
from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import PATIENCE, SECRET, STAGE, StreamingHarness, open_harness
from tests.support.sender import rtmp_push

TOWER = "tour"
SHORT = Patience(grace=3.0, linger=2.0)


async def becomes_true(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def is_gone(found: StreamingHarness, stage: str) -> dict[str, Any]:
    """What players are told once nothing of the stage can be read any more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await found.client.get(path_of(stage), headers={"Accept-Language": "fr"})
            if answer.status != 200:
                break
            await asyncio.sleep(0.1)
    assert answer.status == 410
    return cast("dict[str, Any]", await answer.json())


def path_of(stage: str) -> str:
    return f"/hls/k/{watch_key(SECRET, stage, utc_now().replace(year=utc_now().year + 1))}/{stage}/720p/index.m3u8"


async def two_stages(found: StreamingHarness) -> None:
    await found.publish_programme(STAGE, TOWER)
    await becomes_true(lambda: all(live.source.state.origin == "generated" for live in found.app.lineup.all()), 30)
    assert [live.stage.id for live in found.app.lineup.all()] == [STAGE, TOWER]


async def told_ends(database: MongoDatabase) -> list[StageChanged]:
    events = [StageChanged(**event.data) for event in await database.pending_events("stages", 200) if event.type == StageChanged.TYPE]
    return [event for event in events if event.state == "ended"]


async def test_a_stage_that_left_the_programme_ends_at_once_and_leaves_nothing_behind(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database, patience=SHORT) as found:
        await two_stages(found)
        tower = found.app.lineup.find(TOWER).source
        pids = [run.encoder.pid for run in tower._runs.values()]
        await becomes_true(lambda: f'tablee_streaming_viewers{{stage="{TOWER}"}}' in figures(found))
        ahead = {"_HLS_msn": str(tower.packager.leader.position + 1)}
        waiting = asyncio.create_task(found.client.get(path_of(TOWER), params=ahead))
        await becomes_true(lambda: found.app.lineup.find(TOWER).source.channel.waiting > 0)
        packager = weakref.ref(tower.packager)
        del tower

        await found.publish_programme(STAGE)
        for answer in (await waiting, await found.client.get(path_of(TOWER))):
            assert answer.status == 200
            assert "#EXT-X-ENDLIST" in await answer.text()
        assert await found.app.authorize("live", (await database.collection("stages").get(TOWER) or {})["key"]) is None
        for pid in pids:
            assert pid is not None
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
        await becomes_true(lambda: f'stage="{TOWER}"' not in figures(found))
        assert f'stage="{STAGE}"' in figures(found)

        refusal = await is_gone(found, TOWER)
        assert refusal["code"] == "streaming.stage_ended"
        assert "programme" in refusal["detail"]
        gc.collect()
        assert packager() is None, "what it sent is released"
        assert [(end.stage, end.reason) for end in await told_ends(database)] == [(TOWER, "left_programme")]
        assert found.source.fresh, "the other one goes on"


async def test_whoever_sends_to_a_stage_that_left_has_a_grace_time_and_the_stage_may_come_back(
    database: MongoDatabase, ffmpeg: Path
) -> None:
    async with open_harness(database, patience=SHORT) as found:
        await two_stages(found)
        source, key = found.app.lineup.find(TOWER).source, await found.app.key(TOWER)
        async with rtmp_push(ffmpeg, await found.rtmp_url(TOWER)) as sender:
            await becomes_true(lambda: source.state.origin == "rtmp", 30)
            await found.publish_programme(STAGE)
            seen = await found.operators_see(TOWER)
            assert 0 < seen["leaves_in"] <= SHORT.grace
            assert (await found.operators_see())["leaves_in"] is None
            assert (await found.client.get(path_of(TOWER))).status == 200

            await found.publish_programme(STAGE, TOWER, name="Turmsaal")
            assert (await found.operators_see(TOWER))["leaves_in"] is None
            await asyncio.sleep(SHORT.grace + 0.7)
            assert found.app.lineup.find(TOWER).source is source
            assert source.state.origin == "rtmp"
            assert (await found.app.key(TOWER), found.app.describe(TOWER)["name"]) == (key, "Turmsaal")

            await found.publish_programme(STAGE)
            assert await asyncio.wait_for(sender.wait(), SHORT.grace + 10) != 0, "it is cut"
            await becomes_true(lambda: TOWER not in found.app.lineup)
        await found.publish_programme(STAGE, TOWER)
        await becomes_true(lambda: found.app.lineup.find(TOWER).source.state.origin == "generated", 30)
        assert await found.app.key(TOWER) == key, "the encoder elsewhere need not be set up again"
        assert found.app.lineup.find(TOWER).source is not source


async def test_a_sender_that_stops_by_itself_ends_the_grace_time(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database, patience=Patience(grace=600.0)) as found:
        await two_stages(found)
        async with rtmp_push(ffmpeg, await found.rtmp_url(TOWER)):
            await becomes_true(lambda: found.app.lineup.find(TOWER).source.ingest is not None, 30)
            await found.publish_programme(STAGE)
            assert TOWER in found.app.lineup
        await becomes_true(lambda: TOWER not in found.app.lineup)


async def test_a_late_programme_changes_nothing_and_a_restart_starts_what_is_in_force(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database) as found:
        await two_stages(found)
        await found.publish_programme(STAGE)
        await found.publish_programme(STAGE, TOWER, name="Late", seq=1)
        assert [live.stage.id for live in found.app.lineup.all()] == [STAGE]
        assert found.app.describe(STAGE)["name"] == "Grande salle"
        seq = found.seq
    async with open_harness(database, programme=False) as again:
        assert [live.stage.id for live in again.app.lineup.all()] == [STAGE]
        again.seq = seq
        await again.publish_programme(TOWER)
        assert [live.stage.id for live in again.app.lineup.all()] == [TOWER]


def figures(found: StreamingHarness) -> str:
    from prometheus_client import generate_latest

    return generate_latest(found.metrics).decode()
