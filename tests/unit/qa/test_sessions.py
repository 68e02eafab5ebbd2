"""The life of a session: what a newer programme adds, changes, takes away and brings back."""

from __future__ import annotations

from services.qa.sessions import Life, reconcile
from shared.events.programme import SessionRef


def ref(id: str, title: str = "t") -> SessionRef:
    return SessionRef(id, "round_table", "", title, None, None, None, None, questions=True)


def take(held: dict[str, Life], version: int, *refs: SessionRef) -> dict[str, Life]:
    return {**held, **{life.id: life for life in reconcile(held, version, refs)}}


def test_a_session_is_added_changed_removed_and_comes_back() -> None:
    held = take({}, 1, ref("a"), ref("b"))
    assert held == {"a": Life(ref("a"), 1), "b": Life(ref("b"), 1)}
    held = take(held, 2, ref("a", "new"))
    assert held == {"a": Life(ref("a", "new"), 1), "b": Life(ref("b"), 1, removed=2)}
    held = take(held, 3)
    assert held["b"] == Life(ref("b"), 1, removed=2), "it was removed when it was first missing"
    assert held["a"] == Life(ref("a", "new"), 1, removed=3)
    assert take(held, 4, ref("b", "again"))["b"] == Life(ref("b", "again"), 4)


def test_the_same_programme_again_changes_nothing() -> None:
    held = take({}, 1, ref("a"), ref("b"))
    assert reconcile(held, 1, [ref("a"), ref("b")]) == []
    assert [life.id for life in reconcile(held, 2, [ref("a")])] == ["b"]
