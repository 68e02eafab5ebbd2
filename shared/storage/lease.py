"""Which one of several processes does something that only one may do: a document that its holder moves on.

No clock is compared with another one: who wants the lease waits until it has not moved for LEASE_SECONDS of its own time, and takes it by
comparing and setting. What must not be here: what the lease is for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from shared.storage.port import Collection, Document, Duplicate

LEASE_SECONDS: Final = 3.0
"""A holder that did not move it for this long has lost it to the first one who wants it."""
RENEW_SECONDS: Final = 1.0
MARGIN_SECONDS: Final = 0.5
"""Before its end the holder begins nothing new."""


class Lease:
    def __init__(self, collection: Collection, name: str, holder: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`holder`: an id that no other process has."""
        self._collection, self._name, self._holder, self._now = collection, name, holder, monotonic
        self._moved_at: float | None = None
        """When the last move began; None while it is another's."""
        self._seen: tuple[str, int] = ("", 0)
        self._seen_at = 0.0

    @property
    def mine(self) -> bool:
        """Whether something may be begun now."""
        return self._moved_at is not None and self._now() - self._moved_at < LEASE_SECONDS - MARGIN_SECONDS

    async def hold(self) -> bool:
        """Take it where nobody has it, move it on where it is mine and time to. Raises Unavailable."""
        now = self._now()
        if self._moved_at is None:
            return await self._take(now)
        if now - self._moved_at >= RENEW_SECONDS:
            moved = await self._collection.update({"_id": self._name, "holder": self._holder}, {"$inc": {"moves": 1}})
            self._moved_at = None if moved is None else now
        return self.mine

    async def release(self) -> None:
        """So that the next one need not wait. Raises Unavailable."""
        if self._moved_at is not None:
            self._moved_at = None
            await self._collection.delete({"_id": self._name, "holder": self._holder})

    async def _take(self, now: float) -> bool:
        found = await self._collection.get(self._name)
        if found is None:
            return await self._first(now)
        if not self._over(found, now):
            return False
        seen = {"_id": self._name, "holder": found["holder"], "moves": found["moves"]}
        taken = await self._collection.update(seen, {"$set": {"holder": self._holder}, "$inc": {"moves": 1}})
        self._moved_at = None if taken is None else now
        return self.mine

    async def _first(self, now: float) -> bool:
        try:
            await self._collection.insert({"_id": self._name, "holder": self._holder, "moves": 0})
        except Duplicate:
            return False
        self._moved_at = now
        return self.mine

    def _over(self, found: Document, now: float) -> bool:
        seen = (found["holder"], found["moves"])
        if seen != self._seen:
            self._seen, self._seen_at = seen, now
        return now - self._seen_at >= LEASE_SECONDS
