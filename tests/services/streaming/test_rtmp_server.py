"""The RTMP server with real connections: a real ffmpeg sends, a real ffmpeg decodes what we hand on, and nobody jumps the queue."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import imageio_ffmpeg
import pytest

from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.flv.flv import AUDIO_TAG, VIDEO_TAG
from services.streaming.ingest.port import IngestRefusal
from services.streaming.ingest.rtmp import RtmpLimits, RtmpPublication, RtmpServer
from tests.support.messages import MESSAGES
from tests.support.rtmp_publisher import AAC_SETUP, AVC_SETUP, HELLO, ChunkEncoder, opening

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
LIMITS = replace(RtmpLimits(), takeover_seconds=0.3, refusal_seconds=0.01)
KEY = "clé-0123456789"
SYNTHETIC = (
    "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000",
    "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k",
)  # fmt: skip


class Desk:
    """A server with one stage behind one key, and what it heard."""

    def __init__(self, limits: RtmpLimits) -> None:
        self.publications: asyncio.Queue[RtmpPublication] = asyncio.Queue()
        self.refusals: asyncio.Queue[IngestRefusal] = asyncio.Queue()
        self.port = 0
        self.server = RtmpServer(
            host="127.0.0.1", port=0, authorize=self.stage_of, on_publish=self.publications.put_nowait,
            on_refusal=self.refusals.put_nowait, limits=limits,
            explain=partial(MESSAGES.text, "en"),
        )  # fmt: skip

    async def stage_of(self, app: str, key: str) -> str | None:
        return "grande-salle" if app == "live" and key == KEY else None

    def url(self, key: str = KEY) -> str:
        return f"rtmp://127.0.0.1:{self.port}/live/{key}"


@asynccontextmanager
async def desk(limits: RtmpLimits = LIMITS) -> AsyncIterator[Desk]:
    here = Desk(limits)
    here.port = await here.server.start()
    try:
        yield here
    finally:
        await here.server.stop()


@asynccontextmanager
async def ffmpeg(*arguments: str, stdin: bool = False) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        FFMPEG, "-hide_banner", "-loglevel", "info", *arguments,
        stdin=asyncio.subprocess.PIPE if stdin else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def everything(publication: RtmpPublication) -> bytes:
    return b"".join([piece async for piece in pieces(publication)])


async def pieces(publication: RtmpPublication) -> AsyncIterator[bytes]:
    while piece := await publication.read():
        yield piece


async def decoded(flv: bytes) -> str:
    """What ffmpeg says when it decodes these bytes with errors being fatal."""
    async with ffmpeg("-xerror", "-err_detect", "explode", "-f", "flv", "-i", "pipe:0", "-f", "null", "-", stdin=True) as process:
        _, said = await asyncio.wait_for(process.communicate(flv), 30)
        assert process.returncode == 0, said.decode()
        return said.decode()


def frames(said: str) -> int:
    return int(re.findall(r"frame=\s*(\d+)", said)[-1])


def kinds(flv: bytes) -> list[tuple[int, int, bool]]:
    """(kind, timestamp, keyframe) of each tag."""
    at, found = 13, []
    while at < len(flv):
        size = int.from_bytes(flv[at + 1 : at + 4], "big")
        time = int.from_bytes(flv[at + 4 : at + 7], "big") | flv[at + 7] << 24
        found.append((flv[at], time, flv[at] == VIDEO_TAG and flv[at + 11] == 0x17 and flv[at + 12] == 1))
        at += 15 + size
    return found


class Camera:
    """A hand-made publisher on a real socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.encoder = reader, writer, ChunkEncoder()
        self.time = 0

    @classmethod
    async def open(cls, port: int, key: str = KEY) -> Camera:
        camera = cls(*await asyncio.open_connection("127.0.0.1", port))
        camera.writer.write(opening(camera.encoder, key=key))
        return camera

    async def until(self, text: bytes) -> bytes:
        answer = b""
        while text not in answer:
            piece = await asyncio.wait_for(self.reader.read(4096), 10)
            assert piece, answer
            answer += piece
        return answer

    def setup(self) -> None:
        self.writer.write(self.encoder.message(6, 9, 1, self.time, AVC_SETUP) + self.encoder.message(4, 8, 1, self.time, AAC_SETUP))

    def send(self, key: bool = False) -> None:
        self.time += 40
        first = b"\x17" if key else b"\x27"
        self.writer.write(self.encoder.message(6, 9, 1, self.time, first + b"\x01\x00\x00\x00" + bytes(100)))
        self.writer.write(self.encoder.message(4, 8, 1, self.time, b"\xaf\x01" + bytes(20)))

    async def gone(self) -> bool:
        """Whether the server closed the connection."""
        try:
            async with asyncio.timeout(10):
                while await self.reader.read(4096):
                    pass
        except ConnectionError:
            pass
        return True

    async def close(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def camera(port: int, key: str = KEY) -> AsyncIterator[Camera]:
    it = await Camera.open(port, key)
    try:
        yield it
    finally:
        await it.close()


async def test_what_ffmpeg_sends_is_decoded_by_ffmpeg_again() -> None:
    async with desk() as here, ffmpeg(*SYNTHETIC, "-t", "4", "-f", "flv", here.url()) as sender:
        publication = await asyncio.wait_for(here.publications.get(), 20)
        assert publication.stage == "grande-salle"
        assert publication.peer.startswith("127.0.0.1:")
        assert (publication.metadata["width"], publication.metadata["framerate"]) == (320.0, 25.0)
        flv = await asyncio.wait_for(everything(publication), 30)
        assert await sender.wait() == 0
    assert publication.end_reason == disconnect_reasons.ENDED
    assert (publication.has_video, publication.has_audio, publication.facts.dropped_video) == (True, True, 0)
    assert publication.keyframe_seconds == pytest.approx(1.0, abs=0.05)
    said = await decoded(flv)
    assert "h264" in said
    assert "aac" in said
    assert frames(said) == 100


async def test_a_feed_begun_late_and_begun_again_still_decodes() -> None:
    async with desk() as here, ffmpeg(*SYNTHETIC, "-t", "30", "-f", "flv", here.url()):
        publication = await asyncio.wait_for(here.publications.get(), 20)
        first = await publication.read()
        publication.begin_again()
        later = b""
        while sum(key for _, _, key in kinds(later)) < 3:
            later += await asyncio.wait_for(publication.read(), 10)
    assert first.startswith(b"FLV")
    assert later.startswith(b"FLV")
    assert next(key for kind, _, key in kinds(later)[3:] if kind == VIDEO_TAG), "the first picture is a keyframe"
    assert frames(await decoded(later)) > 50


async def test_times_above_24_bits_pass_from_ffmpeg_to_ffmpeg() -> None:
    late = ("-output_ts_offset", "16775")  # the 24 bits are full two seconds later
    async with desk() as here, ffmpeg(*SYNTHETIC, "-t", "5", *late, "-f", "flv", here.url()) as sender:
        publication = await asyncio.wait_for(here.publications.get(), 20)
        flv = await asyncio.wait_for(everything(publication), 30)
        assert await sender.wait() == 0
    times = [time for kind, time, _ in kinds(flv) if kind == VIDEO_TAG]
    assert times[0] < 16_777_215 < times[-1]
    assert times == sorted(times)
    assert frames(await decoded(flv)) == 125


async def test_an_encoder_that_says_twice_that_it_stops_is_heard_out() -> None:
    async with desk() as here:
        camera = await Camera.open(here.port)
        await camera.until(b"Publish.Start")
        camera.setup()
        camera.send(key=True)
        publication = await asyncio.wait_for(here.publications.get(), 10)
        camera.writer.write(camera.encoder.command(["FCUnpublish", 6.0, None, KEY]))
        await asyncio.wait_for(everything(publication), 10)
        assert publication.end_reason == disconnect_reasons.ENDED
        with pytest.raises(TimeoutError):  # open still: nothing more comes
            await asyncio.wait_for(camera.reader.read(1), 0.3)
        camera.writer.write(camera.encoder.command(["deleteStream", 7.0, None, 1.0]))
        camera.writer.write_eof()
        assert await camera.gone()
        await camera.close()


async def test_a_wrong_key_or_address_is_refused_with_a_reason() -> None:
    async with desk() as here:
        async with ffmpeg(*SYNTHETIC, "-t", "5", "-f", "flv", here.url("wrong")) as sender:
            _, said = await asyncio.wait_for(sender.communicate(), 20)
            assert sender.returncode != 0
            assert b"stream key is wrong" in said
        refusal = await here.refusals.get()
        assert (refusal.code, refusal.stage) == (disconnect_reasons.WRONG_KEY, None)
        async with camera(here.port, "x" * 300) as prankster:
            await prankster.until(b"NetStream.Publish.BadName")
            assert await prankster.gone()
        assert here.publications.empty()


async def test_a_publisher_that_is_killed_ends_its_publication() -> None:
    async with desk() as here, ffmpeg("-re", *SYNTHETIC, "-f", "flv", here.url()) as sender:
        publication = await asyncio.wait_for(here.publications.get(), 20)
        assert await asyncio.wait_for(publication.read(), 10)
        sender.kill()
        await asyncio.wait_for(everything(publication), 10)
        assert publication.end_reason == disconnect_reasons.LOST
        assert await publication.read() == b""


async def test_a_second_encoder_is_refused_while_the_first_sends_and_the_first_goes_on() -> None:
    async with desk(replace(LIMITS, takeover_seconds=5)) as here, camera(here.port) as first:
        await first.until(b"NetStream.Publish.Start")
        first.setup()
        first.send(key=True)
        publication = await asyncio.wait_for(here.publications.get(), 10)
        async with camera(here.port) as second:
            refused = asyncio.create_task(second.until(b"NetStream.Publish.BadName"))
            while not refused.done():
                first.send()
                await asyncio.wait([refused], timeout=0.02)
            assert b"Another encoder" in refused.result()
            assert await second.gone()
        assert (await here.refusals.get()).code == disconnect_reasons.BUSY
        assert publication.end_reason is None
        assert len(kinds(await publication.read())) > 3


async def test_a_second_encoder_replaces_a_first_that_has_gone_silent() -> None:
    async with desk() as here, camera(here.port) as first:
        await first.until(b"NetStream.Publish.Start")
        first.setup()
        first.send(key=True)
        old = await asyncio.wait_for(here.publications.get(), 10)
        async with camera(here.port) as second:
            await second.until(b"NetStream.Publish.Start")
            assert await first.gone()
            second.setup()
            second.send(key=True)
            new = await asyncio.wait_for(here.publications.get(), 10)
            assert new is not old
            assert await everything(old)
            assert old.end_reason == disconnect_reasons.REPLACED
            assert await new.read()
            assert new.end_reason is None


async def test_a_stage_is_free_again_once_its_publisher_left() -> None:
    async with desk(replace(LIMITS, takeover_seconds=60)) as here:
        for _ in range(2):
            async with camera(here.port) as one:
                await one.until(b"NetStream.Publish.Start")
                one.setup()
                one.send(key=True)
                publication = await asyncio.wait_for(here.publications.get(), 10)
                one.writer.write(one.encoder.command(["deleteStream", 9.0, None, 1.0]))
                await asyncio.wait_for(everything(publication), 10)
                assert publication.end_reason == disconnect_reasons.ENDED
                assert await one.gone()


async def test_a_reader_may_close_the_publication() -> None:
    async with desk() as here, camera(here.port) as one:
        await one.until(b"NetStream.Publish.Start")
        one.setup()
        one.send(key=True)
        publication = await asyncio.wait_for(here.publications.get(), 10)
        publication.close("streaming.stage.closed")
        assert await publication.read() == b""
        assert await one.gone()
        assert publication.end_reason == "streaming.stage.closed"


@pytest.mark.parametrize(
    ("payload", "codec"),
    [(b"\x90hvc1" + bytes(20), "HEVC (H.265)"), (b"\x91av01" + bytes(20), "AV1"), (b"\x1c" + bytes(20), "HEVC (H.265)")],
)
async def test_other_codecs_are_refused_in_plain_words(payload: bytes, codec: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="services.streaming.ingest.rtmp")
    async with desk() as here, camera(here.port) as one:
        await one.until(b"NetStream.Publish.Start")
        one.writer.write(one.encoder.message(6, 9, 1, 0, payload))
        sentence = MESSAGES.text("en", disconnect_reasons.UNSUPPORTED_CODEC, codec=codec)
        assert codec in sentence
        await one.until(sentence.encode())
        assert await one.gone()
        refusal = await asyncio.wait_for(here.refusals.get(), 5)
        assert (refusal.code, refusal.codec, refusal.stage) == (disconnect_reasons.UNSUPPORTED_CODEC, codec, "grande-salle")
    (over,) = [line for line in caplog.messages if "is over" in line]
    assert over.endswith(sentence), "no blank is left in the sentence of the log"


async def test_ffmpeg_sending_hevc_is_told_to_send_h264() -> None:
    hevc = [argument.replace("libx264", "libx265") for argument in SYNTHETIC]
    async with desk() as here, ffmpeg(*hevc, "-t", "5", "-f", "flv", here.url()) as sender:
        refusal = await asyncio.wait_for(here.refusals.get(), 20)
        assert refusal.codec == "HEVC (H.265)"
        await asyncio.wait_for(sender.wait(), 20)
        assert sender.returncode != 0


async def test_audio_alone_is_a_stream_too() -> None:
    async with desk() as here, camera(here.port) as one:
        await one.until(b"NetStream.Publish.Start")
        one.writer.write(one.encoder.message(4, 8, 1, 0, AAC_SETUP))
        for time in range(0, 1100, 23):
            one.writer.write(one.encoder.message(4, 8, 1, time, b"\xaf\x01" + bytes(20)))
        publication = await asyncio.wait_for(here.publications.get(), 10)
        data = await publication.read()
        assert data[4] == 4
        assert {kind for kind, _, _ in kinds(data)[1:]} == {AUDIO_TAG}
        assert not publication.has_video


@pytest.mark.parametrize(("sent", "limits"), [
    (b"", replace(LIMITS, handshake_seconds=0.1)),
    (HELLO, replace(LIMITS, handshake_seconds=0.1)),
    (HELLO + bytes(1536), replace(LIMITS, handshake_seconds=0.1, authorize_seconds=0.1)),
    (b"GET / HTTP/1.1\r\n\r\n", LIMITS),
    (HELLO + bytes(1536) + b"\xff" * 100, LIMITS),
])  # fmt: skip
async def test_whoever_says_nothing_or_nonsense_is_cut_off(sent: bytes, limits: RtmpLimits) -> None:
    async with desk(limits) as here:
        reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
        stranger = Camera(reader, writer)
        writer.write(sent)
        assert await stranger.gone()
        await stranger.close()


async def test_a_publisher_that_stays_silent_is_ended() -> None:
    async with desk(replace(LIMITS, idle_seconds=0.2)) as here, camera(here.port) as one:
        await one.until(b"NetStream.Publish.Start")
        one.setup()
        one.send(key=True)
        publication = await asyncio.wait_for(here.publications.get(), 10)
        await asyncio.wait_for(everything(publication), 10)
        assert publication.end_reason == disconnect_reasons.SILENT


async def test_idle_connections_do_not_keep_an_encoder_out() -> None:
    async with desk() as here:
        idle = [Camera(*await asyncio.open_connection("127.0.0.1", here.port)) for _ in range(20)]
        async with camera(here.port) as one:
            await one.until(b"NetStream.Publish.Start")
        for _ in range(20 - LIMITS.connections_before_publish_per_address + 1):
            assert (await asyncio.wait_for(here.refusals.get(), 5)).code == disconnect_reasons.CROWDED
        assert await idle[0].gone(), "the oldest made room"
        assert here.refusals.empty()
        for other in idle:
            await other.close()


@pytest.mark.parametrize("bound", ["connections_before_publish", "connections_before_publish_per_address"])
async def test_over_the_bound_whoever_has_got_least_far_makes_room(bound: str) -> None:
    async with desk(replace(LIMITS, **{bound: 2})) as here:
        further, silent = [Camera(*await asyncio.open_connection("127.0.0.1", here.port)) for _ in range(2)]
        further.writer.write(HELLO)
        await further.reader.readexactly(1 + 2 * 1536)
        late = Camera(*await asyncio.open_connection("127.0.0.1", here.port))
        assert await silent.gone()
        further.writer.write(bytes(1536) + opening(further.encoder, key=KEY)[len(HELLO) + 1536 :])
        await further.until(b"NetStream.Publish.Start")
        async with camera(here.port, "wrong") as next_one:
            await next_one.until(b"NetStream.Publish.BadName")
        for one in (further, silent, late):
            await one.close()


async def test_who_is_cut_by_the_house_leaves_the_stage_free_for_the_next_at_once() -> None:
    async with desk(replace(LIMITS, takeover_seconds=60.0)) as here, camera(here.port) as one:
        await one.until(b"NetStream.Publish.Start")
        one.setup()
        one.send(key=True)
        publication = await asyncio.wait_for(here.publications.get(), 10)
        here.server.disconnect("grande-salle", disconnect_reasons.KEY_CHANGED)
        async with camera(here.port) as another:
            await asyncio.wait_for(another.until(b"NetStream.Publish.Start"), 5)
        await asyncio.wait_for(everything(publication), 5)
        assert publication.end_reason == disconnect_reasons.KEY_CHANGED
        assert await one.gone()


async def test_a_key_that_is_changed_while_its_sender_waits_opens_nothing() -> None:
    keys = {KEY: "grande-salle"}
    here = Desk(LIMITS)

    async def stage_of(app: str, key: str) -> str | None:
        return keys.get(key)

    here.server = RtmpServer(
        host="127.0.0.1", port=0, authorize=stage_of, on_publish=here.publications.put_nowait,
        on_refusal=here.refusals.put_nowait, limits=replace(LIMITS, takeover_seconds=0.5),
    )  # fmt: skip
    here.port = await here.server.start()
    async with camera(here.port) as one, camera(here.port) as another:
        await asyncio.wait(
            {asyncio.create_task(each.until(b"NetStream.Publish.Start")) for each in (one, another)}, return_when="FIRST_COMPLETED"
        )
        keys.clear()
        refusal = await asyncio.wait_for(here.refusals.get(), 5)
        assert refusal.code == disconnect_reasons.WRONG_KEY
    await here.server.stop()


async def test_a_reader_that_never_reads_costs_a_bounded_amount() -> None:
    async with desk(replace(LIMITS, queue_bytes=200_000)) as here, ffmpeg(*SYNTHETIC, "-t", "20", "-f", "flv", here.url()) as sender:
        publication = await asyncio.wait_for(here.publications.get(), 20)
        assert await asyncio.wait_for(sender.wait(), 60) == 0
        flv = await asyncio.wait_for(everything(publication), 10)
    assert len(flv) < 210_000
    assert publication.facts.dropped_video > 0
    assert publication.bytes_received > 500_000
    first = [key for kind, _, key in kinds(flv)[3:] if kind == VIDEO_TAG][:1]
    assert first in ([], [True])


async def test_stopping_ends_publications_and_frees_the_port() -> None:
    here = Desk(LIMITS)
    here.port = await here.server.start()
    async with camera(here.port) as one:
        await one.until(b"NetStream.Publish.Start")
        one.setup()
        one.send(key=True)
        publication = await asyncio.wait_for(here.publications.get(), 10)
        await here.server.stop()
        await everything(publication)
        assert publication.end_reason == disconnect_reasons.STOPPING
        assert await one.gone()
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", here.port)


async def test_a_key_service_that_fails_refuses_instead_of_letting_in() -> None:
    here = Desk(LIMITS)

    async def broken(app: str, key: str) -> str | None:
        raise RuntimeError("the store is away")

    here.server = RtmpServer(
        host="127.0.0.1",
        port=0,
        authorize=broken,
        on_publish=here.publications.put_nowait,
        limits=LIMITS,
        explain=partial(MESSAGES.text, "en"),
    )
    here.port = await here.server.start()
    async with camera(here.port) as one:
        await one.until(MESSAGES.text("en", disconnect_reasons.UNAVAILABLE).encode())
        assert await one.gone()
    await here.server.stop()
