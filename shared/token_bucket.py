"""The one token bucket: an allowance that is used up at once and refilled steadily. Pure: `now` in monotonic seconds is a value."""

from __future__ import annotations


class TokenBucket:
    """`most` tokens at once, `rate` a second on average; full at the start."""

    __slots__ = ("_at", "_left")

    def __init__(self, most: int, now: float = 0.0) -> None:
        self._left, self._at = float(most), now

    def take(self, now: float, *, rate: float, most: int) -> float:
        """0 when a token was taken, else the seconds until there will be one. `rate` and `most` may be others than last time."""
        self._left = min(float(most), self._left + (now - self._at) * rate)
        self._at = now
        if self._left < 1.0:
            return (1.0 - self._left) / rate
        self._left -= 1.0
        return 0.0

    def give_back(self, *, most: int) -> None:
        """The last one taken was not used."""
        self._left = min(float(most), self._left + 1.0)
