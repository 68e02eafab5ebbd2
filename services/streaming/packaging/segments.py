"""What is handed on of every segment when it is closed: for recordings, replays and thumbnails. Pure."""

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
