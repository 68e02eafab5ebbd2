"""What viewers get at this moment, for operators: one small picture and the level of the sound, out of the very parts that are served.

Made only while somebody asks, by an ffmpeg of a twentieth of a second: the encoder on the air has nothing to do with it.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from services.streaming.encoding.errand import run_once
from services.streaming.packaging.packager import Packager
from shared.config import SettingError

log = logging.getLogger("tablee.streaming.preview")

EVERY_SECONDS: Final = 2.0
"""Asked more often, the same preview is given again."""
STALE_SECONDS: Final = 8.0
"""An older one is not shown: nobody has asked since."""
WIDTH: Final = 320
FLOOR: Final = -90.0
"""dBFS of silence, where a logarithm has no value."""
AUDIO_PARTS: Final = 2
LEVEL: Final = ("-map", "1:a", "-af", "astats=measure_perchannel=none:measure_overall=Peak_level+RMS_level", "-f", "null", "-")

_LEVEL = re.compile(rb"(Peak|RMS) level dB: (\S+)")


@dataclass(frozen=True, slots=True)
class Glimpse:
    """`at` in seconds since 1970, `picture` JPEG; `peak` and `level` (RMS) of the last second of sound in dBFS, FLOOR at the least."""

    at: float
    picture: bytes
    peak: float
    level: float


class Preview:
    """`close` before the stage goes."""

    def __init__(self, binary: str, packager: Packager, wall: Callable[[], float]) -> None:
        self._binary, self._packager, self._wall = binary, packager, wall
        self._last: Glimpse | None = None
        self._making: asyncio.Task[None] | None = None
        self._asked_at = 0.0

    def ask(self) -> Glimpse | None:
        """The last one, if it is fresh enough to be shown; the next one is made meanwhile."""
        now = self._wall()
        if now - self._asked_at >= EVERY_SECONDS and (self._making is None or self._making.done()):
            self._asked_at = now
            self._making = asyncio.create_task(self._make(now), name="preview")
        return self.last

    @property
    def last(self) -> Glimpse | None:
        return self._last if self._last is not None and self._wall() - self._last.at < STALE_SECONDS else None

    def forget(self) -> None:
        """What was seen so far must not be seen any more."""
        self._last = None
        if self._making is not None:
            self._making.cancel()

    async def close(self) -> None:
        self.forget()
        if self._making is not None:
            await asyncio.wait((self._making,))

    async def _make(self, now: float) -> None:
        video, audio = self._packager.ladder.video[-1].name, self._packager.ladder.audio[0].name
        seen = self._packager.renditions[video].recent(until_independent=True)
        heard = self._packager.renditions[audio].recent(most=AUDIO_PARTS)
        if seen is None or heard is None:
            return
        given = [init + b"".join(part.data for part in parts) for init, parts in ((seen[0], seen[1][:1]), heard)]
        try:
            picture, said = await run_once(self._command, given)
        except SettingError as wrong:
            log.warning("no preview: %s", wrong)
            return
        levels = {name: _decibels(text) for name, text in _LEVEL.findall(said)}
        if picture:
            self._last = Glimpse(now, picture, levels.get(b"Peak", FLOOR), levels.get(b"RMS", FLOOR))

    def _command(self, inputs: list[str]) -> list[str]:
        opened = [word for path in inputs for word in ("-f", "mp4", "-i", path)]
        return [self._binary, "-v", "info", "-hide_banner", "-nostats", "-nostdin", *opened, *_picture(WIDTH), "pipe:1", *LEVEL]


async def still(binary: str, beginning: bytes, width: int) -> bytes:
    """JPEG of the first picture of an fMP4; empty where none can be made of it. Raises SettingError."""
    command = [binary, "-v", "error", "-hide_banner", "-nostdin", "-f", "mp4", "-i"]
    picture, _ = await run_once(lambda paths: [*command, *paths, *_picture(width), "pipe:1"], [beginning])
    return picture


def _picture(width: int) -> list[str]:
    return [
        "-map", "0:v", "-frames:v", "1", "-vf", f"scale={width}:-2", "-c:v", "mjpeg", "-q:v", "6", "-threads", "1", "-f", "image2pipe",
    ]  # fmt: skip


def _decibels(text: bytes) -> float:
    try:
        return max(FLOOR, round(float(text), 1))
    except ValueError:
        return FLOOR
