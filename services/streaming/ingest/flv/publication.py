"""One accepted publisher, as the stage that plays it sees it: a stream of FLV bytes that may be read late and begun again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from services.streaming.ingest.arrivals import Arrivals
from services.streaming.ingest.flv.backlog import Backlog
from services.streaming.ingest.flv.catching_up import HELD_UP_SECONDS, CatchingUp
from services.streaming.ingest.flv.flv import TagHeader
from services.streaming.ingest.port import IngestFacts
from services.streaming.media.inputs import Piped
from shared.events.vocabulary import StageOrigin

READ_BYTES = 256 * 1024
ONE_KIND_MS = 1000
"""A stream that shows only audio, or only pictures, this long is taken to have nothing else."""
TIMESTAMP_HALF = 0x7FFFFFFF
SECOND = 1
"""The number of a second sound track."""


class FlvPublication:
    """One accepted publisher: an Ingest. `origin` is named by each protocol, `end_reason` None while it lives, then a code of
    `disconnect_reasons`."""

    origin: StageOrigin

    def __init__(
        self, stage: str, peer: str, backlog: Backlog, on_close: Callable[[str], None], now: Callable[[], float] | None = None
    ) -> None:
        self.stage = stage
        self.peer = peer
        self.metadata: dict[str, float | bool | str] = {}
        self.language = ""
        """Of its second sound track, the voice of whoever interprets, where it has one."""
        self.end_reason: str | None = None
        self.bytes_received = 0
        self.keyframe_seconds: float | None = None
        self.keyless_seconds = 0.0
        self._backlog = backlog
        self._changed = asyncio.Event()
        self._on_close = on_close
        self._first_timestamp: int | None = None
        self._key_timestamp: int | None = None
        self._one_kind = False
        self._arrivals = Arrivals()
        self._now = asyncio.get_running_loop().time if now is None else now
        self._catching_up: CatchingUp | None = None
        """While a sender brings what its line held back: nothing is read, and only what its newest key frame begins is kept."""
        self._began_at = self._now()

    @property
    def has_video(self) -> bool:
        return self._backlog.has(video=True)

    @property
    def has_audio(self) -> bool:
        return self._backlog.has(video=False)

    @property
    def input(self) -> Piped:
        """FLV, with the kinds that come now: an encoder would wait for ever for one that was announced and has stopped."""
        missing = self._arrivals.missing
        audio = self.has_audio and missing != "audio"
        language = self.language if audio and self._backlog.has(video=False, track=SECOND) else ""
        return Piped("flv", video=self.has_video and missing != "video", audio=audio, interpreted=language)

    @property
    def facts(self) -> IngestFacts:
        now = self._now()
        return IngestFacts(
            self.metadata, self.bytes_received, self.keyframe_seconds, self._backlog.dropped_video, self._backlog.dropped_audio,
            lasts=now - self._began_at, silent_for=self._arrivals.silent_for(now), keyless_seconds=self.keyless_seconds,
            pace=self._arrivals.pace(now), has_video=self.has_video, has_audio=self.has_audio, missing=self._arrivals.missing,
        )  # fmt: skip

    @property
    def known(self) -> bool:
        """Whether it is clear what the stream holds, so that a reader may begin."""
        return (self.has_video and self.has_audio) or (self._one_kind and (self.has_video or self.has_audio))

    async def read(self) -> bytes:
        """The next FLV bytes, whole tags; b"" at the end. One reader at a time."""
        while (not self._backlog.ready or self._catching_up is not None) and self.end_reason is None:
            self._changed.clear()
            await self._changed.wait()
        return self._backlog.take(READ_BYTES)

    def begin_again(self) -> None:
        """For a new reader of the same publication: what comes next is a whole new FLV stream, from the next keyframe on; after a line that
        stood still, not before what it held back has come and been thrown away."""
        self._backlog.begin_again(pictures=self.input.video)
        if self._arrivals.silent_for(self._now()) >= HELD_UP_SECONDS:
            self._catching_up = CatchingUp()

    def close(self, reason: str) -> None:
        """Ends the publication and its connection; what waits is thrown away. `reason` is a dotted code. Idempotent."""
        if self.end_reason is None:
            self._backlog.clear()
            self.finish(reason)
            self._on_close(reason)

    def finish(self, reason: str) -> None:
        """The encoder is gone: what waits may still be read, then the end."""
        if self.end_reason is None:
            self.end_reason = reason
            self._changed.set()

    def take(self, *, video: bool, timestamp: int, payload: bytes, header: TagHeader, track: int = 0) -> None:
        """Takes in the body of one tag; `timestamp` in ms, 32 bits. Of a second track nothing is expected: it may be silent for long."""
        if self.end_reason is not None:
            return
        self.bytes_received += len(payload)
        if self._catching_up is not None and header.key:
            self._backlog.begin_again()
        self._backlog.put(video=video, timestamp=timestamp, payload=payload, header=header, track=track)
        if header.setup or track:
            return
        self._arrivals.put("video" if video else "audio", timestamp, self._now())
        if self._first_timestamp is None:
            self._first_timestamp = timestamp
        self._one_kind = self._one_kind or _after(timestamp, self._first_timestamp) >= ONE_KIND_MS
        self._measure_keys(timestamp, self._first_timestamp, header.key)
        if self._catching_up is not None:
            self._catch_up(self._catching_up, key=header.key)
        self._changed.set()

    def _catch_up(self, catching_up: CatchingUp, *, key: bool) -> None:
        if not catching_up.put(self._arrivals.media, self._now(), key=key):
            return
        self._catching_up = None
        if not catching_up.begins_with_last_key(self._arrivals.media, self.keyframe_seconds):
            self._backlog.begin_again(pictures=self.input.video)

    def _measure_keys(self, timestamp: int, first: int, key: bool) -> None:
        since = _after(timestamp, first if self._key_timestamp is None else self._key_timestamp) / 1000
        self.keyless_seconds = 0.0 if key else since
        if key:
            self.keyframe_seconds = None if self._key_timestamp is None else since
            self._key_timestamp = timestamp


def _after(later: int, earlier: int) -> int:
    """Milliseconds from one to the other on the wrapping clock; 0 when it is not later."""
    distance = (later - earlier) & 0xFFFFFFFF
    return distance if distance <= TIMESTAMP_HALF else 0
