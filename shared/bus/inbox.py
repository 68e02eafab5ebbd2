"""Making reactions idempotent: an event is remembered per group once it was handled, for longer than any queue can hold it.

Two strengths, for two kinds of reaction:

`once`          the mark is written after the handler succeeded. A crash in between runs the handler again, so that it never runs too
                seldom; its own writes must bear that (upserts, unique ids, a mail that may arrive twice).
`once_with`     the handler writes through the transaction that also holds the mark: all of it happens once, or not at all.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from shared.bus.port import Delivery, Handler
from shared.clock import Clock
from shared.storage.port import Database, Duplicate, Index, Transaction

COLLECTION: Final = "inbox"
KEEP_SECONDS: Final = 30 * 24 * 3600
"""Not shorter than dead letters live: replaying an old one must not repeat what was done."""

TransactionHandler = Callable[[Delivery, Transaction], Awaitable[None]]


class Inbox:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._marks = database.collection(COLLECTION)
        self._clock = clock
        self._prepared = False

    def once(self, handler: Handler) -> Handler:
        """`handler`, skipped for events that this group has handled."""

        async def handle(delivery: Delivery) -> None:
            await self._prepare()
            if await self._marks.get(_key(delivery)) is not None:
                return
            await handler(delivery)
            with contextlib.suppress(Duplicate):  # delivered to two replicas at once: both did it, which `once` allows
                await self._marks.insert(self._mark(delivery))

        return handle

    def once_with(self, handler: TransactionHandler) -> Handler:
        """`handler`, skipped for events that this group has handled; what it writes through its transaction happens exactly once.

        It may be run again as a whole when transactions collide: it must do nothing but store.
        """

        async def handle(delivery: Delivery) -> None:
            await self._prepare()

            async def work(transaction: Transaction) -> None:
                await self._marks.insert(self._mark(delivery), transaction=transaction)
                await handler(delivery, transaction)

            if await self._marks.get(_key(delivery)) is not None:
                return
            try:
                await self._database.transact(work)
            except Duplicate as taken:
                if taken.index != "_id_" or await self._marks.get(_key(delivery)) is None:
                    raise  # a unique value of the handler's own

        return handle

    async def _prepare(self) -> None:
        if not self._prepared:
            await self._database.ensure_indexes({COLLECTION: (Index("inbox_old", (("at", 1),), expire_after=KEEP_SECONDS),)})
            self._prepared = True

    def _mark(self, delivery: Delivery) -> dict[str, object]:
        return {"_id": _key(delivery), "at": self._clock(), "type": delivery.event.type}


def _key(delivery: Delivery) -> str:
    return f"{delivery.group}/{delivery.event.id}"
