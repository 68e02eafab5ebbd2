"""The rules of questions and floors: texts, guards, the table of states, the order of published questions."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.qa import domain, texts
from services.qa.life import STATES, STEPS, VOTABLE, StepName
from services.qa.question import Actor, Change, Command, Question
from services.qa.ranking import ranked
from shared.errors import Conflict, Denied, Invalid
from shared.events.vocabulary import QuestionStatus

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
ANNE, CLAIRE = Actor("person-anne", "Anne", "remote"), Actor("person-claire", "Claire", "staff")


def asked() -> Question:
    change = domain.ask(id="q", session="s", text="Quand ?", language="fr", anonymous=False, by=ANNE, now=NOW)
    return change.question


def in_status(status: str) -> Question:
    return replace(asked(), status=cast("QuestionStatus", status), draft="En juin.", draft_by="person-david")


DETAILS: dict[StepName, dict[str, str]] = {
    "edit": {"text": "Autre ?"},
    "rephrase": {"text": "Autrement ?"},
    "decline": {"reason": "unclear"},
    "amend": {"text": "Autre ?"},
    "merge": {"into": "other"},
    "shortlist": {"place": "V"},
    "defer": {"owner": "Mairie", "due": "2021-06-30"},
    "write": {"text": "En juin."},
}
"""What a step needs besides the version."""


def carry_out(held: Question, step: StepName, version: int = 1, by: Actor | None = None, **details: str) -> Change:
    actor = by or (ANNE if STEPS[step].by == "author" else CLAIRE)
    taken: dict[str, Any] = {**DETAILS.get(step, {}), **details}
    return domain.carry_out(held, Command(step, version, actor, NOW, **taken))


@pytest.mark.parametrize("command", STEPS)
@pytest.mark.parametrize("status", STATES)
def test_a_command_works_from_the_states_of_the_table_and_from_no_other(command: StepName, status: str) -> None:
    held = in_status(status)
    if status in STEPS[command].starts:
        change = carry_out(held, command)
        assert change.question.version == 2
        assert change.question.status == (STEPS[command].ends or status)
        assert change.event == STEPS[command].event(change.question.state())
    else:
        with pytest.raises(Conflict) as refused:
            carry_out(held, command)
        assert refused.value.code == "qa.not_possible"


@pytest.mark.parametrize("command", STEPS)
def test_a_stale_version_is_a_conflict_before_anything_else(command: StepName) -> None:
    for status in STATES:
        with pytest.raises(Conflict) as refused:
            carry_out(replace(in_status(status), version=3), command, 2)
        assert refused.value.code == "qa.stale"


def test_only_the_author_edits_and_withdraws() -> None:
    with pytest.raises(Denied):
        carry_out(asked(), "edit", by=CLAIRE)
    with pytest.raises(Denied):
        carry_out(asked(), "withdraw", by=CLAIRE)


def test_a_rephrased_question_keeps_the_words_of_its_author() -> None:
    change = carry_out(asked(), "publish", text="Quand donc ?")
    assert (change.question.text, change.question.original) == ("Quand donc ?", "Quand ?")


def test_a_question_asked_without_a_name_gives_none_away() -> None:
    question = domain.ask(id="q", session="s", text="a", language="fr", anonymous=True, by=ANNE, now=NOW).question
    assert (question.author_name, question.changed_by) == ("", "")
    withdrawn = carry_out(question, "withdraw").question
    assert "Anne" not in str(withdrawn)


def test_a_reason_outside_the_list_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        carry_out(asked(), "decline", reason="because")
    assert refused.value.code == "qa.reason_unknown"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  Quand ?\n", "Quand ?"), ("e\u0301te\u0301", "été"), ("a\r\nb", "a\nb"), ("a\n\n\n\nb", "a\n\nb"), ("x" * 500, "x" * 500),
        ("e\u0301" * 500, "é" * 500), ("👩‍🚀", "👩‍🚀"), ("عربي", "عربي"),
    ],
)  # fmt: skip
def test_a_text_is_kept_in_its_normal_form(text: str, wanted: str) -> None:
    assert texts.clean_text(text) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "qa.text_empty"), (" \n ", "qa.text_empty"), ("\u200b", "qa.text_empty"), ("\u0301", "qa.text_empty"),
        ("x" * 501, "qa.text_too_long"), ("a\x00", "qa.text_control"), ("a\x1bb", "qa.text_control"), ("a\x7fb", "qa.text_control"),
        ("\ud800", "qa.text_control"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_shown_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts.clean_text(text)
    assert refused.value.code == code
    assert refused.value.fields[0].path == "text"


@given(st.text())
def test_an_accepted_text_stays_as_it_is_and_can_be_sent(text: str) -> None:
    try:
        words = texts.clean_text(text)
    except Invalid:
        return
    assert texts.clean_text(words) == words
    assert 1 <= len(words) <= texts.MOST_CHARACTERS
    assert unicodedata.is_normalized("NFC", words)
    words.encode()


def test_a_note_may_be_empty_and_has_its_own_bound() -> None:
    assert texts.clean_note("  ") == ""
    with pytest.raises(Invalid) as refused:
        texts.clean_note("x" * 301)
    assert refused.value.code == "qa.note_too_long"


@pytest.mark.parametrize("status", STATES)
def test_votes_are_for_published_questions_of_others(status: str) -> None:
    if status in VOTABLE:
        domain.require_votable(in_status(status), "person-basile")
    else:
        with pytest.raises(Conflict):
            domain.require_votable(in_status(status), "person-basile")
    with pytest.raises(Denied):
        domain.require_votable(in_status(status), "person-anne")


def test_the_order_is_votes_then_waiting_time_and_total() -> None:
    def question(id: str, votes: int, minutes: int) -> object:
        return replace(asked(), id=id, votes=votes, asked_at=NOW + timedelta(minutes=minutes)).state()

    questions = [question("d", 1, 5), question("c", 1, 5), question("b", 0, 1), question("a", 3, 9), question("e", 1, 2)]
    assert [each.id for each in ranked(questions)] == ["a", "e", "c", "d", "b"]  # type: ignore[type-var, attr-defined]
