"""A hand-written RTMP publisher for tests: it can send every chunk format, long timestamps, and nonsense.

It shares nothing with the server's chunk reader, so that a common mistake cannot hide.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.streaming.ingest.flv import amf0
from services.streaming.ingest.flv.amf0 import Value

HELLO = b"\x03" + bytes(1536)
ECHO = bytes(1536)
AVC_SETUP = bytes.fromhex("1700000000") + bytes.fromhex("0142c01effe1")
AAC_SETUP = bytes.fromhex("af001190")


@dataclass
class _Last:
    timestamp: int
    value: int
    length: int
    kind: int


@dataclass
class ChunkEncoder:
    """Writes messages with the chunk format asked for, or a fuller one where that format cannot say it."""

    chunk_size: int = 128
    repeat_extended: bool = True
    last: dict[int, _Last] = field(default_factory=dict)

    def message(self, csid: int, kind: int, stream: int, timestamp: int, payload: bytes, form: int = 0) -> bytes:
        before = self.last.get(csid)
        delta = (timestamp - before.timestamp) & 0xFFFFFFFF if before else 0
        if before is None or delta > 0x7FFFFFFF:
            form = 0
        elif form >= 2 and (before.length, before.kind) != (len(payload), kind):
            form = 1
        elif form == 3 and before.value != delta:
            form = 2
        value = timestamp if form == 0 else delta
        self.last[csid] = _Last(timestamp, value, len(payload), kind)
        extended = struct.pack(">I", value) if value >= 0xFFFFFF else b""
        head = min(value, 0xFFFFFF).to_bytes(3, "big") + len(payload).to_bytes(3, "big") + bytes([kind]) + struct.pack("<I", stream)
        out = self.basic(form, csid) + head[: (11, 7, 3, 0)[form]] + extended
        size = self.chunk_size
        for at in range(0, max(1, len(payload)), size):
            if at:
                out += self.basic(3, csid) + (extended if self.repeat_extended else b"")
            out += payload[at : at + size]
        return out

    @staticmethod
    def basic(form: int, csid: int) -> bytes:
        if csid < 64:
            return bytes([form << 6 | csid])
        if csid < 320:
            return bytes([form << 6, csid - 64])
        return bytes([form << 6 | 1]) + struct.pack("<H", csid - 64)

    def command(self, values: Sequence[Value], stream: int = 0) -> bytes:
        return self.message(3, 20, stream, 0, amf0.encode(values))

    def set_chunk_size(self, size: int) -> bytes:
        out = self.message(2, 1, 0, 0, struct.pack(">I", size))
        self.chunk_size = size
        return out


def opening(encoder: ChunkEncoder, app: str = "live", key: str = "secret") -> bytes:
    """Everything up to and with the publish command, handshake included, as OBS sends it."""
    return (
        HELLO
        + ECHO
        + encoder.command(["connect", 1.0, {"app": app, "type": "nonprivate", "tcUrl": "rtmp://localhost/live"}])
        + encoder.command(["releaseStream", 2.0, None, key])
        + encoder.command(["FCPublish", 3.0, None, key])
        + encoder.command(["createStream", 4.0, None])
        + encoder.command(["publish", 5.0, None, key, "live"], stream=1)
    )
