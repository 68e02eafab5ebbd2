"""What a stage sends out, moment by moment: the run that is wanted, or the slate, joined on one timeline without holes.

A run is one encoder process. Pictures change over at an independent part; audio follows at the very instant, cut to the frame. When no
part comes in time, slate parts take their place by the wall clock, so that playlists never stand still (RFC 8216bis, section 6.2.1).
Instants are handed in as seconds since 1970. What must not be here: processes, clocks, text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.streaming.media.fmp4 import Fragment, Init, Malformed, cut
from services.streaming.media.ladder import AAC_SAMPLES, FRAME_RATE, PART_FRAMES, Track
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.runs import EncoderRun, SlateParts

PART_SECONDS: Final = PART_FRAMES / FRAME_RATE
SILENCE_SECONDS: Final = 3 * PART_SECONDS
"""Without a part for this long, a living encoder is given up for the slate; a dead one as soon as its next part is overdue."""
OVERDUE_SECONDS: Final = 0.05
START_SECONDS: Final = 3.0
"""How long a stage may wait for its very first part before it begins with the slate."""
AUDIO_BEHIND_SECONDS: Final = 1.5
"""Audio further behind the picture than this is lost: the run is given up."""
AUDIO_WAIT_SECONDS: Final = 1.0
"""How long a change-over waits for audio that fills up the old run."""
MISSES: Final = 2
"""Key frames a change-over may let pass for the sake of step, before it goes over the slate."""
EARLY_SECONDS: Final = 0.25
LATE_SECONDS: Final = 1.0
"""How far the wall-clock time of a part may be off before what follows gets a new one. Players place what they load by it: a small
error is inaudible, a small jump is a hole."""
SLATE: Final = 0


class Splicer:
    """Runs are numbered by the caller, from 1. `on_air` is a run, SLATE, or None before the first part."""

    def __init__(self, packager: Packager, tracks: Sequence[Track], slate: SlateParts, *, now: float) -> None:
        self.on_air: int | None = None
        self.wanted: int = SLATE
        self.slates = 0
        """How many times the slate had to stand in."""
        self.last_part_at = now
        self._packager, self._slate = packager, slate
        self._video = [track for track in tracks if track.kind == "video"]
        self._audio = next(track for track in tracks if track.kind == "audio")
        self._tracks = tuple(tracks)
        self._runs: dict[int, EncoderRun] = {}
        self._audio_from: int | None = None
        self._audio_next: int | None = None
        self._audio_begun = False
        self._began_at = now
        self._changed_at = now
        self._slot = now
        """When the part now on the air was due; the slate's clock goes on from here."""
        self._misses = 0
        self._lost: set[int] = set()

    def want(self, run: int) -> None:
        """From its next independent part on, `run` is what goes out; what is on the air stays until then."""
        self._runs.setdefault(run, EncoderRun(self._tracks))
        self.wanted = run
        self._misses = 0

    def settled(self, run: int) -> bool:
        """Whether picture and audio both come from `run`, so that every other may go."""
        return self.on_air == run and self._audio_from == run

    def lost(self, run: int) -> bool:
        """Whether a run is not to be used any more although its process may live (silent, without audio, torn fragments)."""
        return run in self._lost

    def ended(self, run: int) -> None:
        """No more parts will come from this run."""
        if run in self._runs:
            self._runs[run].alive = False

    def forget(self, run: int) -> None:
        self.ended(run)
        if run not in (self.on_air, self._audio_from, self._audio_next):
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
            self._send_audio(now)
        except Malformed:
            self._lose(now)
        self._hint()
        return self._next_due(now)

    def _hint(self) -> None:
        """Say beforehand which initialisation section may come next, where it would be another one: the wanted run's, or the slate's."""
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
                self._packager.anchor(0.0, now - PART_SECONDS)
                self._go_to_slate(now, first_slot=now)
        elif now >= self._deadline():
            # What it missed is filled now: were it to make up for it, everybody would be late by that much from then on.
            self._lose(now)
        elif self._packager.renditions[self._audio.name].end < self._packager.leader.end - AUDIO_BEHIND_SECONDS:
            self._lose(now)

    def _lose(self, now: float) -> None:
        if self.on_air:
            self._lost.add(self.on_air)
        self._go_to_slate(now, first_slot=self._slot + PART_SECONDS)

    def _go_to_slate(self, now: float, first_slot: float) -> None:
        if self.on_air != SLATE:
            self.slates += 1
        self.on_air = SLATE
        self._audio_from, self._audio_next = SLATE, None
        self._audio_begun = False
        self._slot = max(first_slot, now - START_SECONDS)
        self._append_slate(begin=True)
        self._send_slate(now)

    def _send_slate(self, now: float) -> None:
        while self._slot + PART_SECONDS <= now:
            self._slot += PART_SECONDS
            self._append_slate(begin=False)
            self.last_part_at = now

    def _append_slate(self, *, begin: bool) -> None:
        for track in self._video:
            init = self._slate.inits[track.name] if begin else None
            self._packager.append(track.name, self._slate.fragments[track.name], splice=init)
        # Audio has its own length of part: each comes with the picture that is nearest to its time.
        while self._packager.renditions[self._audio.name].end + PART_SECONDS / 2 < self._packager.leader.end:
            self._slate_audio()
        self._packager.level()

    def _slate_audio(self, frames: int | None = None) -> None:
        fragment, init = self._slate.fragments[self._audio.name], self._slate.inits[self._audio.name]
        if frames is not None:
            fragment = cut(fragment, init, keep=frames)
        self._packager.append(self._audio.name, fragment, splice=None if self._audio_begun else init)
        self._audio_begun = True

    # --- runs -------------------------------------------------------------------------------------------------------------
    def _change_over(self, now: float) -> None:
        run = self._runs.get(self.wanted)
        if run is None or self.wanted in self._lost or len(run.inits) < len(self._tracks):
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
        self._keep_time(end, now - aligned[0].seconds)
        for track, fragment in zip(self._video, aligned, strict=True):
            self._packager.append(track.name, fragment, splice=run.inits[track.name])
        run.drop_aligned()
        self.on_air, self._audio_next = self.wanted, self.wanted
        self.last_part_at = self._changed_at = self._slot = now
        self._misses = 0

    def _send_video(self, now: float) -> None:
        run = self._runs.get(self.on_air or SLATE)
        if run is None:
            return
        while (aligned := run.aligned()) is not None:
            run.drop_aligned()
            time = aligned[0].time + round(run.offset * aligned[0].timescale)
            self._keep_time(time / aligned[0].timescale, now - aligned[0].seconds)
            added = [self._packager.append(track.name, part, time=time) for track, part in zip(self._video, aligned, strict=True)]
            if not all(added):  # the key frame did not come where the ladder promises it: begin again at the next one
                self._go_to_slate(now, first_slot=now)
                return
            self.last_part_at = self._slot = now

    def _keep_time(self, seconds: float, made_at: float) -> None:
        """Let the wall clock of what follows be right: a part was made just before it came."""
        off = made_at - self._packager.program_time(seconds)
        if not -EARLY_SECONDS <= off <= LATE_SECONDS:
            self._packager.anchor(seconds, made_at)

    # --- audio ------------------------------------------------------------------------------------------------------------
    def _send_audio(self, now: float) -> None:
        if self._audio_next is not None:
            self._join_audio(self._runs[self._audio_next], now)
        run = self._runs.get(self._audio_from or SLATE)
        if run is None or self._audio_next is not None:
            return
        queue = run.queues[self._audio.name]
        while queue:
            fragment = queue.popleft()
            self._packager.append(self._audio.name, fragment, time=self._audio_time(run, fragment))

    def _audio_time(self, run: EncoderRun, fragment: Fragment) -> int:
        """Where a fragment of audio belongs: the encoder's own delay of one frame is taken off."""
        return fragment.time - AAC_SAMPLES + round(run.offset * fragment.timescale)

    def _join_audio(self, run: EncoderRun, now: float) -> None:
        """Fill up what was on the air until the new run's audio begins, then begin it, to the frame."""
        queue, line = run.queues[self._audio.name], self._packager.renditions[self._audio.name]
        if self._audio_from is None and queue:  # the very first audio of this stage: the timeline begins with the picture
            line.ticks = max(0, self._audio_time(run, queue[0]))
        while queue:
            start = self._audio_time(run, queue[0])
            ahead = round((start - line.ticks) / AAC_SAMPLES)
            if ahead <= 0:
                first = queue.popleft()
                if -ahead < first.samples:
                    init = run.inits[self._audio.name]
                    part = cut(first, init, head=-ahead)
                    self._packager.append(self._audio.name, part, time=self._audio_time(run, part), splice=init)
                    self._audio_from, self._audio_next = self.on_air, None
                    return
            elif self._audio_from == SLATE:
                whole = self._slate.fragments[self._audio.name].samples
                self._slate_audio(frames=min(ahead, whole))
            elif not self._old_audio() and not self._give_up_waiting(now, start):
                return

    def _old_audio(self) -> bool:
        """One more fragment of the audio that is being replaced, if there is one."""
        old = self._runs.get(self._audio_from or SLATE)
        if old is None or not old.queues[self._audio.name]:
            return False
        fragment = old.queues[self._audio.name].popleft()
        return self._packager.append(self._audio.name, fragment, time=self._audio_time(old, fragment))

    def _give_up_waiting(self, now: float, start: int) -> bool:
        """Whether the old audio will not come any more: the timeline then jumps to `start`."""
        old = self._runs.get(self._audio_from or SLATE)
        if old is not None and old.alive and now < self._changed_at + AUDIO_WAIT_SECONDS:
            return False
        self._packager.renditions[self._audio.name].ticks = start
        return True
