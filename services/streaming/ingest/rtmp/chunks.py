"""The RTMP chunk layer (Adobe RTMP 1.0, section 5.3): bytes to whole messages and back. No sockets, no commands.

Set Chunk Size and Abort are handled here, because they change how the next bytes read; every message, these too, is returned.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from services.streaming.ingest.rtmp.limits import RtmpError

SET_CHUNK_SIZE, ABORT, ACKNOWLEDGEMENT, USER_CONTROL, WINDOW_SIZE, PEER_BANDWIDTH = 1, 2, 3, 4, 5, 6
AUDIO, VIDEO, DATA_AMF3, COMMAND_AMF3, DATA, COMMAND = 8, 9, 15, 17, 18, 20

FIRST_CHUNK_SIZE = 128
EXTENDED = 0xFFFFFF
TIMESTAMP_MASK = 0xFFFFFFFF
HEADER_BYTES = (11, 7, 3, 0)
"""Length of the message header by chunk format (5.3.1.2)."""


@dataclass(frozen=True, slots=True)
class Message:
    """`type` per section 5.4 and 7.1, `timestamp` in milliseconds (32 bits, wrapping), `stream` the message stream id."""

    type: int
    stream: int
    timestamp: int
    payload: bytes


class _ChunkStream:
    """What later chunks of one chunk stream leave out and inherit."""

    __slots__ = ("body", "extended", "field", "length", "stream", "timestamp", "type")

    def __init__(self) -> None:
        self.timestamp = 0
        self.field = 0
        self.extended = False
        self.length = 0
        self.type = 0
        self.stream = 0
        self.body: bytearray | None = None


@dataclass(slots=True)
class _Head:
    """A chunk's header, read but not yet applied."""

    format: int
    csid: int
    size: int
    field: int
    extended: bool
    length: int
    type: int
    stream: int


