"""Tickets of the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event
from shared.events.vocabulary import Sender


@dataclass(frozen=True, slots=True)
class TicketIssued(Event):
    """Somebody comes by the room from now on: the mail with their ticket is due. Subject: the person id."""

    TYPE: ClassVar[str] = "tablee.ticket.issued.v1"
    SENDER: ClassVar[Sender] = "registration"

    event_id: str
    person_id: str
