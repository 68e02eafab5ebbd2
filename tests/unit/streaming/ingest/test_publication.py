"""What a publication knows of its key frames: by the clock of who sends, so that a line that stands still says nothing of them. And what
is left out after such a line."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from services.streaming.ingest.rtmp.limits import RtmpLimits
from services.streaming.ingest.rtmp.publication import RtmpPublication
from services.streaming.ingest.rtmp.session import Media
from tests.support.flv_sender import PICTURES, tags

SETUP = b"\x17\x00\x00\x00\x00setup"
KEY, OTHER = b"\x17\x01\x00\x00\x00", b"\x27\x01\x00\x00\x00"


async def test_media_without_a_key_frame_is_counted_from_the_last_one_or_else_from_the_first_picture() -> None:
    publication = RtmpPublication("hall", "192.0.2.1:5", RtmpLimits(), lambda reason: None)

    def pictures(first: int, last: int) -> None:
        for timestamp in range(first, last + 1, 40):
            publication.put(Media(video=True, timestamp=timestamp, payload=OTHER))

    pictures(400, 7_400)
    assert publication.keyless_seconds == pytest.approx(7.0)
    publication.put(Media(video=True, timestamp=7_440, payload=KEY))
    assert (publication.keyless_seconds, publication.keyframe_seconds) == (0.0, None)
    pictures(7_480, 9_400)
    assert publication.keyless_seconds == pytest.approx(1.96)
    publication.put(Media(video=True, timestamp=9_440, payload=KEY))
    assert (publication.keyless_seconds, publication.keyframe_seconds) == (0.0, 2.0)


@dataclass
class HeldLine:
    """A sender of 25 pictures a second with a key frame every `keys` seconds, whose line may hold back what it sends."""

    keys: float = 2.0
    now: float = 100.0
    sent: float = 0.0

    def __post_init__(self) -> None:
        self.publication = RtmpPublication("hall", "192.0.2.1:5", RtmpLimits(), lambda reason: None, lambda: self.now)
        self.publication.put(Media(video=True, timestamp=0, payload=SETUP))

    def send(self, seconds: float, *, held: bool = False) -> None:
        """In real time; `held`: first the clock runs, then all of it comes at once."""
        self.now += seconds * held
        for _ in range(round(seconds * 25)):
            self.now += 0.0 if held else 0.04
            timestamp = round(self.sent * 25) * 40
            key = timestamp % (self.keys * 1000) == 0
            self.publication.put(Media(video=True, timestamp=timestamp, payload=(KEY if key else OTHER) + timestamp.to_bytes(4, "big")))
            self.sent += 0.04

    async def first_read(self) -> float | None:
        """Seconds of media between the first picture that a reader gets and the newest; None while there is nothing to be read."""
        try:
            async with asyncio.timeout(0):
                read = await self.publication.read()
        except TimeoutError:
            return None
        first = next(body for kind, _, body in tags(read) if kind == PICTURES and body[1] == 1)
        return self.sent - 0.04 - int.from_bytes(first[5:9], "big") / 1000


async def test_what_a_frozen_line_held_back_is_not_played_out() -> None:
    line = HeldLine()
    line.send(5.0)
    line.now += 1.2  # the encoder is given up, and another begins
    line.publication.begin_again()
    line.send(8.0, held=True)
    assert await line.first_read() is None, "it may still be coming"
    line.send(0.4)
    assert await line.first_read() is None
    line.send(0.2)
    late = await line.first_read()
    assert late is None, "the newest key frame, of second 12, is too old to begin with"
    line.send(0.6)
    late = await line.first_read()
    assert late is not None
    assert late < 0.25, "the key frame of second 14"


@pytest.mark.parametrize(("frozen", "late"), [(5.8, 0.6), (6.0, 0.6)])
async def test_a_key_frame_that_has_just_come_is_begun_with(frozen: float, late: float) -> None:
    line = HeldLine()
    line.send(4.2)
    line.now += 1.0
    line.publication.begin_again()
    line.send(frozen, held=True)
    line.send(0.6)
    found = await line.first_read()
    assert found is not None
    assert found <= late + 0.2


async def test_where_key_frames_are_far_apart_the_newest_one_will_do() -> None:
    line = HeldLine(keys=10.0)
    line.send(11.0)
    line.now += 1.0
    line.publication.begin_again()
    line.send(14.0, held=True)
    line.send(0.6)
    found = await line.first_read()
    assert found == pytest.approx(5.6, abs=0.1)


async def test_a_reader_that_begins_anew_on_a_good_line_waits_for_nothing_but_a_key_frame() -> None:
    line = HeldLine()
    line.send(3.0)
    line.publication.begin_again()
    line.send(1.04)
    assert await line.first_read() == pytest.approx(0.0, abs=0.05)
