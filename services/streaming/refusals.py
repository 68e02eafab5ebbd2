"""Senders that were turned away: counted, and the last ones kept for operators."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Final

from services.streaming.ingest.port import IngestRefusal
from shared.clock import Clock, to_text

MOST_REFUSALS: Final = 32


@dataclass(frozen=True, slots=True)
class DatedRefusal:
    """`at` in RFC 3339."""

    at: str
    refusal: IngestRefusal


class Refusals:
    def __init__(self, clock: Clock) -> None:
        self.counts: Counter[str] = Counter()
        """By code."""
        self._clock = clock
        self._last: deque[DatedRefusal] = deque(maxlen=MOST_REFUSALS)

    def take(self, refusal: IngestRefusal) -> None:
        self.counts[refusal.code] += 1
        self._last.append(DatedRefusal(to_text(self._clock()), refusal))

    def of(self, stage: str | None) -> list[DatedRefusal]:
        """The last ones of a stage, newest first; None: of those whose key was that of no stage."""
        return [kept for kept in reversed(self._last) if kept.refusal.stage == stage]
