"""Taking back what a moderator did, and sparing its author the news of a slip. Pure.

A question remembers what each step of a moderator changed, the newest MOST_PAST of them, until its author touches it again. Undo puts the
fields of the newest step back as they were; votes, which moved by themselves, stay.

Bad news (life.py says which states are) reaches the author only when UNDO_SECONDS have passed. Until then the author reads the question as
it was before; what was undone meanwhile they never learn.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from services.qa.life import BAD_NEWS
from services.qa.question import Actor, HeldBack, Past, Question
from shared.errors import Conflict

UNDO_SECONDS: Final = 10
MOST_PAST: Final = 20
"""Steps that can be taken back, one after the other."""

_NOT_DECIDED: Final = frozenset({
    "id", "session", "version", "original", "language", "author", "author_name", "door", "asked_at", "watched_at",
    "changed_at", "changed_by", "votes", "votes_rev", "by_door", "for_hall", "past", "held_back", "log",
})  # fmt: skip
_DECIDED: Final = tuple(each.name for each in fields(Question) if each.name not in _NOT_DECIDED)
"""What moderators decide of a question."""
_SHOWN: Final = tuple(each.name for each in fields(HeldBack) if each.name != "until")


def undone(question: Question, *, expected_version: int, by: Actor, now: datetime) -> Question:
    """Back into the state before the last step of a moderator. Raises Conflict when the version is not the newest or there is none."""
    if question.version != expected_version:
        raise Conflict("qa.stale")
    if not question.past:
        raise Conflict("qa.nothing_to_undo")
    *rest, last = question.past
    back = replace(
        question, **last.was, version=question.version + 1, changed_at=now, changed_by=by.name, past=tuple(rest)
    )  # fmt: skip
    return replace(back, held_back=held_back(question, back, now))


def remembered(before: Question, after: Question, step: str) -> tuple[Past, ...]:
    was = {name: getattr(before, name) for name in _DECIDED if getattr(before, name) != getattr(after, name)}
    return (*before.past, Past(step, was))[-MOST_PAST:]


def held_back(before: Question, after: Question, now: datetime) -> HeldBack | None:
    """None for news that its author reads at once, and of a question without one."""
    if after.status not in BAD_NEWS or before.status == after.status or not after.author:
        return None
    seen = as_told(before, now)
    shown: dict[str, Any] = {name: getattr(seen, name) for name in _SHOWN}
    return HeldBack(until=now + timedelta(seconds=UNDO_SECONDS), **shown)


def as_told(question: Question, now: datetime) -> Question:
    """As its author knows it; the same one where nothing is held back."""
    held = question.held_back
    if held is None or held.until <= now:
        return question
    return replace(question, **{name: getattr(held, name) for name in _SHOWN})
