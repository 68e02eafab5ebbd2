"""What any incoming stream promises to the stage that plays it. RTMP is one of several ways in; the stage knows these names alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.streaming.ingest.arrivals import Kind
from services.streaming.media.inputs import EncoderInput
from shared.events.vocabulary import StageOrigin

Metadata = Mapping[str, float | bool | str]


@dataclass(frozen=True, slots=True)
class IngestFacts:
    """For operators. `metadata` is what the sender announced (width, height, encoder …, unverified); `keyframe_seconds` the distance of its
    last two key frames; `dropped_…` the frames that a slow reader cost. `lasts`: seconds since it was let in, `silent_for`: since anything
    came; `keyless_seconds`: of media since the last key frame, or since the first of all; `pace`: seconds of media per second, None while
    too little is known; `missing`: what has stopped while the other goes on; `loss`: the part of the packets that had to be sent again,
    None where a protocol does not say."""

    metadata: Metadata
    bytes_received: int
    keyframe_seconds: float | None
    dropped_video: int
    dropped_audio: int
    lasts: float
    silent_for: float
    keyless_seconds: float
    pace: float | None
    has_video: bool
    has_audio: bool
    missing: Kind | None
    loss: float | None = None

    def plain(self) -> dict[str, Any]:
        return {
            "metadata": dict(self.metadata), "bytes": self.bytes_received, "keyframe_seconds": self.keyframe_seconds,
            "dropped_video": self.dropped_video, "dropped_audio": self.dropped_audio,
            "pace": None if self.pace is None else round(self.pace, 2), "loss": None if self.loss is None else round(self.loss, 3),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class IngestRefusal:
    """A sender that was turned away: `code` is one of `disconnect_reasons`, `stage` is known when the key was right."""

    peer: str
    stage: str | None
    code: str
    codec: str = ""


class Ingest(Protocol):
    """One sender, accepted for one stage. `end_reason` is None while it lives, then a code of `disconnect_reasons`."""

    @property
    def stage(self) -> str: ...

    @property
    def peer(self) -> str:
        """Address and port."""

    @property
    def origin(self) -> StageOrigin: ...

    @property
    def input(self) -> EncoderInput:
        """How the encoder takes it. Piped: it is fed with `read`; anything else it opens by itself."""

    @property
    def facts(self) -> IngestFacts: ...

    @property
    def end_reason(self) -> str | None: ...

    async def read(self) -> bytes:
        """The next bytes; b"" at the end. One reader at a time."""

    def begin_again(self) -> None:
        """For a new encoder: what is read next is a whole new stream, from the next key frame on."""

    def close(self, reason: str) -> None:
        """Ends the stream and its connection; what waits is thrown away. Idempotent."""
