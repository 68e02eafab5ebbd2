"""What a viewer sees and hears of a stage: the parts its playlist serves, decoded by ffmpeg, measured."""

from __future__ import annotations

import array
import asyncio
import io
import itertools
import math
from dataclasses import dataclass
from pathlib import Path

import av

from tests.services.streaming.harness import StreamingHarness
from tests.support.hls_text import parse

RATE = 16_000
ONSET_SAMPLES = 128
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """`colours`: the mean of each picture as (red, green, blue), 0 to 255; `samples` of the sound at RATE, from -1 to 1.
    `unseen`: parts that cannot be decoded because they lean on what came before."""

    colours: tuple[Colour, ...]
    samples: tuple[float, ...]
    unseen: int

    def shows(self, colour: Colour, tolerance: int = 40) -> bool:
        """Whether any picture has about this mean."""
        return any(all(abs(one - other) <= tolerance for one, other in zip(colour, mean, strict=True)) for mean in self.colours)

    def loudness(self, hertz: int) -> float:
        """Amplitude of a tone in the loudest tenth of a second (Goertzel)."""
        step = RATE // 10
        pieces = [self.samples[at : at + step] for at in range(0, len(self.samples) - step + 1, step)]
        return max((self._amplitude(piece, hertz) for piece in pieces), default=0.0)

    @staticmethod
    def _amplitude(samples: tuple[float, ...], hertz: int) -> float:
        turn = 2 * math.pi * hertz / RATE
        real = math.fsum(value * math.cos(turn * index) for index, value in enumerate(samples))
        imaginary = math.fsum(value * math.sin(turn * index) for index, value in enumerate(samples))
        return 2 * math.hypot(real, imaginary) / len(samples)


@dataclass(frozen=True, slots=True)
class Moment:
    """How many parts of each rendition there were."""

    parts: dict[str, int]

    @staticmethod
    def now(harness: StreamingHarness) -> Moment:
        return Moment({name: rendition.parts_made for name, rendition in harness.source.packager.renditions.items()})

    async def seconds_later(self, harness: StreamingHarness, seconds: float) -> None:
        parts, made = round(2 * seconds), harness.source.packager.renditions
        await harness.until(lambda: all(made[name].parts_made >= before + parts for name, before in self.parts.items()), seconds + 15)


async def everything_since(harness: StreamingHarness, moment: Moment, ffmpeg: Path, sound: str = "audio") -> Shown:
    """Of every picture and one sound, what came after `moment` (not longer ago than parts are listed)."""
    colours: list[Colour] = []
    samples: list[float] = []
    unseen = 0
    for name, rendition in harness.source.packager.renditions.items():
        if rendition.track.kind == "audio" and name != sound:
            continue
        media, without = await _served(harness, name, moment.parts[name])
        unseen += without
        if rendition.track.kind == "video":
            raw = await _decoded(ffmpeg, media, "-vf", "scale=1:1:flags=area", "-f", "rawvideo", "-pix_fmt", "rgb24")
            colours += [(raw[at], raw[at + 1], raw[at + 2]) for at in range(0, len(raw), 3)]
        else:
            values = array.array("h", await _decoded(ffmpeg, media, "-ac", "1", "-ar", str(RATE), "-f", "s16le"))
            samples += [value / 32768 for value in values]
    return Shown(tuple(colours), tuple(samples), unseen)


async def onsets_since(harness: StreamingHarness, moment: Moment) -> tuple[list[float], list[float]]:
    """When the picture became bright and when the sound became loud, in seconds of the stage's own line."""
    bright: list[tuple[float, bool]] = []
    loud: list[tuple[float, bool]] = []
    for name, rendition in harness.source.packager.renditions.items():
        media, _ = await _served(harness, name, moment.parts[name])
        with av.open(io.BytesIO(media), "r") as container:
            if rendition.track.kind == "video" and not bright:
                for frame in container.decode(video=0):
                    bright.append((frame.time or 0.0, sum(bytes(frame.planes[0])[:64]) > 64 * 128))
            elif rendition.track.kind == "audio":
                for piece in container.decode(audio=0):
                    values = array.array("f", bytes(piece.planes[0]))[: piece.samples]
                    pieces = range(0, len(values), ONSET_SAMPLES)
                    began = piece.time or 0.0
                    loud += [(began + at / piece.sample_rate, max(map(abs, values[at : at + ONSET_SAMPLES])) > 0.05) for at in pieces]
    return _onsets(bright), _onsets(loud)


def _onsets(states: list[tuple[float, bool]]) -> list[float]:
    return [at for (_, before), (at, now) in itertools.pairwise(states) if now and not before]


async def _served(harness: StreamingHarness, rendition: str, after: int) -> tuple[bytes, int]:
    """Over HTTP as a player asks: the initialisation section, then each part with a higher number, from the first independent one; and how
    many came before that one."""
    found = parse(await harness.text(f"/{rendition}/index.m3u8"))
    listed = [(segment.map, part) for segment in found.segments for part in segment.parts]
    new = [(init, part) for init, part in listed if int(part.uri.rpartition("p")[2].removesuffix(".m4s")) > after]
    assert new, "nothing came since"
    first = next(index for index, (_, part) in enumerate(new) if part.independent)
    new = new[first:]
    inits = {init for init, _ in new}
    assert len(inits) == 1, "decoded as one piece"
    names = [str(inits.pop()), *(part.uri for _, part in new)]
    return b"".join([await _fetch(harness, rendition, one) for one in names]), first


async def _fetch(harness: StreamingHarness, rendition: str, name: str) -> bytes:
    async with harness.client.get(f"{harness.keyed}/{rendition}/{name}") as response:
        assert response.status == 200
        return await response.read()


async def _decoded(ffmpeg: Path, media: bytes, *how: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        str(ffmpeg), "-v", "error", "-i", "pipe:0", *how, "pipe:1", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate(media)
    assert process.returncode == 0
    return output
