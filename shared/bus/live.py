"""One live listener: a bounded queue in memory and the loop that empties it into the handler."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter

from shared import correlation
from shared.backoff import Backoff
from shared.bus.port import GapHandler, LiveHandler
from shared.events.envelope import Envelope, Unreadable

log = logging.getLogger(__name__)

LIVE_BOUND: Final = 4096
"""Events that may wait for one listener; one more, and all of them are dropped for a gap."""
HANDLED_AT_ONCE: Final = 16
"""Events that a handler takes before everybody else has a turn: most handlers wait for nothing, and a burst would keep the event loop."""
GAP_BACKOFF: Final = Backoff(first=0.1, longest=5.0)
"""Before `on_gap` is tried again after it failed."""
CLOSE_SECONDS: Final = 5.0


def counts_failures(metrics: CollectorRegistry) -> Callable[[], None]:
    """What counts the events and reloads that failed, for the pumps of one bus."""
    return Counter("tablee_bus_live_failures_total", "Live events or reloads that a listener could not take", registry=metrics).inc


class LivePump:
    """`gap()` and `put()` never wait. Before the first event and after each gap `on_gap` must have returned once."""

    def __init__(
        self, handler: LiveHandler, on_gap: GapHandler, *, bound: int = LIVE_BOUND, failed: Callable[[], None] = lambda: None
    ) -> None:
        self._handler = handler
        self._on_gap = on_gap
        self._bound = bound
        self._failed = failed
        self._waiting: deque[Envelope] = deque()
        self._missed = True
        self._closing = False
        self._wake = asyncio.Event()
        self._wake.set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def gap(self) -> None:
        """Something may have been lost: what waits is older than the reload to come, and so is dropped."""
        self._missed = True
        self._waiting.clear()
        self._wake.set()

    def put(self, event: Envelope) -> None:
        if len(self._waiting) >= self._bound:
            log.warning("a live listener is too slow and reloads")
            self.gap()
            return
        self._waiting.append(event)
        self._wake.set()

    async def close(self) -> None:
        """Let a running handler finish, bounded; what waits is dropped."""
        task, self._task = self._task, None
        if task is None:
            return
        self._closing = True
        self._wake.set()
        await asyncio.wait([task], timeout=CLOSE_SECONDS)
        task.cancel()
        await asyncio.wait([task], timeout=CLOSE_SECONDS)

    async def _run(self) -> None:
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            handled = 0
            while (self._missed or self._waiting) and not self._closing:
                if self._missed:
                    await self._close_gap()
                else:
                    await self._handle(self._waiting.popleft())
                    handled += 1
                    if handled % HANDLED_AT_ONCE == 0:
                        await asyncio.sleep(0)

    async def _close_gap(self) -> None:
        pauses = GAP_BACKOFF.pauses()
        while self._missed and not self._closing:
            self._missed = False
            try:
                await self._on_gap()
            except Exception:
                log.warning("a live listener could not reload and tries again", exc_info=True)
                self._missed = True
                self._failed()
                await pauses.wait()

    async def _handle(self, event: Envelope) -> None:
        with correlation.following(event.correlationid):
            try:
                await self._handler(event)
            except Unreadable as error:
                log.error("a live event is dropped: %s", error, extra={"event_id": event.id, "event_type": event.type})
                self._failed()
            except Exception:
                log.exception("a live listener failed", extra={"event_id": event.id, "event_type": event.type})
                self._failed()
