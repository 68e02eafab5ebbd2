"""What a stage sends out, moment by moment: the run that is wanted, or the slate, joined on one timeline without holes.

A run is one encoder process. Video changes over at an independent part; audio follows at the very instant, cut to the frame. When no
part comes in time, slate parts take their place by the wall clock, so that playlists never stand still (RFC 8216bis, section 6.2.1).
Instants are handed in as seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.streaming.media.cadence import PART_SECONDS
from services.streaming.media.fmp4 import Fragment, Init, Malformed, frozen
from services.streaming.media.ladder import Ladder
from services.streaming.packaging.audio import AudioLine
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.runs import SLATE, EncoderRun, SlateParts

SILENCE_SECONDS: Final = 3 * PART_SECONDS
"""Without a part for this long, a living encoder is given up for the slate; a dead one as soon as its next part is overdue."""
OVERDUE_SECONDS: Final = 0.05
START_SECONDS: Final = 3.0
"""How long a stage may wait for its very first part before it begins with the slate."""
AUDIO_BEHIND_SECONDS: Final = 1.0
"""Audio further behind the video than this is not waited for: silence takes its place until it comes back."""
MISSES: Final = 2
"""Key frames a change-over may let pass for the sake of step, before it goes over the slate."""
PICTURE_SECONDS: Final = 1.0
"""Without a picture for this long, while sound comes, the last key frame stands still."""
LEAD_SECONDS: Final = 0.1
"""How much before its slot a part may go out. Each has a slot, PART_SECONDS behind the one before it: were what a new encoder makes in its
first moments sent faster than real time, everybody would be later by that much from then on, at every change a little more."""
CATCH_UP_SECONDS: Final = SILENCE_SECONDS
"""How much a run that was late may make up for, faster than real time."""
CREEP_SECONDS: Final = 0.0005
"""Where parts wait, each slot comes this much sooner: the clock of a sender may be fast."""
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
        self._key: Sequence[Fragment] = ()
        """The last key frame of the run on the air, a part of each rendition."""
        self._held = False
        """Whether that key frame stands because no picture comes."""

    def want(self, run: int, ladder: Ladder | None = None) -> None:
        """From its next independent part on, `run` is what goes out; what is on the air stays until then. `ladder`: with more sound than
        there was; it stays with every run behind it."""
        self._runs.setdefault(run, EncoderRun(ladder or self._ladder))
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
        return self.on_air == run and all(line.belongs_to(run) for line in self._audio)

    def lost(self, run: int) -> bool:
        """Whether a run is not to be used any more although its process may live (silent, torn fragments)."""
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
            if self.wanted != self.on_air:
                self._change_over(now)
            if self.on_air == SLATE:
                self._send_slate(now)
            self._send_video(now)
            self._hold_picture(now)
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
        waits = any(run.aligned() for run in (self._runs.get(self.on_air), self._runs.get(self.wanted)) if run is not None)
        return max(now + 0.01, min(self._deadline(), self._slot + PART_SECONDS - LEAD_SECONDS if waits else now + START_SECONDS))

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
        elif not all(line.fall_silent(self.on_air) for line in self._audio if line.behind > AUDIO_BEHIND_SECONDS):
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
        self.on_air, self._key, self._held = SLATE, (), False
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
        early = self.on_air is not None and not self._is_due(now)
        if run is None or self.wanted in self._lost or len(run.inits) < len(run.ladder.tracks) or early:
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
        end, before = self._packager.leader.end, self.on_air
        run.offset = end - aligned[0].time / aligned[0].timescale
        self._correct_program_time(end, now - aligned[0].seconds)
        for track, fragment in zip(self._ladder.video, aligned, strict=True):
            self._packager.append(track.name, fragment, splice=run.inits[track.name])
        run.drop_aligned()
        self._add_sound(run.ladder)
        self.on_air = self.wanted
        for line in self._audio:
            line.follow(self.wanted)
        if before is None:
            self._slot = now
        else:
            self._next_slot(now, waits=False)
        self._key, self._held = aligned, False
        self.last_part_at = self._changed_at = now
        self._misses = 0

    def _add_sound(self, ladder: Ladder) -> None:
        """The tracks of sound that this ladder has and those before it had not: from the segment on that has just begun."""
        for track in ladder.audio[len(self._audio) :]:
            self._packager.add(track)
            self._audio.append(AudioLine(track, self._packager, self._slate, self._runs))
        self._ladder = ladder

    def _is_due(self, now: float) -> bool:
        return now >= self._slot + PART_SECONDS - LEAD_SECONDS

    def _next_slot(self, now: float, *, waits: bool) -> None:
        self._slot = max(self._slot + PART_SECONDS - CREEP_SECONDS * waits, now - CATCH_UP_SECONDS)

    def _send_video(self, now: float) -> None:
        run = self._runs.get(self.on_air or SLATE)
        if run is None:
            return
        while (aligned := run.aligned()) is not None and (self._held or self._is_due(now)):
            run.drop_aligned()
            if self._held and not self._takes_up(run, aligned):
                continue
            time = aligned[0].time + round(run.offset * aligned[0].timescale)
            self._correct_program_time(time / aligned[0].timescale, now - aligned[0].seconds)
            added = [self._packager.append(track.name, part, time=time) for track, part in zip(self._ladder.video, aligned, strict=True)]
            if not all(added):  # the key frame did not come where the ladder promises it: begin again at the next one
                self._go_to_slate(now, first_slot=now)
                return
            self._key = aligned if aligned[0].independent else self._key
            self._next_slot(now, waits=run.aligned() is not None)
            self.last_part_at = now

    def _hold_picture(self, now: float) -> None:
        """Sound without pictures: the last key frame goes out by the clock, until pictures come back or the sound stops too."""
        if not self._key or (not self._held and now - self.last_part_at < PICTURE_SECONDS):
            return
        while self._slot + PART_SECONDS <= now and self._sound_goes_on():
            self._held = True
            self._append_still()
            self._slot += PART_SECONDS
            self.last_part_at = now

    def _sound_goes_on(self) -> bool:
        run = self._runs.get(self.on_air or SLATE)
        return run is not None and run.alive and any(line.ahead(self.on_air or SLATE) >= PART_SECONDS / 2 for line in self._audio)

    def _append_still(self) -> None:
        inits = self._runs[self.on_air or SLATE].inits
        for track, fragment in zip(self._ladder.video, self._key, strict=True):
            self._packager.append(track.name, frozen(fragment, inits[track.name], track.part_ticks))

    def _takes_up(self, run: EncoderRun, aligned: Sequence[Fragment]) -> bool:
        """Whether pictures that come back can go on here: at a key frame that is not of the time that has been filled already."""
        ahead = aligned[0].time / aligned[0].timescale + run.offset - self._packager.leader.end
        if ahead < -LEAD_SECONDS or not all(fragment.independent for fragment in aligned):
            return False
        while ahead >= PART_SECONDS / 2:
            self._append_still()
            ahead -= PART_SECONDS
        self._held = False
        return True

    def _correct_program_time(self, seconds: float, made_at: float) -> None:
        """Let the wall clock of what follows be right: a part was made just before it came."""
        off = made_at - self._packager.program_time(seconds)
        if not -EARLY_SECONDS <= off <= LATE_SECONDS:
            self._packager.anchor(seconds, made_at)
