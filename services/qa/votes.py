"""Counts of votes on their way to the live pages: gathered for a moment, then published as absolute values.

Published directly on the bus and not through an outbox: a count that is lost is healed by the next one and by the feed's regular
reload, and the store holds the truth. The store does the counting.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Final

from shared import correlation
from shared.backoff import Backoff
from shared.bus.port import Bus
from shared.clock import Clock
from shared.errors import DomainError
from shared.events.votes import Ballot, VoteCount, VotesCounted
from shared.ids import IdSource

log = logging.getLogger("tablee.qa.votes")

WINDOW_SECONDS: Final = 0.2
"""How long votes are gathered: pages see them within a quarter of a second."""
BACKOFF: Final = Backoff(first=1.0, longest=10.0)
"""While the bus does not take counts."""
MOST_BALLOTS: Final = 500
"""Most ballots in one event; more in one window leave in several."""
MOST_WAITING: Final = 20_000
"""Most ballots kept while the bus is away; beyond, the oldest are left to the feed's reload."""


@dataclass(slots=True)
class _Gathered:
    counts: dict[str, VoteCount] = field(default_factory=dict)
    ballots: dict[tuple[str, str], Ballot] = field(default_factory=dict)
    correlations: set[str] = field(default_factory=set)


class VoteBatcher:
    def __init__(self, bus: Bus, clock: Clock, new_id: IdSource) -> None:
        self._bus, self._clock, self._new_id = bus, clock, new_id
        self._sessions: dict[str, _Gathered] = defaultdict(_Gathered)
        self._some = asyncio.Event()
        self._seq = int(clock().timestamp() * 1000)

    def add(self, session: str, count: VoteCount, ballot: Ballot) -> None:
        """`count` of the ballot's question after it, at the ballot's rev."""
        gathered = self._sessions[session]
        known = gathered.counts.get(ballot.question)
        if known is None or known.rev < ballot.rev:
            gathered.counts[ballot.question] = count
        key = (ballot.question, ballot.person)
        newest = gathered.ballots.get(key)
        if newest is None or newest.rev < ballot.rev:
            gathered.ballots[key] = ballot
        if len(gathered.ballots) > MOST_WAITING:
            del gathered.ballots[next(iter(gathered.ballots))]
        if len(gathered.correlations) < 2:
            gathered.correlations.add(correlation.current())
        self._some.set()

    async def run(self) -> None:
        """Until cancelled."""
        pauses = BACKOFF.pauses()
        while True:
            await self._some.wait()
            await asyncio.sleep(WINDOW_SECONDS)
            if await self.publish():
                pauses.reset()
            else:
                await pauses.wait()

    async def publish(self) -> bool:
        """What was gathered until now. False when the bus did not take all of it: the rest waits."""
        self._some.clear()
        for session in list(self._sessions):
            gathered = self._sessions.pop(session)
            try:
                await self._publish(session, gathered)
            except DomainError as error:
                log.warning("vote counts wait for the bus", extra={"code": error.code})
                self._put_back(session, gathered)
                return False
        return True

    async def _publish(self, session: str, gathered: _Gathered) -> None:
        ballots = list(gathered.ballots.values())
        for first in range(0, max(len(ballots), 1), MOST_BALLOTS):
            self._seq += 1
            event = VotesCounted(session=session, counts=gathered.counts, ballots=tuple(ballots[first : first + MOST_BALLOTS]))
            # one request's own count keeps its id; a count of many requests belongs to none of them
            origin = next(iter(gathered.correlations)) if len(gathered.correlations) == 1 else ""
            await self._bus.publish(
                event.to_envelope(id=self._new_id(), subject=session, seq=self._seq, time=self._clock(), correlationid=origin)
            )

    def _put_back(self, session: str, gathered: _Gathered) -> None:
        for ballot in gathered.ballots.values():
            count = gathered.counts[ballot.question]
            self.add(session, replace(count, rev=ballot.rev), ballot)
            self._sessions[session].counts[ballot.question] = max(self._sessions[session].counts[ballot.question], count, key=_rev)


def _rev(count: VoteCount) -> int:
    return count.rev
