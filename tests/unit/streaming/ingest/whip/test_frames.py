"""H.264 and Opus as they come, and the FLV bodies they become: what ffmpeg would read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.streaming.ingest.whip import frames

SPS, PPS = b"\x67\x42\xe0\x1f\xda", b"\x68\xce\x3c\x80\x01"
IDR, SLICE, DELIMITER = b"\x65\x88\x84\x01", b"\x41\x9a\x24\x01", b"\x09\xf0"
LONG, SHORT = b"\x00\x00\x00\x01", b"\x00\x00\x01"

REST = st.binary(max_size=20).map(lambda raw: raw.replace(b"\x00", b"\x01") + b"\x80")
NALS = st.lists(st.builds(lambda kind, rest: bytes([kind]) + rest, st.integers(1, 31), REST), max_size=6)


@given(NALS, st.lists(st.sampled_from([LONG, SHORT]), min_size=6, max_size=6))
def test_units_are_found_behind_either_start_code(nals: list[bytes], starts: list[bytes]) -> None:
    assert frames.units(b"".join(start + nal for start, nal in zip(starts, nals, strict=False))) == nals


def test_a_key_picture_brings_its_configuration_first() -> None:
    setup, key = frames.picture(LONG + DELIMITER + LONG + SPS + LONG + PPS + SHORT + IDR)
    assert setup.header.setup
    assert setup.payload[:5] == b"\x17\x00\x00\x00\x00"
    assert setup.payload[5:] == b"\x01\x42\xe0\x1f\xff\xe1\x00\x05" + SPS + b"\x01\x00\x05" + PPS
    assert key.header.key
    assert key.payload == b"\x17\x01\x00\x00\x00" + b"\x00\x00\x00\x04" + IDR


def test_another_picture_is_one_body_and_what_shows_nothing_is_none() -> None:
    (picture,) = frames.picture(LONG + SLICE + SHORT + SLICE)
    assert not picture.header.key
    assert picture.payload == b"\x27\x01\x00\x00\x00" + (b"\x00\x00\x00\x04" + SLICE) * 2
    assert frames.picture(LONG + DELIMITER) == []
    assert frames.picture(b"") == frames.picture(b"\x41\x01") == []


def test_a_sequence_set_that_is_too_short_to_say_a_profile_configures_nothing() -> None:
    assert [one.header.setup for one in frames.picture(LONG + b"\x67\x42" + LONG + PPS + LONG + IDR)] == [False]


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    for body in frames.picture(data):
        assert body.payload[:1] in (b"\x17", b"\x27")


def test_sound_goes_as_an_enhanced_message() -> None:
    assert frames.sound(b"abc").payload == b"\x91Opusabc"
    assert frames.OPUS_SETUP[:13] == b"\x90OpusOpusHead"
    assert len(frames.OPUS_SETUP) == 5 + 19
