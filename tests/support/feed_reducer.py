"""How a client's state follows from a snapshot and the events after it, written a second time for the tests in Python. The pages' own is
web/js/state/feed.js; both are checked on tests/vectors/feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

State = Mapping[str, Any]


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


def _mine_gone(state: State, data: Any) -> State:
    return {**state, "mine": {id: held for id, held in state["mine"].items() if id != data["id"]}}


def _votes(state: State, data: Any) -> State:
    counts, by_door = data["counts"], data["by_door"]
    changed = dict(state)
    for name in ("items", "mine"):
        if name in state:
            changed[name] = {
                id: {**held, "votes": counts[id], "by_door": by_door[id]} if id in counts else held for id, held in state[name].items()
            }
    return changed


def _voted(state: State, data: Any) -> State:
    votes = set(state["my_votes"]) | {data["id"]} if data["on"] else set(state["my_votes"]) - {data["id"]}
    others = {id: hands for id, hands in state["my_counts"].items() if id != data["id"]}
    counts = {**others, data["id"]: data["hands"]} if data["hands"] else others
    return {**state, "my_votes": sorted(votes), "my_counts": counts}


def _floor(state: State, data: Any) -> State:
    return state if state["floor"]["version"] > data["version"] else {**state, "floor": data}


def _claim(state: State, data: Any) -> State:
    held = state["items"].get(data["id"])
    return state if held is None else {**state, "items": {**state["items"], data["id"]: {**held, "claim": data["claim"]}}}


def _newest(name: str, key: str, number: str) -> Callable[[State, Any], State]:
    def step(state: State, data: Any) -> State:
        held = state[name].get(data[key])
        return state if held is not None and held[number] > data[number] else {**state, name: {**state[name], data[key]: data}}

    return step


def _poll_gone(state: State, data: Any) -> State:
    left = {name: {id: held for id, held in state[name].items() if id != data["id"]} for name in ("polls", "tallies")}
    return {**state, **left}


def _flag(state: State, data: Any) -> State:
    others = {id: flags for id, flags in state["flags"].items() if id != data["id"]}
    return {**state, "flags": others | ({data["id"]: data["flags"]} if data["flags"] else {})}


_STEPS: Final[Mapping[str, Callable[[State, Any], State]]] = {
    "item": _upsert("items"),
    "mine": _upsert("mine"),
    "gone": _gone,
    "mine_gone": _mine_gone,
    "votes": _votes,
    "voted": _voted,
    "floor": _floor,
    "presence": lambda state, data: {**state, "presence": data},
    "stream": lambda state, data: {**state, "stream": data},
    "session": lambda state, data: {**state, "session": data},
    "claim": _claim,
    "colleagues": lambda state, data: {**state, "colleagues": data},
    "poll": _newest("polls", "id", "version"),
    "poll_gone": _poll_gone,
    "poll_tally": _newest("tallies", "id", "rev"),
    "my_answer": _newest("my_answers", "poll", "rev"),
    "hands": lambda state, data: {**state, "hands": data},
    "hand": _newest("line", "id", "version"),
    "hand_down": lambda state, data: {**state, "line": {id: hand for id, hand in state["line"].items() if id != data["id"]}},
    "my_hand": lambda state, data: {**state, "my_hand": data},
    "reactions": lambda state, data: {**state, "reactions": data},
    "note": _newest("notes", "id", "version"),
    "note_gone": lambda state, data: {**state, "notes": {id: note for id, note in state["notes"].items() if id != data["id"]}},
    "turn": lambda state, data: {**state, "turn": data},
    "at_table": lambda state, data: {**state, "at_table": data},
    "seat": _newest("seats", "id", "version"),
    "seat_gone": lambda state, data: {**state, "seats": {id: seat for id, seat in state["seats"].items() if id != data["id"]}},
    "studio": lambda state, data: {**state, "studio": data},
    "my_seat": lambda state, data: {**state, "my_seat": data},
    "flag": _flag,
    "reasons": lambda state, data: {**state, "reasons": data},
    **dict.fromkeys(("screens", "slow", "muted", "silenced"), lambda state, data: {**state, **data}),
    "published": lambda state, data: {**state, "published": data["count"]},
}


def texts(value: Any) -> set[str]:
    """Everything that people wrote."""
    if isinstance(value, list):
        return {text for each in value for text in texts(each)}
    if not isinstance(value, dict):
        return set()
    own = {
        each
        for name, each in value.items()
        if name in ("text", "original", "author", "note", "title", "label", "name", "question") and isinstance(each, str)
    }
    return own | {text for each in value.values() for text in texts(each)}
