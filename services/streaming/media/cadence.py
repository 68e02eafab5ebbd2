"""The beat of every stage: frame rate, key-frame grid, lengths of parts and segments. The same for all ladders, because playlists and
players count on it."""

from __future__ import annotations

from typing import Final

FRAME_RATE: Final = 30
PART_FRAMES: Final = 15
PART_SECONDS: Final = PART_FRAMES / FRAME_RATE
GOP_FRAMES: Final = 60
SEGMENT_FRAMES: Final = 120
SEGMENT_SECONDS: Final = SEGMENT_FRAMES // FRAME_RATE
VIDEO_TIMESCALE: Final = 15_360
AUDIO_RATE: Final = 48_000
AUDIO_PART_FRAMES: Final = 23
AAC_SAMPLES: Final = 1024
"""Samples per AAC frame; also the encoder's own delay."""
FRAGMENT_MICROSECONDS: Final = 490_000
"""Handed to the encoder as -frag_duration, which cuts at the first sample that reaches it: 15 video frames, 23 AAC frames."""
