"""What forms without script ask for, read from their fields, and what is said once it was done. What must not be here: HTML, HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, get_args

from services.qa.lite.forms import Fields, first
from services.qa.lite.words import Words, choices_of
from shared.events.vocabulary import REACTION_KINDS
from shared.text import Unmendable, tidy_lines

Json = dict[str, Any]
Act = Literal["edit", "amend", "withdraw", "appeal", "erase"]

READING_LEFT: Final = 150.0
"""Seconds that a pass must last yet when a page is read: it comes again before."""
TYPING_LEFT: Final = 480.0
"""Where something is typed."""

_DONE: Final[Mapping[str, tuple[str, Callable[[Json, str], bool]]]] = {
    "asked": ("lite.done.asked", lambda state, of: of in (state["mine"] or {})),
    "voted": ("lite.done.voted", lambda state, of: of in (state["my_votes"] or ())),
    "unvoted": ("lite.done.unvoted", lambda state, of: of in state["items"] and of not in (state["my_votes"] or ())),
    "answered": ("poll.kept", lambda state, of: of in (state["my_answers"] or {})),
    "down": ("hand.is_down", lambda state, of: state["my_hand"] is None),
    "edit": ("mine.edited", lambda state, of: _standing(state, of) == "queued"),
    "amend": ("mine.edited", lambda state, of: _standing(state, of) == "queued"),
    "appeal": ("mine.appeal.done", lambda state, of: _standing(state, of) == "queued"),
    "withdraw": ("mine.withdraw.done", lambda state, of: _standing(state, of) == "withdrawn"),
    "erase": ("mine.erase.done", lambda state, of: _standing(state, of) in ("erased", "")),
}
"""What was done → what is said, and whether it is so: nobody's link makes a page say what is not."""


def _standing(state: Json, id: str) -> str:
    item = (state["mine"] or {}).get(id)
    return item["status"] if item else ""


def done(words: Words, state: Json, what: str, of: str) -> str:
    """`state`: STATE of the public feed; `of`: the question or poll, or the kind of a reaction, which nobody keeps."""
    if what == "up" and state["my_hand"] is not None:
        return words.tn("hand.rank", state["my_hand"]["rank"])
    if what == "counted" and of in state["items"]:
        return words.tn("hall.counted", (state["my_counts"] or {}).get(of, 0))
    if what == "reacted" and of in REACTION_KINDS:
        return words.t("lite.done.reacted", sign=words.t(f"reaction.{of}"))
    key, holds = _DONE.get(what, ("", lambda state, of: False))
    return words.t(key) if holds(state, of) else ""


def act_of(fields: Fields) -> Act | None:
    """The button that was pressed."""
    acts: tuple[Act, ...] = get_args(Act)
    return next((act for act in acts if act in fields), None)


def happened(act: Act, item: Json | None, text: str) -> bool:
    """Whether what is asked for is so already: the form was sent twice."""
    if item is None or act == "erase":
        return item is None or item["status"] == "erased"
    if act in ("edit", "amend"):
        return bool(item["original"] == _tidy(text) and item["status"] == "queued")
    return bool(item["status"] == "withdrawn" if act == "withdraw" else item["appealed"] and item["status"] == "queued")


def _tidy(text: str) -> str:
    try:
        return tidy_lines(text)
    except Unmendable:
        return ""


def keys_of(poll: Json) -> list[str]:
    return [key for key, _ in choices_of(poll)]


def choice_of(poll: Json, fields: Fields) -> list[str]:
    """What was chosen, as the interface takes it; whether it fits, the poll says."""
    if poll["kind"] == "words":
        return [word for n in range(1, poll["most"] + 1) if (word := first(fields, f"word{n}").strip())]
    if poll["kind"] == "ranking":
        places = {key: first(fields, f"place.{key}") for key in keys_of(poll)}
        given = {key: int(place) for key, place in places.items() if place.isascii() and place.isdigit() and len(place) < 4}
        fits = len(set(given.values())) == len(given)
        return sorted(given, key=lambda key: given[key]) if fits else []
    return list(fields.get("choice", ()))
