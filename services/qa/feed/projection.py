"""Who may see what of a question: the only place where questions are made into what leaves the service. Pure.

ITEM      what everybody may read: neither the person nor the original wording
CHAIR_ITEM what the chair of the session reads: what is public, in the order of the shortlist; nothing that waits
MINE      what its author reads, in every status; `follows`: FOLLOWED of the question that this one was merged into, while it is public
MOD_ITEM  what moderators read; `claim` {"by", "until"} is advice of the moment and no part of a question: its aspect knows it
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, Final, Literal, TypeGuard, get_args

from services.qa.life import ON_SCREEN, VISIBLE
from shared.clock import from_text
from shared.events.question import HeldBackState, QuestionState

View = Literal["public", "moderator", "chair", "display", "studio"]
"""The audiences of a session's feed."""

PUBLIC: Final = "public"
MODERATOR: Final = "moderator"
CHAIR: Final = "chair"
DISPLAY: Final = "display"
STUDIO: Final = "studio"
VIEWS: Final[tuple[View, ...]] = get_args(View)
AT_WORK: Final[tuple[View, ...]] = (MODERATOR, CHAIR)
"""Those who lead the session: they read the line of hands, the notes and whose turn it would be."""

Json = dict[str, Any]

ITEM: Final = (
    "id", "version", "status", "text", "author", "door", "votes", "by_door", "asked_at", "staged_at", "answered_at", "language", "cued_at",
    "answer", "owner", "due", "for_hall",
)  # fmt: skip
CHAIR_ITEM: Final = (*ITEM, "place", "speaker", "theme")
MINE: Final = (*ITEM, "original", "reason", "why", "note", "appealed", "follows")
FOLLOWED: Final = ("id", "status", "text", "staged_at", "answered_at", "answer")
MOD_ITEM: Final = (
    *MINE[:-1], "changed_by", "changed_at", "author_id", "undo", "place", "speaker", "theme", "merged_into", "draft", "draft_name",
    "watched_at", "claim",
)  # fmt: skip


_HELD: Final = tuple(each.name for each in fields(HeldBackState) if each.name != "until")


def is_view(word: str) -> TypeGuard[View]:
    return word in VIEWS


def item(question: QuestionState) -> Json:
    return _pick(question, ITEM)


def mine(question: QuestionState, now: datetime, follows: Json | None = None) -> Json:
    """As its author may know it by then: bad news that may be a slip waits. `follows`: of a merged one, what is public of the other."""
    told = as_told(question, now)
    return _pick(told, MINE[:-1]) | {"follows": follows if told.status == "merged" else None}


def followed(question: QuestionState | None) -> Json | None:
    return _pick(question, FOLLOWED) if question is not None and is_shown(question, PUBLIC) else None


def mod_item(question: QuestionState, claim: Json | None = None) -> Json:
    return _pick(question, MOD_ITEM[:-1]) | {"claim": claim}


def shown(question: QuestionState, view: View, claim: Json | None = None) -> Json | None:
    """The question as `view` sees it, None when that view does not."""
    if not is_shown(question, view):
        return None
    if view == CHAIR:
        return _pick(question, CHAIR_ITEM)
    return mod_item(question, claim) if view == MODERATOR else item(question)


def as_told(question: QuestionState, now: datetime) -> QuestionState:
    held = question.held_back
    if held is None or from_text(held.until) <= now:
        return question
    return replace(question, **{name: getattr(held, name) for name in _HELD})


def is_shown(question: QuestionState, view: View) -> bool:
    if view == MODERATOR:
        return True
    if view == DISPLAY:
        return question.status in ON_SCREEN or (question.status in VISIBLE and question.cued_at is not None)
    return question.status in VISIBLE


def pseudonym(question: QuestionState) -> str | None:
    """The same for all questions that one person asked by name in one session, different in another; the person cannot be read from it.
    Of those asked for others in a hall, each name is somebody else. None for a question without a name: two of them, or one of each kind,
    must not be known to be of the same person."""
    if not question.author_name:
        return None
    who = f"{question.author}\0{question.author_name}" if question.for_hall else question.author
    return hashlib.sha256(f"{question.session}\0{who}".encode()).hexdigest()[:16]


_MADE: Final[Mapping[str, Callable[[QuestionState], object]]] = {"author": lambda question: question.author_name, "author_id": pseudonym}
"""Fields that are not simply those of the event: `author` is the shown name, never the person."""


@cache
def _plain(names: tuple[str, ...]) -> tuple[tuple[str, ...], Callable[[QuestionState], tuple[object, ...]], tuple[str, ...]]:
    """Of one of the lists above: the fields of the event, all of which are read at once, and those that are made."""
    plain = tuple(name for name in names if name not in _MADE)
    return plain, attrgetter(*plain), tuple(name for name in names if name in _MADE)


def _pick(question: QuestionState, names: tuple[str, ...]) -> Json:
    plain, read, made = _plain(names)
    return {**dict(zip(plain, read(question), strict=True)), **{name: _MADE[name](question) for name in made}}
