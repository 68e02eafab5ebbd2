"""One run of an encoder as its stage sees it: for whom it runs, what it was started with, and its end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from services.streaming.encoding.encoder import Encoder
from services.streaming.ingest.port import Ingest
from services.streaming.media.inputs import EncoderInput, Piped


@dataclass(slots=True)
class ActiveEncoder:
    encoder: Encoder
    ingest: Ingest | None
    takes: EncoderInput
    task: asyncio.Task[None] | None = None
    finished: bool = False
    stopping: bool = False

    def suits(self, ingest: Ingest | None) -> bool:
        """Whether it encodes what this sender sends now; a kind that came back is to be seen or heard."""
        lacks = ingest is not None and isinstance(self.takes, Piped) and self.takes.lacks(ingest.input)
        return self.ingest is ingest and not self.finished and not lacks

    def stop(self) -> None:
        """Once only: a second cancellation would leave before the process has ended."""
        if self.task is not None and not self.stopping:
            self.stopping = True
            self.task.cancel()
