"""Local hubs: how many people are together there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Sender


@dataclass(frozen=True, slots=True)
class HallDeclared(Event):
    """How many people there are in the local hub of this host, since that changed. Subject: the person id."""

    TYPE: ClassVar[str] = "tablee.hall.declared.v1"
    SENDER: ClassVar[Sender] = "registration"

    event_id: str
    person_id: str
    people: int
    """0: they are the host of no hub any more, or do not say."""
    declared_at: Instant
