"""AMF0, the value format of RTMP commands and FLV metadata (Adobe, "Action Message Format -- AMF 0", 2007).

Bytes to values and back, bounded in depth and count.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

Value = None | bool | float | str | dict[str, "Value"] | list["Value"]

NUMBER, BOOLEAN, STRING, OBJECT, NULL, ECMA_ARRAY, OBJECT_END = 0, 1, 2, 3, 5, 8, 9
STRICT_ARRAY, LONG_STRING = 10, 12
SHORT_STRING_BYTES = 0xFFFF


class BadAmf0(Exception):
    """Bytes that are no values, or values over a bound. `code` says which (`amf_…`), `text` is for logs."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class EcmaArray(dict[str, Value]):
    """An associative array: an object to a reader, but written with its own marker (FLV metadata wants it)."""


class _Reader:
    def __init__(self, data: bytes, depth: int, values: int) -> None:
        self.data = data
        self.at = 0
        self.depth = depth
        self.values = values

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise BadAmf0("amf_cut", "an AMF0 value ends before its announced length")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def text(self, size: int) -> str:
        # Old encoders write Latin-1 into metadata; a strange letter is no reason to lose a camera.
        return self.take(size).decode("utf-8", "replace")

    def short_text(self) -> str:
        return self.text(int.from_bytes(self.take(2), "big"))

    def value(self, level: int) -> Value:
        self.values -= 1
        if self.values < 0:
            raise BadAmf0("amf_too_long", "an AMF0 message holds too many values")
        if level > self.depth:
            raise BadAmf0("amf_too_deep", "AMF0 values are nested too deeply")
        marker = self.take(1)[0]
        match marker:
            case 0:
                return float(struct.unpack(">d", self.take(8))[0])
            case 1:
                return self.take(1) != b"\0"
            case 2:
                return self.short_text()
            case 5 | 6:  # null, undefined
                return None
            case 11:  # a date: milliseconds, and a time zone that is always 0
                return float(struct.unpack(">dh", self.take(10))[0])
            case 12:
                return self.text(int.from_bytes(self.take(4), "big"))
            case _:
                return self.composite(marker, level)

    def composite(self, marker: int, level: int) -> Value:
        if marker == OBJECT:
            return self.members({}, level)
        if marker == ECMA_ARRAY:
            self.take(4)  # the announced count is only a hint; the end marker rules
            return self.members(EcmaArray(), level)
        if marker == STRICT_ARRAY:
            count = int.from_bytes(self.take(4), "big")
            if count > self.values:
                raise BadAmf0("amf_too_long", "an AMF0 message holds too many values")
            return [self.value(level + 1) for _ in range(count)]
        raise BadAmf0("amf_unknown", f"AMF0 marker {marker} is not understood")

    def members(self, into: dict[str, Value], level: int) -> dict[str, Value]:
        while True:
            name = self.short_text()
            if not name and self.data[self.at : self.at + 1] == bytes([OBJECT_END]):
                self.at += 1
                return into
            into[name] = self.value(level + 1)


def decode(data: bytes, *, depth: int, values: int) -> list[Value]:
    """All values of a message, in order. Raises BadAmf0 when cut, unknown, deeper than `depth` or more than `values`."""
    reader = _Reader(data, depth, values)
    found: list[Value] = []
    while reader.at < len(data):
        found.append(reader.value(1))
    return found


def encode(values: Sequence[Value]) -> bytes:
    """The values one after the other. Whole numbers are written as AMF0 numbers, which are doubles."""
    return b"".join(_encoded(value) for value in values)


def _encoded(value: Value) -> bytes:
    if value is None:
        return bytes([NULL])
    if isinstance(value, bool):
        return bytes([BOOLEAN, value])
    if isinstance(value, int | float):
        return struct.pack(">Bd", NUMBER, value)
    if isinstance(value, str):
        raw = value.encode("utf-8", "replace")
        head = struct.pack(">BH", STRING, len(raw)) if len(raw) <= SHORT_STRING_BYTES else struct.pack(">BI", LONG_STRING, len(raw))
        return head + raw
    if isinstance(value, list):
        return struct.pack(">BI", STRICT_ARRAY, len(value)) + encode(value)
    head = struct.pack(">BI", ECMA_ARRAY, len(value)) if isinstance(value, EcmaArray) else bytes([OBJECT])
    return head + b"".join(_name(name) + _encoded(member) for name, member in value.items()) + b"\0\0" + bytes([OBJECT_END])


def _name(name: str) -> bytes:
    raw = name.encode("utf-8", "replace")[:SHORT_STRING_BYTES]
    return struct.pack(">H", len(raw)) + raw
