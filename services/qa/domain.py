"""The rules of questions. Those of the floor of a session are in floor.py, those of taking back in undo.py.

Every command takes values (`now`, ids, who) and returns the new state with its event, or raises a kind of `shared.errors`. Which state
follows which is data (life.py). What must not be here: await, I/O, clocks, ids made inside, roles (the capability table decides whose duty
a command is; here only whose question it is counts), projections.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from services.qa.life import STEPS, VOTABLE, Step, StepName
from services.qa.question import Actor, Change, Command, Question
from services.qa.texts import clean_note, clean_text
from services.qa.undo import as_told, held_back, remembered
from shared.errors import Conflict, Denied, FieldError, Invalid
from shared.events.question import QuestionAsked, QuestionDisowned, QuestionWithdrawn
from shared.events.vocabulary import is_decline_reason

MOST_OPEN_PER_PERSON: Final = 5
"""Open questions of one person in one session."""
ASK_EVERY_SECONDS: Final = 30.0
MOST_PER_SESSION: Final = 2000


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
    _require_known(question, step, command)
    changed = replace(
        question,
        status=step.ends or question.status,
        version=question.version + 1,
        changed_at=command.now,
        changed_by=question.author_name if step.by == "author" else command.by.name,
        **_details(step, question, command),
    )
    if step.by == "author":  # what moderators did before is settled by it, and there is no news that its author does not know
        changed = replace(changed, past=(), held_back=None)
    else:
        changed = replace(
            changed, past=remembered(question, changed, step.name), held_back=held_back(question, changed, command.now)
        )  # fmt: skip
    return Change(changed, step.event(changed.state()))


def _require_known(question: Question, step: Step, command: Command) -> None:
    """Decided on what its caller knows: an author may withdraw a question without knowing yet what a moderator just did to it."""
    if step.by == "author" and question.author != command.by.person:
        raise Denied("qa.not_yours")
    known = as_told(question, command.now) if step.by == "author" else question
    if known.version != command.expected_version or (known is not question and step.name != "withdraw"):
        raise Conflict("qa.stale")
    if known.status not in step.starts:
        raise Conflict("qa.not_possible", params={"command": step.name, "status": known.status})


def _details(step: Step, question: Question, command: Command) -> dict[str, Any]:
    rule = _DETAILS.get(step.name)
    kept = step.ends in (None, "answered")
    return {"staged_at": question.staged_at if kept else None, **({} if rule is None else rule(question, command))}


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
    "withdraw": lambda question, command: {"reason": "", "note": ""},
    "publish": _published,
    "rephrase": lambda question, command: {"text": clean_text(command.text or "")},
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
        past=(),
        held_back=None,
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
