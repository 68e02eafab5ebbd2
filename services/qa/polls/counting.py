"""Counts of answers on their way to the live pages: each poll whose answers changed is counted anew, as often as people can read.

The store does the counting, whole, so that nothing is counted twice or missed whoever wrote it; what is sent are absolute numbers. A count
that is lost is healed by the next one and by the feed's regular reload.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import Final

from services.qa.polls.domain import Poll
from services.qa.polls.results import tally
from services.qa.polls.store import PollStore
from shared.backoff import Backoff
from shared.bus.port import Bus
from shared.clock import Clock
from shared.errors import DomainError
from shared.events.poll import PollAnswer, PollCounted, PollTally
from shared.ids import IdSource

log = logging.getLogger("tablee.qa.polls")

COUNTING_SECONDS: Final = 0.5
"""Between two countings: at most two numbers a second change before people's eyes."""
COUNTING_BACKOFF: Final = Backoff(first=1.0, longest=10.0)
"""While the store or the bus is away."""
MOST_TOLD: Final = 500
"""Most answers in one event; more leave in several."""
MOST_KEPT: Final = 20_000
"""Most answers kept while the bus is away; beyond, the oldest are left to the feed's reload."""


class Counting:
    def __init__(self, store: PollStore, bus: Bus, clock: Clock, new_id: IdSource) -> None:
        self._store, self._bus, self._clock, self._new_id = store, bus, clock, new_id
        self._polls: dict[str, Poll] = {}
        self._answers: dict[str, dict[str, PollAnswer]] = defaultdict(dict)
        """Poll → person → the newest answer."""
        self._some = asyncio.Event()
        self._seq = int(clock().timestamp() * 1000)

    def add(self, poll: Poll, answer: PollAnswer | None = None) -> None:
        """Its answers are to be counted; `answer` is one of them that changed."""
        self._polls[poll.id] = poll
        if answer is not None:
            answers = self._answers[poll.id]
            if answer.person not in answers or answers[answer.person].rev < answer.rev:
                answers[answer.person] = answer
            if len(answers) > MOST_KEPT:
                del answers[next(iter(answers))]
        self._some.set()

    async def run(self) -> None:
        """Until cancelled."""
        pauses = COUNTING_BACKOFF.pauses()
        while True:
            await self._some.wait()
            if await self.count():
                pauses.reset()
                await asyncio.sleep(COUNTING_SECONDS)
            else:
                await pauses.wait()

    async def count(self) -> bool:
        """What changed until now. False when the store or the bus was not there: the rest waits."""
        self._some.clear()
        for id, poll in list(self._polls.items()):
            del self._polls[id]
            answers = self._answers.pop(id, {})
            try:
                await self._tell(poll, await self.counted(poll), list(answers.values()))
            except DomainError as error:
                log.warning("answers of polls wait to be counted", extra={"code": error.code})
                self._put_back(poll, answers)
                return False
        return True

    async def counted(self, poll: Poll) -> PollTally:
        """Counted now, and kept."""
        rev, cells, halls = await self._store.count_answers(poll.id)
        counted = tally(poll, rev, cells, halls)
        await self._store.put_tally(counted)
        return counted

    async def _tell(self, poll: Poll, counted: PollTally, answers: list[PollAnswer]) -> None:
        for first in range(0, max(len(answers), 1), MOST_TOLD):
            self._seq += 1
            event = PollCounted(poll.session, counted, tuple(answers[first : first + MOST_TOLD]))
            await self._bus.publish(event.to_envelope(id=self._new_id(), subject=poll.session, seq=self._seq, time=self._clock()))

    def _put_back(self, poll: Poll, answers: dict[str, PollAnswer]) -> None:
        self.add(poll)
        for answer in answers.values():
            self.add(poll, answer)
