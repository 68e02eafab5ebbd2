"""One sender whose protocol a receiver of ours speaks, from its beginning to its end: the receiver is run, its stream is announced."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.flv.flv import UnsupportedCodec
from services.streaming.ingest.flv.reader import NotFlv
from services.streaming.ingest.flv.received import ReceivedPublication

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.5


class Reception:
    """`connect`: seconds from the beginning to the first picture or sound that is understood; `idle`: one that sends nothing this long is
    gone. `on_publish` is called once it is clear what the stream holds. `unsupported`: what came and nobody can use, None where it can."""

    def __init__(
        self, publication: ReceivedPublication, on_publish: Callable[[ReceivedPublication], None], *, connect: float, idle: float
    ) -> None:
        self.publication = publication
        self.unsupported: str | None = None
        self.announced = False
        self._on_publish, self._connect, self._idle = on_publish, connect, idle
        self._now = asyncio.get_running_loop().time
        self._began_at = self._now()

    def holds(self, takeover_seconds: float) -> bool:
        """Whether it has the stage, or is about to."""
        alive = self.publication.end_reason is None
        return alive and (not self.announced or self.publication.facts.silent_for < takeover_seconds)

    def take(self, data: bytes) -> None:
        """What the receiver wrote. Raises UnsupportedCodec, NotFlv."""
        self.publication.put(data)

    async def run(self, receiving: Awaitable[None]) -> None:
        """Until the publication has ended, whatever ends it; then the receiver has ended too."""
        receiver = asyncio.create_task(self._received(receiving), name=f"receiver {self.publication.stage}")
        try:
            await self._watch()
        finally:
            self.publication.finish(disconnect_reasons.LOST)
            receiver.cancel()
            await asyncio.wait((receiver,))

    def end_of_receiver(self) -> str:
        """Why a receiver that has ended by itself did so."""
        return disconnect_reasons.LOST

    async def _received(self, receiving: Awaitable[None]) -> None:
        try:
            await receiving
        except UnsupportedCodec as wrong:
            self.unsupported = wrong.codec
            self.publication.finish(disconnect_reasons.UNSUPPORTED_CODEC)
        except (NotFlv, OSError) as wrong:
            log.warning("the receiver for %s: %s", self.publication.peer, wrong)
        finally:
            self.publication.finish(self.end_of_receiver())

    def over(self) -> bool:
        """Whether it has ended by itself, or is given up."""
        if not self.announced and self._now() - self._began_at > self._connect:
            self.publication.finish(disconnect_reasons.LOST)
        elif self.publication.facts.silent_for > self._idle:
            self.publication.finish(disconnect_reasons.SILENT)
        return self.publication.end_reason is not None

    async def _watch(self) -> None:
        while not self.over():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self.publication.changed()
            if not self.announced and self.publication.known and self.publication.end_reason is None:
                self.announced = True
                self._on_publish(self.publication)
