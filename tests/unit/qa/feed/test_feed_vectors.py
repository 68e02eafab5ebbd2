"""The vectors that both reducers are tested on are what the hub says today, and Python's reducer keeps the law on them."""

from __future__ import annotations

import copy
import json
from functools import reduce
from typing import Any

import pytest

from tests.support.feed_reducer import apply, texts
from tests.unit.qa.feed.feed_vectors import FOLDER, render, vectors

FILES = sorted(FOLDER.glob("*.json"))
ALL = [pytest.param(vector, id=vector["name"]) for path in FILES for vector in json.loads(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("vector", ALL)
def test_snapshot_then_events_is_a_fresh_snapshot(vector: dict[str, Any]) -> None:
    before = copy.deepcopy(vector["snapshot"])
    assert reduce(apply, vector["events"], vector["snapshot"]) == vector["result"]
    assert vector["snapshot"] == before, "the reducer changed the state it was given"


REPLAYS = [each for each in ALL if each.values[0]["replay"]]  # type: ignore[index]


@pytest.mark.parametrize("vector", REPLAYS)
def test_a_replay_holds_no_text_that_a_fresh_snapshot_does_not(vector: dict[str, Any]) -> None:
    assert texts(vector["events"]) <= texts(vector["result"])


def test_the_files_are_what_the_hub_says() -> None:
    made = vectors()
    assert {path.name for path in FILES} == set(made)
    for name, content in made.items():
        stored = (FOLDER / name).read_text(encoding="utf-8")
        assert stored == render(content), f"{name} is not what `python -m tests.unit.qa.feed.feed_vectors` makes"


def test_every_kind_of_event_is_in_the_vectors() -> None:
    kinds = {event["kind"] for path in FILES for vector in json.loads(path.read_text(encoding="utf-8")) for event in vector["events"]}
    kinds_of_hands = {"hands", "hand", "hand_down", "my_hand", "reactions", "note", "note_gone", "turn"}
    kinds_of_guards = {"screens", "slow", "muted", "silenced", "flag", "reasons"}
    kinds_of_seats = {"seat", "seat_gone", "at_table", "my_seat", "studio"}
    kinds_of_polls = {"poll", "poll_gone", "poll_tally", "my_answer"}
    assert kinds >= kinds_of_polls | kinds_of_hands | kinds_of_seats | kinds_of_guards | {
        "item", "gone", "mine", "votes", "voted", "floor", "presence", "stream", "session", "published", "claim", "colleagues",
    }  # fmt: skip


SECRETS = {
    "public": [
        "draft",
        "place",
        "speaker",
        "theme",
        "claim",
        "colleagues",
        "merged_into",
        "changed_by",
        "Claire",
        "line",
        "notes",
        "turn",
        "seats",
        "screens",
        "flags",
        "reasons",
    ],
    "display": [
        "draft",
        "place",
        "speaker",
        "claim",
        "colleagues",
        "original",
        "reason",
        "note",
        "mine",
        "line",
        "my_hand",
        "my_seat",
        "seats",
        "studio",
        "notes",
        "turn",
        "here",
        "flags",
        "slow",
        "silenced",
        "everywhere",
        "reasons",
        "why",
    ],
    "chair": ["flags", "reasons", "reason", "draft", "claim", "colleagues", "merged_into", "changed_by", "author_id"],
    "studio": ["draft", "place", "speaker", "theme", "claim", "colleagues", "merged_into", "changed_by", "Claire", "line", "notes", "turn"],
    "moderator": [],
}
"""What no byte of a view may hold; a moderator, too, knows nobody's id."""
OF_ITEMS = {"moderator": ["follows"], "chair": ["undo", "why"]}
"""What no question of a view may hold."""


@pytest.mark.parametrize("vector", ALL)
def test_no_byte_of_a_view_holds_what_is_not_its_own(vector: dict[str, Any]) -> None:
    view = next((view for view in SECRETS if f"({view}" in vector["name"]), None)
    if view is not None:
        sent = json.dumps([vector["snapshot"], vector["events"], vector["result"]], ensure_ascii=False)
        items = json.dumps(vector["result"]["items"])
        assert [word for word in SECRETS[view] if f'"{word}"' in sent] == []
        assert [word for word in OF_ITEMS.get(view, ()) if f'"{word}"' in items] == []
        assert "person-" not in sent
        assert view == "moderator" or '"muted": {' not in sent, "whose authors are muted, beside seats of which each says whether it is"
        assert view == "moderator" or not any(words in sent for words in ("Pas encore", "Pardon ?"))
