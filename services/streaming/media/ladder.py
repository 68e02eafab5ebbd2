"""What a stage offers its viewers: its video renditions and audio tracks, with their sizes and rates.

All renditions of a stage are made by one encoder with one key-frame grid, so that a player may change between them at every segment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from services.streaming.media.cadence import AAC_SAMPLES, AUDIO_PART_FRAMES, AUDIO_RATE, FRAME_RATE, PART_FRAMES, VIDEO_TIMESCALE

TrackKind = Literal["video", "audio"]


@dataclass(frozen=True, slots=True)
class Track:
    """One rendition. `name` is part of addresses. `part_target` in seconds (the exact length of a full part, rounded up to the
    millisecond), rates in bit/s. Of video: `width` and `height` in pixels, `quality` (x264's CRF), `level` (H.264). Of audio: `bitrate`,
    `channels`, `language` (BCP 47, empty: the room's), and `title`, the code of the words that a player's menu shows."""

    name: str
    kind: TrackKind
    timescale: int
    part_ticks: int
    part_target: float
    peak: int
    average: int
    width: int = 0
    height: int = 0
    quality: int = 0
    level: str = ""
    bitrate: int = 0
    channels: int = 0
    language: str = ""
    title: str = ""


def video(name: str, *, width: int, height: int, peak: int, average: int, quality: int, level: str) -> Track:
    ticks = PART_FRAMES * VIDEO_TIMESCALE // FRAME_RATE
    return Track(name, "video", VIDEO_TIMESCALE, ticks, 0.5, peak, average, width=width, height=height, quality=quality, level=level)


def audio(name: str, *, bitrate: int, peak: int, average: int, title: str, language: str = "", channels: int = 1) -> Track:
    own = Track(name, "audio", AUDIO_RATE, AUDIO_PART_FRAMES * AAC_SAMPLES, 0.491, peak, average)
    return replace(own, bitrate=bitrate, channels=channels, language=language, title=title)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Largest video first: it leads, where it begins a segment, all do. The first audio track is the one played unless another is chosen.

    Raises ValueError when there is no video, no audio, or a name used twice.
    """

    video: tuple[Track, ...]
    audio: tuple[Track, ...]

    def __post_init__(self) -> None:
        names = [track.name for track in self.tracks]
        if not self.video or not self.audio or len(set(names)) != len(names):
            raise ValueError(f"a ladder needs video, audio and names of its own for each: {names}")

    @property
    def tracks(self) -> tuple[Track, ...]:
        return (*self.video, *self.audio)

    @property
    def leader(self) -> Track:
        return self.video[0]

    def interpreted(self, language: str) -> Ladder:
        """With the sound of whoever interprets, behind its own."""
        return replace(self, audio=(*self.audio, replace(INTERPRETED, language=language)))


INTERPRETED: Final = audio("interpreted", bitrate=64_000, peak=72_000, average=66_000, title="audio.interpreted")
"""The voice of whoever interprets, where a sender brings it as a sound of its own; else what the room's sound is."""
STANDARD: Final = Ladder(
    video=(
        video("720p", width=1280, height=720, peak=2_500_000, average=1_800_000, quality=23, level="3.1"),
        video("360p", width=640, height=360, peak=600_000, average=450_000, quality=24, level="3.0"),
    ),
    audio=(audio("audio", bitrate=64_000, peak=72_000, average=66_000, title="audio.room"),),
)
"""What a stage has unless it is given a ladder of its own."""
