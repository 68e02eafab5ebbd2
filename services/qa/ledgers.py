"""Tells the ledger of each session whose questions moved: soon, and at most as often as people can read. Every process counts what it heard
of; the numbers are absolute and the newest count wins, so that it does no harm when two of them count the same."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from services.qa.question import Question
from services.qa.record import ledger
from services.qa.store import QaStore
from shared.backoff import Backoff
from shared.bus.port import Bus, Delivery
from shared.clock import Clock
from shared.errors import DomainError
from shared.events.question import QuestionChanged
from shared.ids import IdSource

log = logging.getLogger("tablee.qa.ledger")

LEDGER_SECONDS: Final = 12.0
"""Between two counts: longer than what is held back from an author, so that a last bad news is counted too."""
LEDGER_BACKOFF: Final = Backoff(first=1.0, longest=30.0)


class Ledgers:
    def __init__(self, store: QaStore, bus: Bus, *, clock: Clock, new_id: IdSource) -> None:
        self._store, self._bus, self._clock, self._new_id = store, bus, clock, new_id
        self._moved: dict[str, bool] = {}
        """Session → whether it is to be counted once more a while later, for what is held back now."""
        self._some = asyncio.Event()

    async def on_event(self, event: QuestionChanged, delivery: Delivery) -> None:
        self._add(event.question.session)

    async def reload(self) -> None:
        """At start and after a gap: whatever may have moved meanwhile."""
        for floor in await self._store.floors():
            self._add(floor.session)

    async def run(self) -> None:
        """Until cancelled."""
        pauses = LEDGER_BACKOFF.pauses()
        while True:
            await self._some.wait()
            try:
                await self.tell()
            except DomainError as error:
                log.warning("ledgers wait to be counted", extra={"code": error.code})
                await pauses.wait()
                continue
            pauses.reset()
            await asyncio.sleep(LEDGER_SECONDS)

    async def tell(self) -> None:
        """Every session that moved until now, and once more at the next turn. Raises Unavailable; what was not told waits."""
        self._some.clear()
        try:
            for session in list(self._moved):
                await self._tell(session)
                if not self._moved[session]:
                    del self._moved[session]
                else:
                    self._moved[session] = False
        finally:
            if self._moved:
                self._some.set()

    async def _tell(self, session: str) -> None:
        now = self._clock()
        counted = ledger(session, await self._questions(session), now)
        seq = int(now.timestamp() * 1000)
        await self._bus.publish(counted.to_envelope(id=self._new_id(), subject=session, seq=seq, time=now))

    async def _questions(self, session: str) -> list[Question]:
        return [question async for question in self._store.life.of_session(session)]

    def _add(self, session: str) -> None:
        self._moved[session] = True
        self._some.set()
