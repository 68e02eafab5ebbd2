"""SRT's handshake as bytes (draft-sharabayko-srt-01, sections 3.2.1 and 3.2.2), as much of it as a door reads and writes. Pure.

Everything behind the handshake goes through the door as it came.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

HEADER_BYTES: Final = 16
BODY: Final = struct.Struct(">IHHIIIIII16s")
"""Version, encryption field, extension field, initial sequence number, MTU, flow window, kind, socket, cookie, address of the peer."""
MAGIC: Final = 0x4A17
INDUCTION, CONCLUSION = 1, 0xFFFFFFFF
FAILURE: Final = 1000
"""Kinds from here on refuse: 1000 and the reason (section 4.3)."""
VERSION: Final = 5
KEY_MATERIAL, STREAM_ID = 3, 5
_CONTROL: Final = 0x80000000
_HANDSHAKE, _SHUTDOWN = 0, 5
_KIND_AT, _SOCKET_AT, _COOKIE_AT = HEADER_BYTES + 20, HEADER_BYTES + 24, HEADER_BYTES + 28


class Reject:
    """Reasons as libsrt knows them (srt.h and access_control.h); an encoder shows its user the word for each."""

    BAD_SECRET = FAILURE + 10
    UNSECURE = FAILURE + 11
    VERSION = FAILURE + 8
    OVERLOAD = FAILURE + 1402
    NOT_FOUND = FAILURE + 1404
    CONFLICT = FAILURE + 1409


@dataclass(frozen=True, slots=True)
class Handshake:
    """One handshake packet. `kind`: INDUCTION, CONCLUSION, or FAILURE and more; `extensions`: type → content."""

    version: int
    kind: int
    sequence: int
    socket: int
    cookie: int
    extensions: dict[int, bytes]

    @property
    def stream_id(self) -> str | None:
        """What the caller says it sends; None where that is no text. "" where it says nothing."""
        swapped = self.extensions.get(STREAM_ID, b"")
        words = b"".join(swapped[at : at + 4][::-1] for at in range(0, len(swapped), 4))
        try:
            return words.rstrip(b"\0").decode()
        except UnicodeDecodeError:
            return None


def is_shutdown(packet: bytes) -> bool:
    return _control(packet) == _SHUTDOWN


def read_handshake(packet: bytes) -> Handshake | None:
    """None of anything else, and of what is cut short."""
    if _control(packet) != _HANDSHAKE or len(packet) < HEADER_BYTES + BODY.size:
        return None
    version, _, _, sequence, _, _, kind, socket, cookie, _ = BODY.unpack_from(packet, HEADER_BYTES)
    extensions = _extensions(packet) if version == VERSION and kind == CONCLUSION else {}
    return None if extensions is None else Handshake(version, kind, sequence, socket, cookie, extensions)


def _extensions(packet: bytes) -> dict[int, bytes] | None:
    found, at = dict[int, bytes](), HEADER_BYTES + BODY.size
    while at + 4 <= len(packet):
        kind, words = struct.unpack_from(">HH", packet, at)
        at += 4 + 4 * words
        if at > len(packet) or kind in found:
            return None
        found[kind] = packet[at - 4 * words : at]
    return found


def induction(socket: int, sequence: int) -> bytes:
    """What a caller begins with."""
    return _packet(0, BODY.pack(4, 0, 2, sequence, 1500, 8192, INDUCTION, socket, 0, bytes(16)))


def induced(asked: Handshake, cookie: int) -> bytes:
    """The answer to an induction: prove your address with this cookie. As long as the question, so that nobody is flooded by it."""
    return _packet(asked.socket, BODY.pack(VERSION, 0, MAGIC, asked.sequence, 1500, 8192, INDUCTION, asked.socket, cookie, bytes(16)))


def rejection(asked: Handshake, reason: int) -> bytes:
    return _packet(asked.socket, BODY.pack(VERSION, 0, 0, asked.sequence, 1500, 8192, reason, asked.socket, asked.cookie, bytes(16)))


def shutdown(socket: int) -> bytes:
    """The end of a connection, to the side with this socket."""
    return struct.pack(">IIII", _CONTROL | _SHUTDOWN << 16, 0, 0, socket) + bytes(4)


def with_cookie(conclusion: bytes, cookie: int) -> bytes:
    return conclusion[:_COOKIE_AT] + cookie.to_bytes(4, "big") + conclusion[_COOKIE_AT + 4 :]


def _packet(socket: int, body: bytes) -> bytes:
    return struct.pack(">IIII", _CONTROL | _HANDSHAKE << 16, 0, 0, socket) + body


def _control(packet: bytes) -> int | None:
    """The type of a control packet; None of a packet of data, or of too few bytes."""
    if len(packet) < HEADER_BYTES or not packet[0] & 0x80:
        return None
    return int.from_bytes(packet[:2], "big") & 0x7FFF
