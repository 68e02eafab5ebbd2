"""Between the envelope's `data` and the event class: closed on writing, tolerant on reading.

Reading takes what the class names and ignores the rest, so that a newer sender may add optional fields; types are never converted
silently (a number in quotes is not a number). What must not be here: transport.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from shared.events.catalogue import CATALOGUE
from shared.events.envelope import Envelope, Unreadable
from shared.events.kind import Event

E = TypeVar("E", bound=Event)


_adapters: dict[str, TypeAdapter[Any]] = {}


def adapter(cls: type[Event]) -> TypeAdapter[Any]:
    """Made once per type, and there are only as many as the catalogue has."""
    if cls.TYPE not in _adapters:
        _adapters[cls.TYPE] = TypeAdapter(cls)
    return _adapters[cls.TYPE]


def read(envelope: Envelope) -> Event:
    """The event of whatever class its type names. Raises Unreadable."""
    cls = CATALOGUE.get(envelope.type)
    if cls is None:
        raise Unreadable(f"no event type {envelope.type!r} is known here")
    return read_as(cls, envelope)


def read_as(cls: type[E], envelope: Envelope) -> E:
    """Raises Unreadable, also when the envelope is of another type."""
    if envelope.type != cls.TYPE:
        raise Unreadable(f"{envelope.type!r} is not {cls.TYPE!r}")
    try:
        event: E = adapter(cls).validate_json(json.dumps(envelope.data), strict=True)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in wrong["loc"]) or "data"
        raise Unreadable(f"{cls.TYPE}: {where}: {wrong['msg']}") from None
    return event


def write(event: Event, *, id: str, subject: str, seq: int, time: datetime, correlationid: str = "", causationid: str = "") -> Envelope:
    """The envelope, after proving that a reader gets this very event back. Raises ValueError when a value is not of its declared type."""
    envelope = event.to_envelope(id=id, subject=subject, seq=seq, time=time, correlationid=correlationid, causationid=causationid)
    if read_as(type(event), envelope) != event:
        raise ValueError(f"{event.TYPE} would not be read back as it was written")
    return envelope
