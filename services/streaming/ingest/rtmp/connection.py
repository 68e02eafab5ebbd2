"""One encoder's TCP connection: reads with a deadline for each phase, feeds the session, and hands media to its publication."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.flv.flv import UnsupportedCodec
from services.streaming.ingest.rtmp.limits import RtmpError, RtmpLimits
from services.streaming.ingest.rtmp.publication import RtmpPublication
from services.streaming.ingest.rtmp.session import NONCE_BYTES, Ended, Event, Media, Metadata, PublishRequested, RtmpSession

log = logging.getLogger(__name__)

FAREWELL_SECONDS: Final = 1.0
"""How long an encoder that said it stops may take to close the connection itself."""
CLOSE_SECONDS: Final = 2.0
REJECTED = "NetStream.Publish.Rejected"


class PublisherRefused(Exception):
    """The publish request is turned down; `code` is one of `disconnect_reasons`, `codec` the name of one that is not taken."""

    def __init__(self, code: str, codec: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.codec = codec


class Connection:
    """`claim` names the stage for an address and key, or raises PublisherRefused; `announce` is called once a publication may be read."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        limits: RtmpLimits,
        claim: Callable[[Connection, PublishRequested], Awaitable[str]],
        announce: Callable[[RtmpPublication], None],
        explain: disconnect_reasons.Explain,
    ) -> None:
        peer = writer.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        self.peer = f"{peer[0]}:{peer[1]}" if peer else ""
        self.stage: str | None = None
        self.publication: RtmpPublication | None = None
        self.refused_codec = ""
        self.last_data_at = 0.0
        self.data_received = asyncio.Event()
        self._reader, self._writer, self._limits = reader, writer, limits
        self._claim, self._announce, self._explain = claim, announce, explain
        self._session = RtmpSession(limits, secrets.token_bytes(NONCE_BYTES))
        self._announced = False
        self._task: asyncio.Task[None] | None = None
        self._closing: str | None = None

    @property
    def waits(self) -> bool:
        """Whether it has not been accepted as a publisher and is not being ended."""
        return self.stage is None and self._closing is None

    @property
    def progress(self) -> int:
        """How far it has got towards publishing: 0 nothing said, 1 shaking hands, 2 giving commands, 3 its key is being checked."""
        return self._session.progress

    def begin(self, done: Callable[[asyncio.Task[None]], None]) -> asyncio.Task[None]:
        self._task = asyncio.create_task(self._run(), name=f"rtmp {self.peer}")
        self._task.add_done_callback(done)
        return self._task

    def end(self, reason: str) -> None:
        """Ends the connection soon; what has been received is still readable."""
        if self._closing is None and self._task is not None:
            self._closing = reason
            self._task.cancel()

    async def _run(self) -> None:
        reason, codec = disconnect_reasons.LOST, ""
        try:
            reason = await self._serve()
        except TimeoutError:
            reason = disconnect_reasons.TOO_SLOW if self.stage is None else disconnect_reasons.SILENT
        except RtmpError as error:
            reason = disconnect_reasons.PROTOCOL
            log.warning("RTMP from %s: %s (%s)", self.peer, error.text, error.code)
        except PublisherRefused as refusal:
            reason, codec = refusal.code, refusal.codec
        except OSError as error:
            log.debug("RTMP from %s: %s", self.peer, error)
        except asyncio.CancelledError:
            # `end` cancels this task to wake it up; a cancellation from anywhere else is passed on.
            if self._closing is None:
                raise
            reason = self._closing
        finally:
            if self.publication is not None:
                self.publication.finish(reason)
            if reason == disconnect_reasons.ENDED:
                await self._hear_out()
            await self._close()
        log.info("RTMP from %s for stage %s is over: %s", self.peer, self.stage, self._explain(reason, codec=codec))

    async def _serve(self) -> str:
        """Until the encoder stops; returns why."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        deadline = began + self._limits.handshake_seconds
        while True:
            async with asyncio.timeout_at(deadline):
                data = await self._reader.read(self._limits.read_bytes)
            if not data:
                return disconnect_reasons.LOST
            self.last_data_at = loop.time()
            self.data_received.set()
            self._session.receive_data(data)
            while (event := self._session.next_event()) is not None:
                if isinstance(event, Ended):
                    return disconnect_reasons.ENDED
                await self._handle(event)
            await self._send()
            if self.stage is not None:
                deadline = self.last_data_at + self._limits.idle_seconds
            elif self._session.handshake_done:
                deadline = began + self._limits.handshake_seconds + self._limits.authorize_seconds

    async def _handle(self, event: Event) -> None:
        match event:
            case PublishRequested():
                await self._handle_publish(event)
            case Metadata() if self.publication is not None:
                self.publication.describe(event.values)
            case Media() if self.publication is not None:
                self._take(self.publication, event)

    async def _handle_publish(self, request: PublishRequested) -> None:
        await self._send()
        try:
            stage = await self._claim(self, request)
        except PublisherRefused as refusal:
            await asyncio.sleep(self._limits.refusal_seconds)
            self._session.refuse(self._explain(refusal.code))
            raise
        self.stage = stage
        self.publication = RtmpPublication(stage, self.peer, self._limits, self.end)
        self._session.accept()
        log.info("RTMP from %s publishes to stage %s", self.peer, stage)

    def _take(self, publication: RtmpPublication, media: Media) -> None:
        try:
            publication.put(media)
        except UnsupportedCodec as unsupported:
            refusal = PublisherRefused(disconnect_reasons.UNSUPPORTED_CODEC, unsupported.codec)
            self.refused_codec = refusal.codec
            self._session.refuse(self._explain(refusal.code, codec=refusal.codec), REJECTED)
            raise refusal from None
        if not self._announced and publication.known:
            self._announced = True
            self._announce(publication)

    async def _send(self) -> None:
        """Answers are small and never waited for; a peer that reads none of them is cut off."""
        data = self._session.data_to_send()
        if data:
            self._writer.write(data)
        if self._writer.transport.get_write_buffer_size() > self._limits.unsent_bytes:
            raise RtmpError("streaming.rtmp.unread", "the peer does not read our answers")

    async def _hear_out(self) -> None:
        """Encoders say more than once that they stop (FCUnpublish, then deleteStream): one that is cut off in between reports an error."""
        with suppress(OSError, TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                while await self._reader.read(self._limits.read_bytes):
                    pass

    async def _close(self) -> None:
        with suppress(OSError, RtmpError, TimeoutError, asyncio.CancelledError):
            await self._send()
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._writer.drain()
                self._writer.close()
                await self._writer.wait_closed()
        self.abort()

    def abort(self) -> None:
        """Cuts the TCP connection, whatever state it is in. Idempotent."""
        self._writer.transport.abort()
