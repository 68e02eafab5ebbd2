"""What a stage is made with, as plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.streaming.media.inputs import EncoderInput
from services.streaming.media.ladder import Ladder
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.runs import SlateParts
from services.streaming.recording.recorder import StageRecorder
from shared.events.vocabulary import StageOrigin

OpenRecorder = Callable[[str, Packager], StageRecorder]
"""For a stage."""


@dataclass(frozen=True, slots=True)
class StageSetup:
    """`base` is what it shows while no encoder sends, `origin` its name: generated or file; `open_recorder` None: nothing is recorded."""

    ffmpeg: str
    base: EncoderInput
    origin: StageOrigin
    ladder: Ladder
    slate: SlateParts
    open_recorder: OpenRecorder | None = None
