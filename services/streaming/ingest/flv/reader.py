"""FLV bytes, as a receiver writes them, back to tags. Pure and synchronous."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.streaming.ingest.flv.flv import TAG_HEADER_BYTES

HEAD_BYTES: Final = 13
"""The file header, and the size of the tag before the first."""
MOST_TAG_BYTES: Final = 8 * 1024 * 1024


class NotFlv(Exception):
    """The bytes are no FLV, or have a tag beyond MOST_TAG_BYTES."""


@dataclass(frozen=True, slots=True)
class FlvTag:
    """`kind` as in flv: AUDIO_TAG, VIDEO_TAG, SCRIPT_TAG; `timestamp` in ms, 32 bits."""

    kind: int
    timestamp: int
    body: bytes


class FlvReader:
    def __init__(self) -> None:
        self._rest = bytearray()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[FlvTag]:
        """The tags that are whole by now. Raises NotFlv."""
        self._rest += data
        if not self._begun:
            if len(self._rest) < HEAD_BYTES:
                return
            if self._rest[:3] != b"FLV":
                raise NotFlv("it does not begin like FLV")
            del self._rest[:HEAD_BYTES]
            self._begun = True
        while (tag := self._next()) is not None:
            yield tag

    def _next(self) -> FlvTag | None:
        rest = self._rest
        if len(rest) < TAG_HEADER_BYTES:
            return None
        length = int.from_bytes(rest[1:4], "big")
        if length > MOST_TAG_BYTES:
            raise NotFlv(f"a tag of {length} bytes")
        end = TAG_HEADER_BYTES + length
        if len(rest) < end + 4:
            return None
        tag = FlvTag(rest[0] & 0x1F, int.from_bytes(rest[4:7], "big") | rest[7] << 24, bytes(rest[TAG_HEADER_BYTES:end]))
        del rest[: end + 4]
        return tag
