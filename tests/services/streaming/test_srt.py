"""SRT: an encoder that names a stage and knows its key is seen; whoever does not is turned away, and operators are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from shared.config import Settings
from shared.storage.mongo import MongoDatabase
from tests.e2e.udp_wire import UdpWire
from tests.services.streaming.harness import PATIENCE, STAGE, StreamingHarness, open_harness
from tests.services.streaming.test_rtmp_to_hls import encoder
from tests.support.ports import free_port

PATIENT = 2 * PATIENCE


def with_srt() -> Settings:
    return Settings(recordings="none", srt_port=free_port())


async def srt_url(found: StreamingHarness, **changed: str | None) -> str:
    """What an operator copies into the encoder, with some of it changed, or left out where that is None."""
    async with found.client.get(f"/api/streaming/stages/{STAGE}/key", headers=found.as_role("operator")) as response:
        parts = urlsplit((await response.json())["srt_url"])
    asked = {**{name: values[0] for name, values in parse_qs(parts.query).items()}, **changed}
    return f"srt://127.0.0.1:{parts.port}?{urlencode({name: value for name, value in asked.items() if value is not None})}"


async def recorded(ffmpeg: Path, folder: Path, *codecs: str) -> Path:
    """Two seconds of MPEG-TS, so that a sender has nothing to do but send."""
    made = folder / f"{'-'.join(codecs)}.ts"
    process = await asyncio.create_subprocess_exec(
        ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-f", "lavfi", "-i", "sine=frequency=440",
        "-t", "2", "-c:v", codecs[0], "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p", "-c:a", codecs[1], "-f", "mpegts", made,
        stdin=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await asyncio.wait_for(process.wait(), PATIENT) == 0
    return made


@asynccontextmanager
async def srt_encoder(ffmpeg: Path, made: Path, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        ffmpeg, "-loglevel", "error", "-re", "-stream_loop", "-1", "-i", made, "-c", "copy", "-f", "mpegts", url,
        stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def on_air(found: StreamingHarness, origin: str) -> None:
    await found.until(lambda: found.source.state.origin == origin, PATIENT)


async def refusal_of(found: StreamingHarness, ffmpeg: Path, made: Path, url: str) -> str:
    """The code that operators are shown of an encoder that is turned away."""
    seen = sum(found.app.refusals.counts.values())
    async with srt_encoder(ffmpeg, made, url):
        await found.until(lambda: sum(found.app.refusals.counts.values()) > seen, PATIENT)
    return max((kept.at, kept.refusal.code) for stage in (None, STAGE) for kept in found.app.refusals.of(stage))[1]


def on_no_command_line(key: str, but: int) -> bool:
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.parent.name != str(but)]
    return not any(key.encode() in line for line in lines)


async def test_one_encoder_has_the_stage_until_its_key_is_changed_or_it_stops(
    database: MongoDatabase, ffmpeg: Path, tmp_path: Path
) -> None:
    made = await recorded(ffmpeg, tmp_path, "libx264", "aac")
    async with open_harness(database, with_srt()) as found:
        url = await srt_url(found)
        async with srt_encoder(ffmpeg, made, url) as first:
            await on_air(found, "srt")
            stage = await found.operators_see()
            assert stage["on_air"]["cause"] == "sending"
            assert (stage["ingest"]["metadata"]["width"], stage["ingest"]["peer"].partition(":")[0]) == (320, "127.0.0.1")
            assert on_no_command_line(found.app.key_of(STAGE) or "none", but=first.pid)
            assert await refusal_of(found, ffmpeg, made, url) == "streaming.rtmp.busy"
            async with encoder(ffmpeg, await found.rtmp_url()) as other:
                assert await asyncio.wait_for(other.wait(), PATIENT) != 0
            assert found.source.state.origin == "srt"
            async with found.client.post(f"/api/streaming/stages/{STAGE}/key", headers=found.as_role("operator")) as response:
                assert response.status == 200
            await found.until(lambda: found.source.ingest is None)
            await asyncio.wait_for(first.communicate(), PATIENT)
        assert await refusal_of(found, ffmpeg, made, url) == "streaming.rtmp.wrong_key"
        async with srt_encoder(ffmpeg, made, await srt_url(found, streamid=None)) as again:  # there is only one stage
            await on_air(found, "srt")
            again.terminate()
            await on_air(found, "generated")
            assert (await found.operators_see())["on_air"]["cause"] == "stopped"


async def test_whoever_names_no_stage_knows_no_key_or_sends_what_nobody_can_use_is_told_so(
    database: MongoDatabase, ffmpeg: Path, tmp_path: Path
) -> None:
    made = await recorded(ffmpeg, tmp_path, "libx264", "aac")
    async with open_harness(database, with_srt()) as found:
        assert await refusal_of(found, ffmpeg, made, await srt_url(found, streamid="elsewhere")) == "streaming.srt.stream_id"
        assert await refusal_of(found, ffmpeg, made, await srt_url(found, passphrase=None)) == "streaming.srt.unsecured"
        assert await refusal_of(found, ffmpeg, made, await srt_url(found, passphrase="a guess of mine")) == "streaming.rtmp.wrong_key"
        assert (await found.operators_see())["refusal"] is None  # of no stage: who guesses is shown below all of them
        hevc = await refusal_of(found, ffmpeg, await recorded(ffmpeg, tmp_path, "libx265", "aac"), await srt_url(found))
        assert (hevc, (await found.operators_see())["refusal"]["detail"].count("HEVC")) == ("streaming.rtmp.unsupported_codec", 1)
        layer_2 = await recorded(ffmpeg, tmp_path, "libx264", "mp2")
        assert await refusal_of(found, ffmpeg, layer_2, await srt_url(found)) == "streaming.srt.not_understood"
        assert found.source.ingest is None


async def test_a_line_that_loses_packets_is_told_and_its_picture_goes_on(database: MongoDatabase, ffmpeg: Path, tmp_path: Path) -> None:
    made = await recorded(ffmpeg, tmp_path, "libx264", "aac")
    async with open_harness(database, with_srt()) as found:
        wire, url = UdpWire(), await srt_url(found)
        port = urlsplit(url).port or 0
        url = url.replace(f":{port}?", f":{wire.through('127.0.0.1', port)}?")
        try:
            async with srt_encoder(ffmpeg, made, f"{url}&latency=500000"):
                await on_air(found, "srt")
                assert "lossy" not in found.source.on_air().troubles
                wire.loss = 0.1
                await found.until(lambda: "lossy" in found.source.on_air().troubles, PATIENT)
                sender = found.source.ingest
                assert sender is not None
                assert (sender.end_reason, found.source.state.origin) == (None, "srt")
        finally:
            wire.close()
