"""Why questions may be declined, as the programme file says: what it takes, what it refuses, what it asks about, what others are told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from services.registration.programme import parse, parse_with_warnings, to_event
from services.registration.programme.format.nodes import ProgrammeError
from services.registration.programme.format.writer import write
from shared.events.programme import ReasonRef
from tests.support.messages import MESSAGES

NOW: Final = datetime(2025, 1, 1, 12, tzinfo=UTC)
HEAD: Final = "format_version: 1\nlanguage: fr\nevent:\n  id: e\n  name: Journée\n  date: 2025-01-30\n"
TAIL: Final = "sessions:\n  - {id: a, kind: round_table, title: Débat, start: 9h00, end: 10h00, end_basis: stated}\n"


def file_with(*reasons: str) -> str:
    return f"{HEAD}  reasons:\n" + "".join(f"    - {one}\n" for one in reasons) + TAIL


def refusals(*reasons: str) -> list[tuple[str, str]]:
    with pytest.raises(ProgrammeError) as refused:
        parse(file_with(*reasons))
    return [(field.path.partition(" ")[2], field.code) for field in refused.value.fields]


def test_the_organiser_says_why_questions_are_declined_in_order_and_in_the_words_of_each_language() -> None:
    text = file_with("{id: no_time}", "{id: hors-theme, words: {en: Off topic, fr: 'Hors du thème : voir l’affiche'}}")
    programme = parse(text)
    told = to_event(programme, digest="0" * 64, now=NOW).reasons
    assert told == (ReasonRef("no_time"), ReasonRef("hors-theme", {"fr": "Hors du thème : voir l’affiche", "en": "Off topic"}))
    assert list(told[1].words) == ["fr", "en"], "the language of the programme first"
    assert parse(write(programme)) == programme


def test_a_file_that_says_nothing_leaves_the_standard_reasons() -> None:
    assert to_event(parse(HEAD + TAIL), digest="0" * 64, now=NOW).reasons == ()


@pytest.mark.parametrize(
    ("reason", "path", "code"),
    [
        ("{id: hors-theme}", "event.reasons.0.words", "programme.reason_without_words"),
        ("{id: Hors Thème, words: {fr: x}}", "event.reasons.0.id", "programme.bad_id"),
        ("{id: x, words: {fr: ''}}", "event.reasons.0.words.fr", "programme.blank"),
        ("{id: x, words: {Français: x}}", "event.reasons.0.words.Français", "programme.bad_id"),
        ("{id: x, words: {fr: {text: x}}}", "event.reasons.0.words.fr", "programme.not_scalar"),
        ("{id: x, words: [x]}", "event.reasons.0.words", "programme.not_block"),
        ("{id: x, words: {fr: %s}}" % ("x" * 121), "event.reasons.0.words.fr", "programme.too_long"),
        ("{id: x, label: x}", "event.reasons.0.label", "programme.unknown_field"),
    ],
)  # fmt: skip
def test_a_reason_that_nobody_could_read_is_refused_where_it_stands(reason: str, path: str, code: str) -> None:
    assert (path, code) in refusals(reason)


def test_no_reason_stands_twice_and_there_are_not_too_many() -> None:
    assert refusals("{id: no_time}", "{id: no_time}") == [("event.reasons.1.id", "programme.duplicate_id")]
    assert refusals(*(f"{{id: r{n}, words: {{fr: x}}}}" for n in range(21))) == [("event.reasons", "programme.too_many_items")]


def test_the_check_asks_about_languages_in_which_a_reason_has_no_words() -> None:
    text = file_with("{id: no_time}", "{id: a, words: {fr: A, en: A, br: A}}", "{id: b, words: {fr: B}}")
    found = [one for one in parse_with_warnings(text)[1] if one.code == "programme.warn.reason_language"]
    assert [(one.path.partition(" ")[2], (one.params or {})["languages"]) for one in found] == [("event.reasons.2.words", "en, br")]
    assert "en, br" in MESSAGES.sentence("fr", found[0].code, found[0].params or {})
