"""The few ISO BMFF boxes the validator reads (ISO/IEC 14496-12): how long a part lasts, where it begins, whether it stands alone.

Written apart from the platform's own box reader, so that a shared mistake cannot hide.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

NON_SYNC = 0x00010000


@dataclass(frozen=True)
class Track:
    """`flags` and `duration` are the defaults of trex."""

    timescale: int
    video: bool
    duration: int
    flags: int


@dataclass(frozen=True)
class Fragment:
    """`begin` and `duration` in seconds of the track; `independent`: the first sample is a sync sample."""

    begin: float
    duration: float
    samples: int
    independent: bool
    any_independent: bool


def boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and body of each box at this level. Raises ValueError when one is cut."""
    at = 0
    while at < len(data):
        if len(data) - at < 8:
            raise ValueError("a box header is cut")
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        if size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            raise ValueError(f"box {name!r} is cut: {size} bytes announced, {len(data) - at} there")
        yield name.decode("latin-1"), data[at + head : at + size]
        at += size


def inner(data: bytes, *path: str) -> bytes | None:
    """The body of the first box along the path."""
    for name in path:
        found = next((body for kind, body in boxes(data) if kind == name), None)
        if found is None:
            return None
        data = found
    return data


def read_init(data: bytes) -> dict[int, Track]:
    """Track id to Track. Raises ValueError when there is no moov with tracks."""
    moov = inner(data, "moov")
    if moov is None:
        raise ValueError("no moov box")
    defaults: dict[int, tuple[int, int]] = {}
    for name, body in boxes(inner(moov, "mvex") or b""):
        if name == "trex":
            track, _, duration, _, flags = struct.unpack_from(">5I", body, 4)
            defaults[track] = duration, flags
    tracks: dict[int, Track] = {}
    for name, body in boxes(moov):
        if name != "trak":
            continue
        tkhd, mdhd, hdlr = inner(body, "tkhd"), inner(body, "mdia", "mdhd"), inner(body, "mdia", "hdlr")
        if tkhd is None or mdhd is None or hdlr is None:
            raise ValueError("a track lacks tkhd, mdhd or hdlr")
        (number,) = struct.unpack_from(">I", tkhd, 20 if tkhd[0] else 12)
        (timescale,) = struct.unpack_from(">I", mdhd, 20 if mdhd[0] else 12)
        tracks[number] = Track(timescale, hdlr[8:12] == b"vide", *defaults.get(number, (0, 0)))
    if not tracks:
        raise ValueError("moov holds no track")
    return tracks


def read_part(data: bytes, tracks: dict[int, Track]) -> Fragment:
    """What a part of one track holds. Raises ValueError when it does not begin with moof, or is not whole moof and mdat pairs."""
    names = [name for name, _ in boxes(data)]
    media = [name for name in names if name in ("moof", "mdat")]
    if not media or media != ["moof", "mdat"] * (len(media) // 2):
        raise ValueError(f"a part is moof and mdat in turn, not {names}")
    fragments = [fragment for name, body in boxes(data) if name == "moof" for fragment in _moof(body, tracks)]
    if not fragments:
        raise ValueError("a part without samples")
    return Fragment(
        fragments[0].begin,
        sum(fragment.duration for fragment in fragments),
        sum(fragment.samples for fragment in fragments),
        fragments[0].independent,
        any(fragment.any_independent for fragment in fragments),
    )


def _moof(moof: bytes, tracks: dict[int, Track]) -> Iterator[Fragment]:
    for name, traf in boxes(moof):
        if name != "traf":
            continue
        tfhd, tfdt = inner(traf, "tfhd"), inner(traf, "tfdt")
        if tfhd is None or tfdt is None:
            raise ValueError("a fragment lacks tfhd or tfdt")
        track, duration, flags = _tfhd(tfhd, tracks)
        (begin,) = struct.unpack_from(">Q" if tfdt[0] else ">I", tfdt, 4)
        samples = [sample for kind, body in boxes(traf) if kind == "trun" for sample in _trun(body, duration, flags)]
        if not samples:
            raise ValueError("a fragment without samples")
        alone = [not track.video or not flag & NON_SYNC for _, flag in samples]
        yield Fragment(begin / track.timescale, sum(d for d, _ in samples) / track.timescale, len(samples), alone[0], any(alone))


def _tfhd(body: bytes, tracks: dict[int, Track]) -> tuple[Track, int, int]:
    flags, number = struct.unpack_from(">II", body)
    track = tracks.get(number)
    if track is None:
        raise ValueError(f"the fragment is of track {number}, which its initialisation does not have")
    at, duration, sample_flags = 8 + 8 * (flags & 1) + 4 * bool(flags & 2), track.duration, track.flags
    if flags & 0x8:
        (duration,) = struct.unpack_from(">I", body, at)
        at += 4
    at += 4 * bool(flags & 0x10)
    if flags & 0x20:
        (sample_flags,) = struct.unpack_from(">I", body, at)
    return track, duration, sample_flags


def _trun(body: bytes, duration: int, sample_flags: int) -> Iterator[tuple[int, int]]:
    """(duration, flags) of each sample."""
    flags, count = struct.unpack_from(">II", body)
    flags &= 0xFFFFFF
    at = 8 + 4 * (flags & 1)
    first: int | None = None
    if flags & 4:
        (first,) = struct.unpack_from(">I", body, at)
        at += 4
    for index in range(count):
        length, flag = duration, first if index == 0 and first is not None else sample_flags
        if flags & 0x100:
            (length,) = struct.unpack_from(">I", body, at)
            at += 4
        at += 4 * bool(flags & 0x200)
        if flags & 0x400:
            (flag,) = struct.unpack_from(">I", body, at)
            at += 4
        at += 4 * bool(flags & 0x800)
        yield length, flag
