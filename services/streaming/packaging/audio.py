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

    @property
    def behind(self) -> float:
        """Seconds between the end of the video and the end of this track."""
        return self._packager.leader.end - self._rendition.end

    def uses(self, run: int) -> bool:
        return run in (self.source, self._next)

    def follow(self, run: int) -> None:
        """From the instant at which its video began, `run` is to be heard."""
        self._next = run

    def go_to_slate(self) -> None:
        self.source, self._next = SLATE, None
        self._slate_begun = False

    def fill_with_silence(self) -> None:
        """Audio has its own length of part: each comes with the video part that is nearest to its time."""
        while self.behind > PART_SECONDS / 2:
            self._append_silence()

    def send(self, now: float, changed_at: float) -> None:
        """What has come from the run on the air; `changed_at` is when its video began."""
        if self._next is not None:
            self._join(self._next, now, changed_at)
        run = self._runs.get(self.source or SLATE)
        if run is None or self._next is not None:
            return
        queue = run.queues[self._name]
        while queue:
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
        return fragment.time - AAC_SAMPLES + round(run.offset * fragment.timescale)

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
                    self._packager.append(self._name, part, time=self._time(run, part), splice=init)
                    self.source, self._next = number, None
                    return
            elif self.source == SLATE:
                self._append_silence(frames=min(ahead, self._slate.fragments[self._name].samples))
            elif not self._append_old() and not self._jump(start, now, changed_at):
                return

    def _append_old(self) -> bool:
        """One more fragment of the audio that is being replaced, if there is one."""
        old = self._runs.get(self.source or SLATE)
        if old is None or not old.queues[self._name]:
            return False
        fragment = old.queues[self._name].popleft()
        return self._packager.append(self._name, fragment, time=self._time(old, fragment))

    def _jump(self, start: int, now: float, changed_at: float) -> bool:
        """Whether the old audio will not come any more: the timeline then jumps to `start`."""
        old = self._runs.get(self.source or SLATE)
        if old is not None and old.alive and now < changed_at + AUDIO_WAIT_SECONDS:
            return False
        self._rendition.ticks = start
        return True