class ChunkReader:
    """Feed bytes, ask for messages. Holds at most one chunk and `message_bytes` of unfinished messages."""

    def __init__(self, *, message_bytes: int, chunk_streams: int) -> None:
        self.message_bytes = message_bytes
        self.received = 0
        self._chunk_streams = chunk_streams
        self._chunk_size = FIRST_CHUNK_SIZE
        self._buffer = bytearray()
        self._streams: dict[int, _ChunkStream] = {}
        self._unfinished = 0

    @property
    def consumed(self) -> int:
        """Bytes taken out of the input so far."""
        return self.received - len(self._buffer)

    @property
    def buffered_bytes(self) -> int:
        """Bytes in memory now: unread input and unfinished messages."""
        return len(self._buffer) + self._unfinished

    def feed(self, data: bytes) -> None:
        self.received += len(data)
        self._buffer += data

    def next_message(self) -> Message | None:
        """The next whole message, or None when more bytes are needed. Raises RtmpError."""
        while (head := self._head()) is not None:
            stream = self._opened(head)
            length = head.length if stream.body is None else stream.length
            if length > self.message_bytes:
                raise RtmpError("streaming.rtmp.message_too_long", f"a message of {length} bytes is longer than {self.message_bytes}")
            take = min(self._chunk_size, length - (len(stream.body) if stream.body is not None else 0))
            if self._unfinished + take > self.message_bytes:
                raise RtmpError("streaming.rtmp.too_much_unfinished", "too many bytes of unfinished messages")
            if len(self._buffer) < head.size + take:
                return None
            message = self._take(stream, head, take)
            if message is not None:
                self._handle_command(message)
                return message
        return None

    def _head(self) -> _Head | None:
        """Basic header, message header and extended timestamp (5.3.1), if they are all there."""
        buffer = self._buffer
        if not buffer:
            return None
        form, csid, at = buffer[0] >> 6, buffer[0] & 0x3F, 1
        if csid < 2:
            at += 1 + csid
            if len(buffer) < at:
                return None
            csid = 64 + buffer[1] + (buffer[2] << 8 if csid == 1 else 0)
        if len(buffer) < at + HEADER_BYTES[form]:
            return None
        before = self._streams.get(csid) or _ChunkStream()
        head = _Head(form, csid, at + HEADER_BYTES[form], before.field, before.extended, before.length, before.type, before.stream)
        if form < 3:
            head.field = int.from_bytes(buffer[at : at + 3], "big")
            head.extended = head.field == EXTENDED
        if form < 2:
            head.length = int.from_bytes(buffer[at + 3 : at + 6], "big")
            head.type = buffer[at + 6]
        if form == 0:
            head.stream = int.from_bytes(buffer[at + 7 : at + 11], "little")
        return self._extended(head, before) if head.extended else head

    def _extended(self, head: _Head, before: _ChunkStream) -> _Head | None:
        if len(self._buffer) < head.size + 4:
            return None
        value = int.from_bytes(self._buffer[head.size : head.size + 4], "big")
        # Section 5.3.1.3: type 3 chunks repeat the field too. A few encoders leave it out inside a message: then these four
        # bytes are payload, and all but certainly differ from the time they should repeat.
        if head.format == 3 and before.body is not None and value not in (before.field, before.timestamp):
            return head
        head.size += 4
        if head.format < 3 or before.body is None:
            head.field = value
        return head

    def _opened(self, head: _Head) -> _ChunkStream:
        stream = self._streams.get(head.csid)
        if stream is None:
            if head.format > 1:
                raise RtmpError("streaming.rtmp.chunk_without_header", "a chunk stream begins without saying how long its message is")
            if len(self._streams) >= self._chunk_streams:
                raise RtmpError("streaming.rtmp.too_many_chunk_streams", "too many chunk streams")
            stream = self._streams[head.csid] = _ChunkStream()
        elif stream.body is not None and head.format != 3:
            raise RtmpError("streaming.rtmp.chunk_out_of_order", "a message begins before the one before it has ended")
        return stream

    def _take(self, stream: _ChunkStream, head: _Head, take: int) -> Message | None:
        if stream.body is None:
            stream.timestamp = head.field if head.format == 0 else (stream.timestamp + head.field) & TIMESTAMP_MASK
            stream.field, stream.extended = head.field, head.extended
            stream.length, stream.type, stream.stream = head.length, head.type, head.stream
            stream.body = bytearray()
        stream.body += self._buffer[head.size : head.size + take]
        del self._buffer[: head.size + take]
        self._unfinished += take
        if len(stream.body) < stream.length:
            return None
        payload, stream.body = bytes(stream.body), None
        self._unfinished -= len(payload)
        return Message(stream.type, stream.stream, stream.timestamp, payload)

    def _handle_command(self, message: Message) -> None:
        if message.type not in (SET_CHUNK_SIZE, ABORT):
            return
        if len(message.payload) < 4:
            raise RtmpError("streaming.rtmp.control_cut", "a protocol control message is too short")
        value = int.from_bytes(message.payload[:4], "big")
        if message.type == ABORT:
            stream = self._streams.get(value)
            if stream is not None and stream.body is not None:
                self._unfinished -= len(stream.body)
                stream.body = None
        elif not 1 <= value <= 0x7FFFFFFF:
            raise RtmpError("streaming.rtmp.chunk_size", "a chunk size must be at least 1")
        else:
            self._chunk_size = value


def write_chunks(message: Message, *, csid: int, chunk_size: int) -> bytes:
    """The message as one format 0 chunk and as many format 3 chunks as `chunk_size` asks for; `csid` below 64."""
    extended = struct.pack(">I", message.timestamp) if message.timestamp >= EXTENDED else b""
    field = min(message.timestamp, EXTENDED).to_bytes(3, "big")
    head = bytes([csid]) + field + len(message.payload).to_bytes(3, "big") + bytes([message.type]) + message.stream.to_bytes(4, "little")
    out = [head, extended, message.payload[:chunk_size]]
    for at in range(chunk_size, len(message.payload), chunk_size):
        out += [bytes([0xC0 | csid]), extended, message.payload[at : at + chunk_size]]
    return b"".join(out)
