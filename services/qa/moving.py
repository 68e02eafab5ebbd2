"""What every use case that moves things of one kind needs: the event of a change as it leaves, a change decided anew when somebody else was
faster, and the clock by which what is due is looked for. What must not be here: rules, which things there are.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from shared import correlation
from shared.clock import Clock
from shared.errors import DomainError
from shared.events.envelope import Envelope
from shared.events.kind import Event
from shared.ids import IdSource
from shared.storage.race import moved_on


@dataclass(frozen=True, slots=True)
class Announcer:
    """Makes envelopes of events, and wakes the relay that publishes what was saved with them."""

    clock: Clock
    new_id: IdSource
    wake: Callable[[], None]

    def envelope(self, event: Event, subject: str, seq: int) -> Envelope:
        return event.to_envelope(id=self.new_id(), subject=subject, seq=seq, time=self.clock(), correlationid=correlation.current())


class Versioned(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...


class Announced(Protocol):
    """A change: what became of the thing, and its event."""

    @property
    def event(self) -> Event: ...


T = TypeVar("T", bound=Versioned)
C = TypeVar("C", bound=Announced)


class Mover(Generic[T, C]):
    """Moves things of one kind."""

    def __init__(
        self, find: Callable[[str], Awaitable[T | None]], save: Callable[[T, Envelope], Awaitable[object]], moved: Callable[[C], T],
        announcer: Announcer,
    ) -> None:  # fmt: skip
        """`moved`: the thing as a change leaves it."""
        self._find, self._save, self._moved, self._announcer = find, save, moved, announcer

    def envelope(self, change: C) -> Envelope:
        thing = self._moved(change)
        return self._announcer.envelope(change.event, thing.id, thing.version)

    async def move(self, held: T, decide: Callable[[T], C | None]) -> T:
        """The thing as decided, decided anew when somebody else was faster; as it was where nothing is to be done. Raises Conflict, and
        whatever `decide` and the store raise."""

        async def step(known: T) -> T:
            change = decide(known)
            if change is None:
                return known
            await self._save(self._moved(change), self.envelope(change))
            self._announcer.wake()
            return self._moved(change)

        return await moved_on(held, step, lambda: self._find(held.id), stale="qa.stale")


async def settling(settle: Callable[[], Awaitable[None]], seconds: float, log: logging.Logger, waits: str) -> None:
    """Until cancelled; `waits`: what is said where it could not be done, which is tried again the next time."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await settle()
        except DomainError as error:
            log.warning(waits, extra={"code": error.code})
