"""One rendition of a stage as it is served: its segments and parts, what the playlist lists of them, and the bytes that may be asked for.

What was listed is never changed (RFC 8216bis, section 6.2.1).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from services.streaming.media.cadence import SEGMENT_SECONDS
from services.streaming.media.fmp4 import Fragment, Init
from services.streaming.media.ladder import Track
from services.streaming.packaging.segments import MadePart, PartMade

TARGET_DURATION: Final = SEGMENT_SECONDS + 1
"""Whole seconds. Audio closes at its first part past the leader's instant, so that its segments are up to a part longer."""
WINDOW_SECONDS: Final = 60.0
"""How far back a playlist reaches; more than CAN_SKIP, so that delta updates have something to leave out."""
CAN_SKIP: Final = 6.0 * TARGET_DURATION
PARTS_LISTED_SECONDS: Final = 3.0 * TARGET_DURATION
PARTS_KEPT_SECONDS: Final = PARTS_LISTED_SECONDS + 3.0 * TARGET_DURATION + TARGET_DURATION
SEGMENTS_KEPT_SECONDS: Final = 2 * WINDOW_SECONDS + TARGET_DURATION
MOST_SEGMENTS: Final = 256
"""Listed and kept per rendition, whatever their length: an encoder that fails all the time makes many short ones."""
DISCONTINUITY_ROUND: Final = 65_536
"""Where discontinuity sequence numbers begin is the first sequence number modulo this: higher after a restart, and never large."""


@dataclass(frozen=True, slots=True)
class Part:
    uri: str
    data: bytes
    seconds: float
    independent: bool


@dataclass(slots=True)
class Segment:
    """`start` in seconds of the timeline, `program_time` in seconds since 1970. `data` is there once it is closed."""

    sequence: int
    uri: str
    init: str
    discontinuity: bool
    start: float
    program_time: float
    parts: list[Part] = field(default_factory=list)
    seconds: float = 0.0
    data: bytes = b""
    parts_gone: bool = False

    @property
    def end(self) -> float:
        return self.start + self.seconds


