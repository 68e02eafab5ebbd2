"""Two halls at once where each service is a process of its own: every stage has its stream, its sessions and its day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from tests.platform.conftest import new_prefix
from tests.support import living_day
from tests.support.bus.kit import eventually
from tests.support.living_day import LOFT_STAGE, SALT, STAGE, TIDES, LivingDay, Operator
from tests.support.people import Person, following
from tests.support.platform import Running, separate

pytestmark = pytest.mark.timeout(240)
BOTH = LivingDay(loft_stage=True).changed(SALT.id, stage=LOFT_STAGE)


@pytest.fixture
async def running(tmp_path: Path, mongo_url: str, rabbit_url: str) -> AsyncIterator[Running]:
    made = separate(tmp_path, mongo_url, rabbit_url, new_prefix(), TABLEE_EVENT_ID=living_day.EVENT)
    process = made.processes["registration"]
    process.environment = {**process.environment, "TABLEE_EVENT": str(BOTH.write(tmp_path / "two-halls"))}
    made.event = living_day.EVENT
    async with made as platform:
        yield platform


async def test_each_stage_has_its_own_stream_and_goes_its_own_way(running: Running, http: aiohttp.ClientSession) -> None:
    operator = Operator(Person(running, http, "operator", door="staff"))

    async def stages(*expected: str) -> bool:
        _, answer = await operator.person.insist("GET", "/api/streaming/stages")
        return sorted(one["id"] for one in answer["stages"]) == sorted(expected)

    await eventually(lambda: stages(STAGE, LOFT_STAGE))
    keys = [(await operator.person.insist("GET", f"/api/streaming/stages/{one}/key"))[1]["stream_key"] for one in (STAGE, LOFT_STAGE)]
    assert keys[0] != keys[1]
    viewer = Person(running, http, "viewer")
    async with following(viewer, "public", session=TIDES.id) as quay, following(viewer, "public", session=SALT.id) as loft:
        await quay.until(lambda state: (state["session"]["stage"], state["session"]["progress"]) == (STAGE, "on"))
        await loft.until(lambda state: (state["session"]["stage"], state["session"]["progress"]) == (LOFT_STAGE, "on"))
        await operator.change("end", TIDES.id)
        state = await quay.until(lambda state: state["session"]["progress"] == "over")
        assert state["session"]["next"]["id"] == "nets"
        _, now = await operator.person.insist("GET", "/api/registration/now")
        assert now["stages"][LOFT_STAGE]["now"] == SALT.id
        assert now["stages"][STAGE] == {"now": None, "next": "nets"}
        await operator.publish(replace(BOTH.changed(SALT.id, stage=None), loft_stage=False))
        state = await loft.until(lambda state: state["session"]["stage"] is None)
        assert state["session"]["progress"] == "on", "its hall goes on, unseen from afar"
        await eventually(lambda: stages(STAGE))
