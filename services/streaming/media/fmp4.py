"""Fragmented MP4 as plain data: bytes of one track in, its initialisation section and its fragments out, and small exact edits.

ISO/IEC 14496-12: an initialisation section is `ftyp` + `moov`, a fragment one `moof` + `mdat` with one `traf` and one `trun`, which is
what our encoder writes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

MOST_BOX_BYTES: Final = 8 * 1024 * 1024
"""A box larger than this is no part of ours: half a second at 128 Mbit/s."""

_DATA_OFFSET, _FIRST_FLAGS = 0x1, 0x4
_DURATION, _SIZE, _FLAGS, _COMPOSITION = 0x100, 0x200, 0x400, 0x800
_NOT_SYNC = 0x10000


class Malformed(Exception):
    """The bytes are no fragmented MP4 of one track; the text says where (for operators)."""


@dataclass(frozen=True, slots=True)
class Init:
    """`data` is ftyp + moov. `codec` as in RFC 6381, e.g. avc1.64001F or mp4a.40.2; `width` and `height` are 0 for audio."""

    data: bytes
    timescale: int
    codec: str
    width: int
    height: int
    default_duration: int
    default_size: int
    default_flags: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """`time` (of the first sample, in decoding order) and `duration` in ticks of `timescale`; `independent`: starts with a sync sample."""

    data: bytes
    time: int
    duration: int
    timescale: int
    samples: int
    independent: bool

    @property
    def seconds(self) -> float:
        return self.duration / self.timescale


class Splitter:
    """Bytes as they come from a pipe → Init, then Fragments. Holds at most one unfinished box and the moof before it."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._head = b""
        self._moof = b""
        self._init: Init | None = None

    def feed(self, data: bytes) -> list[Init | Fragment]:
        """Raises Malformed."""
        self._pending += data
        found: list[Init | Fragment] = []
        while (box := self._next_box()) is not None:
            kind = box[4:8]
            if kind in (b"ftyp", b"styp"):
                self._head = box if kind == b"ftyp" else self._head
            elif kind == b"moov":
                self._init = read_init(self._head + box)
                found.append(self._init)
            elif kind == b"moof":
                self._moof = box
            elif kind == b"mdat" and self._moof:
                if self._init is None:
                    raise Malformed("a fragment before the initialisation section")
                found.append(read_fragment(self._moof + box, self._init))
                self._moof = b""
        return found

    def _next_box(self) -> bytes | None:
        if len(self._pending) < 8:
            return None
        (size,) = struct.unpack_from(">I", self._pending)
        if not 8 <= size <= MOST_BOX_BYTES:
            raise Malformed(f"a box of {size} bytes")
        if len(self._pending) < size:
            return None
        box = bytes(self._pending[:size])
        del self._pending[:size]
        return box


def read_init(data: bytes) -> Init:
    """Raises Malformed."""
    try:
        return _read_init(data)
    except (struct.error, IndexError, ValueError) as wrong:
        raise Malformed(f"initialisation section: {wrong}") from None


def read_fragment(data: bytes, init: Init) -> Fragment:
    """Raises Malformed."""
    try:
        run = _TrackRun.read(data, init)
    except (struct.error, IndexError, ValueError) as wrong:
        raise Malformed(f"fragment: {wrong}") from None
    if not run.entries:
        raise Malformed("a fragment without samples")
    return Fragment(
        data=data,
        time=run.time,
        duration=sum(duration for duration, _ in run.entries),
        timescale=init.timescale,
        samples=len(run.entries),
        independent=not run.first_flags & _NOT_SYNC,
    )


def moved(fragment: Fragment, time: int) -> Fragment:
    """The same samples at another time: only `tfdt` changes. Raises Malformed when `time` does not fit its field."""
    at = _inside(fragment.data, b"moof", b"traf", b"tfdt")
    data = bytearray(fragment.data)
    form, limit = (">Q", 1 << 64) if data[at] == 1 else (">I", 1 << 32)
    if not 0 <= time < limit:
        raise Malformed(f"the time {time} does not fit")
    struct.pack_into(form, data, at + 4, time)
    return replace(fragment, data=bytes(data), time=time)


def cut(fragment: Fragment, init: Init, *, head: int = 0, keep: int | None = None) -> Fragment:
    """Without its first `head` samples, and of the rest at most `keep`: for audio, where every sample is independent."""
    run = _TrackRun.read(fragment.data, init)
    last = len(run.entries) if keep is None else min(len(run.entries), head + keep)
    if not 0 <= head < last:
        raise Malformed("a cut that leaves nothing")
    if head == 0 and last == len(run.entries):
        return fragment
    start = run.first_byte + sum(size for _, size in run.entries[:head])
    kept = run.entries[head:last]
    body = fragment.data[start : start + sum(size for _, size in kept)]
    time = run.time + sum(duration for duration, _ in run.entries[:head])
    return read_fragment(_written(run, kept, body, time), init)


def frozen(fragment: Fragment, init: Init, ticks: int) -> Fragment:
    """Its first picture alone, shown for `ticks`. Of a key frame, so that it needs no other."""
    run = _TrackRun.read(fragment.data, init)
    size = run.entries[0][1]
    return read_fragment(_written(run, ((ticks, size),), fragment.data[run.first_byte : run.first_byte + size], run.time), init)


