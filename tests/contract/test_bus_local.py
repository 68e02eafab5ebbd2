"""The embedded bus keeps the promises of the port."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.bus.embedded.bus import LocalBus
from shared.bus.embedded.queue import LocalQueue
from shared.bus.port import Bus
from shared.clock import utc_now
from shared.metrics import new_registry
from shared.storage.mongo import MongoDatabase
from tests.support.bus.killing import kill_local
from tests.support.bus.kit import BOUND, is_live
from tests.support.bus.suite import BusSuite


class LocalHarness:
    def __init__(self, database: MongoDatabase) -> None:
        self._database = database
        self.metrics = new_registry()
        self._open: list[LocalBus] = []

    async def open(self) -> LocalBus:
        self.metrics = new_registry()  # of this bus: each counts in a registry of its own
        bus = LocalBus(self._database, metrics=self.metrics, live=is_live, live_bound=BOUND)
        await bus.start()
        self._open.append(bus)
        return bus

    async def crash(self, bus: Bus) -> None:
        assert isinstance(bus, LocalBus)
        kill_local(bus)

    async def interrupt(self, bus: Bus) -> Bus:
        await self.crash(bus)
        return await self.open()

    async def inject(self, group: str, body: bytes) -> None:
        queue = LocalQueue(self._database, utc_now)
        await queue.start()
        await queue.add([group], body.decode("utf-8", "replace"))

    async def close(self) -> None:
        for bus in self._open:
            await bus.stop()


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[LocalHarness]:
    harness = LocalHarness(database)
    yield harness
    await harness.close()


class TestLocalBus(BusSuite):
    pass
