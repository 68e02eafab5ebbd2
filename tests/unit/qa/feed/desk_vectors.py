"""Vectors of what moderators do beside each other and take back: claims, colleagues, undo, news that waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.qa.feed.projection import View
from shared.clock import to_text
from shared.events.question import HeldBackState, QuestionClaimed, QuestionState
from tests.unit.qa.feed.scene import ANNE, BASILE, NOW, Q1, Q2, Q3, SESSION, Scene, moved, question


def _bad_news(before: QuestionState, status: Any, **fields: Any) -> QuestionState:
    held = HeldBackState(
        until=to_text(NOW + timedelta(seconds=10)), version=before.version, status=before.status, text=before.text, reason=before.reason,
        note=before.note, staged_at=before.staged_at, answered_at=before.answered_at,
    )  # fmt: skip
    return moved(before, status, held_back=held, undo="decline", **fields)


def _undone(before: QuestionState, now: QuestionState) -> QuestionState:
    return replace(before, version=now.version + 1, changed_by="Claire Modératrice")


def _slips(view: View, person: str) -> dict[str, Any]:
    """One decline and one hiding are undone in time, one decline stands: its author learns it when the time has passed."""
    scene = Scene(view, person)
    one, two = question(), question(Q2, text="Et les écoles ?", at=2)
    shown = moved(two, "published", undo="publish")
    scene.put(one, shown)
    scene.join()
    declined = _bad_news(one, "declined", reason="unclear", note="Pardon ?")
    hidden = _bad_news(shown, "hidden")
    scene.put(declined, hidden)
    back = _undone(one, declined)
    scene.put(back, _undone(shown, hidden))
    scene.put(_bad_news(back, "declined", reason="off_topic", note="Une autre fois."))
    scene.time(9)
    scene.time(11)
    return scene.vector(f"a slip is undone, a decision stands ({view}, {person})")


def _slips_away(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    one, two = question(), question(Q2, text="Et les écoles ?", at=2)
    scene.put(one, two)
    scene.join()

    def away() -> None:
        declined = _bad_news(one, "declined", reason="unclear", note="Pas dit")
        scene.put(declined, _undone(one, declined))
        scene.put(_bad_news(two, "declined", reason="off_topic", note="Pas encore"))
        scene.time(5)

    scene.leave_and_come_back(away)
    return scene.vector(f"who comes back meanwhile reads no news that waits ({view}, {person})", replay=True)


def _claims(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    one, two = question(), question(Q2, text="Et les écoles ?", at=2)
    scene.put(one, two)
    scene.join()

    def claim(id: str, by: str, seconds: float, seq: int, version: int = 1, *, given_up: bool = False) -> None:
        until = to_text(NOW + timedelta(seconds=seconds))
        scene.tell(QuestionClaimed(id, SESSION, version, by, until, given_up), subject=id, seq=seq)

    claim(Q1, "Claire", 60, 1)
    claim(Q2, "David", 60, 1)
    claim(Q1, "Claire", 90, 3)
    claim(Q1, "Trop tard", 60, 2)
    scene.put(moved(two, "published"))
    scene.time(61)
    claim(Q2, "Claire", 120, 4, 2)
    claim(Q2, "", 62, 5, 2, given_up=True)
    claim(Q2, "", 130, 7, 2)
    claim(Q1, "David", 200, 6)
    return scene.vector(f"questions are claimed, given up, decided ({view})")


def _colleagues(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    scene.join()
    for key, name, of in (("a", "Claire", "c"), ("b", "David", "d"), ("c", "David", "d")):
        scene.hub.connect(
            key, session=SESSION, view="moderator", person=of, entrance="staff", epoch=None, seq=None, name=name
        )  # fmt: skip
    scene.time(1)
    scene.hub.disconnect("a")
    scene.hub.disconnect("b")
    scene.time(2)
    return scene.vector(f"moderators come and go ({view})")


def _merged(view: View, person: str) -> dict[str, Any]:
    """A chain of duplicates: their authors see what becomes of the last one, and what was parted no more."""
    scene = Scene(view, person)
    one, two, three = question(), question(Q2, author=BASILE, name="", text="Et les écoles ?", at=2), question(Q3, text="La fibre ?", at=3)
    two = moved(two, "published")
    scene.put(one, two, three)
    scene.join()
    first = moved(three, "merged", merged_into=Q1, undo="merge")
    scene.put(first, moved(one, "merged", merged_into=Q2, undo="merge"))
    staged = moved(two, "on_stage", staged_at="2021-06-03T08:10:00.000Z", place="V", speaker="Anne", theme="Écoles")
    scene.put(staged)
    scene.put(_undone(three, first))
    later = moved(staged, "deferred", staged_at=None, owner="Mairie", due="2021-06-30", draft="Pas encore", draft_name="Claire")
    scene.put(later, moved(later, "answered", answer="En septembre.", answered_at="2021-06-04T08:00:00.000Z"))
    scene.put(moved(_undone(three, first), "erased", text="", original="", author="", author_name=""))
    return scene.vector(f"duplicates follow another question ({view}, {person})")


def desk_vectors() -> list[dict[str, Any]]:
    seen: tuple[tuple[View, str], ...] = (
        ("public", ANNE), ("public", "person-other"), ("moderator", "person-moderator"), ("display", "person-screen"),
    )  # fmt: skip
    return [make(view, person) for make in (_slips, _slips_away, _merged) for view, person in seen] + [
        make(view, person) for make in (_claims, _colleagues) for view, person in seen[1:]
    ]
