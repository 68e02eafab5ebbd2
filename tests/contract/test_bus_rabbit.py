"""RabbitMQ keeps the promises of the port."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aio_pika
import pytest

from shared.bus.port import Bus
from shared.bus.rabbit import RabbitBus
from shared.testing.bus_suite import BOUND, DELAYS, BusSuite, is_live
from tests.support.servers import RabbitServer


class RabbitHouse:
    def __init__(self, server: RabbitServer) -> None:
        self._server = server
        self._open: list[RabbitBus] = []

    async def open(self) -> RabbitBus:
        bus = RabbitBus(self._server.url, live=is_live, delays=DELAYS, live_bound=BOUND)
        await bus.start()
        self._open.append(bus)
        return bus

    async def crash(self, bus: Bus) -> None:
        assert isinstance(bus, RabbitBus)
        await bus.abandon()

    async def interrupt(self, bus: Bus) -> Bus:
        await self._server.restart()
        return bus

    async def inject(self, group: str, body: bytes) -> None:
        connection = await aio_pika.connect(self._server.url)
        async with connection:
            channel = await connection.channel()
            await channel.default_exchange.publish(aio_pika.Message(body), group)

    async def close(self) -> None:
        for bus in self._open:
            await bus.stop()


@pytest.fixture
async def house(rabbit: RabbitServer) -> AsyncIterator[RabbitHouse]:
    house = RabbitHouse(rabbit)
    yield house
    await house.close()


class TestRabbitBus(BusSuite):
    pass
