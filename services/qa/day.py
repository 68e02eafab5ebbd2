"""The use cases of the day: what follows, for sessions and their floors, from the programme in force and from how the day really goes.

One step compares what is held with what was told last, whole, and mends the difference; it runs whenever something was told and at start,
so nothing depends on the order in which things came. What must not be here: HTTP, a broker, rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from services.qa import domain
from services.qa.sessions import reconcile
from services.qa.store import QaStore
from shared import correlation
from shared.clock import Clock
from shared.errors import Unavailable
from shared.events.programme import ProgrammePublished
from shared.events.running_order import RunningOrderChanged
from shared.ids import IdSource

MOST_ROUNDS: Final = 5
"""Of comparing anew because something newer was told meanwhile."""


class Days:
    def __init__(self, store: QaStore, *, clock: Clock, new_id: IdSource, wake: Callable[[], None]) -> None:
        self._store, self._told = store, store.day
        self._clock, self._new_id, self._wake = clock, new_id, wake

    async def take_programme(self, version: int, event: ProgrammePublished) -> None:
        """A version that comes twice or late changes nothing. Raises Unavailable when others were faster each time."""
        await self._told.put_programme(version, event)
        await self.reconcile()

    async def take_running_order(self, version: int, event: RunningOrderChanged) -> None:
        """As `take_programme`."""
        await self._told.put_running_order(version, event)
        await self.reconcile()

    async def reconcile(self) -> None:
        """Add, change, remove, bring back. Whoever ends last has compared with what was told last, so that two replicas at once leave
        what one would have left. Raises Unavailable."""
        for _ in range(MOST_ROUNDS):
            before = await self._versions()
            await self._mend_lives()
            if await self._versions() == before:
                self._wake()
                return
        raise Unavailable("store.unavailable")

    async def _versions(self) -> tuple[int, int]:
        programme, order = await self._told.programme(), await self._told.running_order()
        return (0 if programme is None else programme.version, 0 if order is None else order.version)

    async def _mend_lives(self) -> None:
        programme = await self._told.programme()
        if programme is None:
            return
        for life in reconcile(await self._told.lives(), programme.version, programme.event.sessions):
            await self._told.put_life(life, programme.version)
        for ref in programme.event.sessions:
            floor = domain.new_floor(ref.id, questions=ref.questions, now=self._clock())
            event = floor.event().to_envelope(
                id=self._new_id(), subject=ref.id, seq=1, time=self._clock(), correlationid=correlation.current()
            )  # fmt: skip
            await self._store.insert_floor(floor, event)
