"""What operators are told of a stage: one cause, never two that contradict each other, and every trouble by its code with words for it."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from services.streaming.ingest.port import IngestFacts
from services.streaming.on_air import AirFacts, Cause, Mark, SenderEnd, Trouble, judge
from shared.events.vocabulary import StageOrigin
from tests.support.messages import MESSAGES

SENDER = IngestFacts(
    metadata={}, bytes_received=1, keyframe_seconds=2.0, dropped_video=0, dropped_audio=0, lasts=60.0, silent_for=0.02, keyless_seconds=1.5,
    pace=1.0, has_video=True, has_audio=True, missing=None,
)  # fmt: skip
FINE = AirFacts(origin="rtmp", closed=False, sender=SENDER, last_end=None, speed=1.0)


def test_an_encoder_that_sends_is_live_and_without_trouble() -> None:
    found = judge(FINE)
    assert (found.shows, found.mark, found.cause, found.troubles) == ("rtmp", "live", "sending", ())


@pytest.mark.parametrize(
    ("origin", "last_end", "mark", "cause"),
    [
        ("generated", None, "rehearsal", "never"),
        ("generated", "stopped", "rehearsal", "stopped"),
        ("generated", "lost", "rehearsal", "lost"),
        ("generated", "cut", "rehearsal", "cut"),
        ("file", None, "live", "file"),
        ("file", "lost", "waiting", "lost"),
        ("slate", "lost", "waiting", "lost"),
        ("slate", None, "waiting", "repairing"),
        ("slate", "stopped", "waiting", "repairing"),
        ("none", None, "starting", "starting"),
    ],
)
def test_without_a_sender_the_cause_is_how_the_last_one_went(
    origin: StageOrigin, last_end: SenderEnd | None, mark: Mark, cause: Cause
) -> None:
    found = judge(replace(FINE, origin=origin, sender=None, last_end=last_end))
    assert (found.shows, found.mark, found.cause) == (origin, mark, cause)


@pytest.mark.parametrize(
    ("sender", "cause"),
    [
        (replace(SENDER, lasts=0.5, keyless_seconds=0.5), "beginning"),
        (replace(SENDER, keyless_seconds=30.0), "no_key_frame"),
        (replace(SENDER, keyless_seconds=60.0, has_video=False), "repairing"),
        (SENDER, "repairing"),
        (replace(SENDER, silent_for=1.2), "silent"),
    ],
)
def test_a_sender_that_is_not_on_the_air_is_told_by_what_it_lacks(sender: IngestFacts, cause: Cause) -> None:
    assert judge(replace(FINE, origin="slate", sender=sender)).cause == cause


def test_a_closed_session_is_the_one_cause_whoever_sends() -> None:
    assert judge(replace(FINE, origin="slate", closed=True)).cause == "closed_session"


@pytest.mark.parametrize(
    ("sender", "troubles"),
    [
        (replace(SENDER, pace=0.6), ("slow",)),
        (replace(SENDER, pace=None), ()),
        (replace(SENDER, pace=0.0, silent_for=3.0), ()),  # one cause is enough
        (replace(SENDER, missing="audio"), ("sound_stopped",)),
        (replace(SENDER, missing="video"), ("picture_stopped",)),
        (replace(SENDER, has_audio=False), ("no_sound",)),
        (replace(SENDER, has_video=False), ("no_picture",)),
        (replace(SENDER, keyframe_seconds=8.3), ("far_keys",)),
        (replace(SENDER, loss=0.05), ("lossy",)),
        (replace(SENDER, loss=0.01), ()),
        (replace(SENDER, pace=0.6, missing="audio", keyframe_seconds=8.3), ("slow", "sound_stopped", "far_keys")),
    ],
)
def test_every_trouble_of_the_sender_is_named(sender: IngestFacts, troubles: tuple[Trouble, ...]) -> None:
    assert judge(replace(FINE, sender=sender)).troubles == troubles


def test_our_own_encoder_is_blamed_only_where_the_sender_is_not() -> None:
    assert judge(replace(FINE, speed=0.7)).troubles == ("overloaded",)
    assert judge(replace(FINE, unwritten=True)).troubles == ("not_recorded",)
    assert judge(replace(FINE, speed=0.6, sender=replace(SENDER, pace=0.6))).troubles == ("slow",)
    assert judge(replace(FINE, origin="slate", speed=0.0, sender=replace(SENDER, silent_for=2.0))).troubles == ()


def test_every_word_has_its_sentence() -> None:
    words = [f"stream.{kind}.{one}" for kind, of in (("air", Cause), ("trouble", Trouble), ("mark", Mark)) for one in get_args(of)]
    assert not [word for word in (*words, *(f"stream.origin.{one}" for one in get_args(StageOrigin))) if word not in MESSAGES]
