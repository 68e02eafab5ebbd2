"""What every event class is: a frozen dataclass of plain JSON-able fields that knows its type and checks itself.

Closed on writing: an event whose values are not of their declared types is not sealed into an envelope. Tolerant on reading: fields that
the class does not name are ignored, so that a newer sender may add optional ones. Types are never converted (a number in quotes is not a
number).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, TypeAdapter, ValidationError, WithJsonSchema

from shared.clock import from_text
from shared.events.envelope import Envelope, Unreadable
from shared.events.vocabulary import Sender


def _checked(text: str) -> str:
    from_text(text)
    return text


Instant = Annotated[str, AfterValidator(_checked), WithJsonSchema({"type": "string", "format": "date-time"})]
"""An RFC 3339 text in UTC."""


@dataclass(frozen=True, slots=True)
class Event:
    """Base of the event classes.

    `TYPE`    `tablee.<subject>.<past tense>.v<n>`: named after the thing, so that the code that sends it can move; empty for a base class
    `SENDER`  the service that sends it
    `LIVE`    True: only for those who listen now (live feeds); they recover by reloading, so nothing durable waits for it
    """

    TYPE: ClassVar[str] = ""
    SENDER: ClassVar[Sender]
    LIVE: ClassVar[bool] = False

    def to_envelope(self, *, id: str, subject: str, seq: int, time: datetime, correlationid: str = "", causationid: str = "") -> Envelope:
        """After proving that a reader gets this very event back. Raises ValueError when a value is not of its declared type."""
        text = adapter(type(self)).dump_json(self, warnings=False)
        if self._decoded(text) != self:
            raise ValueError(f"{self.TYPE} would not be read back as it was written")
        return Envelope(
            id=id,
            type=self.TYPE,
            source=f"/{self.SENDER}",
            subject=subject,
            seq=seq,
            time=time,
            data=json.loads(text),
            correlationid=correlationid,
            causationid=causationid,
        )

    @classmethod
    def from_envelope(cls, envelope: Envelope) -> Self:
        """Raises Unreadable, also when the envelope is of another type."""
        if envelope.type != cls.TYPE:
            raise Unreadable(f"{envelope.type!r} is not {cls.TYPE!r}")
        return cls._decoded(json.dumps(envelope.data))

    @classmethod
    def _decoded(cls, text: str | bytes) -> Self:
        try:
            event: Self = adapter(cls).validate_json(text, strict=True)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(str(part) for part in wrong["loc"]) or "data"
            raise Unreadable(f"{cls.TYPE}: {where}: {wrong['msg']}") from None
        return event


_adapters: dict[type[object], TypeAdapter[Any]] = {}


def adapter(cls: type[object]) -> TypeAdapter[Any]:
    """Of an event class or of a class that events consist of. Made once per class, and there are only as many as the catalogue has."""
    if cls not in _adapters:
        _adapters[cls] = TypeAdapter(cls)
    return _adapters[cls]
