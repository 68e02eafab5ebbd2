"""Fragmented MP4 as plain data."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.streaming.media.fmp4 import MOST_BOX_BYTES, Fragment, Init, Malformed, Splitter, cut, moved, read_fragment, read_init
from tests.support import fragments

VIDEO = fragments.init(15_360, video=True)
AUDIO = fragments.init(48_000, video=False)


def audio_of(samples: int, time: int = 0) -> tuple[Fragment, Init]:
    init = read_init(AUDIO)
    return read_fragment(fragments.fragment(time, [1024] * samples), init), init


def test_an_initialisation_section_tells_timescale_codec_and_size() -> None:
    video, audio = read_init(VIDEO), read_init(AUDIO)
    assert (video.timescale, video.codec, video.width, video.height) == (15_360, "avc1.64001F", 1280, 720)
    assert (audio.timescale, audio.codec, audio.width) == (48_000, "mp4a.40.2", 0)


@pytest.mark.parametrize("independent", [True, False])
@pytest.mark.parametrize("version", [0, 1])
def test_a_fragment_tells_its_time_duration_and_whether_it_stands_alone(independent: bool, version: int) -> None:
    data = fragments.fragment(7680, [512] * 15, independent=independent, version=version)
    found = read_fragment(data, read_init(VIDEO))
    assert (found.time, found.duration, found.samples, found.independent, found.seconds) == (7680, 7680, 15, independent, 0.5)


@given(st.lists(st.integers(1, 400), max_size=40))
def test_however_the_bytes_arrive_the_same_fragments_come_out(cuts: list[int]) -> None:
    stream = VIDEO + b"".join(fragments.fragment(n * 7680, [512] * 15, independent=n % 4 == 0) for n in range(5))
    whole = Splitter().feed(stream)
    splitter, found, at = Splitter(), list[Init | Fragment](), 0
    for length in [*cuts, len(stream)]:
        found += splitter.feed(stream[at : at + length])
        at += length
    assert found == whole
    assert isinstance(whole[0], Init)
    assert [item.independent for item in whole[1:] if isinstance(item, Fragment)] == [True, False, False, False, True]


@given(st.binary(max_size=300), st.integers(0, 400))
def test_damaged_bytes_are_refused_or_passed_over_but_never_crash(noise: bytes, at: int) -> None:
    stream = VIDEO + fragments.fragment(0, [512] * 15)
    with contextlib.suppress(Malformed):
        Splitter().feed(stream[:at] + noise + stream[at + len(noise) :])


def test_a_box_that_would_not_fit_in_memory_is_refused_before_it_is_read() -> None:
    with pytest.raises(Malformed):
        Splitter().feed((MOST_BOX_BYTES + 1).to_bytes(4, "big") + b"mdat")


def test_a_fragment_before_the_initialisation_section_is_refused() -> None:
    with pytest.raises(Malformed):
        Splitter().feed(fragments.fragment(0, [512]))


@given(st.integers(0, (1 << 64) - 1))
def test_moving_a_fragment_changes_its_time_and_nothing_else(time: int) -> None:
    init = read_init(VIDEO)
    before = read_fragment(fragments.fragment(5, [512] * 15, independent=False), init)
    after = moved(before, time)
    assert after == read_fragment(after.data, init)
    assert after.time == time
    assert moved(after, 5) == before


def test_a_time_that_does_not_fit_its_field_is_refused() -> None:
    short = read_fragment(fragments.fragment(0, [512], version=0), read_init(VIDEO))
    with pytest.raises(Malformed):
        moved(short, 1 << 32)


@given(st.integers(0, 22), st.integers(1, 23))
def test_cutting_audio_keeps_exactly_the_samples_asked_for(head: int, keep: int) -> None:
    whole, init = audio_of(23, time=4096)
    part = cut(whole, init, head=head, keep=keep)
    left = min(keep, 23 - head)
    assert (part.time, part.samples, part.duration) == (4096 + head * 1024, left, left * 1024)
    assert part.independent
    assert part.data.endswith(b"".join(bytes([n]) * 10 for n in range(head, head + left)))


def test_a_cut_that_leaves_nothing_is_refused() -> None:
    whole, init = audio_of(3)
    with pytest.raises(Malformed):
        cut(whole, init, head=3)
