"""From an encoder's RTMP to what a viewer follows: the encoder may come, die and come back, and the viewer's stream goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import PATIENCE, STAGE, StreamingHarness, open_harness
from tests.support.hls_observer import observe

SECONDS = 26.0


async def address(found: StreamingHarness) -> str:
    """What an operator copies into the encoder."""
    async with found.client.get(f"/api/streaming/stages/{STAGE}/key", headers=found.as_role("operator")) as response:
        key = await response.json()
    return f"rtmp://127.0.0.1:{urlsplit(key['rtmp_url']).port}/live/{key['stream_key']}"


@asynccontextmanager
async def encoder(ffmpeg: Path, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Another size, rate and audio than the ladder's, as real cameras have."""
    process = await asyncio.create_subprocess_exec(
        ffmpeg, "-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30", "-f", "lavfi", "-i",
        "sine=frequency=440:sample_rate=44100", "-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-pix_fmt", "yuv420p",
        "-c:a", "aac", "-f", "flv", url, stdin=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_an_encoder_that_dies_and_comes_back_costs_nobody_the_stream(database: MongoDatabase, ffmpeg: Path) -> None:
    async with open_harness(database) as found:
        watching = asyncio.create_task(observe(found.url, seconds=SECONDS))
        url = await address(found)
        for _ in range(2):
            async with encoder(ffmpeg, url):
                await found.until(lambda: found.source.state.origin == "rtmp", 2 * PATIENCE)
                number = found.source.packager.leader.parts_made
                await found.until(lambda made=number: found.source.packager.leader.parts_made > made + 6)  # type: ignore[misc]
            # Leaving the block killed the encoder: what follows is what an event has without a camera.
            await found.until(lambda: found.source.state.origin != "rtmp")
            assert found.source.state.state == "fallback"
        report = await watching
        assert not report.broken_at_any_pace, str(report)
        assert min(report.parts.values()) >= 20
