"""Blocking requests: they wait for a part which is not there yet. One Future per part, so that it wakes only the requests for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Final

MOST_WAITERS: Final = 20_000
"""Per stage: requests that wait at one time."""
MOST_THINGS: Final = 256
"""Per stage: different parts waited for; what clients may ask for reaches a few seconds ahead."""


class BlockingRequests:
    def __init__(self) -> None:
        self._futures: dict[Hashable, tuple[asyncio.Future[None], Callable[[], bool]]] = {}
        self._waiters = 0

    def __len__(self) -> int:
        """Requests that wait now."""
        return self._waiters

    async def until(self, thing: Hashable, there: Callable[[], bool], seconds: float) -> bool:
        """True as soon as `there()` holds (asked again at every `release`), False when it does not within `seconds` or there is no room
        to wait."""
        if there():
            return True
        if self._waiters >= MOST_WAITERS or (thing not in self._futures and len(self._futures) >= MOST_THINGS):
            return False
        future, _ = self._futures.setdefault(thing, (asyncio.get_running_loop().create_future(), there))
        self._waiters += 1
        try:
            await asyncio.wait((future,), timeout=seconds)
        finally:
            self._waiters -= 1
        return there()

    def release(self) -> None:
        """Something was added: wake those whose thing is there now."""
        for thing, (future, there) in list(self._futures.items()):
            if there():
                del self._futures[thing]
                if not future.done():
                    future.set_result(None)

    def dismiss(self) -> None:
        """Wake everybody, because nothing will come any more."""
        for future, _ in self._futures.values():
            if not future.done():
                future.set_result(None)
        self._futures.clear()
