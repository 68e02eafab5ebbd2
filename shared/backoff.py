"""The one back-off: how long to pause before something that failed is tried again.

    BACKOFF: Final = Backoff(first=0.1, longest=2.0)

    pauses = BACKOFF.pauses()
    while True:
        try:
            await attempt()
            pauses.reset()
        except Unavailable:
            await pauses.wait()

Pauses grow by `factor` from `first` to `longest`. Each is shortened by chance by up to `jitter` of itself, so that many who failed together
do not come back together.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Chance = Callable[[], float]
"""A number from 0 up to, not including, 1."""

_MOST_STEPS: Final = 64
"""Beyond so many failures in a row the pause is the longest anyway; a power any higher may not fit a float."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """`first` and `longest` in seconds."""

    first: float
    longest: float
    factor: float = 2.0
    jitter: float = 0.5

    def __post_init__(self) -> None:
        if not (0 <= self.first <= self.longest and self.factor >= 1 and 0 <= self.jitter <= 1):
            raise ValueError(f"no back-off: {self}")

    def seconds(self, failures: int, chance: Chance = random.random) -> float:
        """The pause after so many failures in a row, counted from 1."""
        whole = min(self.longest, self.first * self.factor ** min(max(failures, 1) - 1, _MOST_STEPS))
        return whole * (1 - self.jitter * chance())

    def pauses(self, chance: Chance = random.random) -> Pauses:
        return Pauses(self, chance)


class Pauses:
    """The pauses of one loop. `failures` counts those since the start or the last reset."""

    def __init__(self, backoff: Backoff, chance: Chance = random.random) -> None:
        self._backoff = backoff
        self._chance = chance
        self.failures = 0

    def reset(self) -> None:
        """It succeeded: the next pause is the first one again."""
        self.failures = 0

    def next(self) -> float:
        """Count one more failure; the seconds to pause after it."""
        self.failures += 1
        return self._backoff.seconds(self.failures, self._chance)

    async def wait(self) -> None:
        await asyncio.sleep(self.next())
