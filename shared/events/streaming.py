"""Events of the streaming service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event


@dataclass(frozen=True, slots=True)
class StageChanged(Event):
    """What a stage sends out changed. Subject: the stage id; seq counts the stage's changes over restarts.

    `state`   starting, live (what was meant to be sent), fallback (an announced source is missing), ended
    `origin`  rtmp, file, generated, slate, none
    """

    TYPE: ClassVar[str] = "tablee.streaming.stage.changed.v1"

    stage: str
    state: str
    origin: str
    since: str
