"""What the suite of the bus works with: a harness per adapter, names apart from every other test's, handlers that remember.

Waits end by an event or fail by their bound; nothing sleeps to hope.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from prometheus_client import CollectorRegistry

from shared.bus.port import Bus, DeadLetter, Delivery, Group, Refused
from shared.errors import Unavailable
from shared.events.envelope import Envelope

T = TypeVar("T")

WAIT_SECONDS = 30.0
DELAYS = (0.2, 0.5)
"""The patience of every group, so that an event dies within a test's own."""
BOUND = 256
"""Live bound in every harness."""
LIVE_WORD = "live"
"""Types with this word are live-only in every harness."""


def is_live(type: str) -> bool:
    return LIVE_WORD in type.split(".")


class BusHarness(Protocol):
    """One broker that outlives the bus instances using it. Instances are made with `is_live` and BOUND of this module."""

    metrics: CollectorRegistry
    """Of all its instances."""

    async def open(self) -> Bus:
        """A started instance more, as another replica would have it."""

    async def crash(self, bus: Bus) -> None:
        """As kill -9 of its process."""

    async def interrupt(self, bus: Bus) -> Bus:
        """The broker goes away and comes back. Returns the instance to go on with: a new one where the bus is embedded."""

    async def inject(self, group: str, body: bytes) -> None:
        """Put bytes that are no event into a group's queue."""


class Names:
    """Types, groups and events of one test, apart from every other test's."""

    def __init__(self) -> None:
        self.unique = f"t{uuid.uuid4().hex[:10]}"

    def type(self, words: str = "thing.happened") -> str:
        return f"tablee.{self.unique}.{words}.v1"

    def group(self, name: str = "reader", *topics: str) -> Group:
        return Group(f"{self.unique}.{name}", topics or (f"tablee.{self.unique}.#",), patience=DELAYS)

    def event(self, number: int = 1, *, subject: str = "subject", words: str = "thing.happened") -> Envelope:
        return Envelope(
            id=str(uuid.uuid4()), type=self.type(words), source=f"/{self.unique}", subject=subject, seq=number,
            time=datetime(2021, 6, 3, 7, 45, tzinfo=UTC), data={"number": number, "text": "Où ? — « ici »", "deep": [1, {"a": None}]},
            correlationid=f"request-{number}", causationid="cause",
        )  # fmt: skip


class Seen:
    """What a handler got, and waiting for it."""

    def __init__(self, react: Callable[[Delivery], Awaitable[None]] | None = None) -> None:
        self.deliveries: list[Delivery] = []
        self._react = react
        self._changed = asyncio.Condition()

    async def __call__(self, delivery: Delivery) -> None:
        async with self._changed:
            self.deliveries.append(delivery)
            self._changed.notify_all()
        if self._react is not None:
            await self._react(delivery)

    @property
    def numbers(self) -> list[int]:
        return [delivery.envelope.seq for delivery in self.deliveries]

    @property
    def attempts(self) -> list[int]:
        return [delivery.attempt for delivery in self.deliveries]

    async def until(self, condition: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    async def count(self, number: int) -> None:
        await self.until(lambda: len(self.deliveries) >= number)


async def eventually(check: Callable[[], Awaitable[T]], seconds: float = WAIT_SECONDS) -> T:
    """The first truthy answer. For what only the broker knows and tells nobody."""
    end = time.monotonic() + seconds
    while not (answer := await check()):
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.05)
    return answer


async def publish_through(bus: Callable[[], Bus], event: Envelope, seconds: float = 60.0) -> None:
    """As the relay does: again until the bus takes it."""
    end = time.monotonic() + seconds
    while True:
        try:
            await bus().publish(event)
            return
        except Unavailable:
            assert time.monotonic() < end, "the bus did not come back"
            await asyncio.sleep(0.1)


async def refuse(delivery: Delivery) -> None:
    raise Refused("not of this service")


async def fail(delivery: Delivery) -> None:
    raise RuntimeError("out of order")


class Heard:
    """What a live listener got, in order: numbers of events and "gap"."""

    def __init__(self, *, fail_on: int | None = None, gate: asyncio.Event | None = None, failing_gaps: int = 0) -> None:
        self.log: list[int | str] = []
        self._fail_on = fail_on
        self._gate = gate
        self._failing_gaps = failing_gaps
        self._changed = asyncio.Condition()

    async def event(self, event: Envelope) -> None:
        await self._note(event.seq)
        if self._gate is not None:
            await self._gate.wait()
        if event.seq == self._fail_on:
            raise RuntimeError("deaf")

    async def gap(self) -> None:
        await self._note("gap")
        if self._failing_gaps:
            self._failing_gaps -= 1
            raise RuntimeError("no state yet")

    async def _note(self, what: int | str) -> None:
        async with self._changed:
            self.log.append(what)
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)


async def true(value: bool) -> bool:
    return value


async def at_least(bus: Bus, count: int) -> list[DeadLetter]:
    letters = await bus.dead_letters()
    return letters if len(letters) >= count else []
