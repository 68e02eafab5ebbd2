"""Fragments and initialisation sections made by hand, as an encoder of our ladder would write them; nothing of the code under test."""

from __future__ import annotations

import struct
from collections.abc import Sequence

SYNC, NOT_SYNC = 0x02000000, 0x01010000


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind: bytes, version: int, flags: int, *content: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def init(timescale: int, *, video: bool, mark: bytes = b"") -> bytes:
    """ftyp + moov with one track; `mark` makes two of them differ."""
    if video:
        avcc = box(b"avcC", bytes([1, 0x64, 0, 0x1F, 0xFF]))
        sample = box(b"avc1", bytes(24), struct.pack(">HH", 1280, 720), bytes(50), avcc)
    else:
        sample = box(b"mp4a", bytes(28))
    stsd = full(b"stsd", 0, 0, struct.pack(">I", 1), sample)
    mdhd = full(b"mdhd", 0, 0, struct.pack(">IIIHH", 0, 0, timescale, 0, 0))
    trak = box(b"trak", box(b"mdia", mdhd, box(b"minf", box(b"stbl", stsd))))
    mvex = box(b"mvex", full(b"trex", 0, 0, struct.pack(">IIIII", 1, 1, 0, 0, 0)))
    return box(b"ftyp", b"iso5", mark) + box(b"moov", trak, mvex)


def fragment(time: int, durations: Sequence[int], *, independent: bool = True, size: int = 10, version: int = 1) -> bytes:
    """moof + mdat; sample number n is `size` bytes of value n."""
    tfhd = full(b"tfhd", 0, 0x020020, struct.pack(">II", 1, NOT_SYNC))
    tfdt = full(b"tfdt", version, 0, struct.pack(">Q" if version else ">I", time))
    table = b"".join(struct.pack(">II", duration, size) for duration in durations)
    offset = 8 + 16 + 8 + len(tfhd) + len(tfdt) + 24 + len(table) + 8
    trun = full(b"trun", 0, 0x305, struct.pack(">IiI", len(durations), offset, SYNC if independent else NOT_SYNC), table)
    moof = box(b"moof", full(b"mfhd", 0, 0, struct.pack(">I", 1)), box(b"traf", tfhd, tfdt, trun))
    return moof + box(b"mdat", b"".join(bytes([number % 256]) * size for number in range(len(durations))))
