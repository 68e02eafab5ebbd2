"""Vectors of what protects a session: screens that go blank and come back, here and everywhere, while things go on."""

from __future__ import annotations

from typing import Any

from services.qa.feed.projection import View
from shared.events.guard import EVERYWHERE, MutedState
from shared.events.poll import PollOpened, PollPrepared
from shared.events.programme import ReasonRef
from shared.events.question import QuestionState
from tests.unit.qa.feed.scene import ANNE, AUDIENCES, BASILE, POLL, Q1, Q2, Q3, Scene, hand, moved, poll, question, tally


def _before(scene: Scene) -> QuestionState:
    one = moved(question(), "on_stage", staged_at="2021-06-03T08:10:00.000Z")
    scene.put(one, moved(question(Q2, author=BASILE, name="Basile", text="Et les écoles ?", at=2), "published"))
    return one


def _meanwhile(scene: Scene, one: QuestionState) -> None:
    """Everything that a screen would show."""
    scene.votes({Q1: (4, 4), Q2: (2, 2)})
    scene.put(moved(one, "answered", answered_at="2021-06-03T08:12:00.000Z"))
    scene.poll(PollPrepared(poll()))
    scene.poll(PollOpened(poll(version=2, status="open", shown=True, opened_at="2021-06-03T08:00:00.000Z")))
    scene.count(tally(POLL, 1, **{"1": (3, 2, 0)}))
    scene.hand(hand(ANNE))
    scene.reactions(1, applause=5)
    scene.time(2)


def _seen(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    one = _before(scene)
    scene.join()
    scene.blank(1)
    _meanwhile(scene, one)
    scene.blank(1, EVERYWHERE)
    scene.blank(2, on=False)
    scene.blank(1)  # late, and old
    scene.blank(2, EVERYWHERE, on=False)
    scene.votes({Q2: (3, 3)})
    return scene.vector(f"screens that go blank and come back ({view})")


def _left_blank(view: View, person: str, *, away: bool) -> dict[str, Any]:
    scene = Scene(view, person)
    one = _before(scene)
    scene.join()

    def happens() -> None:
        scene.votes({Q2: (2, 2)})
        scene.blank(1, EVERYWHERE)
        _meanwhile(scene, one)

    if away:
        scene.leave_and_come_back(happens)
    else:
        happens()
    return scene.vector(f"screens that stay blank{', of which somebody missed everything' * away} ({view})", replay=away)


def _back(view: View, person: str) -> dict[str, Any]:
    scene = Scene(view, person)
    one = _before(scene)
    scene.blank(1)
    scene.join()

    def happens() -> None:
        _meanwhile(scene, one)
        scene.blank(2, on=False)

    scene.leave_and_come_back(happens)
    return scene.vector(f"screens that come back while somebody is away ({view})", replay=True)


def _slow(view: View, person: str, *, away: bool) -> dict[str, Any]:
    """Slow mode, and people muted: one of them by two questions, the second of which was asked without a name."""
    scene = Scene(view, person)
    _before(scene)
    scene.join()

    def happens() -> None:
        by = ("2021-06-03T08:00:00.000Z", "Claire", "moderator")
        named, nameless, other = MutedState(Q1, ANNE, *by), MutedState(Q3, ANNE, *by), MutedState(Q2, BASILE, *by)
        scene.protect(1, slow=120)
        scene.protect(2, slow=120, muted=(named,))
        scene.protect(3, slow=300, muted=(named, nameless, other))
        scene.protect(2, slow=60)  # late, and old
        scene.protect(4, slow=0, muted=(nameless, other))
        scene.protect(5, muted=(nameless,))

    if away:
        scene.leave_and_come_back(happens)
    else:
        happens()
    return scene.vector(f"slow mode and mutes{' of which somebody missed everything' * away} ({view})", replay=away)


def _flagged(view: View, person: str, *, away: bool) -> dict[str, Any]:
    """Flags that follow the texts and the lists."""
    scene = Scene(view, person)
    scene.join()

    def happens() -> None:
        one, two = question(text="Quelle ÂNERIE, non ?"), question(Q2, author=BASILE, text="Voyez www.example.org", at=2)
        again = question(Q3, text="quelle anerie, NON", at=3)
        scene.put(one, again, two)
        scene.words(1, "ânerie")
        two = moved(two, "queued", text="Et les écoles ?")
        scene.put(two)
        scene.put(moved(one, "withdrawn"))
        scene.words(2)
        scene.words(1, "écoles")  # late, and old
        scene.words(3, "les ecoles")

    if away:
        scene.leave_and_come_back(happens)
    else:
        happens()
    return scene.vector(f"flags{' of which somebody missed everything' * away} ({view})", replay=away)


def _reasons(view: View, person: str, *, away: bool) -> dict[str, Any]:
    """Why a question may be declined, as a new edition of the programme says; one that says nothing has the standard reasons."""
    scene = Scene(view, person).keep()
    scene.join()

    def happens() -> None:
        scene.reasons(1, ReasonRef("hors-theme", {"fr": "Hors du thème", "en": "Off topic"}), ReasonRef("no_time"))
        scene.reasons(2, ReasonRef("no_time"), ReasonRef("hors-theme", {"fr": "Hors du thème"}))
        scene.reasons(1)  # late, and old
        declined = moved(question(), "declined", reason="hors-theme", why={"fr": "Hors du thème"})
        scene.put(question(), declined)

    if away:
        scene.leave_and_come_back(happens)
    else:
        happens()
        scene.reasons(3)
    return scene.vector(f"reasons{' of which somebody missed everything' * away} ({view})", replay=away)


def guard_vectors() -> list[dict[str, Any]]:
    return [
        *(_seen(*each) for each in AUDIENCES),
        *(_left_blank(*each, away=away) for each in AUDIENCES for away in (False, True)),
        *(_back(*each) for each in AUDIENCES),
        *(_flagged(*each, away=away) for each in AUDIENCES for away in (False, True)),
        *(_slow(*each, away=away) for each in AUDIENCES for away in (False, True)),
        *(_reasons(*each, away=away) for each in AUDIENCES for away in (False, True)),
    ]
