"""What becomes of a delivery, decided in one place for every adapter (the table is in shared.bus.port)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter

from shared import correlation
from shared.bus.port import Delivery, Handler, Refused, Unreadable
from shared.events.envelope import Envelope

log = logging.getLogger(__name__)

HANDLER_SECONDS: Final = 120.0
"""A handler that takes longer has failed."""
DELIVERY_LIMIT: Final = 20
"""Deliveries of one attempt that ended with neither success nor failure (the process died) before the event is a dead letter."""
REASON_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True)
class Done:
    """Acknowledge it."""


@dataclass(frozen=True, slots=True)
class Again:
    """Deliver it as `attempt` after `delay` seconds."""

    attempt: int
    delay: float


@dataclass(frozen=True, slots=True)
class Dead:
    """Put it aside."""

    reason: str


Outcome = Done | Again | Dead


class DeadLetterReport:
    """What the operator learns of every dead letter: one line and a count per group."""

    def __init__(self, metrics: CollectorRegistry) -> None:
        self._count = Counter("tablee_bus_dead_letters_total", "Events that a group gave up on", ("group",), registry=metrics)

    def note(self, group: str, reason: str, event: Envelope | None, attempts: int) -> None:
        about = {"event_id": event.id, "event_type": event.type} if event else {}
        log.error("an event is a dead letter: %s", reason, extra={"group": group, "attempts": attempts, **about})
        self._count.labels(group).inc()


async def settle(handler: Handler, delivery: Delivery, delays: Sequence[float]) -> Outcome:
    """Run the handler. Raises CancelledError only when the running task itself is cancelled: then the delivery stays unacknowledged."""
    about = {"group": delivery.group, "event_id": delivery.envelope.id, "event_type": delivery.envelope.type, "attempt": delivery.attempt}
    with correlation.following(delivery.envelope.correlationid):
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await handler(delivery)
        except (Unreadable, Refused) as error:
            return Dead(_reason(error))
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return _again_or_dead(delivery, delays, "the handler cancelled itself")
        except Exception as error:
            log.warning("a reaction failed", exc_info=True, extra=about)
            return _again_or_dead(delivery, delays, _reason(error))
    return Done()


def _again_or_dead(delivery: Delivery, delays: Sequence[float], reason: str) -> Outcome:
    if delivery.attempt > len(delays):
        return Dead(f"given up after {delivery.attempt} attempts: {reason}"[:REASON_CHARACTERS])
    return Again(delivery.attempt + 1, delays[delivery.attempt - 1])


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:REASON_CHARACTERS]
