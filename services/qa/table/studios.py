"""The use cases of the studio page that speaks for a session. What must not be here: HTTP, rules."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any, Final

from services.qa.day import floor_for
from services.qa.moving import Announcer
from services.qa.store import QaStore
from services.qa.table import studio
from services.qa.table.studio import Studio
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.bus.port import Bus
from shared.clock import to_text
from shared.errors import Unavailable
from shared.storage.race import decided_anew

log = logging.getLogger("tablee.qa.table")

Json = dict[str, Any]

BUSY: Final = "store.unavailable"


class Studios:
    """What is held is told straight to the bus, as advice of the moment; a lost event is made up for by the feed's reload."""

    def __init__(self, store: QaStore, bus: Bus, announcer: Announcer) -> None:
        self._sessions, self._store, self._bus = store, store.seats, bus
        self._announcer, self._clock = announcer, announcer.clock

    async def hold(self, by: Pass, session: str, instance: str) -> Json:
        """{"instance", "since", "until"}. Raises NotFound, Denied, Conflict where a newer page took over."""
        capabilities.require(by.duty, "seat.studio")
        await floor_for(self._sessions, by, session)

        async def step() -> Studio:
            held = studio.held(await self._store.studio(session), session, instance, self._clock())
            await self._store.put_studio(held)
            return held

        held = await decided_anew(step, busy=BUSY)
        await self._tell(held)
        return {"instance": held.instance, "since": to_text(held.since), "until": to_text(held.until)}

    async def give_up(self, by: Pass, session: str, instance: str) -> None:
        """Harmless to repeat, and of a page that does not hold it. Raises NotFound, Denied."""
        capabilities.require(by.duty, "seat.studio")
        await floor_for(self._sessions, by, session)

        async def step() -> Studio | None:
            left = studio.given_up(await self._store.studio(session), instance, self._clock())
            if left is not None:
                await self._store.put_studio(left)
            return left

        left = await decided_anew(step, busy=BUSY)
        if left is not None:
            await self._tell(left)

    async def _tell(self, held: Studio) -> None:
        with suppress(Unavailable):
            await self._bus.publish(self._announcer.envelope(held.told(), held.session, held.version))