@dataclass(frozen=True, slots=True)
class _TrackRun:
    """One traf: `entries` are (duration, size) per sample; `first_byte` is where the samples begin in moof + mdat."""

    sequence: int
    track: int
    time: int
    entries: tuple[tuple[int, int], ...]
    first_flags: int
    first_byte: int

    @staticmethod
    def read(data: bytes, init: Init) -> _TrackRun:
        (sequence,) = struct.unpack_from(">I", data, _inside(data, b"moof", b"mfhd") + 4)
        at = _inside(data, b"moof", b"traf", b"tfhd")
        word, track = struct.unpack_from(">II", data, at)
        at, flags = at + 8, word & 0xFFFFFF
        at += (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
        defaults = [init.default_duration, init.default_size, init.default_flags]
        for index, bit in enumerate((0x8, 0x10, 0x20)):
            if flags & bit:
                (defaults[index],) = struct.unpack_from(">I", data, at)
                at += 4
        at = _inside(data, b"moof", b"traf", b"tfdt")
        (time,) = struct.unpack_from(">Q" if data[at] == 1 else ">I", data, at + 4)
        entries, first_flags, offset = _entries(data, defaults)
        return _TrackRun(sequence, track, time, entries, first_flags, offset)


def _entries(data: bytes, defaults: list[int]) -> tuple[tuple[tuple[int, int], ...], int, int]:
    at = _inside(data, b"moof", b"traf", b"trun")
    word, count = struct.unpack_from(">II", data, at)
    at, flags = at + 8, word & 0xFFFFFF
    first_flags = defaults[2]
    (offset,) = struct.unpack_from(">i", data, at) if flags & _DATA_OFFSET else (len(data),)
    at += 4 if flags & _DATA_OFFSET else 0
    if flags & _FIRST_FLAGS:
        (first_flags,) = struct.unpack_from(">I", data, at)
        at += 4
    columns = [bit for bit in (_DURATION, _SIZE, _FLAGS, _COMPOSITION) if flags & bit]
    if count * 4 * len(columns) > len(data) - at:
        raise Malformed("a run longer than its fragment")
    entries = []
    for index in range(count):
        values = dict(zip(columns, struct.unpack_from(f">{len(columns)}I", data, at), strict=True))
        at += 4 * len(columns)
        entries.append((values.get(_DURATION, defaults[0]), values.get(_SIZE, defaults[1])))
        if index == 0 and not flags & _FIRST_FLAGS:
            first_flags = values.get(_FLAGS, first_flags)
    return tuple(entries), first_flags, offset


def _written(run: _TrackRun, entries: tuple[tuple[int, int], ...], body: bytes, time: int) -> bytes:
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    table = b"".join(struct.pack(">II", duration, size) for duration, size in entries)
    header = box(b"mfhd", struct.pack(">II", 0, run.sequence))
    track = box(b"tfhd", struct.pack(">III", 0x20020, run.track, run.first_flags)) + box(b"tfdt", struct.pack(">BxxxQ", 1, time))
    # moof is 8 + mfhd + traf (8 + track + trun (20 + table)); the samples start 8 bytes after it, behind the header of mdat
    offset = 8 + len(header) + 8 + len(track) + 20 + len(table) + 8
    run_box = box(b"trun", struct.pack(">IIi", _DATA_OFFSET | _DURATION | _SIZE, len(entries), offset) + table)
    return box(b"moof", header + box(b"traf", track + run_box)) + box(b"mdat", body)


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, first byte of the content, end) of each box between two offsets."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:
            raise Malformed(f"a box {kind!r} of {size} bytes")
        yield kind, start + 8, start + size
        start += size


def _inside(data: bytes, *path: bytes) -> int:
    """Offset of the content of the first box on `path`."""
    start, end = 0, len(data)
    for wanted in path:
        for kind, first, last in _boxes(data, start, end):
            if kind == wanted:
                start, end = first, last
                break
        else:
            raise Malformed(f"no box {wanted.decode()}")
    return start


def _read_init(data: bytes) -> Init:
    at = _inside(data, b"moov", b"trak", b"mdia", b"mdhd")
    (timescale,) = struct.unpack_from(">I", data, at + (20 if data[at] == 1 else 12))
    if timescale == 0:
        raise Malformed("a timescale of zero")
    _, duration, size, flags = struct.unpack_from(">IIII", data, _inside(data, b"moov", b"mvex", b"trex") + 8)
    # trex: full box header 4, track 4, then description index, duration, size, flags
    entry = _inside(data, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd") + 8
    kind = data[entry + 4 : entry + 8]
    if kind == b"avc1":
        width, height = struct.unpack_from(">HH", data, entry + 8 + 24)
        avc = data.index(b"avcC", entry) + 4
        codec = f"avc1.{data[avc + 1]:02X}{data[avc + 2]:02X}{data[avc + 3]:02X}"
    elif kind == b"mp4a":
        width = height = 0
        codec = "mp4a.40.2"  # AAC-LC is the only audio our encoder is asked for
    else:
        raise Malformed(f"a track of kind {kind!r}")
    return Init(data, timescale, codec, width, height, duration, size, flags)