class Rendition:
    """One track of the stage as it is served."""

    def __init__(
        self, track: Track, *, prefix: str, first_sequence: int, made: PartMade | None = None, discontinuities: int | None = None
    ) -> None:
        self.track = track
        self.segments: deque[Segment] = deque()
        """Closed ones, oldest first; the last `listed` of them stand in the playlist."""
        self.listed = 0
        self.current: Segment | None = None
        """The one that parts are added to; never empty."""
        self.next_sequence = first_sequence
        # Kept small: hls.js holds an array as long as this number and copies it at every discontinuity (2·10⁸ froze the page).
        self.discontinuity_sequence = first_sequence % DISCONTINUITY_ROUND if discontinuities is None else discontinuities
        self.ticks = 0
        """End of the timeline so far."""
        self.init: Init | None = None
        self.awaits_splice = False
        self.parts_made = 0
        self._prefix, self._made = prefix, made
        self._init_uri = self._expected = ""
        self._inits_made = 0
        self._inits: dict[str, bytes] = {}
        self._files: dict[str, bytes] = {}

    @property
    def end(self) -> float:
        return self.ticks / self.track.timescale

    @property
    def position(self) -> int:
        """Sequence number of the segment that holds, or will hold, the next part."""
        return self.current.sequence if self.current else self.next_sequence

    @property
    def opens_next(self) -> int:
        """Sequence number of the segment that a splice would begin."""
        return self.current.sequence + 1 if self.current else self.next_sequence

    @property
    def opened_at(self) -> float:
        """Where the segment that is open began, in seconds of the timeline; without one, the end."""
        return self.current.start if self.current else self.end

    @property
    def discontinuities(self) -> int:
        """The discontinuity sequence number of the newest segment."""
        return self.discontinuity_sequence + sum(segment.discontinuity for segment in [*self.window, *filter(None, [self.current])])

    @property
    def hint(self) -> str:
        """URI of the part that comes next, whatever segment it falls into."""
        return f"{self._prefix}p{self.parts_made + 1}.m4s"

    @property
    def init_hint(self) -> str | None:
        """URI of the initialisation section that may come next, when it is not the one in force."""
        return self._expected if self._expected != self._init_uri else None

    def expect(self, *inits: Init | None) -> None:
        """Which initialisation sections may come next, the likeliest first: the first that differs from the one in force is hinted."""
        other = next((init for init in inits if init is not None and self.init is not None and init.data != self.init.data), None)
        self._expected = self._init_uri if other is None else self._uri_of(other)

    @property
    def window(self) -> list[Segment]:
        """The closed segments of the playlist, oldest first."""
        return list(self.segments)[len(self.segments) - self.listed :]

    @property
    def last(self) -> tuple[int, int] | None:
        """(sequence, part index) of the newest part; None before the first."""
        newest = self.current or (self.segments[-1] if self.segments else None)
        return (newest.sequence, len(newest.parts) - 1) if newest else None

    def recent(self, *, until_independent: bool = False, most: int = 2) -> tuple[bytes, list[Part]] | None:
        """The last `most` parts with their initialisation section, oldest first; `until_independent`: the newest part that needs no other,
        and those behind it. None where nothing can be decoded by itself."""
        newest = self.current or (self.segments[-1] if self.segments else None)
        if newest is None:
            return None
        segments = [*self.window[-2:], *filter(None, [self.current])]
        parts = [part for segment in segments if segment.init == newest.init for part in segment.parts]
        if until_independent:
            first = next((index for index in range(len(parts) - 1, -1, -1) if parts[index].independent), None)
            return None if first is None else (self._inits[newest.init], parts[first:])
        return self._inits[newest.init], parts[-most:]

    def lists_parts(self, segment: Segment) -> bool:
        return segment.end > self.end - PARTS_LISTED_SECONDS and not segment.parts_gone

    def file(self, name: str) -> bytes | None:
        return self._files.get(name) or self._inits.get(name)

    def has(self, sequence: int, part: int | None) -> bool:
        """Whether that part (None: that whole segment) is there, or was. A part past the end of a closed segment is part 0 of the next."""
        if self.current is not None and sequence == self.current.sequence:
            return part is not None and part < len(self.current.parts)
        if sequence >= self.next_sequence:
            return False
        if part is None or sequence != self.next_sequence - 1 or part < len(self.segments[-1].parts):
            return True
        return self.current is not None

    def begin(self, init: Init, program_time: float) -> None:
        """Close what is open; the next part opens a segment. It stands behind a discontinuity only where another initialisation section
        begins: times go on unbroken (RFC 8216bis, section 4.4.4.3), and some players never come back from a discontinuity."""
        self.close()
        other = self.init is not None and self.init.data != init.data
        self.init, self.awaits_splice = init, False
        self._init_uri = self._expected = self._uri_of(init)
        self._open(program_time, discontinuity=other)

    def add(self, fragment: Fragment, program_time: float) -> None:
        if self.current is None:
            self._open(program_time, discontinuity=False)
        assert self.current is not None
        part = Part(self.hint, fragment.data, fragment.seconds, fragment.independent)
        self.parts_made += 1
        self.current.parts.append(part)
        if self._made is not None:
            self._made(self._making(self.current, part.data, self.current.seconds, part.seconds))
        self.current.seconds = math.fsum(part.seconds for part in self.current.parts)
        self._files[part.uri] = part.data
        self.ticks = fragment.time + fragment.duration

    def close(self) -> None:
        if self.current is None:
            return
        segment, self.current = self.current, None
        segment.data = b"".join(part.data for part in segment.parts)
        self._files[segment.uri] = segment.data
        self.segments.append(segment)
        self.listed += 1
        self._forget()

    def made_since(self, sequence: int) -> Iterator[MadePart]:
        """What is still there of that segment and those behind it, a segment at a time."""
        for segment in [*self.segments, *filter(None, [self.current])]:
            if segment.sequence >= sequence:
                yield self._making(segment, segment.data or b"".join(part.data for part in segment.parts), 0.0, segment.seconds)

    def _making(self, segment: Segment, data: bytes, into: float, seconds: float) -> MadePart:
        """`into`: where in the segment it begins, in seconds."""
        init, at = self._inits[segment.init], (segment.start + into, seconds, segment.program_time + into)
        return MadePart(self.track.name, segment.sequence, init, data, *at)

    def _open(self, program_time: float, *, discontinuity: bool) -> None:
        sequence, self.next_sequence = self.next_sequence, self.next_sequence + 1
        uri = f"{self._prefix}s{sequence}.m4s"
        self.current = Segment(sequence, uri, self._init_uri, discontinuity, self.end, program_time)

    def _uri_of(self, init: Init) -> str:
        for uri, data in self._inits.items():
            if data == init.data:
                return uri
        self._inits_made += 1
        uri = f"{self._prefix}i{self._inits_made}.mp4"
        self._inits[uri] = init.data
        return uri

    def _forget(self) -> None:
        """Take from the playlist, then from memory, what is old enough."""
        while self.listed > 1 and (self.end - self.window[1].start >= WINDOW_SECONDS or self.listed > MOST_SEGMENTS // 2):
            self.discontinuity_sequence += self.window[0].discontinuity
            self.listed -= 1
        for segment in self.segments:
            if segment.end >= self.end - PARTS_KEPT_SECONDS:
                break
            if not segment.parts_gone:
                segment.parts_gone = True
                for part in segment.parts:
                    del self._files[part.uri]
                segment.parts.clear()
        while len(self.segments) > self.listed and (
            self.segments[0].end < self.end - SEGMENTS_KEPT_SECONDS or len(self.segments) > MOST_SEGMENTS
        ):
            self._drop(self.segments.popleft())

    def _drop(self, segment: Segment) -> None:
        for part in segment.parts:
            del self._files[part.uri]
        del self._files[segment.uri]
        used = {kept.init for kept in self.segments} | {self._init_uri, self._expected}
        self._inits = {uri: data for uri, data in self._inits.items() if uri in used}


def figures(rendition: Rendition) -> dict[str, Any]:
    """For operators: plain values. `bitrate` in bit/s, of the last few segments."""
    recent = [part for segment in [*rendition.window[-3:], *filter(None, [rendition.current])] for part in segment.parts]
    seconds = math.fsum(part.seconds for part in recent)
    return {
        "name": rendition.track.name,
        "bitrate": round(8 * sum(len(part.data) for part in recent) / seconds) if seconds else 0,
        "width": rendition.track.width,
        "height": rendition.track.height,
        "sequence": rendition.position,
        "parts": rendition.parts_made,
    }
