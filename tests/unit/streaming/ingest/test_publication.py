"""What a publication knows of its key frames: by the clock of who sends, so that a line that stands still says nothing of them."""

from __future__ import annotations

import pytest

from services.streaming.ingest.rtmp.limits import RtmpLimits
from services.streaming.ingest.rtmp.publication import RtmpPublication
from services.streaming.ingest.rtmp.session import Media

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
