"""Frames as WebRTC brings them, as the bodies of FLV tags: H.264 in Annex B (RFC 6184), Opus packets (RFC 7587). Pure.

H.264 becomes length-prefixed units behind an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, section 5.3.3.1); Opus goes as an Enhanced
RTMP audio message (Enhanced RTMP v2, "ExAudioTagHeader"), which ffmpeg reads.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.streaming.ingest.flv.flv import TagHeader

SETUP: Final = TagHeader(setup=True, key=False)
_START: Final = re.compile(rb"\x00\x00\x01")
_IDR, _SPS, _PPS, _DELIMITER = 5, 7, 8, 9
_KEY_PICTURE, _PICTURE = b"\x17\x01\x00\x00\x00", b"\x27\x01\x00\x00\x00"
_AVC_SETUP: Final = b"\x17\x00\x00\x00\x00"
_OPUS: Final = b"Opus"
OPUS_HEAD: Final = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 0, 48_000, 0, 0)
"""Two channels: the decoder makes two of one (RFC 7845, section 5.1)."""
OPUS_SETUP: Final = b"\x90" + _OPUS + OPUS_HEAD


@dataclass(frozen=True, slots=True)
class TagBody:
    """The body of one tag, and what it is."""

    payload: bytes
    header: TagHeader


def units(annex_b: bytes) -> list[bytes]:
    """The NAL units between start codes of three or four bytes. Empty for none."""
    if b"\x00\x00\x01" not in annex_b:
        return []
    starts = [match.end() for match in _START.finditer(annex_b)]
    ends = [*[start - 3 for start in starts[1:]], len(annex_b)]
    every = (annex_b[start:end].rstrip(b"\x00") for start, end in zip(starts, ends, strict=True))  # no unit ends with a zero
    return [unit for unit in every if unit]


def picture(annex_b: bytes) -> list[TagBody]:
    """The configuration where the frame brings one, then the picture; empty when there is nothing to show in it."""
    every = units(annex_b)
    sets = {kind: next((unit for unit in every if unit[0] & 0x1F == kind), None) for kind in (_SPS, _PPS)}
    slices = [unit for unit in every if unit[0] & 0x1F not in (_SPS, _PPS, _DELIMITER)]
    key = any(unit[0] & 0x1F == _IDR for unit in slices)
    bodies = []
    sps, pps = sets[_SPS], sets[_PPS]
    if sps is not None and pps is not None and len(sps) > 3:
        bodies.append(TagBody(_AVC_SETUP + configuration(sps, pps), SETUP))
    if slices:
        bodies.append(TagBody((_KEY_PICTURE if key else _PICTURE) + _prefixed(slices), TagHeader(setup=False, key=key)))
    return bodies


def configuration(sps: bytes, pps: bytes) -> bytes:
    """An AVCDecoderConfigurationRecord with lengths of four bytes."""
    return b"".join((
        b"\x01", sps[1:4], b"\xff\xe1", struct.pack(">H", len(sps)), sps, b"\x01", struct.pack(">H", len(pps)), pps
    ))  # fmt: skip


def sound(packet: bytes) -> TagBody:
    return TagBody(b"\x91" + _OPUS + packet, TagHeader(setup=False, key=False))


def second_sound(packet: bytes | None) -> TagBody:
    """Of the second track of sound, numbered 1 (Enhanced RTMP v2, "Multitrack"); None: its configuration."""
    kind, body = (b"\x00", OPUS_HEAD) if packet is None else (b"\x01", packet)
    return TagBody(b"\x95" + kind + _OPUS + b"\x01" + body, SETUP if packet is None else TagHeader(setup=False, key=False))


def _prefixed(every: Sequence[bytes]) -> bytes:
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in every)
