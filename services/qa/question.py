"""A question and what moves it, as values. What must not be here: rules (domain.py, undo.py), await, I/O, clocks, projections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from services.qa.life import StepName
from shared.clock import to_text
from shared.events.question import HeldBackState, QuestionChanged, QuestionState
from shared.events.vocabulary import STANDARD_REASONS, Attendance, Door, QuestionStatus


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: person id, the name shown to moderators, the door the person comes by (or `staff`)."""

    person: str
    name: str
    door: Attendance
    duty: str = "none"


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of a question's history: who took which step when, in which duty, and what came of it."""

    version: int
    at: datetime
    step: str
    before: str
    after: str
    person: str
    """Person id; empty once forgotten."""
    name: str
    duty: str
    reason: str = ""
    note: str = ""
    text: str = ""
    """The new wording, where there is one."""
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """What one step of a moderator changed: the step, and the fields it changed as they were before."""

    step: str
    was: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What its author still reads of a question until then, because the news is bad and may be a slip."""

    until: datetime
    version: int
    status: QuestionStatus
    text: str
    reason: str
    note: str
    staged_at: datetime | None
    answered_at: datetime | None
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One question at one version. `original` is what its author wrote last; `text` is what is shown."""

    id: str
    session: str
    version: int
    status: QuestionStatus
    text: str
    original: str
    language: str
    author: str
    author_name: str
    door: Attendance
    asked_at: datetime
    changed_at: datetime
    changed_by: str
    votes: int = 0
    votes_rev: int = 0
    by_door: Mapping[Door, int] = field(default_factory=dict)
    """Of the votes, those given by a door; the others came from staff, or before doors were counted."""
    for_hall: bool = False
    """Asked by the host of a local hub for somebody there; `author_name` is that person's, empty for a person in the hall."""
    watched_at: datetime | None = None
    """When what its author saw as they sent it happened on the stage."""
    reason: str = ""
    why: Mapping[str, str] = field(default_factory=dict)
    """The organiser's words for the reason, as they were when it was declined."""
    note: str = ""
    staged_at: datetime | None = None
    answered_at: datetime | None = None
    place: str = ""
    cued_at: datetime | None = None
    speaker: str = ""
    theme: str = ""
    owner: str = ""
    due: str = ""
    merged_into: str = ""
    answer: str = ""
    draft: str = ""
    draft_name: str = ""
    draft_by: str = ""
    """Person id of whoever wrote the draft: another one publishes it."""
    appealed: bool = False
    judged_by: str = ""
    """Person id of whoever declined it: another one decides on the appeal."""
    past: tuple[Past, ...] = ()
    """What moderators did since its author last touched it, oldest first: what can be undone."""
    held_back: HeldBack | None = None
    log: tuple[Logged, ...] = ()
    """What was done with it since it was asked, oldest first."""

    def state(self) -> QuestionState:
        """The question as events carry it: the same fields, instants as texts; of its past no more than what would be undone first."""
        values: dict[str, Any] = dict(zip(_SAME, _same(self), strict=True))
        values |= {name: _plain(getattr(self, name)) for name in _INSTANTS}
        held = None if self.held_back is None else HeldBackState(**{name: _plain(each) for name, each in asdict(self.held_back).items()})
        return QuestionState(**values, held_back=held, undo=self.past[-1].step if self.past else "")


def _plain(value: Any) -> Any:
    return to_text(value) if isinstance(value, datetime) else value


_TOLD: Final = {each.name for each in fields(Question)} & {each.name for each in fields(QuestionState)} - {"held_back"}
_INSTANTS: Final = ("asked_at", "watched_at", "changed_at", "staged_at", "answered_at", "cued_at")
_SAME: Final = tuple(_TOLD - set(_INSTANTS))
_same: Final = attrgetter(*_SAME)
"""All of them at once: a question is told several times on its way."""


Reasons = Mapping[str, Mapping[str, str]]
"""Why a question may be declined: id → language → the organiser's words, none for a standard one."""
STANDARD: Final[Reasons] = {reason: {} for reason in STANDARD_REASONS}


@dataclass(frozen=True, slots=True)
class Command:
    """A wish to take one step with a question, decided on the version its caller saw."""

    step: StepName
    expected_version: int
    by: Actor
    now: datetime
    text: str | None = None
    reason: str = ""
    reasons: Reasons = field(default_factory=lambda: STANDARD)
    note: str = ""
    into: str = ""
    place: str = ""
    speaker: str | None = None
    theme: str | None = None
    owner: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a command did: the new state and its event."""

    question: Question
    event: QuestionChanged
