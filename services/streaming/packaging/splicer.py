"""What a stage sends out, moment by moment: the run that is wanted, or the slate, joined on one timeline without holes.

A run is one encoder process. Video changes over at an independent part; audio follows at the very instant, cut to the frame. When no
part comes in time, slate parts take their place by the wall clock, so that playlists never stand still (RFC 8216bis, section 6.2.1).
Instants are handed in as seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.streaming.media.cadence import PART_SECONDS
from services.streaming.media.fmp4 import Fragment, Init, Malformed
from services.streaming.media.ladder import Ladder
from services.streaming.packaging.audio import AudioLine
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.runs import SLATE, EncoderRun, SlateParts

SILENCE_SECONDS: Final = 3 * PART_SECONDS
"""Without a part for this long, a living encoder is given up for the slate; a dead one as soon as its next part is overdue."""
OVERDUE_SECONDS: Final = 0.05
START_SECONDS: Final = 3.0
"""How long a stage may wait for its very first part before it begins with the slate."""
AUDIO_BEHIND_SECONDS: Final = 1.5
"""Audio further behind the video than this is lost: the run is given up."""
MISSES: Final = 2
"""Key frames a change-over may let pass for the sake of step, before it goes over the slate."""
EARLY_SECONDS: Final = 0.25
LATE_SECONDS: Final = 1.0
"""How far the wall-clock time of a part may be off before what follows gets a new one. Players place what they load by it: a small
error is inaudible, a small jump is a hole."""


class Splicer:
    """Runs are numbered by the caller, from 1. `on_air` is a run, SLATE, or None before the first part."""

    def __init__(self, packager: Packager, ladder: Ladder, slate: SlateParts, *, now: float) -> None:
        self.on_air: int | None = None
        self.wanted: int = SLATE
        self.slates = 0
        """How many times the slate replaced a source."""
        self.last_part_at = now
        self._packager, self._slate = packager, slate
        self._ladder = ladder
        self._runs: dict[int, EncoderRun] = {}
        self._audio = [AudioLine(track, packager, slate, self._runs) for track in ladder.audio]
        self._began_at = now
        self._changed_at = now
        self._slot = now
        """When the part now on the air was due; the slate's clock goes on from here."""
        self._misses = 0
        self._lost: set[int] = set()

    def want(self, run: int) -> None:
        """From its next independent part on, `run` is what goes out; what is on the air stays until then."""
        self._runs.setdefault(run, EncoderRun(self._ladder))
        self.wanted = run
        self._misses = 0

    def shut(self, now: float) -> None:
        """At once nothing but the slate goes out, until a run is wanted again. What any run has left waiting is thrown away."""
        self.wanted = SLATE
        if self.on_air is None:
            self._begin_with_slate(now)
        elif self.on_air != SLATE:
            self._go_to_slate(now, first_slot=self._slot + PART_SECONDS)
        self._runs.clear()
        self._lost.clear()

    def settled(self, run: int) -> bool:
        """Whether video and audio all come from `run`, so that every other may go."""
        return self.on_air == run and all(line.source == run for line in self._audio)

    def lost(self, run: int) -> bool:
        """Whether a run is not to be used any more although its process may live (silent, without audio, torn fragments)."""
        return run in self._lost

    def ended(self, run: int) -> None:
        """No more parts will come from this run."""
        if run in self._runs:
            self._runs[run].alive = False

    def forget(self, run: int) -> None:
        self.ended(run)
        if run != self.on_air and not any(line.uses(run) for line in self._audio):
            self._runs.pop(run, None)
            self._lost.discard(run)

    def feed(self, run: int, name: str, item: Init | Fragment, now: float) -> None:
        if run not in self._runs:
            return
        if isinstance(item, Init):
            self._runs[run].inits[name] = item
            return
        self._runs[run].queues[name].append(item)
        self.tick(now)

    def tick(self, now: float) -> float:
        """Do what is due; the instant at which to call again at the latest."""
        try:
            self._give_up_when_silent(now)
            if self.on_air == SLATE:
                self._send_slate(now)
            if self.wanted != self.on_air:
                self._change_over(now)
            self._send_video(now)
            for line in self._audio:
                line.send(now, self._changed_at)
        except Malformed:
            self._abandon(now)
        self._hint()
        return self._next_due(now)

    def _hint(self) -> None:
        """Announce the initialisation section that may come next, where it would be another one: the wanted run's, or the slate's."""
        waiting = self._runs.get(self.wanted) if self.wanted != self.on_air else None
        for name, rendition in self._packager.renditions.items():
            rendition.expect(waiting.inits.get(name) if waiting else None, self._slate.inits[name])

    def _next_due(self, now: float) -> float:
        if self.on_air == SLATE:
            return self._slot + PART_SECONDS
        if self.on_air is None:
            return self._began_at + START_SECONDS
        return max(now + 0.01, self._deadline())

    def _deadline(self) -> float:
        run = self._runs.get(self.on_air or SLATE)
        patience = SILENCE_SECONDS if run is not None and run.alive else PART_SECONDS + OVERDUE_SECONDS
        return self.last_part_at + patience

    # --- the slate --------------------------------------------------------------------------------------------------------
    def _give_up_when_silent(self, now: float) -> None:
        if self.on_air == SLATE:
            return
        if self.on_air is None:
            if now >= self._began_at + START_SECONDS:
                self._begin_with_slate(now)
        elif now >= self._deadline():
            # What it missed is filled now: were it to make up for it, everybody would be late by that much from then on.
            self._abandon(now)
        elif any(line.behind > AUDIO_BEHIND_SECONDS for line in self._audio):
            self._abandon(now)

    def _begin_with_slate(self, now: float) -> None:
        self._packager.anchor(0.0, now - PART_SECONDS)
        self._go_to_slate(now, first_slot=now)

    def _abandon(self, now: float) -> None:
        if self.on_air:
            self._lost.add(self.on_air)
        self._go_to_slate(now, first_slot=self._slot + PART_SECONDS)

    def _go_to_slate(self, now: float, first_slot: float) -> None:
        if self.on_air != SLATE:
            self.slates += 1
        self.on_air = SLATE
        for line in self._audio:
            line.go_to_slate()
        self._slot = max(first_slot, now - START_SECONDS)
        self._append_slate(begin=True)
        self._send_slate(now)

    def _send_slate(self, now: float) -> None:
        while self._slot + PART_SECONDS <= now:
            self._slot += PART_SECONDS
            self._append_slate(begin=False)
            self.last_part_at = now

    def _append_slate(self, *, begin: bool) -> None:
        for track in self._ladder.video:
            init = self._slate.inits[track.name] if begin else None
            self._packager.append(track.name, self._slate.fragments[track.name], splice=init)
        for line in self._audio:
            line.fill_with_silence()
        self._packager.level()

    # --- runs -------------------------------------------------------------------------------------------------------------
    def _change_over(self, now: float) -> None:
        run = self._runs.get(self.wanted)
        if run is None or self.wanted in self._lost or len(run.inits) < len(self._ladder.tracks):
            return
        while (aligned := run.aligned()) is not None:
            if not all(fragment.independent for fragment in aligned):
                run.drop_aligned()
                continue
            if self.on_air is None or self._packager.in_step:
                self._begin_run(run, aligned, now)
                return
            self._misses += 1
            run.drop_aligned()
            if self._misses >= MISSES and self.on_air != SLATE:
                self._go_to_slate(now, first_slot=now)

    def _begin_run(self, run: EncoderRun, aligned: Sequence[Fragment], now: float) -> None:
        end = self._packager.leader.end
        run.offset = end - aligned[0].time / aligned[0].timescale
        self._correct_program_time(end, now - aligned[0].seconds)
        for track, fragment in zip(self._ladder.video, aligned, strict=True):
            self._packager.append(track.name, fragment, splice=run.inits[track.name])
        run.drop_aligned()
        self.on_air = self.wanted
        for line in self._audio:
            line.follow(self.wanted)
        self.last_part_at = self._changed_at = self._slot = now
        self._misses = 0

    def _send_video(self, now: float) -> None:
        run = self._runs.get(self.on_air or SLATE)
        if run is None:
            return
        while (aligned := run.aligned()) is not None:
            run.drop_aligned()
            time = aligned[0].time + round(run.offset * aligned[0].timescale)
            self._correct_program_time(time / aligned[0].timescale, now - aligned[0].seconds)
            added = [self._packager.append(track.name, part, time=time) for track, part in zip(self._ladder.video, aligned, strict=True)]
            if not all(added):  # the key frame did not come where the ladder promises it: begin again at the next one
                self._go_to_slate(now, first_slot=now)
                return
            self.last_part_at = self._slot = now

    def _correct_program_time(self, seconds: float, made_at: float) -> None:
        """Let the wall clock of what follows be right: a part was made just before it came."""
        off = made_at - self._packager.program_time(seconds)
        if not -EARLY_SECONDS <= off <= LATE_SECONDS:
            self._packager.anchor(seconds, made_at)
