"""A stage that is fetched: seen while no encoder sends, given up to one that does, taken up again; only from where it may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from shared.config import Settings
from shared.storage.mongo import MongoDatabase
from tests.services.streaming.harness import PATIENCE, STAGE, StreamingHarness, open_harness
from tests.services.streaming.test_rtmp_to_hls import encoder
from tests.services.streaming.test_srt import recorded
from tests.support.ports import free_port

PATH = f"/api/streaming/stages/{STAGE}/pull"
HERE = Settings(recordings="none", pull_networks="127.0.0.0/8")


async def put(found: StreamingHarness, url: str | None, role: str = "operator") -> tuple[int, str]:
    """Status, and the code of the field where it is refused."""
    async with found.client.put(PATH, json={"url": url}, headers=found.as_role(role)) as response:
        answer = await response.json()
        return response.status, answer["fields"][0]["code"] if "fields" in answer else answer.get("code", "")


async def on_air(found: StreamingHarness, origin: str) -> None:
    """Both ends are tried again by themselves when a busy machine was too slow for one."""
    await found.until(lambda: found.source.state.origin == origin, 4 * PATIENCE)


@asynccontextmanager
async def served(ffmpeg: Path, made: Path, url: str) -> AsyncIterator[None]:
    """Whoever calls gets it, one at a time and as often as they come."""

    async def serve() -> None:
        while True:
            process = await asyncio.create_subprocess_exec(
                ffmpeg, "-loglevel", "quiet", "-re", "-stream_loop", "-1", "-i", made, "-c", "copy", "-f", "mpegts", url,
                stdin=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            try:
                await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    task = asyncio.create_task(serve())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def test_what_is_fetched_is_seen_gives_way_to_an_encoder_and_comes_back(
    database: MongoDatabase, ffmpeg: Path, tmp_path: Path
) -> None:
    port, made = free_port(), await recorded(ffmpeg, tmp_path, "libx264", "aac")
    async with open_harness(database, HERE) as found, served(ffmpeg, made, f"srt://127.0.0.1:{port}?mode=listener"):
        assert await put(found, f"srt://127.0.0.1:{port}") == (200, "")
        await on_air(found, "pull")
        assert (await found.operators_see())["ingest"]["peer"] == f"127.0.0.1:{port}"
        async with encoder(ffmpeg, await found.rtmp_url()):
            await on_air(found, "rtmp")
        await on_air(found, "pull")
        assert await put(found, None) == (200, "")
        await on_air(found, "generated")
        async with found.client.get(PATH, headers=found.as_role("operator")) as response:
            assert await response.json() == {"url": None}


async def test_only_operators_say_where_from_and_only_from_where_it_may_be(database: MongoDatabase) -> None:
    async with open_harness(database) as found:
        for role in ("viewer", "moderator"):
            assert await put(found, "srt://127.0.0.1:9", role) == (403, "access.denied")
        for url, code in (
            ("http://127.0.0.1/x.m3u8", "address"), ("srt://127.0.0.1:9", "host"), ("rtsp://localhost/x", "host"),
            ("rtsp://camera..example/x", "address"), (f"rtsp://{'a' * 64}/x", "address"),
        ):  # fmt: skip
            assert await put(found, url) == (422, f"streaming.pull.{code}")
        assert found.app.lineup.find(STAGE).stage.pull is None


async def test_an_address_where_nobody_is_is_tried_again_and_operators_are_told(database: MongoDatabase) -> None:
    async with open_harness(database, HERE) as found:
        assert await put(found, f"rtmp://127.0.0.1:{free_port()}/live/x") == (200, "")
        await found.until(lambda: found.app.refusals.counts["streaming.pull.unreachable"] >= 2)
        assert (await found.operators_see())["refusal"]["code"] == "streaming.pull.unreachable"
        assert found.source.state.origin == "generated"
