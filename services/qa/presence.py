"""Tells the other processes how many people are here: when it changed, at most once a second, and now and then so that they know this one
lives. Straight to the bus: what is lost is said again."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from services.qa.feed.aspects.presence import SHARE_SECONDS, Counts, PresenceAspect
from shared.bus.port import Bus
from shared.clock import Clock
from shared.errors import DomainError
from shared.events.presence import PresenceCounted
from shared.ids import IdSource

EVERY_SECONDS: Final = 1.0
AGAIN_TURNS: Final = SHARE_SECONDS // 3
"""Turns of EVERY_SECONDS after which the same is said again."""


class PresenceTeller:
    def __init__(self, bus: Bus, presence: PresenceAspect, process: str, *, clock: Clock, new_id: IdSource) -> None:
        self._bus, self._presence, self._process = bus, presence, process
        self._clock, self._new_id = clock, new_id
        self._said: Counts = {}
        self._turns = self._seq = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(DomainError):
                await self.tell()
            await asyncio.sleep(EVERY_SECONDS)

    async def tell(self) -> None:
        """One turn. Raises Unavailable; the next turn says it then."""
        self._turns += 1
        own = self._presence.own()
        if own == self._said and (not own or self._turns < AGAIN_TURNS):
            return
        self._seq += 1
        event = PresenceCounted(self._process, own)
        await self._bus.publish(event.to_envelope(id=self._new_id(), subject=self._process, seq=self._seq, time=self._clock()))
        self._said, self._turns = own, 0
