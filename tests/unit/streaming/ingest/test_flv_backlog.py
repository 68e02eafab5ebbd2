"""The queue between an encoder and a slow reader: what it drops, what it keeps, and how a feed begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.streaming.ingest.flv import flv
from services.streaming.ingest.flv.amf0 import Value
from services.streaming.ingest.flv.backlog import Backlog
from services.streaming.ingest.flv.flv import TagHeader, UnsupportedCodec
from tests.support.rtmp_publisher import AAC_SETUP, AVC_SETUP

SETUP, KEY, PLAIN = TagHeader(setup=True, key=False), TagHeader(setup=False, key=True), TagHeader(setup=False, key=False)


def tags(data: bytes) -> list[tuple[int, int, bytes]]:
    """(kind, timestamp, body) of each tag, the file header left out."""
    at, found = 13 if data.startswith(b"FLV") else 0, []
    while at < len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        found.append((data[at], int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24, data[at + 11 : at + 11 + size]))
        assert int.from_bytes(data[at + 11 + size : at + 15 + size], "big") == 11 + size
        at += 15 + size
    return found


def begun(max_bytes: int = 1_000_000, max_tags: int = 1000) -> Backlog:
    backlog = Backlog(max_bytes=max_bytes, max_tags=max_tags)
    backlog.describe({"width": 1280.0})
    backlog.put(video=True, timestamp=0, payload=AVC_SETUP, header=SETUP)
    backlog.put(video=False, timestamp=0, payload=AAC_SETUP, header=SETUP)
    return backlog


def picture(backlog: Backlog, time: int, key: bool = False, size: int = 1) -> None:
    backlog.put(video=True, timestamp=time, payload=b"v" * size, header=KEY if key else PLAIN)


def audio(backlog: Backlog, time: int) -> None:
    backlog.put(video=False, timestamp=time, payload=b"a", header=PLAIN)


def shown(data: bytes) -> list[tuple[str, int]]:
    return [("v" if kind == 9 else "a", time) for kind, time, body in tags(data) if body[:1] in (b"v", b"a")]


def test_a_feed_begins_with_header_metadata_and_configurations_at_the_time_of_its_first_tag() -> None:
    backlog = begun()
    audio(backlog, 16_777_300)  # before the first keyframe: left out, so that both kinds begin together
    picture(backlog, 16_777_310)
    picture(backlog, 16_777_320, key=True)
    audio(backlog, 16_777_321)
    data = backlog.take(10_000)
    assert data.startswith(b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00")
    found = tags(data)
    assert [kind for kind, _, _ in found] == [18, 8, 9, 9, 8]
    assert {time for _, time, _ in found[:4]} == {16_777_320}
    assert shown(data) == [("v", 16_777_320), ("a", 16_777_321)]
    assert backlog.dropped_video == 1


def test_nothing_waits_before_anything_came() -> None:
    assert begun().take(100) == b""
    assert not begun().ready


def test_a_feed_may_be_begun_again_and_starts_at_the_next_keyframe() -> None:
    backlog = begun()
    picture(backlog, 0, key=True)
    assert backlog.take(1000).startswith(b"FLV")
    picture(backlog, 40)
    backlog.begin_again()
    picture(backlog, 80)
    assert not backlog.ready
    picture(backlog, 120, key=True)
    data = backlog.take(1000)
    assert data.startswith(b"FLV")
    assert [kind for kind, _, _ in tags(data)] == [18, 8, 9, 9]
    assert shown(data) == [("v", 120)]


def test_a_slow_reader_loses_whole_groups_of_pictures_and_no_audio() -> None:
    backlog = begun(max_tags=10)
    for time in range(12):
        picture(backlog, time * 10, key=time % 4 == 0)
        audio(backlog, time * 10 + 1)
    seen = shown(backlog.take(10_000))
    assert [time for kind, time in seen if kind == "v"] == []
    assert [time for kind, time in seen if kind == "a"] == [time * 10 + 1 for time in range(2, 12)]
    assert backlog.dropped_video == 12
    picture(backlog, 130)
    assert not backlog.ready, "without its keyframe a picture cannot be shown"
    picture(backlog, 140, key=True)
    assert shown(backlog.take(1000)) == [("v", 140)]


def test_a_group_whose_beginning_was_read_already_is_cut_at_the_next_keyframe() -> None:
    backlog = begun(max_tags=4)
    picture(backlog, 0, key=True)
    assert backlog.take(1)
    for time, key in ((1, False), (2, False), (3, True), (4, False), (5, False)):
        picture(backlog, time, key=key)
    assert shown(backlog.take(1000)) == [("v", 3), ("v", 4), ("v", 5)]


def test_repeated_configurations_are_not_passed_on_and_changed_ones_are() -> None:
    backlog = begun()
    picture(backlog, 0, key=True)
    backlog.take(1000)
    backlog.put(video=True, timestamp=1, payload=AVC_SETUP, header=SETUP)
    assert not backlog.ready
    backlog.put(video=True, timestamp=2, payload=AVC_SETUP + b"new", header=SETUP)
    assert [(kind, body) for kind, _, body in tags(backlog.take(1000))] == [(9, AVC_SETUP + b"new")]


def test_a_configuration_that_was_dropped_is_told_again() -> None:
    backlog = begun(max_tags=3)
    picture(backlog, 0, key=True)
    backlog.take(1000)
    backlog.put(video=False, timestamp=1, payload=AAC_SETUP + b"new", header=SETUP)
    for time in range(2, 8):
        audio(backlog, time)
    data = backlog.take(1000)
    assert not data.startswith(b"FLV")
    assert (8, 5, AAC_SETUP + b"new") in tags(data)
    assert backlog.dropped_audio == 3


@given(st.lists(st.tuples(st.sampled_from("KVASC"), st.integers(0, 400)), max_size=120))
def test_the_backlog_never_grows_past_its_bounds_and_never_shows_a_picture_without_its_group(steps: list[tuple[str, int]]) -> None:
    backlog = begun(max_bytes=2000, max_tags=12)
    group: dict[int, int] = {}
    key, out = -1, b""
    for time, (step, size) in enumerate(steps):
        if step in "KV":
            key = time if step == "K" else key
            group[time] = key
            picture(backlog, time, key=step == "K", size=size + 1)
        elif step == "A":
            audio(backlog, time)
        elif step == "S":
            backlog.put(video=True, timestamp=time, payload=AVC_SETUP + bytes(size), header=SETUP)
        else:
            out += backlog.take(size)
        assert len(backlog) <= 12
        assert backlog.size <= 2000
    pictures = [time for kind, time in shown(out + backlog.take(100_000)) if kind == "v"]
    for position, time in enumerate(pictures):
        assert group[time] == time or group[pictures[position - 1]] == group[time]


@pytest.mark.parametrize(
    ("payload", "codec"),
    [
        (b"\x90hvc1", "HEVC (H.265)"), (b"\x91av01", "AV1"), (b"\x90vp09", "VP9"), (b"\xf0????", "Enhanced RTMP"),
        (b"\x1c\x00", "HEVC (H.265)"), (b"\x12", "Sorenson H.263"),
    ],
)  # fmt: skip
def test_pictures_that_are_not_h264_are_named(payload: bytes, codec: str) -> None:
    with pytest.raises(UnsupportedCodec) as refused:
        flv.parse_video_header(payload)
    assert refused.value.codec == codec


@pytest.mark.parametrize(("payload", "codec"), [(b"\x90Opus", "Opus"), (b"\x2f", "MP3"), (b"\xb2", "Speex")])
def test_audio_that_is_not_aac_is_named(payload: bytes, codec: str) -> None:
    with pytest.raises(UnsupportedCodec) as refused:
        flv.parse_audio_header(payload)
    assert refused.value.codec == codec


@given(st.binary(max_size=8))
def test_looking_at_media_knows_or_names_everything(payload: bytes) -> None:
    for parse in (flv.parse_video_header, flv.parse_audio_header):
        try:
            seen = parse(payload)
        except UnsupportedCodec as refused:
            assert refused.codec  # noqa: PT017
        else:
            assert seen is None or isinstance(seen, TagHeader)


def test_only_known_plain_metadata_is_kept() -> None:
    said: dict[str, Value] = {"width": 1280.0, "duration": 0.0, "encoder": "x" * 500, "framerate": float("nan"), "keyframes": {"a": 1.0}}
    assert flv.known_metadata(said) == {"width": 1280.0, "encoder": "x" * 128}
