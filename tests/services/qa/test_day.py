"""What registration tells of the day reaches the service, and the newest counts."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.qa.day_store import DayStore
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.events.vocabulary import Progress
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import EVENT, ROUND_TABLE, QaHarness, open_harness


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


def order(progress: Progress, event: str = EVENT) -> RunningOrderChanged:
    return RunningOrderChanged(event, (SlotRef(ROUND_TABLE, progress, None, None),))


async def test_the_newest_running_order_is_kept_whatever_comes_late_or_twice(harness: QaHarness) -> None:
    day = DayStore(harness.database)
    told: list[tuple[int, Progress]] = [(1, "upcoming"), (3, "over"), (2, "on"), (3, "upcoming")]
    for seq, progress in told:
        await harness.tell(order(progress), EVENT, seq)
    await harness.tell(order("cancelled", "another-event"), "another-event", 9)
    assert await day.running_order(EVENT) == (3, order("over"))
    assert await day.running_order("another-event") is None
