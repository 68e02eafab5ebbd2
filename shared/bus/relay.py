"""The outbox pump of one service: publishes what documents hold in their outboxes, then removes it by event id.

It runs at start, on `wake` (after a save), and on a timer for what a killed process left behind. An event is removed only after the bus
took responsibility, so a crash in between publishes it twice and never not at all. Order is kept per subject: after a failure, nothing
later of that subject is published in the same pass.

Of several processes of a service one publishes for all of them, the one that holds the lease; the others tell it that something waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge

from shared.backoff import Backoff
from shared.bus.port import Bus
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.metrics import new_registry
from shared.storage.lease import Lease
from shared.storage.outbox import INDEXES
from shared.storage.port import Database

log = logging.getLogger(__name__)

BATCH: Final = 256
"""Events of one collection per pass."""
SIDE_BY_SIDE: Final = 64
"""Subjects published at once: a confirm of a durable broker takes milliseconds, and so does the write that a group of them shares."""
AT_A_TIME: Final = 16
"""Subjects that one of them publishes before everybody else has a turn."""
TICK_SECONDS: Final = 1.0
BACKOFF: Final = Backoff(first=0.1, longest=2.0)
"""After passes that met an unavailable bus or store."""
UNROUTABLE_SECONDS: Final = 5.0
"""How long events of a type that reached no queue are left alone."""
DRAIN_SECONDS: Final = 5.0


class RelayMetrics:
    """What all relays of one process count, by service."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.published = Counter("tablee_outbox_published_total", "Events handed to the bus", ("service",), registry=registry)
        self.failed = Counter("tablee_outbox_failures_total", "Events the bus did not take", ("service", "code"), registry=registry)
        self.pending = Gauge(
            "tablee_outbox_pending_documents", "Documents with unpublished events", ("service", "collection"), registry=registry
        )


class Relay:
    """`collections` may be named later by `cover`, before `run`. `wake` may be called at any time from the event loop."""

    def __init__(
        self, database: Database, collections: Iterable[str], bus: Bus, *, metrics: RelayMetrics | None = None, service: str = "",
        lease: Lease | None = None, filled: Callable[[], Envelope] | None = None,
    ) -> None:  # fmt: skip
        """`lease`: None where there is one process only; `filled` makes what a process without it tells the one that has it."""
        self._lease, self._filled = lease, filled
        self._untold = self._over = False
        self._database = database
        self._collections = tuple(collections)
        self._bus = bus
        self._service = service
        self._wake = asyncio.Event()
        self._passing = asyncio.Lock()
        self._parked: dict[str, float] = {}
        self._metrics = metrics or RelayMetrics(new_registry())
        self._published = self._metrics.published.labels(service)

    def cover(self, collections: Iterable[str]) -> None:
        self._collections = tuple(dict.fromkeys((*self._collections, *collections)))

    @property
    def shared(self) -> bool:
        """Whether there may be other relays over the same outboxes."""
        return self._lease is not None

    def wake(self) -> None:
        """This process has saved something."""
        self._untold = True
        self._wake.set()

    def look(self) -> None:
        """Another one has."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        await self._prepare()
        pauses = BACKOFF.pauses()
        counted_at = 0.0
        while True:
            self._wake.clear()
            more = clean = False
            with contextlib.suppress(Unavailable):
                if not await self._my_turn():
                    await self._wait_for_wake()
                    continue
                more, clean = await self._pass()
                if time.monotonic() - counted_at >= TICK_SECONDS:
                    counted_at = time.monotonic()
                    await self._count()
            if not clean:
                await pauses.wait()
                continue
            pauses.reset()
            if not more:
                await self._wait_for_wake()

    async def drain(self, seconds: float = DRAIN_SECONDS) -> int:
        """The last passes before a stop, within `seconds`. Returns how many documents still hold events (-1: the store is away)."""
        left, pauses = -1, BACKOFF.pauses()
        with contextlib.suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(seconds):
                if not await self._my_turn():
                    return 0  # another process publishes it
                left = await self._count()
                while left:
                    more, clean = await self._pass()
                    left = await self._count()
                    if not clean:
                        await pauses.wait()
                    elif not more:
                        break  # what is left waits for a reader
                if self._lease is not None:
                    self._over = True
                    await self._lease.release()
        if left:
            log.warning("events wait in outboxes for the next start", extra={"service": self._service, "documents": left})
        return left

    async def _prepare(self) -> None:
        pauses = BACKOFF.pauses()
        while True:
            try:
                await self._database.ensure_indexes(dict.fromkeys(self._collections, INDEXES))
                return
            except Unavailable:
                await pauses.wait()

    async def _my_turn(self) -> bool:
        """Whether this process publishes; where it does not, the one that does is told what was saved here. Raises Unavailable."""
        if self._lease is None:
            return True
        if not self._lease.mine and self._untold and self._filled is not None:
            self._untold = False
            with contextlib.suppress(Unavailable):
                await self._bus.publish(self._filled())
        return not self._over and await self._lease.hold()

    async def _wait_for_wake(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TICK_SECONDS):
                await self._wake.wait()

    async def _pass(self) -> tuple[bool, bool]:
        """One batch of every collection. (There may be more at once, nothing was unavailable.)"""
        async with self._passing:
            now = time.monotonic()
            self._parked = {type: until for type, until in self._parked.items() if until > now}
            more, clean = False, True
            for collection in self._collections:
                batch = await self._database.pending_events(collection, BATCH, without_types=tuple(self._parked))
                published, well = await self._publish(batch)
                if published:
                    await self._database.remove_events(collection, published)
                clean = clean and well
                more = more or len(batch) == BATCH
            return more and clean, clean

    async def _publish(self, batch: Sequence[Envelope]) -> tuple[list[str], bool]:
        """The ids the bus took, and whether it took (or parked) all it was asked to."""
        by_subject: dict[str, list[Envelope]] = {}
        for event in batch:
            by_subject.setdefault(event.subject, []).append(event)
        published: list[str] = []
        subjects = iter(by_subject.values())
        outcomes = await asyncio.gather(*(self._publish_some(subjects, published) for _ in range(min(SIDE_BY_SIDE, len(by_subject)))))
        return published, all(outcomes)

    async def _publish_some(self, subjects: Iterator[Sequence[Envelope]], published: list[str]) -> bool:
        """One of the SIDE_BY_SIDE: subject after subject that no other one has taken. What a bus takes at once leaves the event loop to
        others now and then."""
        well = True
        for number, events in enumerate(subjects, start=1):
            well = await self._publish_in_order(events, published) and well
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
        return well

    async def _publish_in_order(self, events: Sequence[Envelope], published: list[str]) -> bool:
        for event in events:
            if self._lease is not None and not self._lease.mine:
                return False
            try:
                await self._bus.publish(event)
            except Unavailable as error:
                self._metrics.failed.labels(self._service, error.code).inc()
                if error.code != "bus.unroutable":
                    return False
                self._park(event.type)
                return True
            published.append(event.id)
            self._published.inc()
        return True

    def _park(self, type: str) -> None:
        if type not in self._parked:
            log.error("no queue takes events of this type: is every service's topology declared?", extra={"event_type": type})
        self._parked[type] = time.monotonic() + UNROUTABLE_SECONDS

    async def _count(self) -> int:
        total = 0
        for collection in self._collections:
            count = await self._database.count_pending(collection)
            self._metrics.pending.labels(self._service, collection).set(count)
            total += count
        return total
