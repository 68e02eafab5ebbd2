"""A take: one session on one stage, recorded without a break by one process. What lies on disk of it, as values. Pure.

Each rendition has two files that only grow: its fragments behind each other, and an index with one line per part (`p`: sequence, offset,
length, start, seconds, program time) and per initialisation section (`i`: offset, length, codec). The line is written when its bytes
are, so that what was being written when a process died is no part of the take.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from services.streaming.media.ladder import Track
from services.streaming.packaging.segments import MadePart


@dataclass(frozen=True, slots=True)
class TakeFacts:
    """`id` sorts by time. `began` in seconds since 1970."""

    id: str
    session: str
    stage: str
    began: float
    tracks: tuple[Track, ...]

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> TakeFacts:
        """Raises ValueError, TypeError, KeyError when it is none."""
        given: dict[str, Any] = json.loads(text)
        return TakeFacts(**{**given, "tracks": tuple(Track(**track) for track in given["tracks"])})


@dataclass(frozen=True, slots=True)
class TakenInit:
    offset: int
    length: int
    codec: str


@dataclass(slots=True)
class TakenSegment:
    """`init` is an index into the initialisation sections of its rendition. `start` in seconds of the stage's timeline."""

    sequence: int
    init: int
    offset: int
    length: int
    start: float
    seconds: float
    program_time: float

    @property
    def end(self) -> float:
        return self.start + self.seconds


@dataclass(slots=True)
class TakenTrack:
    """`read`: how many bytes of the index have been read."""

    inits: list[TakenInit] = field(default_factory=list)
    segments: list[TakenSegment] = field(default_factory=list)
    read: int = 0

    def take(self, index: bytes) -> None:
        """What the index has grown by. A last line without its end is read again when it is whole; one that is none is left out."""
        whole = index.rpartition(b"\n")[0]
        self.read += len(whole) + bool(whole)
        for line in whole.split(b"\n"):
            try:
                kind, *values = json.loads(line)
                self._init(*values) if kind == "i" else self._part(*values)
            except (ValueError, TypeError):
                continue

    def _init(self, offset: int, length: int, codec: str) -> None:
        self.inits.append(TakenInit(offset, length, codec))

    def _part(self, sequence: int, offset: int, length: int, start: float, seconds: float, program_time: float) -> None:
        last = self.segments[-1] if self.segments else None
        if last is None or last.sequence != sequence or last.offset + last.length != offset:
            self.segments.append(TakenSegment(sequence, len(self.inits) - 1, offset, length, start, seconds, program_time))
        else:
            last.length, last.seconds = last.length + length, last.seconds + seconds


@dataclass(slots=True)
class Take:
    facts: TakeFacts
    tracks: Mapping[str, TakenTrack]

    @property
    def bytes(self) -> int:
        lengths = ([*(one.length for one in track.inits), *(one.length for one in track.segments)] for track in self.tracks.values())
        return sum(map(sum, lengths))


def init_line(offset: int, length: int, codec: str) -> bytes:
    return _line("i", offset, length, codec)


def part_line(part: MadePart, offset: int) -> bytes:
    return _line("p", part.sequence, offset, len(part.data), round(part.start, 6), round(part.seconds, 6), round(part.program_time, 3))


def _line(*values: Any) -> bytes:
    return json.dumps(values, separators=(",", ":")).encode() + b"\n"


def in_order(takes: Sequence[Take]) -> list[Take]:
    return sorted(takes, key=lambda take: take.facts.id)
