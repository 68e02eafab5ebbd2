"""RabbitMQ keeps the promises of the port."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

import aio_pika
import pytest

from shared.bus.outcome import DELIVERY_LIMIT
from shared.bus.port import Bus, Delivery
from shared.bus.rabbit import bus as rabbit_module
from shared.bus.rabbit.bus import RabbitBus
from shared.errors import Unavailable
from shared.metrics import new_registry
from tests.support.bus.killing import kill_rabbit
from tests.support.bus.kit import BOUND, Heard, Names, Seen, eventually, is_live, publish_through, refuse
from tests.support.bus.suite import BusSuite
from tests.support.ports import free_port
from tests.support.servers import RabbitServer
from tests.support.tcp_proxy import TcpProxy

NAMES_ON_DISK_SECONDS = 7.0
"""RabbitMQ writes the directory of its quorum queues to disk every few seconds: killed within them, it cannot start a queue that was just
declared. Nothing tells when it is written."""


class RabbitHarness:
    def __init__(self, server: RabbitServer) -> None:
        self._server = server
        self.metrics = new_registry()
        self._open: list[RabbitBus] = []

    async def open(self) -> RabbitBus:
        self.metrics = new_registry()  # of this bus: each counts in a registry of its own
        bus = RabbitBus(self._server.url, metrics=self.metrics, live=is_live, live_bound=BOUND)
        await bus.start()
        self._open.append(bus)
        return bus

    async def crash(self, bus: Bus) -> None:
        assert isinstance(bus, RabbitBus)
        await kill_rabbit(bus)

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
async def harness(own_rabbit: RabbitServer) -> AsyncIterator[RabbitHarness]:
    harness = RabbitHarness(own_rabbit)
    yield harness
    await harness.close()


class TestRabbitBus(BusSuite):
    pass


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
async def proxy(own_rabbit: RabbitServer) -> AsyncIterator[TcpProxy]:
    proxy = TcpProxy(own_rabbit.port)
    await proxy.start()
    yield proxy
    await proxy.stop()


@pytest.fixture
async def cut_bus(proxy: TcpProxy) -> AsyncIterator[RabbitBus]:
    bus = RabbitBus(f"amqp://guest:guest@127.0.0.1:{proxy.port}/", live=is_live)
    await bus.start()
    yield bus
    await bus.stop()


async def test_a_cut_connection_comes_back_with_every_subscription_and_nothing_is_lost(
    proxy: TcpProxy, cut_bus: RabbitBus, names: Names
) -> None:
    seen, heard = Seen(), Heard()
    await cut_bus.subscribe(names.group(), seen)
    await cut_bus.listen([f"tablee.{names.unique}.#"], heard.event, heard.gap)
    for number in range(60):
        if number % 20 == 10:
            proxy.drop()
        await publish_through(lambda: cut_bus, names.event(number, subject=str(number)))
    await seen.until(lambda: set(seen.numbers) == set(range(60)))
    await heard.until(lambda: heard.log.count("gap") >= 2)


async def test_a_broker_that_swallows_everything_makes_publishing_fail_within_five_seconds(
    proxy: TcpProxy, cut_bus: RabbitBus, names: Names
) -> None:
    await cut_bus.declare([names.group()])
    proxy.swallowing = True
    began = time.monotonic()
    with pytest.raises(Unavailable) as refused:
        await cut_bus.publish(names.event())
    assert refused.value.code == "bus.unavailable"
    assert time.monotonic() - began < 5.0
    with pytest.raises(Unavailable):
        await cut_bus.ping()
    proxy.swallowing = False
    proxy.drop()
    await publish_through(lambda: cut_bus, names.event())


async def test_without_a_broker_starting_fails_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rabbit_module, "START_SECONDS", 0.5)
    bus = RabbitBus(f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await bus.start()
    assert time.monotonic() - began < 3.0


async def test_killing_the_broker_loses_nothing_confirmed_and_publishing_fails_while_it_is_dead(
    own_rabbit: RabbitServer, harness: RabbitHarness, names: Names
) -> None:
    bus = await harness.open()

    async def fail_once(delivery: Delivery) -> None:
        if delivery.envelope.seq == 5 and delivery.attempt == 1:
            raise RuntimeError("waits in a retry queue while the broker dies")

    seen = Seen(fail_once)
    subscription = await bus.subscribe(names.group(), Seen(refuse))
    await bus.publish(names.event(100))
    await eventually(bus.dead_letters)
    await subscription.close()
    await bus.subscribe(names.group(), seen)
    for number in range(10):
        await bus.publish(names.event(number, subject=str(number)))
    await seen.count(10)
    await asyncio.sleep(NAMES_ON_DISK_SECONDS)
    await own_rabbit.kill()
    try:
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(Unavailable):
                await bus.publish(names.event(50))
            assert time.monotonic() - began < 5.0
    finally:
        await own_rabbit.start()
    await publish_through(lambda: bus, names.event(51, subject="after"))
    await seen.until(lambda: 51 in seen.numbers and any(delivery.attempt == 2 for delivery in seen.deliveries))
    (letter,) = await bus.dead_letters()
    assert letter.event is not None
    assert letter.event.seq == 100


async def test_an_event_that_kills_its_process_every_time_is_a_dead_letter_in_the_end(harness: RabbitHarness, names: Names) -> None:
    async def hang(delivery: Delivery) -> None:
        await asyncio.Event().wait()

    first = await harness.open()
    await first.declare([names.group()])
    await first.publish(names.event(1))
    for _ in range(DELIVERY_LIMIT + 1):
        bus, stuck = await harness.open(), Seen(hang)
        await bus.subscribe(names.group(), stuck)
        await stuck.count(1)
        await harness.crash(bus)
    (letter,) = await eventually(first.dead_letters)
    assert letter.event is not None
    assert letter.event.seq == 1
    assert "delivery_limit" in letter.reason
    seen = Seen()
    await first.subscribe(names.group(), seen)
    assert await first.replay(letter.id)
    await seen.count(1)
    assert seen.attempts == [1]


async def test_on_the_wire_an_event_is_a_cloud_event_in_binary_mode(harness: RabbitHarness, own_rabbit: RabbitServer, names: Names) -> None:
    bus, event = await harness.open(), names.event(3)
    connection = await aio_pika.connect(own_rabbit.url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("tablee.events", f"tablee.{names.unique}.#")
        await bus.publish(event)
        message = await queue.get(timeout=10)
    assert message.content_type == "application/json"
    assert json.loads(message.body) == event.data
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert message.headers == {
        "cloudEvents:specversion": "1.0", "cloudEvents:id": event.id, "cloudEvents:type": event.type, "cloudEvents:source": event.source,
        "cloudEvents:subject": event.subject, "cloudEvents:seq": 3, "cloudEvents:time": "2021-06-03T07:45:00.000Z",
        "cloudEvents:correlationid": "request-3", "cloudEvents:causationid": "cause",
    }  # fmt: skip


async def test_of_two_processes_one_works_on_a_group_and_the_other_takes_over(harness: RabbitHarness, names: Names) -> None:
    one, other = await harness.open(), await harness.open()
    first, second = Seen(), Seen()
    await one.subscribe(names.group(), first)
    await other.subscribe(names.group(), second)
    for number in range(20):
        await one.publish(names.event(number, subject="same"))
    await first.count(20)
    assert first.numbers == list(range(20))
    assert second.deliveries == []
    await harness.crash(one)
    await other.publish(names.event(20, subject="same"))
    await second.count(1)
