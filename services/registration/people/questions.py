"""The questions that an organiser asks whoever registers: which of them somebody is asked, and what may be answered.

Pure. What must not be here: HTTP, how a question looks, the file they come from (`programme/format`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from services.registration.people.draft import FormAnswer
from services.registration.programme.format.event import FormQuestion
from shared.errors import FieldError
from shared.text import Unmendable, tidy_lines

MOST_TEXT: Final = 500
"""Characters of an answer in one's own words."""
YES_NO: Final = ("yes", "no")
FIELD: Final = "answers."
"""Before the id of a question: the name of its field."""
Given = Mapping[str, Sequence[str]]
"""The id of a question → what was chosen, or the one text; untrusted."""


def choices_of(question: FormQuestion) -> tuple[str, ...]:
    """What may be answered; none where one answers in one's own words."""
    return YES_NO if question.kind == "yes_no" else question.options


def is_asked(question: FormQuestion, door: str, answers: Mapping[str, FormAnswer]) -> bool:
    """Whether somebody who comes by `door` is asked, after what they answered so far."""
    if question.doors and door not in question.doors:
        return False
    earlier = answers.get(question.when.question) if question.when else None
    return question.when is None or (earlier is not None and any(value in question.when.answers for value in earlier.values))


def check_answers(given: Given, door: str, questions: Sequence[FormQuestion]) -> tuple[tuple[FormAnswer, ...], list[FieldError]]:
    """What is kept, and what is wrong. An answer to a question that somebody is not asked is not kept."""
    known = {one.id for one in questions}
    found = [FieldError(f"{FIELD}{id}", "registration.question_unknown") for id in given if id not in known]
    kept: dict[str, FormAnswer] = {}
    for one in questions:
        if not is_asked(one, door, kept):
            continue
        values, wrong = _checked(one, [value for value in given.get(one.id, ()) if value.strip()])
        found += wrong
        if values:
            kept[one.id] = FormAnswer(one.id, one.question, values)
    return tuple(kept.values()), found


def kept_of(answers: Sequence[FormAnswer], questions: Sequence[FormQuestion]) -> dict[str, tuple[str, ...]]:
    """What somebody answered before, as far as the questions of today still take it."""
    known = {one.id: choices_of(one) for one in questions}
    kept = {}
    for answer in answers:
        if answer.question in known:
            options = known[answer.question]
            kept[answer.question] = tuple(value for value in answer.values if not options or value in options)
    return kept


def _checked(question: FormQuestion, values: Sequence[str]) -> tuple[tuple[str, ...], list[FieldError]]:
    def refused(code: str, params: dict[str, int] | None = None) -> tuple[tuple[str, ...], list[FieldError]]:
        return (), [FieldError(f"{FIELD}{question.id}", code, params)]

    if not values:
        return refused("registration.answer_required") if question.required else ((), [])
    options = choices_of(question)
    if question.kind != "several" and len(values) > 1:
        return refused("registration.answer_one")
    if options:
        known = all(value in options for value in values)
        return (tuple(option for option in options if option in values), []) if known else refused("registration.answer_unknown")
    try:
        text = tidy_lines(values[0])
    except Unmendable:
        return refused("registration.answer_characters")
    return ((text,), []) if len(text) <= MOST_TEXT else refused("field.too_long", {"most": MOST_TEXT})
