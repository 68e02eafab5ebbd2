"""The history of a question as moderators read it, and as its author does: no names, nothing that was undone, nothing that waits. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from services.qa.question import Logged, Question
from services.qa.undo import as_told
from shared.clock import to_text

Json = dict[str, Any]

TOLD: Final = frozenset({
    "edit", "amend", "withdraw", "appeal", "publish", "rephrase", "decline", "merge", "stage", "answer", "return", "defer", "release",
    "hide", "erase",
})  # fmt: skip
"""Steps that an author is told of; the others are the desk's own business."""
_OF_AUTHOR: Final = frozenset({"edit", "amend", "withdraw", "appeal"})


def for_moderators(question: Question) -> list[Json]:
    """[{"version", "at", "step", "before", "after", "by", "duty", "reason", "why", "note", "text"}], oldest first."""
    asked = _line(1, question.asked_at, "ask", "", "queued") | {
        "by": question.author_name, "duty": "none", "reason": "", "why": {}, "note": "", "text": "",
    }  # fmt: skip
    return [asked, *map(_whole, question.log)]


def for_author(question: Question, now: datetime) -> list[Json]:
    """[{"version", "at", "step", "before", "after", "reason", "why", "note"}], oldest first."""
    known = as_told(question, now).version
    asked = _line(1, question.asked_at, "ask", "", "queued") | {"reason": "", "why": {}, "note": ""}
    told = (entry for entry in standing(question.log) if entry.step in TOLD and entry.version <= known)
    return [asked, *({**_line(e.version, e.at, e.step, e.before, e.after), "reason": e.reason, "why": e.why, "note": e.note} for e in told)]


def standing(log: Iterable[Logged]) -> list[Logged]:
    """Without the steps that were undone; an undo takes back the last one of a moderator since the author touched the question."""
    kept: list[Logged] = []
    for entry in log:
        if entry.step != "undo":
            kept.append(entry)
        elif kept and kept[-1].step not in _OF_AUTHOR:
            kept.pop()
    return kept


def _whole(entry: Logged) -> Json:
    return _line(entry.version, entry.at, entry.step, entry.before, entry.after) | {
        "by": entry.name, "duty": entry.duty, "reason": entry.reason, "why": entry.why, "note": entry.note, "text": entry.text,
    }  # fmt: skip


def _line(version: int, at: datetime, step: str, before: str, after: str) -> Json:
    return {"version": version, "at": to_text(at), "step": step, "before": before, "after": after}
