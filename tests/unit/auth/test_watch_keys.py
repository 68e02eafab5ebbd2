"""Keys of watch links: they open one stage, for as long as they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.auth.watch_keys import GRACE, MOST_CHARACTERS, good_until, opens, watch_key

NOW = datetime(2021, 6, 3, 9, 0, tzinfo=UTC)
SECRET = b"a secret"


def test_a_key_opens_its_own_stage_and_no_other() -> None:
    key = watch_key(SECRET, "grande-salle", NOW + timedelta(days=4000))
    assert len(key) <= MOST_CHARACTERS
    assert opens(SECRET, "grande-salle", key, now=NOW)
    assert not opens(SECRET, "petite-salle", key, now=NOW)
    assert not opens(b"another secret", "grande-salle", key, now=NOW)


def test_a_key_opens_until_its_end_and_its_end_cannot_be_moved() -> None:
    key = watch_key(SECRET, "s", NOW + timedelta(minutes=1))
    assert opens(SECRET, "s", key, now=NOW)
    assert not opens(SECRET, "s", key, now=NOW + timedelta(minutes=1))
    expiry, signature = key.split("-", 1)
    assert not opens(SECRET, "s", f"{expiry}z-{signature}", now=NOW)
    assert not opens(SECRET, "s", f"0-{signature}", now=NOW)


def test_no_key_is_without_an_end() -> None:
    """Keys of 0 once opened for ever."""
    assert not opens(SECRET, "s", watch_key(SECRET, "s", datetime.fromtimestamp(0, UTC)), now=NOW)


def test_a_link_printed_before_or_during_the_event_outlives_it_by_a_day_and_one_printed_later_itself() -> None:
    end = NOW + timedelta(days=30, minutes=20)
    assert good_until(end, NOW) == end - timedelta(minutes=20) + GRACE + timedelta(hours=1)
    assert good_until(end, NOW) == good_until(end, NOW + timedelta(days=12))
    assert good_until(NOW - timedelta(days=30), NOW) == good_until(None, NOW) == NOW + GRACE + timedelta(hours=1)
    assert good_until(None, NOW) == good_until(None, NOW + timedelta(minutes=59))


@given(st.text(max_size=80))
def test_nonsense_opens_nothing(key: str) -> None:
    assert not opens(SECRET, "s", key, now=NOW)
