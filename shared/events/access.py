"""The end of an access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Sender


@dataclass(frozen=True, slots=True)
class AccessRevoked(Event):
    """Passes of this person (or of one browser session of theirs) issued up to `revoked_at` no longer count; live connections end."""

    TYPE: ClassVar[str] = "tablee.access.revoked.v1"
    SENDER: ClassVar[Sender] = "registration"

    event_id: str
    person_id: str
    revoked_at: Instant
    reason: str
    login: str = ""
    """Id of the one browser session that ended; empty: the whole person."""
