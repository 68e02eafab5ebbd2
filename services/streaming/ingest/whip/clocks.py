"""The clocks of pictures, of sound and of a second sound, joined: RTP counts each from a number of its own (RFC 3550, section 5.1), and
the sender's reports say which instant of its wall clock each count is (section 6.4.1). Pure.

Instants are seconds; `now` is one monotonic clock of ours, handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Line = Literal["video", "audio", "interpreted"]
"""What comes by WHIP; `interpreted`: the voice of whoever interprets, a sound beside the other."""

RATES: Final[dict[Line, int]] = {"video": 90_000, "audio": 48_000, "interpreted": 48_000}
"""Counts a second (RFC 6184, section 5.1; RFC 7587, section 4.1)."""
SLEW_SECONDS: Final = 0.005
"""By so much at most each report moves the sound, whose clock drifts from that of the pictures; more would be heard."""
JUMP_SECONDS: Final = 0.3
"""Further apart than this the sender's clock was set anew, and the sound follows at once."""
_OTHER: Final[dict[Line, Line]] = {"video": "audio", "audio": "video", "interpreted": "audio"}
"""Beside which each is put."""
_HALF: Final = 1 << 31


@dataclass
class _Clock:
    """One kind. `offset`: what its seconds lack to those of the other; None before its first frame."""

    last: int | None = None
    offset: float | None = None
    reported: float | None = None
    """The sender's wall clock at count 0, of its last report."""

    def unwrapped(self, count: int) -> int:
        """The count without the wrap at 32 bits, near the last one."""
        if self.last is None:
            return count
        ahead = (count - self.last) & 0xFFFFFFFF
        return self.last + (ahead if ahead < _HALF else ahead - (1 << 32))


@dataclass
class JoinedClocks:
    """Until both kinds have been reported, frames stand where they arrived."""

    _lines: dict[Line, _Clock] = field(default_factory=lambda: {"video": _Clock(), "audio": _Clock(), "interpreted": _Clock()})

    @property
    def joined(self) -> bool:
        """Whether the sender has said how its two clocks belong together."""
        return self._lines["video"].reported is not None and self._lines["audio"].reported is not None

    def report(self, kind: Line, wall: float, count: int) -> None:
        """A sender report: at `wall`, in seconds of the sender's clock, the kind stood at `count`."""
        line = self._lines[kind]
        line.reported = wall - line.unwrapped(count) / RATES[kind]
        self._draw("audio", "video")
        self._draw("interpreted", "audio")

    def _draw(self, kind: Line, beside: Line) -> None:
        """One line towards where it belongs beside another, once both are known."""
        mine, other = self._lines[kind], self._lines[beside]
        if mine.reported is not None and other.reported is not None and mine.offset is not None and other.offset is not None:
            mine.offset = _towards(mine.offset, other.offset + mine.reported - other.reported)

    def at(self, kind: Line, count: int, now: float) -> float:
        """When the frame with this count belongs, in seconds of `now`'s clock, the same line for both kinds."""
        line = self._lines[kind]
        line.last = line.unwrapped(count)
        seconds = line.last / RATES[kind]
        if line.offset is None:
            line.offset = self._first(kind, now - seconds)
        return seconds + line.offset

    def _first(self, kind: Line, arrived: float) -> float:
        other = self._lines[_OTHER[kind]]
        mine = self._lines[kind].reported
        if other.offset is None or other.reported is None or mine is None:
            return arrived
        return other.offset + mine - other.reported


def _towards(offset: float, wanted: float) -> float:
    distance = wanted - offset
    return wanted if abs(distance) > JUMP_SECONDS else offset + max(-SLEW_SECONDS, min(SLEW_SECONDS, distance))
