"""Vectors of raised hands, reactions, notes and the fair turn: a line that moves up, hands that come late or are put back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.qa.feed.projection import View
from tests.unit.qa.feed.scene import ANNE, AUDIENCES, BASILE, Q2, Scene, hand, moved, question


def _hands(scene: Scene) -> None:
    anne = hand(ANNE, at=3, name="Anne Le Goff")
    first = scene.hand(hand("person-hub", at=1, name="", door="hub"))
    scene.hand(anne)
    scene.hand(hand(BASILE, at=2, name="Basile", door="in_room"))  # came late, stands before
    scene.time(1)
    lowered = scene.lower(first)
    scene.hand(first)  # late, and old
    scene.reactions(1, applause=12, laugh=1)
    scene.time(2)
    scene.hand(replace(lowered, version=3, up=True))  # put back
    scene.time(3)
    scene.lower(anne)
    scene.reactions(2, applause=3)
    scene.time(4)
    scene.note("note-1")
    scene.note("note-2", side="chair", name="", text="Micro du fond, s’il vous plaît.")
    scene.note("note-1", 2, seen_at="2021-06-03T08:00:09.000Z")
    scene.put(moved(question(), "published"), moved(question(Q2, author=BASILE, name="Basile", text="Et les écoles ?", at=2), "published"))
    again = scene.hand(hand(ANNE, at=6, name="", id="hand-again"))
    scene.lower(replace(again, person="", name=""))
    scene.time(5)
    scene.note("note-2", 2, text="", cleared=True)


def _seen(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    scene.join()
    _hands(scene)
    return scene.vector(f"hands as they go up and down ({view})")


def _away(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    scene.join()
    scene.leave_and_come_back(lambda: _hands(scene))
    return scene.vector(f"hands of which somebody missed everything ({view})", replay=True)


def hand_vectors() -> list[dict[str, Any]]:
    return [*(_seen(*each) for each in AUDIENCES), *(_away(*each) for each in AUDIENCES)]
