"""When the pictures and the sound of one sender come: how fast, and whether one has stopped. Pure.

Instants are seconds of one monotonic clock, handed in; timestamps are milliseconds on RTMP's clock of 32 bits.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Literal

Kind = Literal["video", "audio"]

MISSING_SECONDS: Final = 1.0
"""Sound that has not come for this long while pictures go on (or the reverse) has stopped."""
PACE_SECONDS: Final = 3.0
"""What the pace is measured over."""
SOONEST_SECONDS: Final = 2.0
"""Before this much has been seen nothing is said of the pace."""
STEP_SECONDS: Final = 0.1
"""Between two points that are kept: at most 31 of them."""
LONGEST_STEP_MS: Final = 5_000
"""A timestamp further ahead is a jump of the sender's clock, not so much media."""
_HALF: Final = 0x7FFFFFFF


class Arrivals:
    def __init__(self) -> None:
        self._last: dict[Kind, float] = {}
        self._timestamp: int | None = None
        self.media = 0.0
        """Seconds of media so far."""
        self._points: deque[tuple[float, float]] = deque()
        """(instant, media until then)."""

    def put(self, kind: Kind, timestamp: int, now: float) -> None:
        self._last[kind] = now
        self.media += self._step(timestamp) / 1000
        if not self._points or now - self._points[-1][0] >= STEP_SECONDS:
            self._points.append((now, self.media))
        while len(self._points) > 1 and self._points[1][0] <= now - PACE_SECONDS:
            self._points.popleft()

    def _step(self, timestamp: int) -> int:
        """Milliseconds that this message leads on; 0 where it lies behind, or jumps."""
        before, self._timestamp = self._timestamp, timestamp
        if before is None:
            return 0
        ahead = (timestamp - before) & 0xFFFFFFFF
        if ahead > _HALF and 0x100000000 - ahead <= LONGEST_STEP_MS:
            self._timestamp = before  # sound and pictures are not in exact order
        return ahead if ahead <= LONGEST_STEP_MS else 0

    def silent_for(self, now: float) -> float:
        """Seconds since anything came."""
        return now - max(self._last.values(), default=now)

    @property
    def missing(self) -> Kind | None:
        """What came once and has stopped while the other goes on."""
        if len(self._last) < 2:
            return None
        behind = self._last["video"] - self._last["audio"]
        if abs(behind) < MISSING_SECONDS:
            return None
        return "audio" if behind > 0 else "video"

    def pace(self, now: float) -> float | None:
        """Media per second of the wall clock over PACE_SECONDS; 1.0 is real time. None while too little is known."""
        if not self._points or now - self._points[0][0] < SOONEST_SECONDS:
            return None
        began, media = self._points[0]
        return (self.media - media) / (now - began)
