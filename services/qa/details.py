"""What each step changes besides the state, and what it asks of its details. Pure; the steps themselves are data (life.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from services.qa.life import Step, StepName
from services.qa.question import Command, Question
from services.qa.texts import clean_label, clean_note, clean_text
from shared.errors import Conflict, Invalid

LONGEST_PROMISE: Final = timedelta(days=366)

Rule = Callable[[Question, Command], dict[str, Any]]
"""Raises Invalid for the details of the command, Conflict where the question has not what the step needs."""

SAME_MODERATOR: Final = "qa.same_moderator"


def details(step: Step, question: Question, command: Command) -> dict[str, Any]:
    """What is on stage or next by its state stays so only in steps that keep the state."""
    left: dict[str, Any] = {} if step.ends is None else {"cued_at": None}
    if step.ends not in (None, "answered"):
        left["staged_at"] = None
    if step.ends in ("merged", "withdrawn", "queued"):
        left["place"] = ""
    rule = _RULES.get(step.name)
    return left if rule is None else left | rule(question, command)


def _edited(question: Question, command: Command) -> dict[str, Any]:
    """While nobody has decided yet, `original` is what its author writes now."""
    words = clean_text(command.text or "")
    return {"text": words, "original": words}


def _appealed(question: Question, command: Command) -> dict[str, Any]:
    if question.appealed:
        raise Conflict("qa.appealed_already")
    return {"appealed": True, "reason": "", "why": {}, "note": ""}


def _judged_anew(question: Question, command: Command) -> None:
    """Who declined a question does not decide on the appeal."""
    if question.appealed and question.status == "queued" and question.judged_by == command.by.person:
        raise Conflict(SAME_MODERATOR)


def _published(question: Question, command: Command) -> dict[str, Any]:
    """In other words where they are given; the original is kept."""
    _judged_anew(question, command)
    return {} if command.text is None else {"text": clean_text(command.text)}


def _declined(question: Question, command: Command) -> dict[str, Any]:
    _judged_anew(question, command)
    why = command.reasons.get(command.reason)
    if why is None:
        raise Invalid.about("reason", "qa.reason_unknown")
    return {"reason": command.reason, "why": why, "note": clean_note(command.note), "judged_by": command.by.person}


def _merged(question: Question, command: Command) -> dict[str, Any]:
    """That the other one can take it is asked of the other one (life_store.py)."""
    _judged_anew(question, command)
    return {"merged_into": command.into}


def _assigned(question: Question, command: Command) -> dict[str, Any]:
    """What is left out stays."""
    given = {"speaker": command.speaker, "theme": command.theme}
    return {name: clean_label(label, name) for name, label in given.items() if label is not None}


def _deferred(question: Question, command: Command) -> dict[str, Any]:
    owner = clean_label(command.owner, "owner")
    if not owner:
        raise Invalid.about("owner", "qa.owner_missing")
    due = _day(command.due)
    today = command.now.date()
    if due is None or not today - timedelta(days=1) <= due <= today + LONGEST_PROMISE:  # yesterday in UTC may be today where they are
        raise Invalid.about("due", "qa.due_unusable")
    return {"owner": owner, "due": due.isoformat()}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _written(question: Question, command: Command) -> dict[str, Any]:
    return {"draft": clean_text(command.text or ""), "draft_name": command.by.name, "draft_by": command.by.person}


def _released(question: Question, command: Command) -> dict[str, Any]:
    if not question.draft:
        raise Conflict("qa.no_draft")
    if question.draft_by == command.by.person:
        raise Conflict(SAME_MODERATOR)
    answered_at = question.answered_at or command.now
    return {"answer": question.draft, "draft": "", "draft_name": "", "draft_by": "", "answered_at": answered_at}


_RULES: Final[Mapping[StepName, Rule]] = {
    "edit": _edited,
    "amend": _edited,
    "appeal": _appealed,
    "withdraw": lambda question, command: {"reason": "", "why": {}, "note": "", "merged_into": ""},
    "publish": _published,
    "rephrase": lambda question, command: {"text": clean_text(command.text or "")},
    "decline": _declined,
    "merge": _merged,
    "shortlist": lambda question, command: {"place": command.place},
    "unlist": lambda question, command: {"place": ""},
    "assign": _assigned,
    "cue": lambda question, command: {"cued_at": command.now},
    "uncue": lambda question, command: {"cued_at": None},
    "stage": lambda question, command: {"staged_at": command.now},
    "answer": lambda question, command: {"answered_at": command.now},
    "defer": _deferred,
    "write": _written,
    "release": _released,
}
"""One question per session is on stage, and one is next: the store's unique indexes have the last word on that."""
