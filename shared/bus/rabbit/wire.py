"""How events and queues look on RabbitMQ: names, arguments, headers. No I/O, no client.

    tablee.events       topic exchange of durable types, published with mandatory
    tablee.live         topic exchange of live-only types: they never enter a durable queue
    <group>             quorum queue; one consumer is active at a time (the others stand by), so order per subject holds over replicas
    tablee.retry.<ms>   quorum queue without a consumer: after its time a message goes back to the one group named by its routing key
    <group>.dead        quorum queue of what the group gave up on

Event attributes travel as CloudEvents AMQP binding 1.0.2, binary mode: headers `cloudEvents:<name>`, body = data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from shared.bus.outcome import DELIVERY_LIMIT
from shared.clock import from_text, to_text
from shared.events.envelope import Envelope, Unreadable

EVENTS: Final = "tablee.events"
LIVE: Final = "tablee.live"
CONTENT_TYPE: Final = "application/json"
ATTEMPT: Final = "tablee-attempt"
REASON: Final = "tablee-reason"
DEAD_ID: Final = "tablee-dead-id"
DIED_AT: Final = "tablee-died-at"

GROUP_LENGTH: Final = 1_000_000
"""Events in one queue; one more is not confirmed, and stays in its outbox."""
DEAD_LENGTH: Final = 100_000
DEAD_SECONDS: Final = 30 * 24 * 3600
DEAD_READS: Final = 1_000_000_000
"""Reading dead letters without taking them counts as deliveries: the limit of such a queue must be out of reach."""
LIVE_LENGTH: Final = 20_000
"""Events that wait in the broker for one live listener. It reads without pause into its own bounded memory, so this fills only
while its process is stalled; see STALL_SECONDS in shared.bus.rabbit.subscriptions."""

Marks = dict[str, str | int]

_PREFIX: Final = "cloudEvents:"
_QUORUM: Final[Mapping[str, Any]] = {"x-queue-type": "quorum"}
_SAFE_DEATH: Final[Mapping[str, Any]] = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


def group_arguments(group: str) -> dict[str, Any]:
    return {
        **_QUORUM, **_SAFE_DEATH, "x-single-active-consumer": True, "x-delivery-limit": DELIVERY_LIMIT, "x-max-length": GROUP_LENGTH,
        "x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead_queue(group),
    }  # fmt: skip


def dead_arguments() -> dict[str, Any]:
    return {**_QUORUM, "x-delivery-limit": DEAD_READS, "x-max-length": DEAD_LENGTH, "x-message-ttl": DEAD_SECONDS * 1000}


def retry_arguments(delay: float) -> dict[str, Any]:
    milliseconds = int(delay * 1000)
    return {**_QUORUM, **_SAFE_DEATH, "x-message-ttl": milliseconds, "x-max-length": GROUP_LENGTH, "x-dead-letter-exchange": ""}


def live_arguments() -> dict[str, Any]:
    return {"x-max-length": LIVE_LENGTH, "x-overflow": "drop-head"}


def dead_queue(group: str) -> str:
    return f"{group}.dead"


def retry_queue(delay: float) -> str:
    return f"tablee.retry.{int(delay * 1000)}"


def to_headers(event: Envelope) -> dict[str, Any]:
    return {
        f"{_PREFIX}specversion": "1.0", f"{_PREFIX}id": event.id, f"{_PREFIX}type": event.type, f"{_PREFIX}source": event.source,
        f"{_PREFIX}subject": event.subject, f"{_PREFIX}seq": event.seq, f"{_PREFIX}time": to_text(event.time),
        f"{_PREFIX}correlationid": event.correlationid, f"{_PREFIX}causationid": event.causationid,
    }  # fmt: skip


def to_body(event: Envelope) -> bytes:
    return json.dumps(event.data, allow_nan=False).encode()


def read(headers: Mapping[str, Any], body: bytes) -> Envelope:
    """Raises Unreadable."""
    found = {name[len(_PREFIX) :]: value for name, value in headers.items() if name.startswith(_PREFIX)}
    found |= {name: value.decode("utf-8", "replace") for name, value in found.items() if isinstance(value, bytes)}
    try:
        found["data"] = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None
    return Envelope.from_json(found)


def event_headers(headers: Mapping[str, Any]) -> dict[str, Any]:
    """The headers that make the event, without the platform's and the broker's own (x-death would end in a loop detection)."""
    return {name: value for name, value in headers.items() if name.startswith(_PREFIX)}


def attempt(headers: Mapping[str, Any]) -> int:
    value = headers.get(ATTEMPT, 1)
    return value if isinstance(value, int) and value > 0 else 1


@dataclass(frozen=True, slots=True)
class Death:
    id: str
    reason: str
    at: datetime


def death_headers(id: str, reason: str, at: datetime, attempts: int) -> Marks:
    return {DEAD_ID: id, REASON: reason, DIED_AT: to_text(at), ATTEMPT: attempts}


def death(headers: Mapping[str, Any], message_id: str, now: datetime) -> Death:
    """What is known of a dead letter: our own headers, else the broker's `x-death` (it gave up by itself: the delivery limit)."""
    if DEAD_ID in headers:
        return Death(str(headers[DEAD_ID]), str(headers.get(REASON, "")), from_text(str(headers[DIED_AT])))
    deaths = headers.get("x-death") or [{}]
    last = deaths[0] if isinstance(deaths, list) and isinstance(deaths[0], Mapping) else {}
    at = last.get("time")
    if not isinstance(at, datetime):
        at = now
    reason = f"the broker gave up: {last.get('reason', 'unknown')} (the process may have died {DELIVERY_LIMIT} times on it)"
    return Death(message_id, reason, at if at.tzinfo else at.replace(tzinfo=UTC))
