"""One publisher's conversation, without sockets: bytes in, events and bytes out (Adobe RTMP 1.0, sections 5.2, 7.2).

Give what arrived to `receive_data`, ask `next_event` until it says None, send what `data_to_send` returns. After a
`PublishRequested` nothing more is read until `accept` or `refuse`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from services.streaming.ingest.flv import amf0
from services.streaming.ingest.rtmp import chunks
from services.streaming.ingest.rtmp.chunks import ChunkReader, Message, write_chunks
from services.streaming.ingest.rtmp.limits import RtmpError, RtmpLimits

VERSION = 3
HANDSHAKE_BYTES = 1536
NONCE_BYTES = HANDSHAKE_BYTES - 8
CHUNK_SIZE = 65536
"""What we write with; ffmpeg answers with the same size, which spares both sides work."""
CONTROL_CSID, COMMAND_CSID = 2, 3
MEDIA_STREAM = 1
STREAM_BEGIN, PING, PONG = 0, 6, 7
DYNAMIC = 2


@dataclass(frozen=True, slots=True)
class PublishRequested:
    """The encoder names what it wants to publish: the last part of its server address, and its stream key."""

    app: str
    key: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """`onMetaData`: what the encoder says about its stream (not verified)."""

    values: Mapping[str, amf0.Value]


@dataclass(frozen=True, slots=True)
class Media:
    """One audio or video message; the payload is the body of an FLV tag of the same kind. Milliseconds, 32 bits."""

    video: bool
    timestamp: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The encoder said it is done."""


Event = PublishRequested | Metadata | Media | Ended


class _Phase(Enum):
    HELLO = auto()
    ECHO = auto()
    COMMANDS = auto()
    DECIDING = auto()
    PUBLISHING = auto()
    OVER = auto()


