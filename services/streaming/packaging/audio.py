"""One audio track of a stage: it follows the video from one run to the next, or to the slate, cut to the frame. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.streaming.media.cadence import AAC_SAMPLES, PART_SECONDS
from services.streaming.media.fmp4 import Fragment, cut
from services.streaming.media.ladder import Track
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.runs import SLATE, EncoderRun, SlateParts

AUDIO_WAIT_SECONDS: Final = 1.0
"""How long a change-over waits for audio that fills up the old run."""


class AudioLine:
    """`source` is the run whose audio goes out, SLATE, or None before the first part. `runs` is shared with the splicer."""

    def __init__(self, track: Track, packager: Packager, slate: SlateParts, runs: Mapping[int, EncoderRun]) -> None:
        self.source: int | None = None
        self._next: int | None = None
        self._name = track.name
        self._packager, self._slate, self._runs = packager, slate, runs
        self._rendition = packager.renditions[track.name]
        self._slate_begun = False
        self._aligned: EncoderRun | None = None
        self._shift = 0
        """Ticks by which the audio of `_aligned` is moved, half a frame at most, so that it begins where the audio before ends."""
        self._silent: int | None = None
        """The run that is on the air without this track: silence goes out until its audio comes back, in the same stream."""

    @property
    def behind(self) -> float:
        """Seconds between the end of the video and the end of this track."""
        return self._packager.leader.end - self._rendition.end

    def ahead(self, number: int) -> float:
        """Seconds that the audio at hand of a run reaches beyond the video."""
        queue = self._runs[number].queues[self._name] if number in self._runs else ()
        last = queue[-1] if queue else None
        end = self._rendition.end if last is None else self._time(self._runs[number], last) / last.timescale + last.seconds
        return end - self._packager.leader.end

    def uses(self, run: int) -> bool:
        return run in (self.source, self._next)

    def belongs_to(self, run: int) -> bool:
        """Whether what is heard is the run's own, be it silence because it sends no audio."""
        return run in (self.source, self._silent)

    def fall_silent(self, run: int) -> bool:
        """The run on the air sends pictures alone: silence until its audio comes back. False where silence needs another initialisation
        section, which cannot begin in the midst of a stream."""
        init, slate = self._runs[run].inits.get(self._name), self._slate.inits[self._name]
        if init is None or init.data != slate.data:
            return False
        self.source, self._next, self._silent = SLATE, run, run
        self._slate_begun = not self._rendition.awaits_splice
        return True

    def follow(self, run: int) -> None:
        """From the instant at which its video began, `run` is to be heard."""
        self._next, self._silent = run, None

    def go_to_slate(self) -> None:
        self.source, self._next, self._silent = SLATE, None, None
        self._slate_begun = False

    def fill_with_silence(self) -> None:
        """Audio has its own length of part: each comes with the video part that is nearest to its time."""
        while self.behind > PART_SECONDS / 2:
            self._append_silence()

    def send(self, now: float, changed_at: float) -> None:
        """What has come from the run on the air; `changed_at` is when its video began."""
        if self._next is not None:
            self._join(self._next, now, changed_at)
        if self._silent is not None:
            self.fill_with_silence()
        run = self._runs.get(self.source or SLATE)
        if run is None or self._next is not None:
            return
        queue = run.queues[self._name]
        while queue and self._time(run, queue[0]) / queue[0].timescale <= self._packager.leader.end:  # no further than the pictures
            fragment = queue.popleft()
            self._packager.append(self._name, fragment, time=self._time(run, fragment))

    def _append_silence(self, frames: int | None = None) -> None:
        fragment, init = self._slate.fragments[self._name], self._slate.inits[self._name]
        if frames is not None:
            fragment = cut(fragment, init, keep=frames)
        self._packager.append(self._name, fragment, splice=None if self._slate_begun else init)
        self._slate_begun = True

    def _time(self, run: EncoderRun, fragment: Fragment) -> int:
        """Where a fragment belongs on the timeline: the encoder's own delay of one frame is taken off."""
        shift = self._shift if run is self._aligned else 0
        return fragment.time - AAC_SAMPLES + round(run.offset * fragment.timescale) + shift

    def _align(self, run: EncoderRun, first: Fragment) -> None:
        """Frames of two runs do not meet by themselves: there would be a hole of less than a frame (RFC 8216bis, section 3.2)."""
        self._aligned, self._shift = run, 0
        hole = self._rendition.ticks - self._time(run, first)
        self._shift = hole if abs(hole) < AAC_SAMPLES else 0

    def _join(self, number: int, now: float, changed_at: float) -> None:
        """Fill up what was on the air until the new run's audio begins, then begin it, to the frame."""
        run = self._runs[number]
        queue = run.queues[self._name]
        if self.source is None and queue:  # the very first audio of this stage: the timeline begins with the video
            self._rendition.ticks = max(0, self._time(run, queue[0]))
        while queue:
            start = self._time(run, queue[0])
            ahead = round((start - self._rendition.ticks) / AAC_SAMPLES)
            if ahead <= 0:
                first = queue.popleft()
                if -ahead < first.samples:
                    init = run.inits[self._name]
                    part = cut(first, init, head=-ahead)
                    self._align(run, part)
                    self._packager.append(self._name, part, time=self._time(run, part), splice=None if self._silent else init)
                    self.source, self._next, self._silent = number, None, None
                    return
            elif self.source == SLATE:
                self._append_silence(frames=min(ahead, self._slate.fragments[self._name].samples))
            elif not self._append_old():
                if not self._old_is_over(now, changed_at):
                    return
                self._bridge(start, ahead)

    def _append_old(self) -> bool:
        """One more fragment of the audio that is being replaced, if there is one."""
        old = self._runs.get(self.source or SLATE)
        if old is None or not old.queues[self._name]:
            return False
        fragment = old.queues[self._name].popleft()
        return self._packager.append(self._name, fragment, time=self._time(old, fragment))

    def _bridge(self, start: int, ahead: int) -> None:
        """From where the old audio ended for good to where the new begins: silence in the same stream, else a jump of the timeline."""
        init, silence = self._rendition.init, self._slate.fragments[self._name]
        if init is not None and init.data == self._slate.inits[self._name].data:
            self._slate_begun = True
            self._append_silence(frames=min(ahead, silence.samples))
        else:
            self._rendition.ticks = start

    def _old_is_over(self, now: float, changed_at: float) -> bool:
        """Whether the old audio will not come any more."""
        old = self._runs.get(self.source or SLATE)
        return old is None or not old.alive or now >= changed_at + AUDIO_WAIT_SECONDS
