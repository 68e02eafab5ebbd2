"""One object owns one stage: it starts and replaces encoders, drives the splicer by the clock, and tells what the stage sends out.

Everything of a stage happens in the event loop, in `run` and in the callbacks of its own encoders; others only read. What must not be
here: HTTP, the store, ffmpeg's arguments.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from services.streaming.encoding.encoder import Encoder
from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.rtmp.publication import RtmpPublication
from services.streaming.media.cadence import PART_SECONDS
from services.streaming.media.fmp4 import Fragment, Init
from services.streaming.media.inputs import EncoderInput, Piped
from services.streaming.media.ladder import Ladder
from services.streaming.origin.channel import LiveChannel
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.runs import SLATE, SlateParts
from services.streaming.packaging.splicer import Splicer
from shared.events.vocabulary import StageOrigin, StageState

log = logging.getLogger("tablee.streaming")

RESTART_SECONDS: Final = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Pauses before an encoder is started again; the first one again after STEADY_SECONDS without a fault."""
STEADY_SECONDS: Final = 30.0
LONGEST_NAP: Final = 0.25
FRESH_SECONDS: Final = 3 * PART_SECONDS
"""A stage whose newest part is older than this is not ready."""
SEQUENCE_EPOCH: Final = 1_577_836_800
"""2020-01-01. Sequence numbers start at the seconds since then, so that they rise over restarts: a segment is rarely under a second."""

Wall = Callable[[], float]


@dataclass(frozen=True, slots=True)
class StageStatus:
    """`state` and `origin` as in shared.events.stage.StageChanged; `since` in seconds since 1970."""

    state: StageState
    origin: StageOrigin
    since: float


@dataclass(slots=True)
class _ActiveEncoder:
    encoder: Encoder
    publication: RtmpPublication | None
    task: asyncio.Task[None] | None = None
    started_at: float = 0.0
    finished: bool = False
    stopping: bool = False

    def stop(self) -> None:
        """Once only: a second cancellation would leave before the process has ended."""
        if self.task is not None and not self.stopping:
            self.stopping = True
            self.task.cancel()


@dataclass(frozen=True, slots=True)
class StageSetup:
    """What every stage of this process is made with. `origin` names the base source: generated or file."""

    ffmpeg: str
    base: EncoderInput
    origin: StageOrigin
    ladder: Ladder
    slate: SlateParts


