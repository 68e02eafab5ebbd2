"""What a stage offers its viewers: the renditions, their sizes and rates, and the lengths of parts and segments.

All renditions of a stage are made by one encoder with one key-frame grid, so that a player may change between them at every segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FRAME_RATE: Final = 30
PART_FRAMES: Final = 15
GOP_FRAMES: Final = 60
SEGMENT_FRAMES: Final = 120
SEGMENT_SECONDS: Final = SEGMENT_FRAMES // FRAME_RATE
AUDIO_RATE: Final = 48_000
AUDIO_PART_FRAMES: Final = 23
AAC_SAMPLES: Final = 1024
"""Samples per AAC frame; also what the encoder's own delay amounts to."""
VIDEO_TIMESCALE: Final = 15_360
FRAGMENT_MICROSECONDS: Final = 490_000
"""Handed to the encoder as -frag_duration, which cuts at the first sample that reaches it: 15 video frames, 23 AAC frames."""


@dataclass(frozen=True, slots=True)
class Track:
    """One rendition. `part_target` in seconds (the exact length of a full part, rounded up to the millisecond), rates in bit/s."""

    name: str
    kind: Literal["video", "audio"]
    timescale: int
    part_ticks: int
    part_target: float
    peak: int
    average: int
    width: int = 0
    height: int = 0
    quality: int = 0
    level: str = ""


VIDEO_HIGH: Final = Track(
    "720p",
    "video",
    VIDEO_TIMESCALE,
    PART_FRAMES * VIDEO_TIMESCALE // FRAME_RATE,
    0.5,
    peak=2_500_000,
    average=1_800_000,
    width=1280,
    height=720,
    quality=23,
    level="3.1",
)
VIDEO_LOW: Final = Track(
    "360p",
    "video",
    VIDEO_TIMESCALE,
    PART_FRAMES * VIDEO_TIMESCALE // FRAME_RATE,
    0.5,
    peak=600_000,
    average=450_000,
    width=640,
    height=360,
    quality=24,
    level="3.0",
)
AUDIO: Final = Track("audio", "audio", AUDIO_RATE, AUDIO_PART_FRAMES * AAC_SAMPLES, 0.491, peak=72_000, average=66_000)
AUDIO_BITRATE: Final = 64_000

LADDER: Final = (VIDEO_HIGH, VIDEO_LOW, AUDIO)
"""The leader first: where it begins a segment, all do."""
