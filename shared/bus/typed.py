"""The edge between envelopes and event classes: what comes in is decoded here, once, for durable groups and live listeners alike.

What does not fit its class is raised as Unreadable: in a group that makes it a dead letter with its reason, for a listener it is counted
and logged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.bus.port import Delivery, GapHandler, Group
from shared.bus.topics import matches
from shared.events.catalogue import CATALOGUE, decode, types_of
from shared.events.envelope import Envelope, Unreadable
from shared.events.kind import Event

E = TypeVar("E", bound=Event)

EventHandler = Callable[[E, Delivery], Awaitable[None]]
"""(event, how it came). `delivery.envelope` has its id, subject, seq, time; its data is the event, so nobody reads it there."""


@dataclass(frozen=True, slots=True)
class Reaction(Generic[E]):
    """A durable subscription to one event class, or to all subclasses of a base. `handler` must be idempotent (see shared.bus.inbox).

    Raises ValueError when the group's topics catch a type that the handler does not take.
    """

    group: Group
    takes: type[E]
    handler: EventHandler[E]

    def __post_init__(self) -> None:
        taken = types_of(self.takes)
        stray = [type for type in CATALOGUE if type not in taken and any(matches(topic, type) for topic in self.group.topics)]
        if stray:
            raise ValueError(f"group {self.group.name} catches {', '.join(stray)}, which its handler does not take")

    async def receive(self, delivery: Delivery) -> None:
        """What the bus calls. Raises Unreadable, and whatever the handler raises."""
        await self.handler(_decoded(self.takes, delivery.envelope), delivery)


@dataclass(frozen=True, slots=True)
class Listener(Generic[E]):
    """A live subscription to some event classes (a base class stands for its subclasses). `on_gap` reloads what may have been missed."""

    takes: tuple[type[E], ...]
    handler: EventHandler[E]
    on_gap: GapHandler

    @property
    def topics(self) -> tuple[str, ...]:
        return types_of(*self.takes)

    async def receive(self, envelope: Envelope) -> None:
        """What the bus calls. Raises Unreadable, and whatever the handler raises."""
        await self.handler(_decoded(self.takes, envelope), Delivery(envelope, attempt=1, group=""))


def together(*listeners: Listener[Any]) -> Listener[Any]:
    """One subscription for several listeners of a process, so that what more than one of them takes comes, and is decoded, once. Each of
    them hears everything that it takes, whatever becomes of it at the others; after a gap all of them reload."""

    async def handle(event: Event, delivery: Delivery) -> None:
        await _all(each.handler(event, delivery) for each in listeners if isinstance(event, each.takes))

    async def reload() -> None:
        await _all(each.on_gap() for each in listeners)

    return Listener(tuple(dict.fromkeys(taken for each in listeners for taken in each.takes)), handle, reload)


async def _all(steps: Iterable[Awaitable[None]]) -> None:
    """One after the other. Raises what the first of those that failed raised."""
    failed: Exception | None = None
    for step in steps:
        try:
            await step
        except Exception as error:
            failed = failed or error
    if failed is not None:
        raise failed


def _decoded(takes: type[E] | tuple[type[E], ...], envelope: Envelope) -> E:
    event = decode(envelope)
    if not isinstance(event, takes):
        raise Unreadable(f"{envelope.type!r} is not for this handler")
    return event