class Source:
    """Call `run` in a task; `changed` is called with each new StageStatus, in the loop, and must not block."""

    def __init__(self, stage: str, setting: StageSetup, *, changed: Callable[[StageStatus], None], wall: Wall = time.time) -> None:
        now = wall()
        self.stage = stage
        self.packager = Packager(setting.ladder, prefix=secrets.token_hex(3), first_sequence=max(0, int(now) - SEQUENCE_EPOCH))
        self.splicer = Splicer(self.packager, setting.ladder, setting.slate, now=now)
        self.channel = LiveChannel(self.packager)
        self.state = StageStatus("starting", "none", now)
        self.restarts = 0
        self.publication: RtmpPublication | None = None
        self._setting, self._changed, self._wall = setting, changed, wall
        self._runs: dict[int, _ActiveEncoder] = {}
        self._number = 0
        self._missing = False
        self._failures = 0
        self._start_at = 0.0
        self._wake = asyncio.Event()

    def publish(self, publication: RtmpPublication) -> None:
        """A publisher has come for this stage: it replaces what is on the air as soon as its first key frame is there."""
        log.info("%s: RTMP from %s", self.stage, publication.peer)
        self.publication = publication
        self._missing, self._failures, self._start_at = False, 0, 0.0
        self._wake.set()

    @property
    def fresh(self) -> bool:
        return self._wall() - self.splicer.last_part_at < FRESH_SECONDS and self.packager.ready

    async def run(self) -> None:
        """Until cancelled; then every encoder is stopped before this returns."""
        try:
            while True:
                now = self._wall()
                due = self.splicer.tick(now)
                self._replace_encoders(now)
                self._announce(now)
                try:
                    async with asyncio.timeout(max(0.0, min(LONGEST_NAP, due - now))):
                        await self._wake.wait()
                except TimeoutError:
                    pass
                self._wake.clear()
        finally:
            await self._stop_all()

    def status(self) -> dict[str, Any]:
        """For operators: plain values."""
        now = self._wall()
        run = self._runs.get(self.splicer.on_air or SLATE)
        progress = run.encoder.progress if run else None
        publication = self.publication
        return {
            "state": self.state.state,
            "origin": self.state.origin,
            "since": self.state.since,
            "fps": progress.fps if progress else 0.0,
            "speed": progress.speed if progress else 0.0,
            "restarts": self.restarts,
            "slates": self.splicer.slates,
            "last_part_age": round(now - self.splicer.last_part_at, 3),
            "waiting": self.channel.waiting,
            "renditions": [self._rendition(name, run) for name in self.packager.renditions],
            "ingest": None if publication is None else {
                "peer": publication.peer, "metadata": dict(publication.metadata), "bytes": publication.bytes_received,
                "keyframe_seconds": publication.keyframe_seconds, "dropped_video": publication.dropped_video,
                "dropped_audio": publication.dropped_audio,
            },
        }  # fmt: skip

    def _rendition(self, name: str, run: _ActiveEncoder | None) -> dict[str, Any]:
        rendition = self.packager.renditions[name]
        recent = [part for segment in [*rendition.window[-3:], *filter(None, [rendition.current])] for part in segment.parts]
        seconds = sum(part.seconds for part in recent)
        return {
            "name": name,
            "bitrate": round(8 * sum(len(part.data) for part in recent) / seconds) if seconds else 0,
            "width": rendition.track.width,
            "height": rendition.track.height,
            "sequence": rendition.position,
            "parts": rendition.parts_made,
        }

    # --- encoders ---------------------------------------------------------------------------------------------------------
    def _replace_encoders(self, now: float) -> None:
        """Have the right encoder run, and no other for longer than viewers need it."""
        publication = self.publication
        if publication is not None and publication.end_reason is not None:
            log.info("%s: RTMP ended: %s", self.stage, publication.end_reason)
            self._missing = publication.end_reason != disconnect_reasons.ENDED
            self.publication = publication = None
            self._start_at = 0.0
        wanted = self._runs.get(self._number)
        lost = self.splicer.lost(self._number)
        right = wanted is not None and wanted.publication is publication and not wanted.finished and not lost
        if not right and now >= self._start_at:
            self.restarts += lost
            self._start(publication, now)
        for number, run in list(self._runs.items()):
            if number != self._number and (run.finished or self.splicer.settled(self._number) or self.splicer.lost(number)):
                self._stop(number, run)

    def _start(self, publication: RtmpPublication | None, now: float) -> None:
        before = self._runs.get(self._number)
        self._number += 1
        number = self._number
        self.splicer.want(number)
        source: EncoderInput = self._setting.base
        if publication is not None:
            if before is not None and before.publication is publication:
                publication.begin_again()
            source = Piped("flv", video=publication.has_video, audio=publication.has_audio)

        def take(name: str, item: Init | Fragment) -> None:
            self.splicer.feed(number, name, item, self._wall())
            self.channel.update()

        encoder = Encoder(self._setting.ffmpeg, source, self._setting.ladder, take, publication.read if publication else None)
        run = _ActiveEncoder(encoder, publication, started_at=now)
        self._runs[number] = run
        run.task = asyncio.create_task(self._encode(number, run), name=f"{self.stage} encoder {number}")

    async def _encode(self, number: int, run: _ActiveEncoder) -> None:
        began = self._wall()
        try:
            status = await run.encoder.run()
            if run.publication is None or run.publication.end_reason is None:
                log.warning("%s: encoder ended with %s: %s", self.stage, status, " | ".join(list(run.encoder.tail)[-3:]))
        except OSError as wrong:
            log.error("%s: the encoder cannot be started: %s", self.stage, wrong)
        finally:
            now = self._wall()
            run.finished = True
            self.splicer.ended(number)
            if number == self._number:
                self._failures = 0 if now - began > STEADY_SECONDS else self._failures
                self._start_at = now + RESTART_SECONDS[min(self._failures, len(RESTART_SECONDS) - 1)]
                self._failures += 1
                self.restarts += 1
            self._wake.set()

    def _stop(self, number: int, run: _ActiveEncoder) -> None:
        if not run.finished:
            run.stop()
            return
        self.splicer.forget(number)
        del self._runs[number]

    async def _stop_all(self) -> None:
        for run in self._runs.values():
            run.stop()
        await asyncio.gather(*[run.task for run in self._runs.values() if run.task is not None], return_exceptions=True)
        self.channel.dismiss()

    # --- telling others ---------------------------------------------------------------------------------------------------
    def _announce(self, now: float) -> None:
        self.channel.update()
        state, origin = self._condition()
        if (state, origin) != (self.state.state, self.state.origin):
            self.state = StageStatus(state, origin, now)
            log.info("%s: %s, %s", self.stage, state, origin)
            self._changed(self.state)

    def _condition(self) -> tuple[StageState, StageOrigin]:
        on_air = self.splicer.on_air
        if on_air is None:
            return "starting", "none"
        if on_air == SLATE:
            return "fallback", "slate"
        run = self._runs.get(on_air)
        if run is None:
            return self.state.state, self.state.origin
        if run.publication is not None:
            return "live", "rtmp"
        return ("fallback" if self._missing else "live"), self._setting.origin
