"""One WHIP publisher, as the stage that plays it sees it: a stream of FLV bytes that may be read late and begun again."""

from __future__ import annotations

from collections.abc import Callable

from services.streaming.ingest.flv.backlog import Backlog
from services.streaming.ingest.flv.publication import SECOND, FlvPublication
from services.streaming.ingest.whip import frames
from services.streaming.ingest.whip.clocks import JoinedClocks, Line
from services.streaming.ingest.whip.limits import WhipLimits


class WhipPublication(FlvPublication):
    """`ask_for_key` is called when a reader needs a picture that needs no other; `language`: of a second sound that was announced."""

    origin = "whip"

    def __init__(self, stage: str, peer: str, limits: WhipLimits, on_close: Callable[[str], None], language: str = "") -> None:
        super().__init__(stage, peer, Backlog(), on_close)
        self.language = language
        self.ask_for_key: Callable[[], None] = lambda: None
        self._limits = limits
        self._clocks = JoinedClocks()
        self._first_at: float | None = None
        self._zero = 0.0
        self._asked_at = 0.0
        self._has_setup = False

    async def changed(self) -> None:
        """Until something came, or the end."""
        self._changed.clear()
        await self._changed.wait()

    def report(self, kind: Line, wall: float, count: int) -> None:
        """A sender report of one kind (RFC 3550, section 6.4.1)."""
        self._clocks.report(kind, wall, count)

    def frame(self, kind: Line, data: bytes, count: int) -> None:
        """One whole frame with its RTP count; those that come before the clocks are joined are for nothing but the joining."""
        now = self._now()
        if self._first_at is None:
            self._first_at = now
        at = self._clocks.at(kind, count, now)
        if not self._clocks.joined and now - self._first_at < self._limits.join_seconds:
            return
        if not self._zero:
            self._zero = at
        timestamp = max(0, round((at - self._zero) * 1000))
        self._setup_sound(kind)
        for body in _bodies(kind, data):
            track = SECOND if kind == "interpreted" else 0
            self.take(video=kind == "video", timestamp=timestamp, payload=body.payload, header=body.header, track=track)
        if kind == "video" and self._backlog.wants_key:
            self._want_key(now)

    def _setup_sound(self, kind: Line) -> None:
        """Of both sounds with the first: an encoder that begins must know what comes."""
        if kind == "audio" and not self._has_setup:
            self._has_setup = True
            if self.language:
                self.take(video=False, timestamp=0, payload=frames.second_sound(None).payload, header=frames.SETUP, track=SECOND)
            self.take(video=False, timestamp=0, payload=frames.OPUS_SETUP, header=frames.SETUP)

    def _measure_keys(self, timestamp: int, first: int, key: bool) -> None:
        """Key frames come when they are asked for: how far apart they are says nothing."""
        super()._measure_keys(timestamp, first, key)
        self.keyframe_seconds = None

    def _want_key(self, now: float) -> None:
        if now - self._asked_at >= self._limits.key_every_seconds:
            self._asked_at = now
            self.ask_for_key()


def _bodies(kind: Line, data: bytes) -> list[frames.TagBody]:
    if kind == "video":
        return frames.picture(data)
    return [frames.sound(data) if kind == "audio" else frames.second_sound(data)]
