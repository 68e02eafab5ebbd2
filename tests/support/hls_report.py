"""What an observation of a live stream found: the broken rules and a few figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.hls_verdict import Violation

OF_A_BUSY_MACHINE = ("rule 13 ", "rule 36 ")


@dataclass(frozen=True)
class Report:
    """`violations` with how often each was seen. `worst_interval` in seconds, per playlist path."""

    violations: Mapping[Violation, int]
    updates: Mapping[str, int]
    parts: Mapping[str, int]
    worst_interval: Mapping[str, float]
    spread: float
    """Median distance in seconds between the ends of the furthest and the least far rendition."""
    round_trip_p95: float

    @property
    def broken(self) -> list[str]:
        """The MUST rules broken, as sentences."""
        return [f"{violation} ×{count}" for violation, count in self.violations.items() if violation.level == "must"]

    @property
    def broken_at_any_pace(self) -> list[str]:
        """The same without the rules that a starved machine breaks, server or observer alike."""
        return [sentence for sentence in self.broken if not sentence.startswith(OF_A_BUSY_MACHINE)]

    def __str__(self) -> str:
        lines = [f"{path}: {count} updates, {self.parts[path]} parts, at most {self.worst_interval[path]:.3f} s apart"
                 for path, count in self.updates.items()]  # fmt: skip
        lines.append(f"spread {self.spread:.3f} s, round trip p95 {self.round_trip_p95 * 1000:.1f} ms")
        return "\n".join(lines + [f"{violation} ×{count}" for violation, count in self.violations.items()])
