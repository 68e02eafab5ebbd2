"""Joins the bus and the store to the live feed of this process. What an event means is the knowledge of the feed's aspects."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from services.qa.facts import Contents
from services.qa.feed.epoch import Epoch
from services.qa.store import QaStore
from shared.auth.revocations import Revocations
from shared.bus.port import Delivery
from shared.errors import DomainError
from shared.events.hall import HallDeclared
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished
from shared.events.running_order import RunningOrderChanged

log = logging.getLogger("tablee.qa")

RECONCILE_SECONDS: Final = 30.0
"""How often the live feed compares itself with the store: an event that never came (a crash at the wrong moment) is made up for."""

LOST_AGAIN_SECONDS: Final = 2.0
"""Between two looks at the store when another process is gone and the store does not answer."""


class Feed(Protocol):
    async def start(self) -> None: ...
    def event(self, event: Event, *, seq: int, correlation: str) -> None: ...
    def load(self, contents: Contents) -> None: ...
    def revoke(self, person: str, at: datetime, login: str) -> None: ...


class Follows(Protocol):
    async def reconcile(self) -> None:
        """Mends what follows from what was told last."""


class LiveFeed:
    def __init__(
        self,
        store: QaStore,
        told: Sequence[Follows],
        feed: Feed,
        revocations: Revocations,
        event_id: str,
        *,
        process: str,
        begin: Callable[[str], None],
        lost: asyncio.Event,
        recount: Callable[[], Awaitable[None]],
    ) -> None:
        """`told` is mended at start; `begin` is told the epoch of the feed of this process; `lost` is set when another process is gone,
        and then `recount` counts what that one may have left uncounted."""
        self._store, self._told, self._feed = store, told, feed
        self._revocations, self._event_id = revocations, event_id
        self._process, self._begin = process, begin
        self._lost, self._recount = lost, recount

    async def start(self) -> None:
        """Indexes, what follows from what was told, what was withdrawn, what is known; then the port."""
        await self._store.prepare()
        self._begin(str(Epoch(await self._store.identity(self._process), self._process)))
        for follows in self._told:
            await follows.reconcile()
        self._revocations.watch(self._feed.revoke)
        await self.reload()
        await self._feed.start()

    async def on_event(self, event: Event, delivery: Delivery) -> None:
        if not isinstance(event, ProgrammePublished | RunningOrderChanged | HallDeclared) or event.event_id == self._event_id:
            self._feed.event(event, seq=delivery.envelope.seq, correlation=delivery.envelope.correlationid)

    async def reload(self) -> None:
        """After a gap: take over what the store has, and tell every client what it missed."""
        await self._take_revocations()
        self._feed.load(await self._store.contents(ballots=True))

    async def _take_revocations(self) -> None:
        """Those whose event this process missed, at a restart or in a gap."""
        for person, at in await self._store.revocations():
            self._revocations.revoke(person, at)

    async def reconcile(self) -> None:
        """Until cancelled. Now and then without the many ballots; with them when another process is gone, which may have accepted some
        that it told nobody of."""
        while True:
            lost = await self._is_lost()
            try:
                await self._compare(ballots=lost)
            except DomainError as error:
                log.warning("the feed could not compare itself with the store", extra={"code": error.code})
                if lost:
                    self._lost.set()
                    await asyncio.sleep(LOST_AGAIN_SECONDS)

    async def _is_lost(self) -> bool:
        """True at once when another process is gone, False when it is time to look."""
        try:
            await asyncio.wait_for(self._lost.wait(), RECONCILE_SECONDS)
        except TimeoutError:
            return False
        self._lost.clear()
        return True

    async def _compare(self, *, ballots: bool) -> None:
        await self._take_revocations()
        if ballots:
            await self._recount()
        self._feed.load(await self._store.contents(ballots=ballots))
