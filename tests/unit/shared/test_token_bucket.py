"""A token bucket lets a rush through at once and then so many a second."""

from __future__ import annotations

import pytest

from shared.token_bucket import TokenBucket


def test_a_rush_goes_through_at_once_and_then_so_many_a_second() -> None:
    bucket = TokenBucket(3)
    assert [bool(bucket.take(100.0, rate=10, most=3)) for _ in range(5)] == [False, False, False, True, True]
    assert [bool(bucket.take(now, rate=10, most=3)) for now in (100.15, 100.16, 100.3)] == [False, True, False]


def test_it_says_how_long_to_wait() -> None:
    bucket = TokenBucket(1)
    bucket.take(0.0, rate=0.5, most=1)
    assert bucket.take(0.5, rate=0.5, most=1) == pytest.approx(1.5)
