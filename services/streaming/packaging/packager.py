"""Fragments become parts, parts become segments: the renditions of one stage, kept in step, with everything that may be asked for.

The first track leads: it closes a segment as soon as it is long enough (the key-frame grid of the ladder makes the next part
independent), the others close theirs at the same instant. Times are ticks of each track on one timeline that never jumps back; seconds
are only for comparing.
"""

from __future__ import annotations

from typing import Final

from services.streaming.media.cadence import SEGMENT_SECONDS
from services.streaming.media.fmp4 import Fragment, Init, moved
from services.streaming.media.ladder import Ladder, Track
from services.streaming.packaging.rendition import TARGET_DURATION, Rendition
from services.streaming.packaging.segments import PartMade

BOUNDARIES_KEPT: Final = 8
NEARLY: Final = 0.001
"""Seconds; two instants closer than this are the same."""


class Packager:
    """`first_sequence` must be higher than anything an earlier process listed; `prefix` must differ from the names it used. `made` gets
    every part at the moment it is whole."""

    def __init__(self, ladder: Ladder, *, prefix: str, first_sequence: int, made: PartMade | None = None) -> None:
        self.ladder = ladder
        self.renditions = {track.name: Rendition(track, prefix=prefix, first_sequence=first_sequence, made=made) for track in ladder.tracks}
        self.leader = self.renditions[ladder.leader.name]
        self.revision = 0
        """Counts what was added: a text rendered at one revision is good until the next."""
        self._followers = [rendition for rendition in self.renditions.values() if rendition is not self.leader]
        self._boundaries: dict[int, float] = {}
        self._anchor = (0.0, 0.0)
        self._prefix = prefix

    @property
    def ready(self) -> bool:
        """Whether every rendition that was there from the beginning has something to list."""
        return all(self.renditions[track.name].last is not None for track in self.ladder.tracks)

    @property
    def in_step(self) -> bool:
        """Whether a splice now would begin segments of the same sequence number everywhere."""
        return all(rendition.opens_next == self.leader.opens_next for rendition in self._followers)

    def add(self, track: Track) -> None:
        """One more rendition, from the segment on that the leader has open; it is not recorded."""
        sequence, discontinuities = self.leader.position, self.leader.discontinuities
        rendition = Rendition(track, prefix=self._prefix, first_sequence=sequence, discontinuities=discontinuities)
        rendition.ticks = round(self.leader.opened_at * track.timescale)
        self.renditions[track.name] = rendition
        self._followers.append(rendition)

    def anchor(self, seconds: float, wall: float) -> None:
        """From now on, the instant `seconds` of the timeline is `wall` (seconds since 1970)."""
        self._anchor = (seconds, wall)

    def program_time(self, seconds: float) -> float:
        return self._anchor[1] + seconds - self._anchor[0]

    def append(self, name: str, fragment: Fragment, *, time: int | None = None, splice: Init | None = None) -> bool:
        """Add a fragment at `time` (ticks; None: right behind the last). `splice`: it begins something else, made with this
        initialisation section. False, and nothing done, when it cannot begin the segment it would have to begin."""
        rendition = self.renditions[name]
        if rendition.current is None and not fragment.independent:
            return False
        self.revision += 1
        shifted = moved(fragment, rendition.ticks if time is None else max(time, rendition.ticks))
        program_time = self.program_time(shifted.time / rendition.track.timescale)
        if splice is not None:
            self._splice(rendition, splice, program_time)
        elif rendition.current and rendition.current.seconds + fragment.seconds >= TARGET_DURATION + 0.5 - NEARLY:
            rendition.close()
        if rendition.current is None and rendition.init is None:
            raise ValueError("the first fragment of a rendition needs its initialisation section")
        rendition.add(shifted, program_time)
        self._close_in_step()
        return True

    def sequence_at(self, wall: float, *, later: bool) -> int:
        """Of the segment that holds that instant (seconds since 1970), or of the oldest that is still there; `later`: of the first that
        begins no sooner."""
        for segment in [*self.leader.segments, *filter(None, [self.leader.current])]:
            if segment.program_time >= wall or (not later and segment.program_time + segment.seconds > wall):
                return segment.sequence
        return self.leader.position if not later else self.leader.opens_next

    def level(self) -> None:
        """Close what stays behind the furthest rendition. Only where every part is independent: on the slate."""
        furthest = max(rendition.position for rendition in self.renditions.values())
        for rendition in self.renditions.values():
            if rendition.position < furthest:
                rendition.close()
                self.revision += 1

    def finish(self) -> None:
        """Nothing will be added any more: what is open is closed."""
        for rendition in self.renditions.values():
            rendition.close()
        self.revision += 1

    def _splice(self, rendition: Rendition, init: Init, program_time: float) -> None:
        rendition.begin(init, program_time)
        if rendition is self.leader:
            for follower in self._followers:
                follower.awaits_splice = True

    def _close_in_step(self) -> None:
        leader = self.leader.current
        if leader is not None and leader.seconds >= SEGMENT_SECONDS - NEARLY:
            self.leader.close()
            self._boundaries[leader.sequence] = leader.end
            for sequence in list(self._boundaries)[:-BOUNDARIES_KEPT]:
                del self._boundaries[sequence]
        for follower in self._followers:
            segment = follower.current
            if segment is None or follower.awaits_splice:
                continue
            boundary = self._boundaries.get(segment.sequence)
            if boundary is not None and segment.end >= boundary - NEARLY:
                follower.close()
