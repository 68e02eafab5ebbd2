"""The promises of shared.bus.port as tests: one suite, run against every adapter.

An adapter's test module subclasses `BusSuite` and offers a fixture `harness` that yields a `BusHarness`. Nothing here knows one adapter.
"""

from __future__ import annotations

import pytest

from shared.bus.port import Bus
from tests.support.bus.dead_letters import DeadLetterSuite
from tests.support.bus.delivering import DeliverySuite
from tests.support.bus.failing import RetrySuite
from tests.support.bus.kit import BusHarness, Names
from tests.support.bus.listening import ListenerSuite


class BusSuite(DeliverySuite, RetrySuite, DeadLetterSuite, ListenerSuite):
    @pytest.fixture
    def names(self) -> Names:
        return Names()

    @pytest.fixture
    async def bus(self, harness: BusHarness) -> Bus:
        return await harness.open()
