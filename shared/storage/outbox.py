"""How an event is kept in the `outbox` of a document, and the indexes that find it there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from shared.events.envelope import Envelope
from shared.storage.port import Index

OUTBOX: Final = "outbox"

INDEXES: Final = (
    Index("outbox_id", (("outbox.id", 1),), partial={"outbox.id": {"$exists": True}}),
    Index("outbox_time", (("outbox.time", 1),), partial={"outbox.id": {"$exists": True}}),
)
"""Only documents with something to publish are in them, so they stay tiny: one to remove by event id, one to find the oldest."""


def to_stored(event: Envelope) -> dict[str, Any]:
    """`data` is kept as JSON text: what leaves is exactly what was written, whatever its keys and numbers are."""
    return {
        "id": event.id,
        "type": event.type,
        "source": event.source,
        "subject": event.subject,
        "seq": event.seq,
        "time": event.time,
        "data": json.dumps(event.data, allow_nan=False),
        "correlationid": event.correlationid,
        "causationid": event.causationid,
    }


def from_stored(stored: Mapping[str, Any]) -> Envelope:
    return Envelope(**{**stored, "data": json.loads(stored["data"])})
