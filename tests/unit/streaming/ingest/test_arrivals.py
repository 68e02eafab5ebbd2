"""How a sender's media comes in: its pace, and what has stopped."""

from __future__ import annotations

import pytest

from services.streaming.ingest.arrivals import Arrivals, Kind


def sent(
    arrivals: Arrivals, *, began: float, seconds: float, pace: float = 1.0, first: int = 0, kinds: tuple[Kind, ...] = ("video", "audio")
) -> float:
    """A message of each kind every 40 ms of media, `pace` seconds of media per second; the instant of the last."""
    for index in range(round(seconds * pace * 25)):
        for kind in kinds:
            arrivals.put(kind, (first + index * 40) & 0xFFFFFFFF, began + index * 0.04 / pace)
    return began + seconds


@pytest.mark.parametrize("pace", [0.6, 0.89, 1.0, 1.4])
def test_the_pace_is_media_per_second(pace: float) -> None:
    arrivals = Arrivals()
    now = sent(arrivals, began=100.0, seconds=10.0, pace=pace)
    assert arrivals.pace(now) == pytest.approx(pace, abs=0.04)


def test_nothing_is_said_of_the_pace_at_first() -> None:
    arrivals = Arrivals()
    assert arrivals.pace(100.0) is None
    assert arrivals.pace(sent(arrivals, began=100.0, seconds=1.5)) is None


@pytest.mark.parametrize("jump", [-100_000, 60_000])
def test_a_jump_of_the_senders_clock_is_no_pace(jump: int) -> None:
    arrivals = Arrivals()
    now = sent(arrivals, began=0.0, seconds=5.0, first=200_000)
    now = sent(arrivals, began=now, seconds=2.0, first=205_000 + jump)
    assert arrivals.pace(now) == pytest.approx(1.0, abs=0.05)


def test_the_clock_of_32_bits_goes_round() -> None:
    arrivals = Arrivals()
    assert arrivals.pace(sent(arrivals, began=0.0, seconds=6.0, first=0xFFFFFFFF - 2_000)) == pytest.approx(1.0, abs=0.04)


@pytest.mark.parametrize(("goes_on", "stops"), [("video", "audio"), ("audio", "video")])
def test_what_stops_while_the_other_goes_on_is_missing_after_a_second_until_it_comes_back(goes_on: Kind, stops: Kind) -> None:
    arrivals = Arrivals()
    now = sent(arrivals, began=0.0, seconds=2.0)
    now = sent(arrivals, began=now, seconds=0.8, first=2_000, kinds=(goes_on,))
    assert arrivals.missing is None
    now = sent(arrivals, began=now, seconds=0.5, first=2_800, kinds=(goes_on,))
    assert arrivals.missing == stops
    sent(arrivals, began=now, seconds=0.1, first=3_300)
    assert arrivals.missing is None


def test_a_line_that_freezes_has_lost_neither() -> None:
    arrivals = Arrivals()
    now = sent(arrivals, began=0.0, seconds=2.0)
    assert arrivals.silent_for(now + 8.0) == pytest.approx(8.0, abs=0.1)
    sent(arrivals, began=now + 8.0, seconds=0.2, pace=40.0, first=2_000)
    assert arrivals.missing is None
