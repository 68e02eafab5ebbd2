"""Making reactions idempotent: an event is remembered per group once it was handled, for longer than any queue can hold it."""

from __future__ import annotations

import contextlib
from typing import Final, TypeVar

from shared.bus.port import Delivery
from shared.bus.typed import EventHandler
from shared.clock import Clock
from shared.events.kind import Event
from shared.storage.port import Database, Duplicate, Index

COLLECTION: Final = "inbox"
KEEP_SECONDS: Final = 30 * 24 * 3600
"""Not shorter than dead letters live: replaying an old one must not repeat what was done."""

E = TypeVar("E", bound=Event)


class Inbox:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._marks = database.collection(COLLECTION)
        self._clock = clock
        self._prepared = False

    def once(self, handler: EventHandler[E]) -> EventHandler[E]:
        """`handler`, skipped for events that this group has handled.

        The mark is written after the handler succeeded. A crash in between runs the handler again, so that it never runs too seldom; its
        own writes must bear that (upserts, unique ids, a mail that may arrive twice).
        """

        async def handle(event: E, delivery: Delivery) -> None:
            await self._prepare()
            if await self._marks.get(_key(delivery)) is not None:
                return
            await handler(event, delivery)
            with contextlib.suppress(Duplicate):  # delivered to two replicas at once: both did it, which `once` allows
                await self._marks.insert(self._mark(delivery))

        return handle

    async def _prepare(self) -> None:
        if not self._prepared:
            await self._database.ensure_indexes({COLLECTION: (Index("inbox_old", (("at", 1),), expire_after=KEEP_SECONDS),)})
            self._prepared = True

    def _mark(self, delivery: Delivery) -> dict[str, object]:
        return {"_id": _key(delivery), "at": self._clock(), "type": delivery.envelope.type}


def _key(delivery: Delivery) -> str:
    return f"{delivery.group}/{delivery.envelope.id}"
