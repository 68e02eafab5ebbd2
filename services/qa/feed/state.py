"""What each audience may see of a question, and how a client's state follows from a snapshot and events: pure.

`web/js/state/feed.js` holds the same reducer; both are tested on the files of tests/vectors/feed. What must not be here: sequence
numbers, clients, I/O.

STATE of a view (plain JSON values):

    session   session id
    floor     {"state": open|paused|closed, "version"}
    items     question id → ITEM (public), MOD_ITEM (moderator), ITEM while on stage (display)
    mine      question id → MINE, the caller's own questions in every status (not for displays)
    my_votes  ids the caller voted for, sorted (not for displays)
    published how many questions are published (displays only)
    presence  {"in_room", "remote", "hub"}: people connected, by door
    stream    {"state", "origin"} of the session's stage, or None
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.events.question import QuestionState

PUBLIC: Final = "public"
MODERATOR: Final = "moderator"
DISPLAY: Final = "display"
VIEWS: Final = (PUBLIC, MODERATOR, DISPLAY)

VISIBLE: Final = frozenset({"published", "on_stage", "answered"})
"""Statuses in which everybody may read a question."""
ON_SCREEN: Final = frozenset({"on_stage"})
DOORS: Final = ("in_room", "remote", "hub")

Json = dict[str, Any]
State = Mapping[str, Any]


def item(question: QuestionState) -> Json:
    """ITEM: what everybody may read. Neither the person nor the original wording."""
    return {
        "id": question.id,
        "version": question.version,
        "status": question.status,
        "text": question.text,
        "author": question.author_name,
        "door": question.door,
        "votes": question.votes,
        "asked_at": question.asked_at,
        "staged_at": question.staged_at,
        "answered_at": question.answered_at,
        "language": question.language,
    }


def mine(question: QuestionState) -> Json:
    """MINE: what its author reads, in every status."""
    return {**item(question), "original": question.original, "reason": question.reason, "note": question.note}


def mod_item(question: QuestionState) -> Json:
    """MOD_ITEM: what moderators read."""
    return {
        **mine(question),
        "changed_by": question.changed_by,
        "changed_at": question.changed_at,
        "author_id": pseudonym(question.session, question.author),
    }


def pseudonym(session: str, person: str) -> str:
    """The same for all questions of one person in one session, different in another; the person cannot be read from it."""
    return hashlib.sha256(f"{session}\0{person}".encode()).hexdigest()[:16]


def shown(question: QuestionState, view: str) -> Json | None:
    """The question as `view` sees it, None when that view does not."""
    if view == MODERATOR:
        return mod_item(question)
    if view == DISPLAY:
        return item(question) if question.status in ON_SCREEN else None
    return item(question) if question.status in VISIBLE else None


# --- the reducer ------------------------------------------------------------------------------------------------------------------


def apply(state: State, event: Mapping[str, Any]) -> State:
    """The state after one event {"kind", "data"}. An unknown kind changes nothing: servers may be newer than pages."""
    step = _STEPS.get(event["kind"])
    return state if step is None else step(state, event["data"])


def _upsert(name: str) -> Callable[[State, Any], State]:
    def step(state: State, data: Any) -> State:
        held = state[name].get(data["id"])
        if held is not None and held["version"] > data["version"]:
            return state  # an answer to one's own command overtook the feed: the newest version wins
        return {**state, name: {**state[name], data["id"]: data}}

    return step


def _gone(state: State, data: Any) -> State:
    return {**state, "items": {id: held for id, held in state["items"].items() if id != data["id"]}}


def _votes(state: State, data: Any) -> State:
    counts = data["counts"]
    changed = dict(state)
    for name in ("items", "mine"):
        if name in state:
            changed[name] = {id: {**held, "votes": counts[id]} if id in counts else held for id, held in state[name].items()}
    return changed


def _voted(state: State, data: Any) -> State:
    votes = set(state["my_votes"]) | {data["id"]} if data["on"] else set(state["my_votes"]) - {data["id"]}
    return {**state, "my_votes": sorted(votes)}


def _floor(state: State, data: Any) -> State:
    return state if state["floor"]["version"] > data["version"] else {**state, "floor": data}


_STEPS: Final[Mapping[str, Callable[[State, Any], State]]] = {
    "item": _upsert("items"),
    "mine": _upsert("mine"),
    "gone": _gone,
    "votes": _votes,
    "voted": _voted,
    "floor": _floor,
    "presence": lambda state, data: {**state, "presence": data},
    "stream": lambda state, data: {**state, "stream": data},
    "published": lambda state, data: {**state, "published": data["count"]},
}
