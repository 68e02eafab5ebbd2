"""What the two ends of a call say to each other: checked, counted, handed to whoever is addressed at whichever process, kept nowhere."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from services.qa.table.seat import Seat
from services.qa.table.store import SeatStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.bus.port import Bus
from shared.clock import Clock
from shared.errors import Conflict, Denied, Invalid, NotFound, TooMany
from shared.events.table import SignalSent
from shared.events.vocabulary import SignalKind, SignalSide
from shared.ids import IdSource
from shared.token_bucket import TokenBucket

MOST_SIGNAL_BYTES: Final = 16_384
MOST_A_MINUTE: Final = 50
"""Of one end of one call."""
MOST_CALLS: Final = 1000
"""Ends that are counted at once, the last ones."""


class Signals:
    def __init__(
        self, store: SeatStore, bus: Bus, *, clock: Clock, new_id: IdSource, monotonic: Callable[[], float] = time.monotonic
    ) -> None:  # fmt: skip
        self._store, self._bus, self._clock, self._new_id, self._monotonic = store, bus, clock, new_id, monotonic
        self._counted: OrderedDict[tuple[str, SignalSide], TokenBucket] = OrderedDict()
        self._n = 0

    async def send(self, by: Pass, id: str, side: SignalSide, kind: SignalKind, data: str) -> None:
        """Raises NotFound, Denied, Conflict, Invalid, TooMany, Unavailable."""
        if len(data.encode("utf-8", "surrogatepass")) > MOST_SIGNAL_BYTES:
            raise Invalid.about("data", "qa.signal_too_long", most=MOST_SIGNAL_BYTES)
        seat = await self._store.seat(id)
        if seat is None:
            raise NotFound("qa.unknown_seat")
        _require_end(by, seat, side)
        if not seat.connected:
            raise Conflict("qa.seat_not_connected")
        self._count(id, side)
        event = SignalSent(seat.session, id, seat.person, side, kind, data, self._next())
        await self._bus.publish(event.to_envelope(id=self._new_id(), subject=id, seq=event.n, time=self._clock()))

    def _count(self, id: str, side: SignalSide) -> None:
        now = self._monotonic()
        bucket = self._counted.pop((id, side), None) or TokenBucket(MOST_A_MINUTE, now)
        self._counted[id, side] = bucket
        while len(self._counted) > MOST_CALLS:
            self._counted.popitem(last=False)
        wait = bucket.take(now, rate=MOST_A_MINUTE / 60, most=MOST_A_MINUTE)
        if wait:
            raise TooMany("qa.signals_too_fast", params={"most": MOST_A_MINUTE}, retry_after=round(wait, 1))

    def _next(self) -> int:
        """Rises with every one; of several processes, by their clocks in milliseconds."""
        self._n = max(self._n + 1, int(self._clock().timestamp() * 1000))
        return self._n


def _require_end(by: Pass, seat: Seat, side: SignalSide) -> None:
    """Raises Denied."""
    if not by.covers(seat.session):
        raise Denied("access.session_not_yours")
    if side == "studio":
        capabilities.require(by.duty, "seat.studio")
    elif seat.person != by.person:
        raise Denied("qa.seat_not_yours")
