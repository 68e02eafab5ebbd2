"""Two RTP clocks become one line: as the sender's reports join them, over the wrap of their counts, while one of them drifts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.streaming.ingest.whip.clocks import JUMP_SECONDS, SLEW_SECONDS, JoinedClocks

COUNTS = st.integers(0, (1 << 32) - 1)
WALL = 3_900_000_000.0


def joined(video: int, audio: int) -> JoinedClocks:
    """Both counts stand for the same instant."""
    clocks = JoinedClocks()
    clocks.report("video", WALL, video)
    clocks.report("audio", WALL, audio)
    return clocks


@given(COUNTS, COUNTS, st.floats(0, 5))
def test_frames_of_one_instant_fall_together_however_late_one_kind_is(video: int, audio: int, late: float) -> None:
    clocks = joined(video, audio)
    shown = clocks.at("video", video, 100.0)
    assert clocks.at("audio", audio, 100.0 + late) == pytest.approx(shown, abs=1e-6)


@given(COUNTS)
def test_a_line_goes_on_over_the_wrap(count: int) -> None:
    clocks = joined(count, 0)
    first = clocks.at("video", count, 50.0)
    for step in range(1, 4):
        at = (count + step * (1 << 30)) & 0xFFFFFFFF
        assert clocks.at("video", at, 50.0) - first == pytest.approx(step * (1 << 30) / 90_000)


def test_before_any_report_frames_stand_where_they_arrived() -> None:
    clocks = JoinedClocks()
    assert not clocks.joined
    assert clocks.at("video", 1_000, 10.0) == pytest.approx(10.0)
    assert clocks.at("audio", 77, 10.2) == pytest.approx(10.2)
    assert clocks.at("audio", 77 + 48_000, 99.0) == pytest.approx(11.2)


def test_a_sound_that_drifts_is_moved_little_by_little_and_one_that_jumped_at_once() -> None:
    clocks = joined(0, 0)
    clocks.at("video", 0, 0.0)
    clocks.at("audio", 0, 0.0)
    clocks.report("audio", WALL + 10.1, 480_000)  # a tenth of a second too slow after ten
    clocks.report("video", WALL + 10.0, 900_000)
    assert clocks.at("audio", 480_000, 10.0) == pytest.approx(10.0 + 2 * SLEW_SECONDS)
    clocks.report("audio", WALL + 20.0 + 4 * JUMP_SECONDS, 960_000)
    assert clocks.at("audio", 960_000, 20.0) == pytest.approx(20.0 + 4 * JUMP_SECONDS)


@given(COUNTS, COUNTS, st.floats(0, 5))
def test_a_second_sound_falls_together_with_the_first(audio: int, second: int, late: float) -> None:
    clocks = joined(0, audio)
    clocks.report("interpreted", WALL, second)
    clocks.at("video", 0, 100.0)
    heard = clocks.at("audio", audio, 100.1)
    assert clocks.at("interpreted", second, 100.1 + late) == pytest.approx(heard, abs=1e-6)
