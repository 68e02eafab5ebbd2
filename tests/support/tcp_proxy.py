"""A TCP relay that a test can cut, or make swallow everything: the bad line between a page and the platform, a bus and its broker."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

CHUNK: Final = 65_536


class TcpProxy:
    """Its port (`start`, `port`) leads to `target_port` on loopback, unless it is cut. `swallowing`: connections stay, what is sent is
    lost."""

    def __init__(self, target_port: int) -> None:
        self.swallowing = False
        self._target = target_port
        self._open = True
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self.port

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def drop(self) -> None:
        """Break every connection; new ones are welcome."""
        for writer in self._writers:
            writer.transport.abort()

    def cut(self) -> None:
        """Break every connection, those that are being made too, and refuse new ones until `mend`."""
        self._open = False
        self.drop()

    def freeze(self) -> None:
        """Connections stay and are made, nothing passes until `mend`; then all of it does."""
        self._flows.clear()

    def mend(self) -> None:
        self._open = True
        self._flows.set()

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        self._flows.set()  # what waits at a frozen line ends too
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            writer.transport.abort()
            return
        try:
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:  # nobody listens behind the line: a page sees what it would see without the line
            writer.transport.abort()
            return
        both = {writer, other_writer}
        self._writers |= both
        try:
            if self._open:
                await asyncio.gather(self._pump(reader, other_writer), self._pump(other_reader, writer))
        finally:
            self._writers -= both
            for one in both:
                one.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._flows.wait()
                if not self.swallowing:
                    writer.write(data)
                    await writer.drain()
            writer.transport.abort()
