"""A queue by key: work of the same key runs one after the other in the order it came, different keys run side by side.

The caller sets the bound: it puts in no more than its prefetch.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]

CANCEL_SECONDS: Final = 2.0
"""Longest wait for cancelled work to end."""


class KeyedQueue:
    def __init__(self) -> None:
        self._waiting: dict[str, deque[Work]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._closed = False

    def put(self, key: str, work: Work) -> None:
        """Work given after `close` is dropped: it is never acknowledged, so it comes again."""
        if self._closed:
            return
        if key in self._waiting:
            self._waiting[key].append(work)
            return
        self._waiting[key] = deque([work])
        self._running[key] = asyncio.create_task(self._drive(key))

    async def _drive(self, key: str) -> None:
        waiting = self._waiting[key]
        try:
            while waiting and not self._closed:
                try:
                    await waiting.popleft()()
                except Exception:
                    log.exception("queued work failed")
        finally:
            del self._waiting[key], self._running[key]

    async def close(self, grace: float) -> None:
        """What runs may finish within `grace` seconds, then it is cancelled; what waits is dropped."""
        self._closed = True
        tasks = list(self._running.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=grace)
        for task in late:
            task.cancel()
        if late:
            log.warning("%d handlers did not finish in time", len(late))
            await asyncio.wait(late, timeout=CANCEL_SECONDS)
