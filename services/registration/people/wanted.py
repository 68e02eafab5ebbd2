"""What a person wants otherwise about how they come, against what the event offers. Pure.

What must not be here: saving, places (`registration/places`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.registration.people.domain import Person, door_of
from services.registration.people.draft import FormAnswer
from services.registration.people.form import check_headcount, door_offered
from services.registration.people.questions import Given, check_answers, kept_of
from services.registration.programme.format.event import FormQuestion
from services.registration.programme.open_days import EventDay, choose
from shared.errors import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Changes:
    """What a person wants otherwise, untrusted; None: as it is."""

    door: str | None = None
    language: str | None = None
    image_rights: str | None = None
    days: Sequence[str] | None = None
    headcount: str | None = None
    answers: Given | None = None
    """By question; those that are not named stay as they are."""


class Offered(Protocol):
    """What the event offers to whoever registers, as it stands at a moment."""

    def require_open(self, now: datetime) -> None:
        """Raises NotFound or Conflict, `registration.event_…`, while it takes no registrations."""

    def doors(self, now: datetime) -> Collection[str]: ...

    def open_days(self, now: datetime) -> Sequence[EventDay]: ...

    def language(self) -> str:
        """That of the programme."""

    def questions(self) -> Sequence[FormQuestion]: ...

    def image_text(self) -> tuple[str, str]:
        """Version and SHA-256 of the text on image rights that is shown now."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What somebody changes of how they come: `days` and `answers` None for as before."""

    days: tuple[str, ...] | None
    headcount: int | None
    answers: tuple[FormAnswer, ...] | None


def coming_wanted(person: Person, wanted: Changes, offered: Offered, now: datetime) -> Coming:
    """Raises Invalid("registration.form")."""
    door, found = door_of(wanted.door or "") or person.door, []
    if door != person.door:
        found = door_offered(door, offered.doors(now))
    days: tuple[str, ...] | None = None
    wrong: list[FieldError] = []
    if (door, wanted.days) != (person.door, None):
        days, wrong = choose(wanted.days, door, offered.open_days(now), person.days)
    said = wanted.headcount if wanted.headcount is not None else str(person.headcount or "")
    headcount, uncounted = check_headcount(said, door)
    answers, unanswered = _answers_wanted(person, wanted, door, offered.questions())
    if found or wrong or uncounted or unanswered:
        raise Invalid("registration.form", fields=[*found, *wrong, *uncounted, *unanswered])
    return Coming(days, headcount, answers)


def _answers_wanted(
    person: Person, wanted: Changes, door: str, questions: Sequence[FormQuestion]
) -> tuple[tuple[FormAnswer, ...] | None, list[FieldError]]:
    """Another door may ask other questions."""
    if wanted.answers is None and door == person.door:
        return None, []
    return check_answers({**kept_of(person.answers, questions), **(wanted.answers or {})}, door, questions)
