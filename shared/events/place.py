"""Places by a door on a day: who waits for one, to whom one is offered, who has it in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Door, PlaceStanding, Sender


@dataclass(frozen=True, slots=True)
class PlaceChanged(Event):
    """Somebody who did not get a place at once stands otherwise in line than before. Whoever gets a place when they come is told of
    by nothing: it is what a confirmed registration is. Subject: the person id."""

    TYPE: ClassVar[str] = "tablee.place.changed.v1"
    SENDER: ClassVar[Sender] = "registration"

    event_id: str
    person_id: str
    door: Door
    days: tuple[int, ...]
    """Counted from 1."""
    standing: PlaceStanding
    changed_at: Instant
    until: Instant | None = None
    """When the offer ends."""
