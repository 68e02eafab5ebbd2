"""Who is told by which servers the two ends of a call find each other: the studio, and whoever has a seat."""

from __future__ import annotations

import secrets
from typing import Any

from services.qa.table.ice import IcePlan
from services.qa.table.store import SeatStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.clock import Clock
from shared.errors import Denied

Json = dict[str, Any]


class CallPlans:
    def __init__(self, store: SeatStore, plan: IcePlan, clock: Clock) -> None:
        self._store, self._plan, self._clock = store, plan, clock

    async def ice(self, by: Pass) -> Json:
        """{"ice_servers", "relay_only"}. Raises Denied: relays are not for whoever asks."""
        capabilities.require(by.duty, "table.call")
        if not capabilities.may(by.duty, "seat.studio") and not any(seat.standing for seat in await self._store.of_person(by.person)):
            raise Denied("qa.no_seat")
        return self._plan.told(self._clock(), secrets.token_hex(6))
