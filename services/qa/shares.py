"""Tells the other processes what is counted here: when it changed, at most once a second, and now and then so that they know this one
lives. Straight to the bus: what is lost is said again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sized
from typing import Final, Generic, TypeVar

from services.qa.feed.shares import SHARE_SECONDS
from shared.bus.port import Bus
from shared.clock import Clock
from shared.errors import DomainError
from shared.events.kind import Event
from shared.ids import IdSource

EVERY_SECONDS: Final = 1.0
AGAIN_TURNS: Final = SHARE_SECONDS // 3
"""Turns of EVERY_SECONDS after which the same is said again."""

C = TypeVar("C", bound=Sized)


class ShareTeller(Generic[C]):
    """`own`: what is counted here, empty when there is nothing; `event`: what says so to the others."""

    def __init__(
        self, bus: Bus, own: Callable[[], C], event: Callable[[C], Event], process: str, *, clock: Clock, new_id: IdSource,
        always: bool = False,
    ) -> None:  # fmt: skip
        """`always`: say again also that there is nothing."""
        self._always = always
        self._bus, self._own, self._event, self._process = bus, own, event, process
        self._clock, self._new_id = clock, new_id
        self._said: C | None = None
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
        own = self._own()
        news = own != self._said and (own or self._said)
        if not news and (self._turns < AGAIN_TURNS or not (own or self._always)):
            return
        self._seq += 1
        envelope = self._event(own).to_envelope(id=self._new_id(), subject=self._process, seq=self._seq, time=self._clock())
        await self._bus.publish(envelope)
        self._said, self._turns = own, 0
