"""The observer follows a correct live stream without complaint, and sees each fault a server can have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from tests.support.hls_observer import observe
from tests.support.hls_reference import ReferenceStream, make_media
from tests.support.hls_report import Report

SECONDS = 4.0
TRIES = 3
UPDATES, PARTS = 3, 15
"""So much must have been seen of a stream before it counts as right."""
OF_A_BUSY_MACHINE = {13, 36}
"""Rules that a correct server breaks too when it gets no processor."""
FAULTS = {
    "says wrong lengths": {5},
    "has other segments": {5},
    "cuts heads off": {5},
    "repeats a part": {5},
    "says the wrong one is independent": {7},
    "late": {13},
    "forgets at once": {16},
    "loses parts": {8, 17},
    "holds nothing": {18, 19},
    "refuses past ends": {20},
    "takes anything": {21, 22},
    "refuses old": {24},
    "counts wrong": {26},
    "dribbles": {27},
    "knows no hint": {27},
    "knows everything": {27},
    "reports too soon": {31},
    "reports too late": {31},
    "apart": {33},
    "never compresses": {33},
    "keeps nothing": {35},
    "calls it text": {0},
}


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[bytes]]:
    return make_media(tmp_path_factory.mktemp("media"))


@pytest.fixture
async def server(media: tuple[bytes, list[bytes]]) -> AsyncIterator[TestServer]:
    stream = ReferenceStream(*media)
    server = TestServer(stream.application(), host="127.0.0.1")
    await server.start_server()
    stream.start()
    yield server
    await server.close()


def slug(fault: str) -> str:
    return fault.replace(" ", "-")


async def seen(server: TestServer, fault: str, seconds: float = SECONDS) -> Report:
    return await observe(str(server.make_url(f"/{slug(fault)}/index.m3u8")), seconds=seconds)


async def test_a_correct_stream_breaks_no_rule(server: TestServer) -> None:
    for longer in range(1, TRIES + 1):
        report = await seen(server, "none", SECONDS * longer)
        assert {violation.rule for violation in report.violations} <= OF_A_BUSY_MACHINE, str(report)
        if min(report.updates.values()) >= UPDATES and min(report.parts.values()) >= PARTS:
            return
    raise AssertionError(f"too little was seen to judge: {report}")


@pytest.mark.parametrize("start", range(0, len(FAULTS), 3))
async def test_each_fault_of_a_server_is_seen(server: TestServer, start: int) -> None:
    async with asyncio.TaskGroup() as group:
        for fault in list(FAULTS)[start : start + 3]:
            group.create_task(is_seen(server, fault))


async def is_seen(server: TestServer, fault: str) -> None:
    """At the first look, or at a later one when the machine was too busy to look in time."""
    rules: set[int] = set()
    for _ in range(TRIES):
        rules |= {violation.rule for violation in (await seen(server, fault)).violations}
        if FAULTS[fault] <= rules:
            return
    raise AssertionError(f"{fault}: only {sorted(rules)}")


async def test_a_stream_that_has_ended_is_judged_by_its_own_rules(server: TestServer) -> None:
    report = await seen(server, "ended", 1.0)
    assert not report.broken_at_any_pace, str(report)
