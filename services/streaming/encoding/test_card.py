"""The test card: a calm sheet with a running clock to the millisecond, drawn with boxes alone.

No font is needed: digits are seven segments, each a box that is switched on by an expression of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

PAPER: Final = "0xFAF7F2"
INK: Final = "0x1C1B19"
ACCENT: Final = "0x0F5C63"
WIDTH, HEIGHT = 1280, 720
"""The size it is drawn in; a ladder of another size scales it."""
REACH: Final = 70
"""Pixels from one corner of a digit to the next."""
STROKE: Final = 12
SPACE: Final = 24
LEFT, TOP = 92, 272
DAY: Final = 86_400

Box = dict[str, Any]

# column, row (in REACH), lying or standing; then which segments (bit = index) each digit lights
_SEGMENTS: Final = ((0, 0, True), (1, 0, False), (1, 1, False), (0, 2, True), (0, 1, False), (0, 0, False), (0, 1, True))
_DIGITS: Final = (0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F)
# (seconds per step, steps before it begins again); None: a colon; 0: the point
_PLACES: Final[tuple[tuple[float, int] | str, ...]] = (
    (36_000, 3), (3_600, 10), ":", (600, 6), (60, 10), ":", (10, 6), (1, 10), ".", (0.1, 10), (0.01, 10), (0.001, 10),
)  # fmt: skip


def boxes() -> Iterator[Box]:
    """Arguments of ffmpeg's `drawbox` one after the other; `t` is the second of the day (UTC) the frame was made at."""
    x = LEFT
    for place in _PLACES:
        if isinstance(place, str):
            for down in (40, 100) if place == ":" else (2 * REACH,):
                yield _box(x, TOP + down, STROKE, STROKE)
            x += STROKE + SPACE
            continue
        for segment, (column, row, lying) in enumerate(_SEGMENTS):
            wide, high = (REACH + STROKE, STROKE) if lying else (STROKE, REACH + STROKE)
            yield _box(x + column * REACH, TOP + row * REACH, wide, high, enable=_lit(segment, *place))
        x += REACH + STROKE + SPACE
    # a line that grows with the second, so that a stopped picture is seen at a glance
    for step in range(10):
        yield _box(LEFT + step * 104, TOP + 220, 96, 6, color=ACCENT, enable=f"gte(mod(t+0.0001,1),{step / 10})")


def _box(x: int, y: int, w: int, h: int, *, color: str = INK, **more: str) -> Box:
    return {"x": x, "y": y, "w": w, "h": h, "color": color, "t": "fill", **more}


def _lit(segment: int, unit: float, steps: int) -> str:
    """True while the digit of this place lights the segment: the digit selects one bit of a mask."""
    mask = sum(((lights >> segment) & 1) << digit for digit, lights in enumerate(_DIGITS))
    return f"mod(floor({mask}/pow(2,mod(floor((t+0.0001)/{unit:g}),{steps}))),2)"
