"""Keys of watch links: they open one stage, for as long as they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.auth.watch_keys import MOST_CHARACTERS, opens, watch_key

NOW = datetime(2021, 6, 3, 9, 0, tzinfo=UTC)
SECRET = b"a secret"


def test_a_key_opens_its_own_stage_and_no_other() -> None:
    key = watch_key(SECRET, "grande-salle")
    assert len(key) <= MOST_CHARACTERS
    assert opens(SECRET, "grande-salle", key, now=NOW)
    assert not opens(SECRET, "petite-salle", key, now=NOW)
    assert not opens(b"another secret", "grande-salle", key, now=NOW)


def test_a_key_with_an_end_opens_until_then_and_its_end_cannot_be_moved() -> None:
    key = watch_key(SECRET, "s", NOW + timedelta(minutes=1))
    assert opens(SECRET, "s", key, now=NOW)
    assert not opens(SECRET, "s", key, now=NOW + timedelta(minutes=1))
    expiry, signature = key.split("-", 1)
    assert not opens(SECRET, "s", f"{expiry}z-{signature}", now=NOW)
    assert not opens(SECRET, "s", f"0-{signature}", now=NOW)


@given(st.text(max_size=80))
def test_nonsense_opens_nothing(key: str) -> None:
    assert not opens(SECRET, "s", key, now=NOW)
