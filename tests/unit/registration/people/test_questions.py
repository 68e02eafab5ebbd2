"""The organiser's questions: who is asked which, and what may be answered, also against a plain model."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.people.draft import FormAnswer
from services.registration.people.questions import MOST_TEXT, check_answers, kept_of
from services.registration.programme import parse
from services.registration.programme.format.event import AskedWhen, FormQuestion
from services.registration.programme.format.nodes import ProgrammeError

LUNCH: Final = FormQuestion(id="lunch", kind="yes_no", question="Lunch?", purpose="Meals.", doors=("in_room",), required=True)
MEAL: Final = FormQuestion(
    id="meal",
    kind="choice",
    question="Which?",
    purpose="Meals.",
    options=("Meat", "None"),
    required=True,
    when=AskedWhen("lunch", ("yes",)),
)
TOPICS: Final = FormQuestion(id="topics", kind="several", question="Topics?", purpose="Rooms.", options=("A", "B", "C"))
WORD: Final = FormQuestion(id="word", kind="text", question="A word?", purpose="Us.")
ALL: Final = (LUNCH, MEAL, TOPICS, WORD)


def codes(given: dict[str, list[str]], door: str = "in_room") -> list[tuple[str, str]]:
    return [(one.path, one.code) for one in check_answers(given, door, ALL)[1]]


def test_a_question_that_depends_on_another_is_asked_of_those_alone_who_answered_so() -> None:
    kept, wrong = check_answers({"lunch": ["yes"], "meal": ["None"], "topics": ["C", "A"], "word": [" Bonjour "]}, "in_room", ALL)
    assert wrong == []
    assert kept == (
        FormAnswer("lunch", "Lunch?", ("yes",)),
        FormAnswer("meal", "Which?", ("None",)),
        FormAnswer("topics", "Topics?", ("A", "C")),
        FormAnswer("word", "A word?", ("Bonjour",)),
    )
    assert codes({"lunch": ["yes"]}) == [("answers.meal", "registration.answer_required")]
    assert codes({"lunch": ["no"]}) == []
    assert codes({}, "remote") == [], "who follows from afar is not asked about lunch, nor about the meal"


def test_what_nobody_asked_is_not_kept() -> None:
    assert check_answers({"lunch": ["no"], "meal": ["Meat"]}, "in_room", ALL)[0] == (FormAnswer("lunch", "Lunch?", ("no",)),)
    assert check_answers({"lunch": ["yes"], "meal": ["Meat"]}, "remote", ALL) == ((), [])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"lunch": ["maybe"]}, "answer_unknown"),
        ({"lunch": ["yes", "no"]}, "answer_one"),
        ({"lunch": ["no"], "topics": ["A", "Z"]}, "answer_unknown"),
        ({"lunch": ["no"], "word": ["a\x00b"]}, "answer_characters"),
        ({"lunch": ["no"], "shoe-size": ["44"]}, "question_unknown"),
        ({"lunch": [" "]}, "answer_required"),
    ],
)
def test_what_cannot_be_answered_is_refused_at_its_question(said: dict[str, list[str]], code: str) -> None:
    assert [found for _, found in codes(said)] == [f"registration.{code}"]


def test_an_answer_in_ones_own_words_has_an_end() -> None:
    assert codes({"lunch": ["no"], "word": ["x" * MOST_TEXT]}) == []
    assert codes({"lunch": ["no"], "word": ["x" * (MOST_TEXT + 1)]}) == [("answers.word", "field.too_long")]


def test_of_what_was_answered_before_stays_what_the_questions_of_today_still_take() -> None:
    before = (FormAnswer("topics", "Topics?", ("A", "Old")), FormAnswer("gone", "Gone?", ("x",)), FormAnswer("word", "A word?", ("Hi",)))
    assert kept_of(before, ALL) == {"topics": ("A",), "word": ("Hi",)}


@given(
    st.dictionaries(
        st.sampled_from(["lunch", "meal", "topics", "word"]), st.lists(st.sampled_from(["yes", "no", "Meat", "A", "B"]), max_size=3)
    ),
    st.sampled_from(["in_room", "remote", "hub"]),
)
def test_whatever_is_sent_what_is_kept_would_be_taken_again(said: dict[str, list[str]], door: str) -> None:
    kept, wrong = check_answers(said, door, ALL)
    again, still = check_answers({one.question: one.values for one in kept}, door, ALL)
    assert again == kept
    assert {one.path for one in still} <= {one.path for one in wrong}


FILE: Final = """\
format_version: 1
language: en
event:
  id: asks
  name: Asks
  date: 2025-03-04
  registration:
    questions:
      - {id: a, kind: yes_no, question: "A?", purpose: P}
      - %s
"""


@pytest.mark.parametrize(
    ("line", "path", "code"),
    [
        ("{id: b, kind: choice, question: B, purpose: P, options: [x]}", "options", "question_options"),
        ("{id: b, kind: text, question: B, purpose: P, options: [x, y]}", "options", "question_needs_none"),
        ("{id: b, kind: several, question: B, purpose: P, options: [x, x]}", "options.1", "question_option_twice"),
        ("{id: b, kind: text, question: B, purpose: P, when: {question: c, answers: [yes]}}", "when.question", "question_not_before"),
        ("{id: b, kind: text, question: B, purpose: P, when: {question: b, answers: [yes]}}", "when.question", "question_not_before"),
        ("{id: b, kind: text, question: B, purpose: P, when: {question: a, answers: [perhaps]}}", "when.answers.0", "unknown_choice"),
        ("{id: b, kind: text, question: B, purpose: P, when: {question: a, answers: []}}", "when.answers", "blank"),
        ("{id: b, kind: text, question: B}", "purpose", "missing_field"),
        ("{id: a, kind: text, question: B, purpose: P}", "id", "duplicate_id"),
    ],
)
def test_a_question_that_nobody_could_answer_is_an_error_of_the_file(line: str, path: str, code: str) -> None:
    with pytest.raises(ProgrammeError) as refused:
        parse(FILE % line)
    (field,) = refused.value.fields
    assert (field.path.partition(" ")[2], field.code) == (f"event.registration.questions.1.{path}", f"programme.{code}")
