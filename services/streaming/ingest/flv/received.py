"""A publisher whose protocol a receiver of ours speaks: what comes from it is FLV already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from services.streaming.ingest.flv import amf0, flv
from services.streaming.ingest.flv.backlog import Backlog
from services.streaming.ingest.flv.publication import FlvPublication
from services.streaming.ingest.flv.reader import FlvReader
from services.streaming.ingest.port import IngestFacts
from shared.events.vocabulary import StageOrigin

AMF_DEPTH, AMF_VALUES = 4, 256


class ReceivedPublication(FlvPublication):
    def __init__(self, stage: str, peer: str, origin: StageOrigin, on_close: Callable[[str], None]) -> None:
        super().__init__(stage, peer, Backlog(), on_close)
        self.origin = origin
        self.losing: Callable[[], float | None] = lambda: None
        """As `IngestFacts.loss`, where the protocol says it."""
        self._reader = FlvReader()

    @property
    def facts(self) -> IngestFacts:
        return replace(super().facts, loss=self.losing())

    async def changed(self) -> None:
        """Until something came, or the end."""
        self._changed.clear()
        await self._changed.wait()

    def put(self, data: bytes) -> None:
        """Takes in what the receiver wrote. Raises flv.UnsupportedCodec, NotFlv."""
        for tag in self._reader.feed(data):
            if tag.kind == flv.SCRIPT_TAG:
                self._describe(tag.body)
                continue
            video = tag.kind == flv.VIDEO_TAG
            header = flv.parse_video_header(tag.body) if video else flv.parse_audio_header(tag.body)
            if header is not None:
                self.take(video=video, timestamp=tag.timestamp, payload=tag.body, header=header)

    def _describe(self, body: bytes) -> None:
        try:
            values = amf0.decode(body, depth=AMF_DEPTH, values=AMF_VALUES)
        except amf0.BadAmf0:
            return  # it says nothing that is needed
        if len(values) == 2 and values[0] == "onMetaData" and isinstance(values[1], dict):
            self.metadata = {name: value for name, value in flv.known_metadata(values[1]).items() if name != "encoder"}
            self._backlog.describe(self.metadata)
