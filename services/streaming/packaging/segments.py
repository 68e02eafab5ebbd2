"""What is handed on for recordings: every part when it is made. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part of one rendition, or several of one segment behind each other. `init` are the bytes of its initialisation section; `start` in
    seconds of the stage's timeline, `program_time` in seconds since 1970."""

    rendition: str
    sequence: int
    init: bytes
    data: bytes
    start: float
    seconds: float
    program_time: float


PartMade = Callable[[MadePart], None]
"""Called in the midst of packaging: must neither block nor raise."""
