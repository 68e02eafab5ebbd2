"""What a stage sends out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Sender, StageOrigin, StageReason, StageState


@dataclass(frozen=True, slots=True)
class StageChanged(Event):
    """What a stage sends out changed. Subject: the stage id; seq counts the stage's changes over restarts."""

    TYPE: ClassVar[str] = "tablee.stage.changed.v1"
    SENDER: ClassVar[Sender] = "streaming"

    stage: str
    state: StageState
    origin: StageOrigin
    since: Instant
    reason: StageReason | None = None
    """`closed_session`: a session that is not streamed is on in the hall; `left_programme`: the stage is none any more."""
