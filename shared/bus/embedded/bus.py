"""The embedded bus, for one process: durable queues in MongoDB, wake-ups in memory.

An event is in every matching group's queue, on the journal, before `publish` returns, so killing the process loses nothing. Live-only
events never touch the database. One process owns the queues: should a second one start on the same database, the newer takes the groups
over and the older falls silent. How queues are stored is the business of shared.bus.embedded.queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Final

from prometheus_client import CollectorRegistry

from shared.backoff import Backoff
from shared.bus.embedded.queue import LocalQueue, QueuedEvent, parse
from shared.bus.keyed import KeyedQueue
from shared.bus.live import LIVE_BOUND, LivePump, counts_failures
from shared.bus.outcome import DELIVERY_LIMIT, Again, Dead, DeadLetterReport, Outcome, settle
from shared.bus.port import PREFETCH, DeadLetter, Delivery, GapHandler, Group, Handler, LiveHandler, Subscription, Unreadable
from shared.bus.topics import matches
from shared.clock import Clock, utc_now
from shared.errors import Unavailable
from shared.events.catalogue import is_live
from shared.events.envelope import Envelope
from shared.ids import new_id
from shared.metrics import new_registry
from shared.storage.port import Database

log = logging.getLogger(__name__)

PROMPT_SECONDS: Final = 60.0
"""Retries due sooner than this are woken for; the others are found by polling."""
POLL_SECONDS: Final = 1.0
"""How late at most a retry that fell due during a pause, or something another instance wrote, is noticed."""
AWAY: Final = Backoff(first=0.1, longest=1.0)
"""While the store is away."""
CLOSE_SECONDS: Final = 10.0
"""Grace of running handlers when their subscription closes."""


class LocalBus:
    """See shared.bus.port."""

    def __init__(
        self,
        database: Database,
        *,
        metrics: CollectorRegistry | None = None,
        clock: Clock = utc_now,
        live: Callable[[str], bool] = is_live,
        live_bound: int = LIVE_BOUND,
    ) -> None:
        self._queue = LocalQueue(database, clock)
        self._live = live
        self._live_bound = live_bound
        metrics = metrics or new_registry()
        self._report = DeadLetterReport(metrics)
        self._live_failed = counts_failures(metrics)
        self._id = new_id()
        self._groups: dict[str, Group] = {}
        self._workers: dict[str, _Worker] = {}
        self._listeners: dict[_Listening, tuple[str, ...]] = {}

    async def start(self) -> None:
        await self._queue.start()
        self._groups = await self._queue.groups()

    async def stop(self) -> None:
        for worker in list(self._workers.values()):
            await worker.close()
        self._workers.clear()
        for listener in list(self._listeners):
            await listener.close()

    async def ping(self) -> None:
        await self._queue.ping()

    async def declare(self, groups: Sequence[Group]) -> None:
        for group in groups:
            if self._groups.get(group.name) != group:
                await self._queue.bind(group)
                self._groups[group.name] = group

    async def publish(self, event: Envelope) -> None:
        listeners = [listener for listener, topics in self._listeners.items() if _catches(topics, event.type)]
        if not self._live(event.type):
            groups = [group.name for group in self._groups.values() if _catches(group.topics, event.type)]
            if not groups and not listeners:
                raise Unavailable("bus.unroutable")
            if groups:
                await self._queue.add(groups, json.dumps(event.to_json(), allow_nan=False))
            for name in groups:
                if name in self._workers:
                    self._workers[name].wake()
        for listener in listeners:
            listener.pump.put(event)

    async def subscribe(self, group: Group, handler: Handler) -> Subscription:
        await self.declare([group])
        worker = self._workers.get(group.name)
        if worker is None:
            await self._queue.own(group.name, self._id)
            worker = self._workers[group.name] = _Worker(self._queue, group, self._id, self._report)
            worker.start()
        subscribed = _Subscribed(self._workers, worker, handler)
        worker.members.append(subscribed)
        worker.wake()
        return subscribed

    async def listen(self, topics: Sequence[str], handler: LiveHandler, on_gap: GapHandler) -> Subscription:
        listener = _Listening(self._listeners, LivePump(handler, on_gap, bound=self._live_bound, failed=self._live_failed))
        self._listeners[listener] = tuple(topics)
        listener.pump.start()
        return listener

    async def dead_letters(self, *, group: str | None = None, limit: int = 100) -> list[DeadLetter]:
        groups = [name for name in self._groups if group in (None, name)]
        return await self._queue.dead_letters(groups, limit)

    async def replay(self, dead_letter_id: str) -> bool:
        group = await self._queue.revive(dead_letter_id)
        if group in self._workers:
            self._workers[group].wake()
        return group is not None

    async def drop_dead_letters(self, words: str) -> int:
        return await self._queue.drop_dead(words)


class _Worker:
    """Works on one group's queue for all subscriptions of this process, at most PREFETCH events at once."""

    def __init__(self, queue: LocalQueue, group: Group, owner: str, report: DeadLetterReport) -> None:
        self.members: deque[_Subscribed] = deque()
        self.group = group.name
        self._patience = group.patience
        self._report = report
        self._queue = queue
        self._owner = owner
        self._keyed = KeyedQueue()
        self._held: set[str] = set()
        self._more = False
        self._mine = False
        self._asked_at = 0.0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        self._wake.set()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        await self._keyed.close(CLOSE_SECONDS)
        try:
            await self._queue.disown(self.group, self._owner)
        except Unavailable:
            log.info("the store is away: a group keeps its owner until the next start", extra={"group": self.group})

    async def _run(self) -> None:
        pauses = AWAY.pauses()
        while True:
            self._wake.clear()
            try:
                if self.members and await self._owns():
                    await self._take()
                pauses.reset()
            except Unavailable:
                await pauses.wait()
                continue
            except Exception:
                log.exception("the embedded bus failed to take events and tries again", extra={"group": self.group})
                await pauses.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()

    async def _owns(self) -> bool:
        now = time.monotonic()
        if not self._mine or now - self._asked_at >= POLL_SECONDS:
            self._mine, self._asked_at = await self._queue.owns(self.group, self._owner), now
        return self._mine

    async def _take(self) -> None:
        room = PREFETCH - len(self._held)
        if room <= 0:
            self._more = True
            return
        found = await self._queue.due(self.group, besides=self._held, limit=room)
        self._more = len(found) == room
        for waiting in found:
            self._held.add(waiting.id)
            try:
                event = parse(waiting.text)
            except Unreadable as error:
                self._keyed.put("", partial(self._dead_letter, waiting, None, f"Unreadable: {error}"))
            else:
                self._keyed.put(event.subject, partial(self._deliver, waiting, event))

    async def _dead_letter(self, waiting: QueuedEvent, event: Envelope | None, reason: str) -> None:
        await self._queue.dead(waiting.id, reason)
        self._report.note(self.group, reason, event, waiting.attempt)
        self._release(waiting)

    async def _deliver(self, waiting: QueuedEvent, event: Envelope) -> None:
        """After a cancelled handler the event stays marked as taken here and waiting in the store: the next worker delivers it again."""
        try:
            deliveries = await self._queue.claim(waiting.id)
            if deliveries is None:
                self._release(waiting)
                return
            if deliveries > DELIVERY_LIMIT:
                await self._dead_letter(waiting, event, f"delivered {DELIVERY_LIMIT} times without an outcome")
                return
            outcome = await self._next_member().run(Delivery(event, waiting.attempt, self.group), self._patience)
            if isinstance(outcome, Dead):
                await self._dead_letter(waiting, event, outcome.reason)
                return
            if isinstance(outcome, Again):
                await self._queue.again(waiting.id, outcome.attempt, outcome.delay)
                if outcome.delay < PROMPT_SECONDS:
                    asyncio.get_running_loop().call_later(outcome.delay, self._wake.set)
            else:
                await self._queue.done(waiting.id)
        except Unavailable:
            log.warning("the store is away: an event will be delivered once more", extra={"group": self.group, "event_id": event.id})
            await asyncio.sleep(AWAY.longest)
        self._release(waiting)

    def _next_member(self) -> _Subscribed:
        self.members.rotate(-1)
        return self.members[0]

    def _release(self, waiting: QueuedEvent) -> None:
        self._held.discard(waiting.id)
        if self._more:
            self._wake.set()


class _Subscribed:
    def __init__(self, workers: dict[str, _Worker], worker: _Worker, handler: Handler) -> None:
        self._workers = workers
        self._worker = worker
        self._handler = handler
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(self, delivery: Delivery, patience: Sequence[float]) -> Outcome:
        self._running += 1
        self._idle.clear()
        try:
            return await settle(self._handler, delivery, patience)
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def close(self) -> None:
        members = self._worker.members
        if self not in members:
            return
        if len(members) == 1:
            self._workers.pop(self._worker.group, None)
            await self._worker.close()
            members.clear()
            return
        members.remove(self)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._idle.wait()


class _Listening:
    def __init__(self, listeners: dict[_Listening, tuple[str, ...]], pump: LivePump) -> None:
        self._listeners = listeners
        self.pump = pump

    async def close(self) -> None:
        self._listeners.pop(self, None)
        await self.pump.close()


@lru_cache(maxsize=1024)
def _catches(topics: tuple[str, ...], type: str) -> bool:
    """Asked for each event of each listener, which may have dozens of topics."""
    return any(matches(topic, type) for topic in topics)
