"""A question as one line of a table. Pure; in UTC, in the words of the contracts, so that another program can read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from services.qa.history import standing
from services.qa.question import Question
from shared.clock import to_text
from shared.events.vocabulary import ATTENDANCES, Attendance

Cell = str | int
Row = dict[str, Cell]

VOTES: Final = tuple(f"votes_{door}" for door in ATTENDANCES)
COLUMNS: Final = (
    "id", "session", "state", "text", "original", "language", "door", "asked_at", "watched_at", "published_at", "staged_at",
    "answered_at", "votes", *VOTES, "reason", "why", "note", "theme", "speaker", "answer", "owner", "due", "merged_into",
)  # fmt: skip
NAMES: Final = ("asked_by", "moved_by")
"""Who asked, where they gave their name, and who moved it last: only where names are asked for."""


def columns(*, names: bool) -> tuple[str, ...]:
    return (*COLUMNS, *NAMES) if names else COLUMNS


def row(question: Question, votes: Mapping[Attendance, int], *, names: bool) -> Row:
    """`votes`: by door, as far as it is known; what is missing to the whole is of votes that are older than that."""
    line: Row = {
        "id": question.id, "session": question.session, "state": question.status, "text": question.text, "original": question.original,
        "language": question.language, "door": question.door, "asked_at": to_text(question.asked_at),
        "watched_at": _text(question.watched_at),
        "published_at": first(question, "publish"), "staged_at": _text(question.staged_at), "answered_at": _text(question.answered_at),
        "votes": question.votes, **{f"votes_{door}": votes.get(door, 0) for door in ATTENDANCES},
        "reason": question.reason, "why": next(iter(question.why.values()), ""),
        "note": question.note, "theme": question.theme, "speaker": question.speaker, "answer": question.answer,
        "owner": question.owner, "due": question.due, "merged_into": question.merged_into,
    }  # fmt: skip
    return line | {"asked_by": question.author_name, "moved_by": question.changed_by} if names else line


def first(question: Question, step: str) -> str:
    """When that step was first taken and not undone; empty: never."""
    return next((to_text(entry.at) for entry in standing(question.log) if entry.step == step), "")


def _text(at: datetime | None) -> str:
    return "" if at is None else to_text(at)
