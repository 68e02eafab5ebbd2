"""Vectors of polls: drafts, answers that come late, an end that is announced, results, what only moderators read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.qa.feed.projection import View
from shared.events.poll import (
    PollAnswer,
    PollArchived,
    PollClosed,
    PollClosing,
    PollEdited,
    PollHidden,
    PollOpened,
    PollPrepared,
    PollShown,
    PollState,
)
from tests.unit.qa.feed.scene import (
    ANNE,
    AUDIENCES,
    BASILE,
    CLOUD,
    POLL,
    QUIZ,
    Scene,
    poll,
    tally,
)


def _then(state: PollState, **fields: Any) -> PollState:
    return replace(state, version=state.version + 1, **fields)


def _polls(scene: Scene) -> None:
    """A poll from its draft to the archive, a quiz whose right option comes late, a cloud of words of which one is flagged."""
    one = scene.poll(PollPrepared(poll()))
    one = scene.poll(PollEdited(_then(one, question="La fibre est-elle chez vous ?")))
    quiz = scene.poll(PollPrepared(poll(QUIZ, kind="quiz", right="2")))
    one = scene.poll(PollOpened(_then(one, status="open", opened_at="2021-06-03T08:10:00.000Z")))
    scene.count(tally(POLL, 1, **{"1": (1, 0, 0), "2": (0, 1, 0)}), PollAnswer(POLL, ANNE, 1, ("1",)), PollAnswer(POLL, BASILE, 1, ("2",)))
    scene.count(tally(POLL, 3, **{"1": (0, 0, 12), "2": (1, 1, 3)}), PollAnswer(POLL, ANNE, 2, ("2",)))
    scene.count(tally(POLL, 2, **{"1": (9, 9, 9), "2": (9, 9, 9)}), PollAnswer(POLL, ANNE, 1, ("1",)))
    one = scene.poll(PollClosing(_then(one, status="closing", closes_at="2021-06-03T08:12:00.000Z")))
    one = scene.poll(PollClosed(_then(one, status="closed", closed_at="2021-06-03T08:12:15.000Z")))
    quiz = scene.poll(PollOpened(_then(quiz, status="open", opened_at="2021-06-03T08:13:00.000Z")))
    one = scene.poll(PollShown(_then(one, shown=True)))
    scene.count(tally(QUIZ, 1, **{"1": (0, 4, 0), "2": (2, 0, 0)}), PollAnswer(QUIZ, "person-hub", 1, (), {"2": 9}, 10))
    quiz = scene.poll(PollShown(_then(quiz, shown=True)))
    scene.poll(PollClosed(_then(quiz, status="closed", closed_at="2021-06-03T08:14:00.000Z")))
    cloud = poll(CLOUD, version=3, kind="words", options=(), status="open", shown=True, opened_at="2021-06-03T08:15:00.000Z")
    scene.poll(PollOpened(cloud))
    scene.count(tally(CLOUD, 1, réseau=(2, 1, 0), zut=(1, 0, 0)))
    scene.poll(PollEdited(_then(cloud, flagged=("zut",))))
    one = scene.poll(PollHidden(_then(one, shown=False)))
    scene.poll(PollArchived(_then(one, status="archived")))


def _polls_seen(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    scene.join()
    _polls(scene)
    return scene.vector(f"polls as they go ({view})")


def _polls_away(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    scene.join()
    scene.leave_and_come_back(lambda: _polls(scene))
    return scene.vector(f"polls of which somebody missed everything ({view})", replay=True)


def poll_vectors() -> list[dict[str, Any]]:
    return [*(_polls_seen(*each) for each in AUDIENCES), *(_polls_away(*each) for each in AUDIENCES)]
