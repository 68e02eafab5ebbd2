"""What one process of a service asks of the one that publishes for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event
from shared.events.vocabulary import Sender


@dataclass(frozen=True, slots=True)
class OutboxFilled(Event):
    """Events wait in the store for whoever publishes them; one that is lost delays them by a second.

    Subject: the process, a random id made at its start; seq: a rising number of that process."""

    TYPE: ClassVar[str] = "tablee.outbox.filled.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    process: str
