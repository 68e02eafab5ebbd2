"""Rules of messages to many: what may be said, how one stands, when a reminder is due, what moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.mailings import domain
from services.registration.mailings.domain import (
    MOST_WORDS,
    Audience,
    Mailing,
    MailingState,
    MailingWords,
    check_words,
    moved,
    reminders_due,
)
from services.registration.programme.open_days import EventDay
from shared.errors import Conflict, Invalid

NOW: Final = datetime(2025, 3, 4, 7, 0, tzinfo=UTC)
START: Final = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)
DAY: Final = EventDay("2025-03-04", date(2025, 3, 4), frozenset({"in_room"}), starts_at=START)


def mailing(state: MailingState = "running") -> Mailing:
    return Mailing(
        "m", "e", "words", Audience(), state, NOW, "op", 3, {"fr": MailingWords("Salut", "Bonjour"), "en": MailingWords("Hi", "Hello")}
    )


def test_a_reminder_is_due_from_its_moment_until_the_day_begins() -> None:
    def due(at: datetime) -> list[str]:
        return [id for id, _, _ in reminders_due([DAY], (60, 1440), at)]

    assert due(START - timedelta(days=1, seconds=1)) == []
    assert due(START - timedelta(days=1)) == ["reminder:2025-03-04:1440"]
    assert due(START - timedelta(minutes=60)) == ["reminder:2025-03-04:60", "reminder:2025-03-04:1440"]
    assert due(START) == []
    off = EventDay(DAY.id, DAY.date, DAY.doors, "cancelled", START)
    assert reminders_due([off, EventDay("x", DAY.date, DAY.doors)], (60,), START - timedelta(minutes=5)) == []


def test_what_was_stopped_stays_so_and_what_ended_may_go_on() -> None:
    assert domain.pause(mailing()).state == "paused"
    assert domain.resume(mailing("paused")).state == "running"
    assert domain.resume(mailing("done")).state == "running"
    assert domain.stop(mailing("paused")).state == "stopped"
    for step, state in ((domain.pause, "done"), (domain.stop, "done"), (domain.resume, "stopped"), (domain.stop, "stopped")):
        with pytest.raises(Conflict, match=r"registration\.mailing_over"):
            step(mailing(state))  # type: ignore[arg-type]


def test_whoever_has_no_words_in_their_language_gets_the_first() -> None:
    assert mailing().said_in("en").subject == "Hi"
    assert mailing().said_in("de").subject == "Salut"


def test_a_language_left_empty_is_left_out() -> None:
    said = {"fr": MailingWords(" Objet ", "Un\n\nDeux "), "en": MailingWords(" ", "")}
    assert check_words(said, ["fr", "en"]) == {"fr": MailingWords("Objet", "Un\n\nDeux")}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({}, "subject_fr"),
        ({"fr": MailingWords("Objet", "")}, "text_fr"),
        ({"en": MailingWords("", "Text")}, "subject_en"),
        ({"fr": MailingWords("x" * 151, "Texte")}, "subject_fr"),
        ({"fr": MailingWords("Objet", "x" * (MOST_WORDS + 1))}, "text_fr"),
        ({"fr": MailingWords("Objet", "Texte"), "xx": MailingWords("a", "b")}, "language"),
    ],
)
def test_words_that_cannot_leave_are_refused_where_they_stand(said: dict[str, MailingWords], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_words(said, ["fr", "en"])
    assert [field.path for field in refused.value.fields] == [path]


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from("12")), st.dictionaries(st.sampled_from("abc"), st.sampled_from("12")))
def test_what_moved_is_what_differs(before: dict[str, str], after: dict[str, str]) -> None:
    assert set(moved(before, after)) == {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert moved(after, after) == ()
