"""The bounds of the RTMP ingest and its own error. Plain values: no sockets, no protocol."""

from __future__ import annotations

from dataclasses import dataclass

from services.streaming.ingest.flv.backlog import MOST_BYTES, MOST_TAGS


class RtmpError(Exception):
    """The peer broke the protocol or a bound; the connection cannot go on.

    `code` is dotted and stable (`streaming.rtmp.message_too_long`); the text is for logs and for the encoder's own log, in English.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class RtmpLimits:
    """Every bound of the ingest, by name. Bytes and seconds."""

    handshake_seconds: float = 5.0
    authorize_seconds: float = 10.0
    """From the end of the handshake to an accepted `publish`."""
    idle_seconds: float = 20.0
    """A publisher that sends nothing this long is gone."""
    takeover_seconds: float = 3.0
    """How long the present publisher of a stage must be silent before a newer one replaces it."""
    refusal_seconds: float = 0.5
    """How long a refused key waits for its answer: it makes guessing slow."""
    key_characters: int = 256
    app_characters: int = 256
    connections_before_publish: int = 64
    connections_before_publish_per_address: int = 16
    bytes_before_publish: int = 64 * 1024
    message_bytes_before_publish: int = 16 * 1024
    message_bytes: int = 8 * 1024 * 1024
    data_message_bytes: int = 64 * 1024
    """Longer script data (not audio or video) is ignored unread."""
    chunk_streams: int = 64
    amf_depth: int = 8
    amf_values: int = 512
    read_bytes: int = 64 * 1024
    unsent_bytes: int = 256 * 1024
    """Answers the peer does not read; more than this and it is cut off."""
    ack_window_bytes: int = 2_500_000
    queue_bytes: int = MOST_BYTES
    queue_tags: int = MOST_TAGS
