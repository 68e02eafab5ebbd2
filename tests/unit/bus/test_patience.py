"""How long a group tries before an event is a dead letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.port import LONGEST_DELAY, MOST_ATTEMPTS, Group, lasting

DAY = 24 * 3600.0


def test_two_days_of_growing_pauses_need_few_queues_of_a_broker() -> None:
    delays = lasting(2 * DAY, first=30.0, longest=4 * 3600.0)
    assert 1.9 * DAY - 4 * 3600 < sum(delays) <= 2 * DAY
    assert list(delays) == sorted(delays)
    assert len(set(delays)) <= 12
    assert Group("registration.mail", (), patience=delays).patience == delays


@given(st.floats(1, 7 * DAY), st.floats(1, 600), st.floats(600, DAY))
def test_a_patience_never_lasts_longer_than_said(seconds: float, first: float, longest: float) -> None:
    delays = lasting(seconds, first=first, longest=longest)
    assert sum(delays) <= seconds
    assert all(first <= delay <= longest for delay in delays)


@pytest.mark.parametrize("wrong", [(0.0,), (-1.0,), (LONGEST_DELAY + 1,), (1.0,) * MOST_ATTEMPTS])
def test_a_patience_without_end_or_pause_is_refused(wrong: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="delays"):
        Group("g", (), patience=wrong)
