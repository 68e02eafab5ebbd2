"""A town hall is one address: 200 people behind it ask and vote in the same moment, and none is refused for another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.events.desks import DesksCounted
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import QaHarness, open_harness

HALL = 200


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as opened:
        yield opened


async def test_a_hall_behind_one_address_asks_and_votes(harness: QaHarness) -> None:
    await harness.tell(DesksCounted("other", {}), "other")  # of two processes each gives half of what a person may do
    shown = await harness.done(await harness.asked("first"), "publish")
    asked = await asyncio.gather(*(harness.ask(f"voter-{n}") for n in range(HALL)))
    assert {status for status, _ in asked} == {201}
    voted = await asyncio.gather(*(harness.vote(shown, f"voter-{n}") for n in range(HALL)))
    assert {status for status, _ in voted} == {200}
    assert await harness.database.collection("votes").count({"question": shown["id"], "on": True}) == HALL
