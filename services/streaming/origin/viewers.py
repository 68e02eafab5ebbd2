"""How many people watch a stage, counted from their requests. Who may watch is decided elsewhere (access)."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

MOST_REMEMBERED: Final = 20_000
"""Viewers per stage; beyond it the count is too low."""
VIEWER_SECONDS: Final = 15.0
"""A viewer that has asked for nothing in this time has left."""


class Viewers:
    """Instants are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._seen: dict[str, OrderedDict[str, float]] = {}

    def record(self, stage: str, viewer: str, now: float) -> None:
        seen = self._seen.setdefault(stage, OrderedDict())
        seen[viewer] = now
        seen.move_to_end(viewer)
        while len(seen) > MOST_REMEMBERED:
            seen.popitem(last=False)

    def forget(self, stage: str) -> None:
        """The stage is none any more."""
        self._seen.pop(stage, None)

    def count(self, stage: str, now: float) -> int:
        seen = self._seen.get(stage, OrderedDict())
        while seen and next(iter(seen.values())) < now - VIEWER_SECONDS:
            seen.popitem(last=False)
        return len(seen)
