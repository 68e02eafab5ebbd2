"""The rules of questions. Those of the floor of a session are in floor.py.

Every command takes values (`now`, ids, who) and returns the new state with its event, or raises a kind of `shared.errors`. Which state
follows which is data (life.py). What must not be here: await, I/O, clocks, ids made inside, roles (the capability table decides whose duty
a command is; here only whose question it is counts), projections.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final, Literal

from services.qa.life import STEPS, VOTABLE, Step, StepName
from shared.clock import to_text
from shared.errors import Conflict, Denied, FieldError, Invalid
from shared.events.question import QuestionAsked, QuestionChanged, QuestionDisowned, QuestionState, QuestionWithdrawn
from shared.events.vocabulary import Attendance, DeclineReason, QuestionStatus, is_decline_reason
from shared.text import Unmendable, tidy_lines

MOST_CHARACTERS: Final = 500
MOST_NOTE_CHARACTERS: Final = 300
MOST_OPEN_PER_PERSON: Final = 5
"""Open questions of one person in one session."""
ASK_EVERY_SECONDS: Final = 30.0
MOST_PER_SESSION: Final = 2000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: person id, the name shown to moderators, the door the person comes by (or `staff`)."""

    person: str
    name: str
    door: Attendance


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
    reason: DeclineReason | Literal[""] = ""
    note: str = ""
    staged_at: datetime | None = None
    answered_at: datetime | None = None

    def state(self) -> QuestionState:
        """The question as events carry it: the same fields, instants as texts."""
        values: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        for name, value in values.items():
            if isinstance(value, datetime):
                values[name] = to_text(value)
        return QuestionState(**values)


@dataclass(frozen=True, slots=True)
class Command:
    """A wish to take one step with a question, decided on the version its caller saw."""

    step: StepName
    expected_version: int
    by: Actor
    now: datetime
    text: str | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a command did: the new state and its event."""

    question: Question
    event: QuestionChanged


def ask(*, id: str, session: str, text: str, language: str, anonymous: bool, by: Actor, now: datetime) -> Change:
    """Raises Invalid. Whether the floor is open is asked of the floor."""
    words = clean_text(text)
    question = Question(
        id=id,
        session=session,
        version=1,
        status="queued",
        text=words,
        original=words,
        language=language,
        author=by.person,
        author_name="" if anonymous else by.name,
        door=by.door,
        asked_at=now,
        changed_at=now,
        changed_by=by.name if not anonymous else "",
    )
    return Change(question, QuestionAsked(question.state()))


def carry_out(question: Question, command: Command) -> Change:
    """One step. Raises Denied when it is the author's and somebody else's question, Conflict when the version is not the newest or the
    state does not allow it, Invalid for its details."""
    step = STEPS[command.step]
    if step.by == "author" and question.author != command.by.person:
        raise Denied("qa.not_yours")
    if question.version != command.expected_version:
        raise Conflict("qa.stale")
    if question.status not in step.starts:
        raise Conflict("qa.not_possible", params={"command": step.name, "status": question.status})
    changed = replace(
        question,
        status=step.ends,
        version=question.version + 1,
        changed_at=command.now,
        changed_by=question.author_name if step.by == "author" else command.by.name,
        **_details(step, question, command),
    )
    return Change(changed, step.event(changed.state()))


def _details(step: Step, question: Question, command: Command) -> dict[str, Any]:
    rule = _DETAILS.get(step.name)
    staged_at = question.staged_at if step.ends == "answered" else None
    return {"staged_at": staged_at, **({} if rule is None else rule(question, command))}


def _edited(question: Question, command: Command) -> dict[str, Any]:
    """While nobody has decided yet, `original` is what its author writes now."""
    words = clean_text(command.text or "")
    return {"text": words, "original": words}


def _published(question: Question, command: Command) -> dict[str, Any]:
    """In other words where they are given; the original is kept."""
    return {} if command.text is None else {"text": clean_text(command.text)}


def _declined(question: Question, command: Command) -> dict[str, Any]:
    if not is_decline_reason(command.reason):
        raise Invalid("qa.reason_unknown", fields=(FieldError("reason", "qa.reason_unknown"),))
    return {"reason": command.reason, "note": clean_note(command.note)}


_DETAILS: Final[Mapping[StepName, Callable[[Question, Command], dict[str, Any]]]] = {
    "edit": _edited,
    "publish": _published,
    "decline": _declined,
    "stage": lambda question, command: {"staged_at": command.now},
    "answer": lambda question, command: {"answered_at": command.now},
}
"""What a step changes besides the state. One question per session is on stage: the store's unique index has the last word on that."""


def forget_author(question: Question, now: datetime) -> Change:
    """The author withdrew from the event: the question belongs to nobody any more, and one that still waits is withdrawn."""
    waiting = question.status == "queued"
    changed = replace(
        question,
        status="withdrawn" if waiting else question.status,
        version=question.version + 1,
        author="",
        author_name="",
        note="",
        changed_at=now,
        changed_by="" if question.changed_by == question.author_name else question.changed_by,
    )
    return Change(changed, (QuestionWithdrawn if waiting else QuestionDisowned)(changed.state()))


def require_votable(question: Question, voter: str) -> None:
    """Raises Denied for one's own question, Conflict while it takes no votes."""
    if question.author == voter:
        raise Denied("qa.own_question")
    if question.status not in VOTABLE:
        raise Conflict("qa.votes_closed")


# --- texts --------------------------------------------------------------------------------------------------------------------------


def clean_text(text: str) -> str:
    """Tidy, 1 to 500 characters. Raises Invalid."""
    words = _tidy(text, "text")
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in words):
        raise _refused("text", "qa.text_empty")
    if len(words) > MOST_CHARACTERS:
        raise _refused("text", "qa.text_too_long", most=MOST_CHARACTERS, length=len(words))
    return words


def clean_note(note: str) -> str:
    """As `clean_text`, may be empty, 300 characters at most. Raises Invalid."""
    words = _tidy(note, "note")
    if len(words) > MOST_NOTE_CHARACTERS:
        raise _refused("note", "qa.note_too_long", most=MOST_NOTE_CHARACTERS, length=len(words))
    return words


def _tidy(text: str, field: str) -> str:
    try:
        return tidy_lines(text)
    except Unmendable:
        raise _refused(field, "qa.text_control") from None


def _refused(field: str, code: str, **params: int) -> Invalid:
    return Invalid(code, params=params, fields=(FieldError(field, code, params),))