class RtmpSession:
    """`nonce` is 1,528 random bytes for S1. Every method may raise RtmpError; after that the session is over."""

    def __init__(self, limits: RtmpLimits, nonce: bytes) -> None:
        self._limits = limits
        self._nonce = nonce
        self._phase = _Phase.HELLO
        self._hello = bytearray()
        self._out = bytearray()
        self._reader = ChunkReader(message_bytes=limits.message_bytes_before_publish, chunk_streams=limits.chunk_streams)
        self._app: str | None = None
        self._ack_window = limits.ack_window_bytes
        self._acked = 0

    @property
    def handshake_done(self) -> bool:
        """True once the handshake is over."""
        return self._phase not in (_Phase.HELLO, _Phase.ECHO)

    @property
    def progress(self) -> int:
        """0 nothing has come, 1 in the handshake, 2 commands, 3 publish was asked for, or later."""
        if self._phase is _Phase.HELLO and not self._hello:
            return 0
        return {_Phase.HELLO: 1, _Phase.ECHO: 1, _Phase.COMMANDS: 2}.get(self._phase, 3)

    @property
    def buffered_bytes(self) -> int:
        """Bytes of the peer in memory now."""
        return len(self._hello) + self._reader.buffered_bytes

    def receive_data(self, data: bytes) -> None:
        if self._phase in (_Phase.HELLO, _Phase.ECHO):
            self._hello += data
            self._advance_handshake()
        elif self._phase is not _Phase.OVER:
            self._reader.feed(data)
        if self._reader.received - self._acked >= self._ack_window:
            self._acked = self._reader.received
            self._control(chunks.ACKNOWLEDGEMENT, struct.pack(">I", self._acked & 0xFFFFFFFF))

    def data_to_send(self) -> bytes:
        out = bytes(self._out)
        self._out.clear()
        return out

    def next_event(self) -> Event | None:
        """The next event; None when more bytes, or a decision on a publish request, are needed."""
        while self._phase in (_Phase.COMMANDS, _Phase.PUBLISHING):
            message = self._next_message()
            if message is None:
                return None
            event = self._interpret(message)
            if event is not None:
                return event
        return None

    def accept(self) -> None:
        """Yes to the publish request: media may follow."""
        if self._phase is not _Phase.DECIDING:
            raise ValueError("no publish request is waiting")
        self._phase = _Phase.PUBLISHING
        self._reader.message_bytes = self._limits.message_bytes
        self._control(chunks.USER_CONTROL, struct.pack(">HI", STREAM_BEGIN, MEDIA_STREAM))
        self._status("status", "NetStream.Publish.Start", "You are live.")

    def refuse(self, description: str, code: str = "NetStream.Publish.BadName") -> None:
        """No to the publish request, or to going on with it. The session is over; send what is left and close."""
        if self._phase is not _Phase.OVER:
            self._phase = _Phase.OVER
            self._status("error", code, description)

    def _advance_handshake(self) -> None:
        """C0 to C2 and S0 to S2 (5.2), the plain form that every encoder speaks."""
        if self._hello and self._hello[0] != VERSION and self._phase is _Phase.HELLO:
            self._phase = _Phase.OVER
            raise RtmpError("streaming.rtmp.version", f"not RTMP version 3 (first byte {self._hello[0]})")
        if self._phase is _Phase.HELLO and len(self._hello) >= 1 + HANDSHAKE_BYTES:
            c1 = bytes(self._hello[1 : 1 + HANDSHAKE_BYTES])
            del self._hello[: 1 + HANDSHAKE_BYTES]
            self._out += bytes([VERSION]) + bytes(8) + self._nonce + c1
            self._phase = _Phase.ECHO
        if self._phase is _Phase.ECHO and len(self._hello) >= HANDSHAKE_BYTES:
            self._phase = _Phase.COMMANDS
            self._reader.feed(bytes(self._hello[HANDSHAKE_BYTES:]))
            self._hello.clear()

    def _next_message(self) -> Message | None:
        try:
            message = self._reader.next_message()
            if self._phase is _Phase.COMMANDS and self._reader.consumed > self._limits.bytes_before_publish:
                raise RtmpError("streaming.rtmp.too_long_before_publish", "too many bytes before a publish command")
        except RtmpError:
            self._phase = _Phase.OVER
            raise
        return message

    def _interpret(self, message: Message) -> Event | None:
        match message.type:
            case chunks.AUDIO | chunks.VIDEO:
                if self._phase is _Phase.PUBLISHING:
                    return Media(message.type == chunks.VIDEO, message.timestamp, message.payload)
            case chunks.DATA | chunks.DATA_AMF3:
                return self._data(message)
            case chunks.COMMAND | chunks.COMMAND_AMF3:
                return self._command(message)
            case chunks.USER_CONTROL:
                if message.payload[:2] == struct.pack(">H", PING):
                    self._control(chunks.USER_CONTROL, struct.pack(">H", PONG) + message.payload[2:6])
            case chunks.WINDOW_SIZE:
                # The peer says how often it wants to hear from us (5.4.4).
                self._ack_window = int.from_bytes(message.payload[:4], "big") or self._limits.ack_window_bytes
        return None

    def _data(self, message: Message) -> Event | None:
        if self._phase is not _Phase.PUBLISHING or len(message.payload) > self._limits.data_message_bytes:
            return None
        try:
            values = self._values(message, chunks.DATA_AMF3)
        except RtmpError:
            return None  # script data we cannot read is not worth a camera
        if values and values[0] == "@setDataFrame":
            values = values[1:]
        if len(values) >= 2 and values[0] == "onMetaData" and isinstance(values[1], dict):
            return Metadata(values[1])
        return None

    def _values(self, message: Message, amf3: int) -> list[amf0.Value]:
        # The AMF3 kinds carry AMF0 behind one zero byte as long as AMF3 was not asked for, and we never ask.
        payload = message.payload[1:] if message.type == amf3 else message.payload
        try:
            return amf0.decode(payload, depth=self._limits.amf_depth, values=self._limits.amf_values)
        except amf0.BadAmf0 as bad:
            raise RtmpError(f"streaming.rtmp.{bad.code}", bad.text) from None

    def _command(self, message: Message) -> Event | None:
        try:
            return self._handle_command(self._values(message, chunks.COMMAND_AMF3))
        except RtmpError:
            self._phase = _Phase.OVER
            raise

    def _handle_command(self, values: list[amf0.Value]) -> Event | None:
        name = values[0] if values else None
        transaction = values[1] if len(values) > 1 and isinstance(values[1], float) else 0.0
        match name:
            case "connect" if self._app is None:
                self._connect(transaction, values[2] if len(values) > 2 else None)
            case "createStream":
                self._send(0, amf0.encode(["_result", transaction, None, float(MEDIA_STREAM)]))
            case "publish" if self._phase is _Phase.COMMANDS:
                return self._publish(values[3] if len(values) > 3 else None)
            case "FCUnpublish" | "deleteStream" | "closeStream" if self._phase is _Phase.PUBLISHING:
                self._phase = _Phase.OVER
                return Ended()
            case "play" | "play2":
                raise RtmpError("streaming.rtmp.play", "this server takes streams in and plays none back")
            case "connect" | "publish":
                raise RtmpError("streaming.rtmp.twice", f"{name} may be sent once")
            case _:
                pass  # releaseStream, FCPublish, _checkbw and whatever else encoders say need no answer
        return None

    def _connect(self, transaction: float, properties: amf0.Value) -> None:
        app = properties.get("app") if isinstance(properties, dict) else None
        if not isinstance(app, str) or len(app) > self._limits.app_characters:
            raise RtmpError("streaming.rtmp.app", "the server address names no application")
        self._app = app.strip("/")
        window = struct.pack(">I", self._limits.ack_window_bytes)
        self._control(chunks.WINDOW_SIZE, window)
        self._control(chunks.PEER_BANDWIDTH, window + bytes([DYNAMIC]))
        self._out += write_chunks(
            Message(chunks.SET_CHUNK_SIZE, 0, 0, struct.pack(">I", CHUNK_SIZE)), csid=CONTROL_CSID, chunk_size=chunks.FIRST_CHUNK_SIZE
        )
        about: amf0.Value = {"fmsVer": "FMS/3,0,1,123", "capabilities": 31.0}
        info = _info("status", "NetConnection.Connect.Success", "Connection succeeded.") | {"objectEncoding": 0.0}
        self._send(0, amf0.encode(["_result", transaction, about, info]))

    def _publish(self, name: amf0.Value) -> Event:
        if self._app is None or not isinstance(name, str):
            raise RtmpError("streaming.rtmp.publish", "publish came before connect, or without a stream key")
        if not name and "/" in self._app:
            # Somebody typed the key behind the address instead of into its own field: it is clear what they mean.
            self._app, name = self._app.rsplit("/", 1)
        self._phase = _Phase.DECIDING
        # Encoders append parameters of their own, people copy a blank or a slash with the key; a key holds none of them.
        return PublishRequested(self._app, name.partition("?")[0].strip().strip("/"))

    def _status(self, level: str, code: str, description: str) -> None:
        self._send(MEDIA_STREAM, amf0.encode(["onStatus", 0.0, None, _info(level, code, description)]))

    def _send(self, stream: int, payload: bytes) -> None:
        self._out += write_chunks(Message(chunks.COMMAND, stream, 0, payload), csid=COMMAND_CSID, chunk_size=CHUNK_SIZE)

    def _control(self, kind: int, payload: bytes) -> None:
        self._out += write_chunks(Message(kind, 0, 0, payload), csid=CONTROL_CSID, chunk_size=CHUNK_SIZE)


def _info(level: str, code: str, description: str) -> dict[str, amf0.Value]:
    return {"level": level, "code": code, "description": description}
