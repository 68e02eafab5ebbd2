"""Every subcommand beside a platform that runs, embedded in one process and as three over RabbitMQ: both speak of the same platform."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp
import pytest

from tests.platform.conftest import new_prefix
from tests.support.bus.kit import eventually
from tests.support.paths import ROOT
from tests.support.platform import Running, clean_environment, embedded, separate

pytestmark = pytest.mark.timeout(240)
ADDRESSES = ("PORT", "TABLEE_FEED_PORT", "TABLEE_RTMP_PORT", "TABLEE_PUBLIC_URL", "TABLEE_FEED_URL")


@pytest.fixture(params=["embedded", "separate"])
async def running(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    if request.param == "embedded":
        made = embedded(tmp_path)
    else:
        mongo, rabbit = request.getfixturevalue("mongo_url"), request.getfixturevalue("rabbit_url")
        made = separate(tmp_path, mongo, rabbit, new_prefix())
    async with made as platform:
        yield platform


def environment(running: Running, *, without: tuple[str, ...] = ()) -> Mapping[str, str]:
    """What the operator has set where registration runs."""
    process = running.processes.get("registration") or running.processes["all"]
    return {name: value for name, value in process.environment.items() if name not in without}


async def tablee(settings: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """(exit status, standard output)."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services", *arguments, cwd=ROOT, env={**clean_environment(), **settings}, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(child.communicate(), 90)
    assert child.returncode is not None
    return child.returncode, output.decode()


async def test_every_subcommand_speaks_of_the_platform_that_runs(running: Running) -> None:
    own = environment(running)
    status, output = await tablee(environment(running, without=ADDRESSES), "links", "--json")
    links = json.loads(output)
    assert status == 0
    assert links["event"] == f"{running.base}/", "without PORT= the links are those of the platform that runs on the same folder"
    async with aiohttp.ClientSession() as session, session.get(links["operator"]) as answer:
        assert answer.status == 200
    assert (await tablee(own, "links"))[1].count(running.base) == len(links)

    status, output = await tablee(own, "doctor")
    assert (status, "FAIL" in output) == (0, False), output
    assert (await tablee(own, "doctor", "dead")) == (0, "no dead letters\n")
    assert (await tablee(own, "doctor", "dead", "--replay", "nothing"))[0] == 1
    assert (await tablee(own, "doctor", "dead", "--replay", "all")) == (0, "0 given back to their groups\n")

    status, output = await tablee(own, "config")
    assert status == 0
    assert f"PORT={own['PORT']}" in output
    assert own["TABLEE_PASS_KEY"] not in output
    assert (await tablee(own, "keys"))[0] == 0


async def test_a_link_is_renewed_beside_the_platform_that_runs(running: Running) -> None:
    own = environment(running)
    old = (await running.links())["moderator"]
    assert (await tablee(own, "links", "--renew", "nobody"))[0] == 1
    status, output = await tablee(own, "links", "--renew", "moderator", "--json")
    assert status == 0
    new = json.loads(output)["moderator"]
    assert new != old
    headers = {"Origin": running.base}
    async with aiohttp.ClientSession() as session:

        async def refused() -> bool:
            async with session.post(old, headers=headers, allow_redirects=False) as answer:
                return answer.status == 410

        await eventually(refused)
        async with session.post(new, headers=headers, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/moderate")


async def test_links_are_as_set_once_nothing_runs_any_more(tmp_path: Path) -> None:
    made = embedded(tmp_path)
    async with made as running:
        await running.processes["all"].kill()
    status, output = await tablee({"TABLEE_VAR": made.processes["all"].environment["TABLEE_VAR"], **made.keys}, "links", "--json")
    assert status == 0
    assert json.loads(output)["event"] == "http://127.0.0.1:8080/"


async def test_dead_letters_are_listed_while_the_embedded_platform_is_stopped(tmp_path: Path) -> None:
    made = embedded(tmp_path)
    async with made as running:
        await running.stop()
    assert await tablee(environment(made), "doctor", "dead") == (0, "no dead letters\n")
