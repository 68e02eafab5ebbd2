"""The rules of a stage: which state follows from what fills it, and whom its key lets in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.streaming.domain import BASE_SOURCES, Stage, state_of
from shared.events.vocabulary import StageOrigin, StageState

STAGE = Stage("hall", "Hall", "live_secret", "live", "generated", "2021-06-03T07:45:00.000Z", 1)


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize(("feed", "state"), [("none", "starting"), ("slate", "fallback"), ("rtmp", "live")])
def test_these_mean_the_same_whatever_became_of_the_encoder(feed: StageOrigin, state: StageState, lost: bool) -> None:
    assert state_of(feed, ingest_lost=lost) == state


@pytest.mark.parametrize("base", BASE_SOURCES)
def test_a_base_source_is_a_fallback_only_where_it_stands_in_for_a_lost_encoder(base: StageOrigin) -> None:
    assert state_of(base, ingest_lost=False) == "live"
    assert state_of(base, ingest_lost=True) == "fallback"


def test_only_a_change_is_an_event() -> None:
    assert STAGE.sends("live", "generated", "2021-06-03T08:00:00.000Z") is None
    changed = STAGE.sends("fallback", "slate", "2021-06-03T08:00:00.000Z")
    assert changed is not None
    assert (changed.stage, changed.state, changed.origin) == ("hall", "fallback", "slate")


def test_a_stage_opens_to_its_own_key_alone() -> None:
    assert STAGE.opened_by("live_secret")
    assert not STAGE.opened_by("live_secreT")
    assert not STAGE.opened_by("")
    assert "live_secret" not in repr(replace(STAGE, name="Other"))
