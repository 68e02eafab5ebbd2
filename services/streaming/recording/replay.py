"""A session as it can be watched again: its takes joined into one list. Pure.

While the session is on the list grows (EXT-X-PLAYLIST-TYPE:EVENT, RFC 8216bis, section 4.4.3.5), afterwards it has its end. Only segments
that every rendition has are listed; where something is missing, and between takes, stands a discontinuity.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from services.streaming.media.cadence import FRAME_RATE
from services.streaming.media.ladder import Track
from services.streaming.origin.playlist import AUDIO_GROUP, audio_media, dated
from services.streaming.packaging.rendition import TARGET_DURATION
from services.streaming.recording.takes import Take, TakeFacts, TakenInit, TakenSegment

VERSION: Final = 7
HOLE_SECONDS: Final = 0.1
"""A smaller one is the length of an audio frame or a rounding."""


@dataclass(frozen=True, slots=True)
class ReplayPiece:
    """One segment of every rendition. `joins`: it goes on where the one before ended."""

    take: Take
    segments: dict[str, TakenSegment]
    joins: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch without a hole: `began` in seconds since 1970, `at` its place in the replay."""

    began: float
    at: float
    seconds: float


class Replay:
    """Of takes of one session, oldest first. `growing`: ids of those whose last segment may still get parts."""

    def __init__(self, takes: Sequence[Take], growing: frozenset[str]) -> None:
        self.takes = [take for take in takes if take.tracks]
        self.pieces: list[ReplayPiece] = []
        self._places: dict[tuple[str, str], tuple[TakeFacts, int, int]] = {}
        self._inits: dict[tuple[str, str], str] = {}
        for take in self.takes:
            self._add(take, open_end=take.facts.id in growing)

    @property
    def tracks(self) -> tuple[Track, ...]:
        return self.pieces[0].take.facts.tracks if self.pieces else ()

    @property
    def leader(self) -> str:
        return self.tracks[0].name

    @property
    def bytes(self) -> int:
        return sum(take.bytes for take in self.takes)

    @property
    def seconds(self) -> float:
        return math.fsum(piece.segments[self.leader].seconds for piece in self.pieces)

    def spans(self) -> list[Span]:
        found: list[Span] = []
        at = 0.0
        for piece in self.pieces:
            segment = piece.segments[self.leader]
            if found and piece.joins:
                found[-1] = Span(found[-1].began, found[-1].at, found[-1].seconds + segment.seconds)
            else:
                found.append(Span(segment.program_time, at, segment.seconds))
            at += segment.seconds
        return found

    def place(self, rendition: str, file: str) -> tuple[TakeFacts, int, int] | None:
        """Where the bytes of a listed file are: take, offset, length."""
        return self._places.get((rendition, file))

    def shown_at(self, second: float) -> str:
        """The file of the leading picture's segment at a place of the replay, or the last one. Raises IndexError where there is none."""
        ends = list(accumulate(piece.segments[self.leader].seconds for piece in self.pieces))
        piece = self.pieces[min(bisect_right(ends, second), len(ends) - 1)]
        return _segment_name(piece.take, piece.segments[self.leader])

    def init_of(self, rendition: str, file: str) -> str:
        """The initialisation section of a listed segment; the empty name of any other."""
        return self._inits.get((rendition, file), "")

    def _add(self, take: Take, *, open_end: bool) -> None:
        found = [{segment.sequence: segment for segment in track.segments if segment.init >= 0} for track in take.tracks.values()]
        common = sorted(set.intersection(*map(set, found)))
        if open_end and common and any(max(one) == common[-1] for one in found):
            common.pop()
        ended = self._ended()
        for sequence in common:
            segments = {name: one[sequence] for name, one in zip(take.tracks, found, strict=True)}
            leading = segments[take.facts.tracks[0].name]
            if leading.program_time + leading.seconds / 2 < ended:
                continue
            before = self.pieces[-1] if self.pieces and self.pieces[-1].take is take else None
            joins = before is not None and all(_joins(before.segments[name], segment) for name, segment in segments.items())
            self.pieces.append(ReplayPiece(take, segments, joins))
            for name, segment in segments.items():
                init = take.tracks[name].inits[segment.init]
                self._places[name, _segment_name(take, segment)] = (take.facts, segment.offset, segment.length)
                self._places[name, _init_name(take, segment)] = (take.facts, init.offset, init.length)
                self._inits[name, _segment_name(take, segment)] = _init_name(take, segment)

    def _ended(self) -> float:
        """When the takes so far end: a session that goes on is recorded from what is in memory, and some of that is in them already."""
        last = self.pieces[-1].segments[self.leader] if self.pieces else None
        return -math.inf if last is None else last.program_time + last.seconds


def _joins(before: TakenSegment, after: TakenSegment) -> bool:
    return before.init == after.init and abs(after.start - before.end) < HOLE_SECONDS


def media(replay: Replay, name: str, *, ended: bool) -> str:
    """Raises KeyError when there is no such rendition."""
    lines = [
        "#EXTM3U", f"#EXT-X-VERSION:{VERSION}", f"#EXT-X-TARGETDURATION:{_target(replay, name)}",
        f"#EXT-X-PLAYLIST-TYPE:{'VOD' if ended else 'EVENT'}", "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-INDEPENDENT-SEGMENTS",
    ]  # fmt: skip
    for before, piece in pairwise([None, *replay.pieces]):
        assert piece is not None
        lines += _piece(before, piece, name)
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if ended else [])]) + "\n"


def _piece(before: ReplayPiece | None, piece: ReplayPiece, name: str) -> list[str]:
    segment, lines = piece.segments[name], list[str]()
    if not piece.joins:
        lines += [*(["#EXT-X-DISCONTINUITY"] if before is not None else []), f'#EXT-X-MAP:URI="{_init_name(piece.take, segment)}"']
        lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{dated(segment.program_time)}")
    return [*lines, f"#EXTINF:{segment.seconds:.5f},", _segment_name(piece.take, segment)]


def _target(replay: Replay, name: str) -> int:
    """It never changes while the list grows: what a stage makes is no longer than this (section 4.4.3.1)."""
    return max([TARGET_DURATION, *(math.ceil(piece.segments[name].seconds - 0.5) for piece in replay.pieces)])


def multivariant(replay: Replay, title: Callable[[Track], str]) -> str:
    """`title`: the words for an audio track."""
    audio = [track for track in replay.tracks if track.kind == "audio"]
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [audio_media(track, title(track), default=track is audio[0]) for track in audio]
    peak, average = max(track.peak for track in audio), max(track.average for track in audio)
    for track in replay.tracks:
        if track.kind == "video":
            codecs = ",".join(dict.fromkeys(_first_init(replay, one.name).codec for one in (track, *audio)))
            lines += [
                f"#EXT-X-STREAM-INF:BANDWIDTH={track.peak + peak},AVERAGE-BANDWIDTH={track.average + average},"
                f'CODECS="{codecs}",RESOLUTION={track.width}x{track.height},FRAME-RATE={FRAME_RATE:.3f},AUDIO="{AUDIO_GROUP}"',
                f"{track.name}/index.m3u8",
            ]
    return "\n".join(lines) + "\n"


def _first_init(replay: Replay, name: str) -> TakenInit:
    return replay.pieces[0].take.tracks[name].inits[replay.pieces[0].segments[name].init]


def _segment_name(take: Take, segment: TakenSegment) -> str:
    return f"{take.facts.id}.{segment.sequence}.m4s"


def _init_name(take: Take, segment: TakenSegment) -> str:
    return f"{take.facts.id}.i{segment.init}.mp4"
