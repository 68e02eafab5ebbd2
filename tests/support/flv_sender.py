"""An encoder in the test's hand: H.264 and AAC over real RTMP, at any pace, without sound or pictures, or held up on its line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.support.rtmp_publisher import ChunkEncoder, opening

SOUND, PICTURES = 8, 9
SECONDS: Final = 12
KEY_SECONDS: Final = 2
Tag = tuple[int, int, bytes]
"""Kind, timestamp in ms, body."""


async def recorded(ffmpeg: Path, *, picture: str = "testsrc=s=320x180:r=25", tone: str = "sine=f=440:r=48000") -> list[Tag]:
    """SECONDS of it as FLV tags, in the order in which an encoder sends them."""
    process = await asyncio.create_subprocess_exec(
        str(ffmpeg), "-v", "error", "-nostdin", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone, "-t", str(SECONDS),
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", str(KEY_SECONDS * 25), "-pix_fmt", "yuv420p",
        "-c:a", "aac", "-f", "flv", "pipe:1", stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    flv, _ = await process.communicate()
    assert process.returncode == 0
    return tags(flv)


def tags(flv: bytes) -> list[Tag]:
    at, found = 13, []
    while at < len(flv):
        size = int.from_bytes(flv[at + 1 : at + 4], "big")
        found.append((flv[at], int.from_bytes(flv[at + 4 : at + 7], "big") | flv[at + 7] << 24, flv[at + 11 : at + 11 + size]))
        at += 15 + size
    return found


@dataclass
class FlvSender:
    """What may be changed while it sends: `pace` (1.0 is real time), `without` (kinds left out), `held` (its line takes nothing, and all
    that has gathered comes at once when it is free again)."""

    writer: asyncio.StreamWriter
    encoder: ChunkEncoder
    pace: float = 1.0
    without: set[int] = field(default_factory=set)
    held: bool = False
    cut: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the server has closed the connection."""

    async def send(self, film: Sequence[Tag]) -> None:
        """Over and over."""
        loop, waiting, media, round_ = asyncio.get_running_loop(), bytearray(), 0.0, 0
        before = loop.time()
        while True:
            for kind, time, body in film:
                time += round_ * SECONDS * 1000
                while media < time / 1000:
                    await asyncio.sleep(0.005)
                    now = loop.time()
                    media, before = media + (now - before) * self.pace, now
                if kind in self.without or (kind == 18 or body[1] == 0) * round_:
                    continue
                waiting += self.encoder.message({SOUND: 4, PICTURES: 6}.get(kind, 5), kind, 1, time, body)
                if not self.held:
                    self.writer.write(bytes(waiting))
                    waiting.clear()
            round_ += 1


@asynccontextmanager
async def flv_sender(url: str, film: Sequence[Tag]) -> AsyncIterator[FlvSender]:
    """`url` as an operator copies it into the encoder."""
    where = urlsplit(url)
    app, _, key = where.path.strip("/").partition("/")
    reader, writer = await asyncio.open_connection("127.0.0.1", where.port)
    sender = FlvSender(writer, ChunkEncoder())
    writer.write(opening(sender.encoder, app, key) + sender.encoder.set_chunk_size(4096))
    tasks = [asyncio.create_task(work) for work in (sender.send(film), _listen(reader, sender.cut))]
    try:
        yield sender
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        writer.transport.abort()


async def _listen(reader: asyncio.StreamReader, cut: asyncio.Event) -> None:
    try:
        while await reader.read(65536):
            pass
    except ConnectionError:
        pass
    cut.set()
