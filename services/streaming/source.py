"""One object owns one stage: it starts and replaces encoders, drives the splicer by the clock, and announces what the stage sends out.

Everything of a stage happens in the event loop, in `run` and in the callbacks of its own encoders; others only read.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

from services.streaming.domain import StageStatus, state_of
from services.streaming.encoding.active import ActiveEncoder
from services.streaming.encoding.encoder import Encoder
from services.streaming.encoding.preview import Preview
from services.streaming.ingest.disconnect_reasons import ended_how
from services.streaming.ingest.port import Ingest
from services.streaming.media.cadence import PART_SECONDS
from services.streaming.media.fmp4 import Fragment, Init
from services.streaming.media.inputs import Piped
from services.streaming.media.ladder import INTERPRETED
from services.streaming.on_air import AirFacts, OnAir, SenderEnd, judge
from services.streaming.origin.channel import LiveChannel
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.rendition import figures
from services.streaming.packaging.runs import SLATE
from services.streaming.packaging.segments import MadePart
from services.streaming.packaging.splicer import Splicer
from services.streaming.stage_setup import StageSetup
from shared.backoff import Backoff
from shared.events.vocabulary import StageOrigin, StageReason

log = logging.getLogger("tablee.streaming")

RESTART: Final = Backoff(first=0.1, longest=10.0, factor=3.0, jitter=0.0)
"""Pauses before an encoder is started again; the first one again after STEADY_SECONDS without a fault. No jitter: encoders of
several stages do not compete for anything, and viewers wait."""
STEADY_SECONDS: Final = 30.0
LONGEST_NAP: Final = 0.25
FRESH_SECONDS: Final = 3 * PART_SECONDS
"""A stage whose newest part is older than this is not ready."""
AFTERWARDS_SECONDS: Final = 3.0
"""How long after a closed session the hall stays unseen: what an encoder still has on its way is of the session."""
SEQUENCE_EPOCH: Final = 1_577_836_800
"""2020-01-01. Sequence numbers start at the seconds since then, so that they rise over restarts: a segment is rarely under a second."""

Wall = Callable[[], float]


class Source:
    """Call `run` in a task; `changed` is called with each new StageStatus, in the loop, and must not block."""

    def __init__(self, stage: str, setup: StageSetup, *, changed: Callable[[StageStatus], None], wall: Wall = time.time) -> None:
        now = wall()
        self.stage = stage
        first = max(0, int(now) - SEQUENCE_EPOCH)
        self.packager = Packager(setup.ladder, prefix=secrets.token_hex(3), first_sequence=first, made=self._part_made)
        self.recorder = None if setup.open_recorder is None else setup.open_recorder(stage, self.packager)
        self.splicer = Splicer(self.packager, setup.ladder, setup.slate, now=now)
        self.channel = LiveChannel(self.packager)
        self.preview = Preview(setup.ffmpeg, self.packager, wall)
        self.state = StageStatus("starting", "none", now)
        self.restarts = 0
        self.ingest: Ingest | None = None
        self._setup, self._changed, self._wall = setup, changed, wall
        self._ladder = setup.ladder
        """With the sound of whoever interprets, once a sender brought one: players that have it go on having it."""
        self._runs: dict[int, ActiveEncoder] = {}
        self._number = 0
        self._last_end: SenderEnd | None = None
        self._pauses = RESTART.pauses()
        self._start_at = 0.0
        self._wake = asyncio.Event()
        self._shut = self._unread = False
        self._resume_at = 0.0

    def publish(self, ingest: Ingest) -> None:
        """Somebody sends to this stage: it replaces what is on the air as soon as its first key frame is there."""
        log.info("%s: %s from %s", self.stage, ingest.origin.upper(), ingest.peer)
        self.ingest = ingest
        self._last_end, self._start_at = None, 0.0
        self._pauses.reset()
        self._wake.set()

    def shut(self) -> None:
        """From this moment nothing of the hall goes out, whatever is sent: the slate alone. Who sends stays connected, and what they send
        is read by nobody. Idempotent."""
        if not self._shut:
            self._shut = self._unread = True
            self._number += 1  # no run that is there is the right one any more
            self.splicer.shut(self._wall())
            self.preview.forget()
            self._wake.set()

    def reopen(self) -> None:
        """The picture comes back with what arrives after AFTERWARDS_SECONDS. Idempotent."""
        if self._shut:
            self._shut, self._resume_at = False, self._wall() + AFTERWARDS_SECONDS
            self._wake.set()

    def record(self, sessions: Mapping[str, float], *, later: bool) -> None:
        """As StageRecorder.want."""
        if self.recorder is not None:
            self.recorder.want(sessions, later=later)

    def finish(self) -> None:
        """The end of the stream: playlists say so, and nothing is added. The task that runs this stage is then to be cancelled."""
        self.record({}, later=False)
        self.splicer.shut(self._wall())
        self.channel.finish()

    @property
    def closed(self) -> bool:
        """Whether a closed session is on, or was a moment ago."""
        return self._shut or self._wall() < self._resume_at

    @property
    def fresh(self) -> bool:
        return self._wall() - self.splicer.last_part_at < FRESH_SECONDS and self.packager.ready

    async def run(self) -> None:
        """Until cancelled; then every encoder is stopped before this returns."""
        recording = None if self.recorder is None else asyncio.create_task(self.recorder.run(), name=f"{self.stage} recorder")
        try:
            while True:
                await self._sleep_until(self._advance())
        finally:
            await self._stop_all()
            await self.preview.close()
            if self.recorder is not None and recording is not None:
                await self.recorder.flush()
                recording.cancel()

    def _advance(self) -> float:
        """Do what is due now; the instant of the next turn."""
        now = self._wall()
        due = self.splicer.tick(now)
        self._replace_encoders(now)
        self._announce(now)
        return due

    async def _sleep_until(self, due: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, min(LONGEST_NAP, due - self._wall()))):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    def _part_made(self, part: MadePart) -> None:
        if self.recorder is not None:
            self.recorder.made(part)

    def status(self) -> dict[str, Any]:
        """For operators: plain values."""
        now = self._wall()
        run = self._runs.get(self.splicer.on_air or SLATE)
        progress = run.encoder.progress if run else None
        return {
            "state": self.state.state,
            "origin": self.state.origin,
            "since": self.state.since,
            "fps": progress.fps if progress else 0.0,
            "speed": progress.speed if progress else 0.0,
            "restarts": self.restarts,
            "slates": self.splicer.slates,
            "reason": self.state.reason,
            "last_part_age": round(now - self.splicer.last_part_at, 3),
            "waiting": self.channel.waiting,
            "renditions": [figures(rendition) for rendition in self.packager.renditions.values()],
            "ingest": None if self.ingest is None else {"peer": self.ingest.peer, **self.ingest.facts.plain()},
            "recorded": sorted(self.recorder.sessions) if self.recorder is not None else [],
            "on_air": asdict(self.on_air()),
        }  # fmt: skip

    def on_air(self) -> OnAir:
        """What viewers get, and why it is that."""
        sender = None if self.ingest is None else self.ingest.facts
        run = self._runs.get(self._number)
        unwritten = self.recorder is not None and self.recorder.trouble
        return judge(AirFacts(self.state.origin, self.closed, sender, self._last_end, run.encoder.speed_now if run else None, unwritten))

    # --- encoders ---------------------------------------------------------------------------------------------------------
    def _replace_encoders(self, now: float) -> None:
        """Have the right encoder run, and no other for longer than viewers need it."""
        self._drop_ended_ingest()
        wanted = self._runs.get(self._number)
        lost = self.splicer.lost(self._number)
        right = wanted is not None and wanted.suits(self.ingest) and not lost
        if not right and not self.closed and now >= self._start_at:
            frozen = self.ingest is not None and self.ingest.facts.silent_for >= PART_SECONDS
            self.restarts += lost and not frozen  # a line that freezes is no fault
            self._start(self.ingest)
        for number, run in list(self._runs.items()):
            if number != self._number and (self.closed or self._is_left_behind(number, run)):
                self._stop(number, run)

    def _is_left_behind(self, number: int, run: ActiveEncoder) -> bool:
        return run.finished or self.splicer.settled(self._number) or self.splicer.lost(number)

    def _drop_ended_ingest(self) -> None:
        reason = self.ingest.end_reason if self.ingest is not None else None
        if self.ingest is not None and reason is not None:
            log.info("%s: %s ended: %s", self.stage, self.ingest.origin.upper(), reason)
            self._last_end = ended_how(reason)
            self.ingest = None
            self._start_at = 0.0

    def _start(self, ingest: Ingest | None) -> None:
        before = self._runs.get(self._number)
        self._number += 1
        number = self._number
        source = self._setup.base if ingest is None else ingest.input
        if isinstance(source, Piped) and source.interpreted:
            self._interpret(source.interpreted)
        self.splicer.want(number, self._ladder)
        if ingest is not None and (self._unread or (before is not None and before.ingest is ingest)):
            ingest.begin_again()
        self._unread = False

        def take(name: str, item: Init | Fragment) -> None:
            self.splicer.feed(number, name, item, self._wall())
            self.channel.update()

        feed = ingest.read if ingest is not None and isinstance(source, Piped) else None
        encoder = Encoder(self._setup.ffmpeg, source, self._ladder, take, feed)
        run = self._runs[number] = ActiveEncoder(encoder, ingest, source)
        run.task = asyncio.create_task(self._encode(number, run), name=f"{self.stage} encoder {number}")

    def _interpret(self, language: str) -> None:
        self._ladder = self._setup.ladder.interpreted(language)
        known = self.packager.renditions.get(INTERPRETED.name)
        if known is not None:
            known.track = self._ladder.audio[-1]

    async def _encode(self, number: int, run: ActiveEncoder) -> None:
        began = self._wall()
        try:
            status = await run.encoder.run()
            if run.ingest is None or run.ingest.end_reason is None:
                log.warning("%s: encoder ended with %s: %s", self.stage, status, " | ".join(list(run.encoder.tail)[-3:]))
        except OSError as wrong:
            log.error("%s: the encoder cannot be started: %s", self.stage, wrong)
        finally:
            now = self._wall()
            run.finished = True
            self.splicer.ended(number)
            if number == self._number:
                if now - began > STEADY_SECONDS:
                    self._pauses.reset()
                self._start_at = now + self._pauses.next()
                self.restarts += run.ingest is None or run.ingest.end_reason is None  # the end of a sender is no fault
            self._wake.set()

    def _stop(self, number: int, run: ActiveEncoder) -> None:
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

    # --- state ------------------------------------------------------------------------------------------------------------
    def _announce(self, now: float) -> None:
        self.channel.update()
        feed = self._feed()
        state = state_of(feed, ingest_lost=self._last_end in ("lost", "cut"))
        reason: StageReason | None = "closed_session" if self.closed else None
        if (state, feed, reason) != (self.state.state, self.state.origin, self.state.reason):
            self.state = StageStatus(state, feed, now, reason)
            log.info("%s: %s, %s%s", self.stage, state, feed, f" ({reason})" if reason else "")
            self._changed(self.state)

    def _feed(self) -> StageOrigin:
        """What viewers get now."""
        on_air = self.splicer.on_air
        if on_air is None:
            return "none"
        if on_air == SLATE:
            return "slate"
        run = self._runs.get(on_air)
        if run is None:
            return self.state.origin
        return run.ingest.origin if run.ingest is not None else self._setup.origin
