"""How the day really goes: what is on, what is over, when the rest is expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Progress, Sender


@dataclass(frozen=True, slots=True)
class SlotRef:
    """One session of the programme in force. `starts_at` and `ends_at` are what really was or is expected now; None: not known."""

    session: str
    progress: Progress
    starts_at: Instant | None
    ends_at: Instant | None
    decided_at: Instant | None = None
    """When an operator started, ended, cancelled or restored it by hand, and so brought about `progress`; None: by the clock and the
    programme."""


@dataclass(frozen=True, slots=True)
class RunningOrderChanged(Event):
    """A session began, ended, was moved, cancelled or restored, by hand or by the clock. Subject: the event id; seq: the version of the
    running order. Whole, in print order, so that the last one is enough."""

    TYPE: ClassVar[str] = "tablee.running_order.changed.v1"
    SENDER: ClassVar[Sender] = "registration"

    event_id: str
    slots: tuple[SlotRef, ...]
