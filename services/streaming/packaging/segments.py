"""What is handed on: every part when it is made, for recordings; every segment when it is closed, for thumbnails. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClosedSegment:
    """One segment of one rendition, whole. `init` and `data` are the bytes of its initialisation section and of its fragments, `name` and
    `init_name` the names both have in playlists; `start` in seconds of the stage's timeline, `program_time` in seconds since 1970."""

    rendition: str
    sequence: int
    name: str
    init_name: str
    init: bytes
    data: bytes
    start: float
    seconds: float
    program_time: float
    discontinuity: bool


SegmentClosed = Callable[[ClosedSegment], None]
"""Called in the midst of packaging: must neither block nor raise."""


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part of one rendition, or several of one segment behind each other. `init` are the bytes of its initialisation section; `start` in
    seconds of the stage's timeline, `program_time` in seconds since 1970; `first`: it begins its segment."""

    rendition: str
    sequence: int
    init: bytes
    data: bytes
    start: float
    seconds: float
    program_time: float
    first: bool


PartMade = Callable[[MadePart], None]
"""As SegmentClosed."""
