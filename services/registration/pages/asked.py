"""The organiser's questions as the fields of a form show them, and what comes back of those fields. Pure.

What must not be here: words, HTML, what may be answered (`people/questions`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.registration.pages.posting import ANSWERS_BETWEEN
from services.registration.people.draft import FormAnswer
from services.registration.people.questions import FIELD, choices_of
from services.registration.programme.format.event import FormQuestion

MARK: Final = "answers_asked"
"""A hidden field of a form that shows questions: without it, nothing ticked would look like a form that has none."""


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One question. `chosen`: what is ticked or written; `after`: the question it depends on, None where it always is asked; `given`: the
    answers to that one after which it is asked."""

    asked: FormQuestion
    name: str
    options: tuple[str, ...]
    chosen: tuple[str, ...]
    after: FormQuestion | None
    given: tuple[str, ...]


def answers_of(fields: Mapping[str, str], questions: Sequence[FormQuestion]) -> dict[str, tuple[str, ...]]:
    """What the form says to each question; one that was withdrawn since the form was made is left out."""
    return {one.id: _values(fields.get(f"{FIELD}{one.id}", "")) for one in questions}


def shown(questions: Sequence[FormQuestion], chosen: Mapping[str, Sequence[str]]) -> tuple[QuestionShown, ...]:
    known = {one.id: one for one in questions}
    return tuple(
        QuestionShown(
            asked=one,
            name=f"{FIELD}{one.id}",
            options=choices_of(one),
            chosen=tuple(chosen.get(one.id, ())),
            after=known.get(one.when.question) if one.when else None,
            given=one.when.answers if one.when else (),
        )
        for one in questions
    )


def kept(answers: Sequence[FormAnswer]) -> dict[str, tuple[str, ...]]:
    return {one.question: one.values for one in answers}


def _values(text: str) -> tuple[str, ...]:
    return tuple(text.split(ANSWERS_BETWEEN)) if text else ()
