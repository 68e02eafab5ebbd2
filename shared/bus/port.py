"""What the platform asks of a message bus, in prose and in types. Two adapters keep these promises, one suite checks both.

**Publishing.** `publish` returns when the broker is responsible for the event, or raises `Unavailable`. An event whose type is durable and
that reaches no queue is an error (`bus.unroutable`): the topology is declared before anything is published. Events of live-only types are
delivered to whoever listens now; having no listener is not an error.

**Durable groups** (`subscribe`). One queue per group, shared by all replicas of a service, kept over restarts. Delivery is at least once,
in publishing order per subject as long as nothing is retried. What the handler does decides:

    returns                       → acknowledged, gone
    raises Unreadable or Refused  → dead letter with its reason
    raises anything else          → again after a delay (the group's patience; the attempt is in `Delivery.attempt`), then dead letter
    is cancelled                  → left unacknowledged, delivered again later

An event is never put back in place: a poisoned one cannot block its queue.

**Live listeners** (`listen`). A short-lived queue for one process, bounded: its contents are lost with the connection. Whenever something
may have been missed (first subscription, reconnect, overflow) `on_gap` is awaited before the next event, so that the listener reloads its
state. Handler errors are logged and counted, never retried.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.events.envelope import Envelope, Unreadable

__all__ = [
    "PREFETCH",
    "RETRY_DELAYS",
    "Bus",
    "DeadLetter",
    "Delivery",
    "GapHandler",
    "Group",
    "Handler",
    "Refused",
    "Subscription",
    "Unreadable",
    "lasting",
]

RETRY_DELAYS: tuple[float, ...] = (0.5, 2.0, 10.0, 30.0)
"""The patience of a group that states none: seconds before attempt 2, 3, …"""
LONGEST_DELAY = 7 * 24 * 3600.0
MOST_ATTEMPTS = 100

PREFETCH = 64
"""Most events one group works on at once per process."""


class Refused(Exception):
    """The handler will never accept this event; the text, for operators, gives the reason."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of an event to a group. `attempt` counts from 1."""

    envelope: Envelope
    attempt: int
    group: str


@dataclass(frozen=True, slots=True)
class Group:
    """A durable queue: `name` like `qa.programme`, `topics` as AMQP topic patterns on the event type.

    `patience`: seconds before attempt 2, 3, … of an event that failed; after the last one it is a dead letter. A group that depends
    on something that may be away for hours (a mail server) sets a long one: see `lasting`.
    """

    name: str
    topics: tuple[str, ...]
    patience: tuple[float, ...] = RETRY_DELAYS

    def __post_init__(self) -> None:
        if len(self.patience) >= MOST_ATTEMPTS or not all(0 < delay <= LONGEST_DELAY for delay in self.patience):
            raise ValueError(f"group {self.name}: up to {MOST_ATTEMPTS - 1} delays of up to {LONGEST_DELAY:.0f} s, not {self.patience}")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that a group gave up on."""

    id: str
    group: str
    reason: str
    attempts: int
    died_at: datetime
    event: Envelope | None
    """None when the bytes were no event at all."""


def lasting(seconds: float, *, first: float, longest: float) -> tuple[float, ...]:
    """A patience of `seconds` in all: delays that double from `first` to `longest`.

    Each different delay is one more queue of the broker, and doubling keeps them few.
    """
    delays: list[float] = []
    delay = first
    while sum(delays) + delay <= seconds:
        delays.append(delay)
        delay = min(delay * 2, longest)
    return tuple(delays)


Handler = Callable[[Delivery], Awaitable[None]]
LiveHandler = Callable[[Envelope], Awaitable[None]]
GapHandler = Callable[[], Awaitable[None]]


class Subscription(Protocol):
    async def close(self) -> None:
        """Take no more events, let the running handlers finish, then return."""


class Bus(Protocol):
    async def start(self) -> None:
        """Connect. Raises Unavailable when there is no broker within the adapter's deadline."""

    async def stop(self) -> None:
        """Close every subscription, then the connection."""

    async def ping(self) -> None:
        """A real round trip. Raises Unavailable."""

    async def declare(self, groups: Sequence[Group]) -> None:
        """Make the queues of these groups exist, with their retry and dead-letter queues. Idempotent."""

    async def publish(self, event: Envelope) -> None: ...

    async def subscribe(self, group: Group, handler: Handler) -> Subscription: ...

    async def listen(self, topics: Sequence[str], handler: LiveHandler, on_gap: GapHandler) -> Subscription: ...

    async def dead_letters(self, *, group: str | None = None, limit: int = 100) -> list[DeadLetter]:
        """The oldest dead letters of every declared group, or of one, without taking them away."""

    async def replay(self, dead_letter_id: str) -> bool:
        """Give one dead letter back to its own group as a first attempt. False when it is not there."""

    async def drop_dead_letters(self, words: str) -> int:
        """Remove the dead letters whose event has `words` in it (somebody's id), of every declared group; how many there were."""
