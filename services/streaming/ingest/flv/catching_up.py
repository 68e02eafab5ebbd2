"""After a line stood still: whether what a sender held back meanwhile is still coming. Pure.

It is worth nothing any more: shown, it would leave everybody late by as much for the rest of the day. Instants are seconds of one monotonic
clock, `media` seconds of the sender's.
"""

from __future__ import annotations

from collections import deque
from typing import Final

HELD_UP_SECONDS: Final = 0.5
"""A line that was silent for so long may have something held back."""
WATCHED_SECONDS: Final = 0.5
"""What a sender's pace is measured over. A first part lasts as long, so that waiting for it costs nothing."""
BURST_PACE: Final = 1.5
"""Faster than this it still brings what was held back."""
LONGEST_SECONDS: Final = 10.0
"""Then it is a sender that is always that fast."""
FRESH_SECONDS: Final = 1.0
"""A key frame no older than this is begun with."""
SOON_SECONDS: Final = 4.5
"""Where key frames come so often, an older one is left out and the next one waited for."""


class CatchingUp:
    def __init__(self) -> None:
        self._began: float | None = None
        self._points: deque[tuple[float, float]] = deque()
        self._key: float | None = None

    def put(self, media: float, now: float, *, key: bool) -> bool:
        """Takes note of one message. True: it has caught up."""
        self._began = now if self._began is None else self._began
        self._key = media if key else self._key
        self._points.append((now, media))
        while len(self._points) > 1 and self._points[1][0] <= now - WATCHED_SECONDS:
            self._points.popleft()
        began, before = self._points[0]
        if now - began < WATCHED_SECONDS:
            return False
        return media - before <= BURST_PACE * (now - began) or now - self._began >= LONGEST_SECONDS

    def begins_with_last_key(self, media: float, key_seconds: float | None) -> bool:
        """Whether to begin with the newest key frame, not to wait for the next. `key_seconds`: how far key frames are apart, if known."""
        if self._key is None:
            return False
        return media - self._key <= FRESH_SECONDS or key_seconds is None or key_seconds > SOON_SECONDS
