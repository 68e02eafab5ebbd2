"""One RTMP publisher: its messages are the bodies of FLV tags already."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.streaming.ingest.flv import flv
from services.streaming.ingest.flv.amf0 import Value
from services.streaming.ingest.flv.backlog import Backlog
from services.streaming.ingest.flv.publication import FlvPublication
from services.streaming.ingest.rtmp.limits import RtmpLimits
from services.streaming.ingest.rtmp.session import Media


class RtmpPublication(FlvPublication):
    origin = "rtmp"

    def __init__(
        self, stage: str, peer: str, limits: RtmpLimits, on_close: Callable[[str], None], now: Callable[[], float] | None = None
    ) -> None:
        super().__init__(stage, peer, Backlog(max_bytes=limits.queue_bytes, max_tags=limits.queue_tags), on_close, now)

    def describe(self, values: Mapping[str, Value]) -> None:
        self.metadata = flv.known_metadata(values)
        self._backlog.describe(self.metadata)

    def put(self, media: Media) -> None:
        """Takes one message in. Raises flv.UnsupportedCodec."""
        header = flv.parse_video_header(media.payload) if media.video else flv.parse_audio_header(media.payload)
        if header is not None:
            self.take(video=media.video, timestamp=media.timestamp, payload=media.payload, header=header)
