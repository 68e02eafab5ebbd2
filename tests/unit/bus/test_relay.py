"""The outbox pump, on a real store and a bus that can refuse."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from shared.bus import relay as module
from shared.bus.port import Bus
from shared.bus.relay import BATCH, Relay, RelayMetrics
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.metrics import new_registry
from shared.storage.mongo import MongoDatabase

NOW = datetime(2021, 6, 3, 7, 45, tzinfo=UTC)


def event(number: int, *, subject: str = "s", type: str = "tablee.test.thing.happened.v1") -> Envelope:
    return Envelope(id=f"{subject}-{number}", type=type, source="/test", subject=subject, seq=number, time=NOW + timedelta(seconds=number))


class ToldBus:
    """Takes events and remembers them; refuses while `refusal` says so."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refusal: dict[str, str] = {}
        self.down = False
        self._changed = asyncio.Condition()

    async def publish(self, event: Envelope) -> None:
        async with self._changed:
            self._changed.notify_all()
            if self.down:
                raise Unavailable("bus.unavailable")
            if event.type in self.refusal:
                raise Unavailable(self.refusal[event.type])
            self.taken.append(event)

    @property
    def ids(self) -> list[str]:
        return [event.id for event in self.taken]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: len(self.taken) >= count)


@pytest.fixture
def bus() -> ToldBus:
    return ToldBus()


@pytest.fixture
def relay(database: MongoDatabase, bus: ToldBus) -> Relay:
    return Relay(database, ("things",), cast(Bus, bus), metrics=RelayMetrics(new_registry()), service="test")


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def emptied(database: MongoDatabase) -> None:
    end = time.monotonic() + 10
    while await database.count_pending("things"):
        assert time.monotonic() < end, "events stayed in their outboxes"
        await asyncio.sleep(0.02)


async def test_what_a_killed_process_left_is_published_at_start_in_order_and_removed(
    database: MongoDatabase, bus: ToldBus, relay: Relay
) -> None:
    things = database.collection("things")
    await things.insert({"_id": "a"}, [event(1), event(2)])
    await things.save({"_id": "a"}, expected_version=1, events=[event(3)])
    async with running(relay):
        await bus.until(3)
        await emptied(database)
    assert bus.ids == ["s-1", "s-2", "s-3"]


async def test_a_wake_publishes_at_once(database: MongoDatabase, bus: ToldBus, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK_SECONDS", 3600.0)
    async with running(relay):
        await database.collection("things").insert({"_id": "a"}, [event(1)])
        relay.wake()
        await bus.until(1)
        await emptied(database)


async def test_the_timer_finds_what_nobody_woke_for(database: MongoDatabase, bus: ToldBus, relay: Relay) -> None:
    async with running(relay):
        await asyncio.sleep(0)
        await database.collection("things").insert({"_id": "a"}, [event(1)])
        await bus.until(1)


async def test_while_the_bus_is_down_events_stay_and_after_it_they_leave_in_order(
    database: MongoDatabase, bus: ToldBus, relay: Relay
) -> None:
    bus.down = True
    await database.collection("things").insert({"_id": "a"}, [event(number) for number in range(5)])
    async with running(relay):
        async with asyncio.timeout(10), bus._changed:
            await bus._changed.wait()
        assert await database.count_pending("things") == 1
        bus.down = False
        await bus.until(5)
        await emptied(database)
    assert bus.ids == [f"s-{number}" for number in range(5)]


async def test_a_type_that_no_queue_takes_holds_up_its_own_documents_only(
    database: MongoDatabase, bus: ToldBus, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    monkeypatch.setattr(module, "UNROUTABLE_SECONDS", 1.0)
    lost = "tablee.test.thing.lost.v1"
    bus.refusal[lost] = "bus.unroutable"
    things = database.collection("things")
    for number in range(5):
        subject = f"lost{number}"
        await things.insert({"_id": subject}, [event(number, subject=subject, type=lost), event(9, subject=subject)])
    await things.insert({"_id": "late"}, [event(99, subject="late")])
    async with running(relay):
        await bus.until(1)
        assert bus.ids == ["late-99"]
        bus.refusal.clear()
        await bus.until(11)
        await emptied(database)
    for number in range(5):
        assert bus.ids.index(f"lost{number}-{number}") < bus.ids.index(f"lost{number}-9")


async def test_a_failure_keeps_the_order_of_its_subject(database: MongoDatabase, bus: ToldBus, relay: Relay) -> None:
    bus.refusal["tablee.test.thing.stuck.v1"] = "bus.unavailable"
    stuck = event(1, type="tablee.test.thing.stuck.v1")
    await database.collection("things").insert({"_id": "a"}, [stuck, event(2)])
    await database.collection("things").insert({"_id": "b"}, [event(1, subject="other")])
    async with running(relay):
        await bus.until(1)
        assert bus.ids == ["other-1"]
        bus.refusal.clear()
        await bus.until(3)
    assert bus.ids == ["other-1", "s-1", "s-2"]


async def test_more_than_a_batch_leaves_without_waiting_for_the_timer(
    database: MongoDatabase, bus: ToldBus, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TICK_SECONDS", 3600.0)
    total = BATCH + 20
    await database.collection("things").insert({"_id": "a"}, [event(number) for number in range(total)])
    async with running(relay):
        await bus.until(total)
        await emptied(database)
    assert bus.ids == [f"s-{number}" for number in range(total)]


async def test_draining_empties_the_outboxes_or_gives_up_in_time(database: MongoDatabase, bus: ToldBus, relay: Relay) -> None:
    things = database.collection("things")
    await things.insert({"_id": "a"}, [event(1)])
    assert await relay.drain(5.0) == 0
    assert bus.ids == ["s-1"]
    await things.insert({"_id": "b"}, [event(2)])
    bus.down = True
    began = time.monotonic()
    assert await relay.drain(0.5) == 1
    assert time.monotonic() - began < 2.0


async def test_collections_can_be_named_later(database: MongoDatabase, bus: ToldBus) -> None:
    relay = Relay(database, (), cast(Bus, bus))
    relay.cover(["things"])
    await database.collection("things").insert({"_id": "a"}, [event(1)])
    assert await relay.drain() == 0
    assert bus.ids == ["s-1"]
