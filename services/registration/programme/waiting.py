"""Requests that wait until the day changes, so that an open page shows it at once. ✗ what changed."""

from __future__ import annotations

import asyncio
from typing import Final

MOST_WAITERS: Final = 10_000
"""Per process. Who comes after these is answered at once, and comes back later."""


class DayWaiters:
    def __init__(self) -> None:
        self._next: asyncio.Future[None] | None = None
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting

    async def wait(self, seconds: float) -> None:
        """Until the next `ring`, at most so long; not at all while too many wait."""
        if self._waiting >= MOST_WAITERS:
            return
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        self._waiting += 1
        try:
            await asyncio.wait((self._next,), timeout=seconds)
        finally:
            self._waiting -= 1

    def ring(self) -> None:
        """Something changed, or this process stops: all come and look."""
        rung, self._next = self._next, None
        if rung is not None and not rung.done():
            rung.set_result(None)
