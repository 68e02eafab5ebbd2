"""The answers of the registration form: what may stand in each. Nothing is ticked beforehand: a choice not made is refused.

Pure. What must not be here: HTTP, what becomes of the answers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.registration.people.domain import IMAGE_CHOICES, MOST_HEADCOUNT, door_of
from services.registration.people.draft import FormAnswer
from services.registration.people.questions import Given, check_answers
from services.registration.programme.format.event import FormQuestion
from services.registration.programme.open_days import EventDay, choose
from shared import address
from shared.auth.capabilities import Attendance
from shared.errors import FieldError, Invalid
from shared.events.vocabulary import DOORS
from shared.text import Unmendable, tidy

MOST_NAME: Final = 120
MOST_DIGITS: Final = 10
MOST_FORM_BYTES: Final = 98_304
"""What is sent of a form: as many questions as a programme may ask, each answered at length."""
_EMPTY: Final = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody wrote, untrusted. `days`: ids, None where they were not asked."""

    name: str
    email: str
    door: str
    language: str
    image_rights: str
    days: Sequence[str] | None = None
    headcount: str = ""
    answers: Given = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """The same, checked and tidy. `email` is the key of a person: two spellings of one address are the same. `days`: what is kept of the
    choice."""

    name: str
    email: str
    door: Attendance
    language: str
    image_rights: str
    days: tuple[str, ...]
    headcount: int | None
    answers: tuple[FormAnswer, ...]


def check_form(
    form: Form,
    languages: Collection[str],
    doors: Collection[str] = DOORS,
    days: Sequence[EventDay] = (),
    questions: Sequence[FormQuestion] = (),
) -> CheckedForm:
    """`languages`: those of the installation; `doors`, `days` and `questions`: those of the event. Raises Invalid("registration.form")
    naming every refused field."""
    name, found = _name(form.name)
    email, wrong = _email(form.email)
    found += wrong
    door = door_of(form.door)
    choices = (("door", form.door, DOORS), ("language", form.language, languages), ("image_rights", form.image_rights, IMAGE_CHOICES))
    found += [FieldError(path, f"registration.{path}_required") for path, value, allowed in choices if value not in allowed]
    kept: tuple[str, ...] = ()
    if door is not None:
        found += door_offered(door, doors)
        kept, wrong_days = choose(form.days, door, days)
        found += wrong_days
    headcount, wrong_count = check_headcount(form.headcount, door)
    answers, wrong_answers = check_answers(form.answers, door or "", questions)
    found += [*wrong_count, *wrong_answers]
    if found or door is None:
        raise Invalid("registration.form", fields=found)
    return CheckedForm(name, email, door, form.language, form.image_rights, kept, headcount, answers)


@dataclass(frozen=True, slots=True)
class CheckedWalkIn:
    name: str
    language: str
    image_rights: str


def check_walk_in(name: str, language: str, image_rights: str, languages: Collection[str]) -> CheckedWalkIn:
    """What the door asks of somebody who never registered. Raises Invalid("registration.form")."""
    tidied, found = _name(name)
    choices = (("language", language, languages), ("image_rights", image_rights, IMAGE_CHOICES))
    found += [FieldError(path, f"registration.{path}_required") for path, value, allowed in choices if value not in allowed]
    if found:
        raise Invalid("registration.form", fields=found)
    return CheckedWalkIn(tidied, language, image_rights)


def check_staff_name(name: str) -> str:
    """Of one of the team. Raises Invalid("registration.form")."""
    tidied, found = _name(name)
    if found:
        raise Invalid("registration.form", fields=found)
    return tidied


def door_offered(door: str, doors: Collection[str]) -> list[FieldError]:
    return [] if door in doors else [FieldError("door", "registration.door_not_offered")]


def check_headcount(text: str, door: str | None) -> tuple[int | None, list[FieldError]]:
    """How many people a local hub expects; None where nothing was said, or for another door."""
    if door != "hub" or not text.strip():
        return None, []
    number = int(text) if text.strip().isdecimal() and len(text) <= MOST_DIGITS else 0
    wrong = FieldError("headcount", "registration.headcount", {"most": MOST_HEADCOUNT})
    return (number, []) if 1 <= number <= MOST_HEADCOUNT else (None, [wrong])


def check_email(email: str) -> str:
    """The key of the address. Raises Invalid("registration.form")."""
    key, found = _email(email)
    if found:
        raise Invalid("registration.form", fields=found)
    return key


def _name(text: str) -> tuple[str, list[FieldError]]:
    def refused(code: str, params: dict[str, int] | None = None) -> tuple[str, list[FieldError]]:
        return _EMPTY, [FieldError("name", code, params)]

    try:
        name = tidy(text)
    except Unmendable:
        return refused("registration.name_characters")
    if not name:
        return refused("registration.name_required")
    if len(name) > MOST_NAME:
        return refused("field.too_long", {"most": MOST_NAME})
    if "://" in name or "www." in name.lower():
        return refused("registration.name_address")  # the mail greets by name: it must not carry a stranger's advertising
    return name, []


def _email(text: str) -> tuple[str, Sequence[FieldError]]:
    if not text.strip():
        return _EMPTY, [FieldError("email", "registration.email_required")]
    if len(text.strip()) > address.MOST_CHARACTERS:
        return _EMPTY, [FieldError("email", "field.too_long", {"most": address.MOST_CHARACTERS})]
    try:
        return address.folded(text), []
    except ValueError:
        return _EMPTY, [FieldError("email", "registration.email_form")]
