"""The envelope of every event: CloudEvents 1.0 attribute names plus the platform's own extensions.

The Envelope, its JSON form and its checks; no behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.clock import from_text, to_text

SPEC_VERSION = "1.0"


class Unreadable(ValueError):
    """The bytes are no event of ours; the message gives the reason (for operators, never for a person)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event on its way (CloudEvents 1.0, section 3).

    `id`             unique per event; what consumers are idempotent by
    `type`           `tablee.<subject>.<past tense>.v<n>`; also the routing key
    `source`         `/registration`, `/streaming`, `/qa`
    `subject`        id of the thing the event is about; order is kept per subject
    `seq`            version of the subject after the event, 1 and rising
    `time`           when it happened
    `data`           JSON object, the fields of the event class
    `correlationid`  follows one request through HTTP, bus and feed
    `causationid`    id of the event or request that caused this one
    """

    id: str
    type: str
    source: str
    subject: str
    seq: int
    time: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    correlationid: str = ""
    causationid: str = ""

    def to_json(self) -> dict[str, Any]:
        """Structured-mode JSON object (CloudEvents JSON format 1.0, section 3)."""
        return {
            "specversion": SPEC_VERSION,
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "subject": self.subject,
            "seq": self.seq,
            "time": to_text(self.time),
            "datacontenttype": "application/json",
            "correlationid": self.correlationid,
            "causationid": self.causationid,
            "data": dict(self.data),
        }

    @staticmethod
    def from_json(value: object) -> Envelope:
        """Tolerant on reading: unknown attributes are ignored. Raises Unreadable."""
        if not isinstance(value, Mapping):
            raise Unreadable("an event is a JSON object")
        try:
            if value.get("specversion", SPEC_VERSION) != SPEC_VERSION:
                raise Unreadable(f"specversion {value['specversion']!r} is not {SPEC_VERSION}")
            data = value.get("data", {})
            if not isinstance(data, Mapping):
                raise Unreadable("data is not a JSON object")
            texts = {name: value[name] for name in ("id", "type", "source", "subject")}
            for name, text in texts.items():
                if not isinstance(text, str) or not text:
                    raise Unreadable(f"{name} is not a non-empty string")
            seq = value["seq"]
            if not isinstance(seq, int) or isinstance(seq, bool):
                raise Unreadable("seq is not an integer")
            return Envelope(
                **texts,
                seq=seq,
                time=from_text(str(value["time"])),
                data=dict(data),
                correlationid=str(value.get("correlationid", "")),
                causationid=str(value.get("causationid", "")),
            )
        except KeyError as missing:
            raise Unreadable(f"attribute {missing} is missing") from None
        except ValueError as wrong:
            raise Unreadable(str(wrong)) from None
