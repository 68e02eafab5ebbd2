"""What other processes count, each its own share; what is shown is the sum. A process that was killed says nothing any more, and its share
ends after SHARE_SECONDS. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

SHARE_SECONDS: Final = 12
"""How long a process counts that was not heard of; it speaks at least three times in that."""
MOST_PROCESSES: Final = 64

C = TypeVar("C")


@dataclass(slots=True)
class _Share(Generic[C]):
    """Of another process. `until` is set by the first look at it after it was heard."""

    seq: int
    counts: C
    until: datetime | None = None


class Shares(Generic[C]):
    def __init__(self, process: str, lost: Callable[[], None] = lambda: None) -> None:
        """`process`: this one, whose own share is not kept here. `lost` is called when a share has ended."""
        self._process, self._lost = process, lost
        self._shares: dict[str, _Share[C]] = {}

    def hear(self, process: str, seq: int, counts: C) -> None:
        known = self._shares.get(process)
        room = known is not None or len(self._shares) < MOST_PROCESSES
        if process != self._process and room and (known is None or seq > known.seq):
            self._shares[process] = _Share(seq, counts)

    def end(self, now: datetime) -> None:
        """Those of whom nothing was heard."""
        for process, share in list(self._shares.items()):
            if share.until is None:
                share.until = now + timedelta(seconds=SHARE_SECONDS)
            elif share.until <= now:
                del self._shares[process]
                self._lost()

    def __len__(self) -> int:
        return len(self._shares)

    def each(self) -> Iterable[C]:
        return [share.counts for share in self._shares.values()]
