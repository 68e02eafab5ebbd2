"""Pauses grow to their bound, spread by chance, and begin anew after a success."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.backoff import Backoff


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_reset() -> None:
    pauses = Backoff(first=0.5, longest=3.0).pauses(chance=lambda: 0.0)
    assert [pauses.next() for _ in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]
    assert pauses.failures == 5
    pauses.reset()
    assert pauses.next() == 0.5


def test_chance_only_shortens_a_pause() -> None:
    backoff = Backoff(first=8.0, longest=8.0, jitter=0.25)
    assert backoff.seconds(1, lambda: 0.0) == 8.0
    assert backoff.seconds(1, lambda: 0.5) == 7.0
    assert backoff.seconds(1, lambda: 0.999999) == pytest.approx(6.0, abs=0.001)


@given(st.integers(-5, 10**9), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_longer_than_the_longest(failures: int, chance: float) -> None:
    backoff = Backoff(first=0.1, longest=30.0, factor=3.0)
    assert 0.05 <= backoff.seconds(failures, lambda: chance) <= 30.0


@pytest.mark.parametrize("wrong", [{"first": 2.0, "longest": 1.0}, {"factor": 0.5}, {"jitter": 1.5}, {"first": -1.0}])
def test_what_would_not_back_off_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="no back-off"):
        Backoff(**{"first": 0.1, "longest": 1.0, **wrong})
