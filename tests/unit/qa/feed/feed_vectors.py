"""Makes the vectors of the live feed that both reducers are tested on: `python -m tests.unit.qa.feed.feed_vectors`.

Each vector comes out of the real hub: the snapshot that a client gets, the events it is sent afterwards, and the fresh snapshot that a
second client of the same person gets at the end. Everything is deterministic. A few vectors at the end are written by hand: what a
reducer must do with frames that a hub does not send in this order.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

from services.qa.feed.projection import VIEWS, View
from shared.events.programme import ParticipantRef
from shared.events.vocabulary import QuestionStatus
from shared.events.votes import Ballot
from tests.support.paths import VECTORS
from tests.unit.qa.feed.desk_vectors import desk_vectors
from tests.unit.qa.feed.guard_vectors import guard_vectors
from tests.unit.qa.feed.hand_vectors import hand_vectors
from tests.unit.qa.feed.poll_vectors import poll_vectors
from tests.unit.qa.feed.scene import (
    ANNE,
    AUDIENCES,
    BASILE,
    BEFORE,
    Q1,
    Q2,
    Q3,
    SESSION,
    STAGE,
    Scene,
    moved,
    question,
    session_ref,
)
from tests.unit.qa.feed.seat_vectors import seat_vectors

FOLDER = VECTORS


def _life(view: View, person: str) -> Scene:
    """Two questions from asking to the answer, one declined, one hidden and brought back, votes, floor, stream and presence."""
    scene = Scene(view, person)
    scene.join()
    one, two, three = question(), question(Q2, author=BASILE, name="", text="Et les écoles ?", at=2), question(Q3, text="Publicité", at=3)
    scene.put(one, two, three)
    one = moved(one, "published", text="Quand la fibre arrivera-t-elle au bourg ?")
    two = moved(two, "published")
    three = moved(three, "declined", reason="promotional", note="Merci de reformuler.")
    scene.put(one, two, three)
    scene.votes({Q1: (2, 2), Q2: (1, 1)}, Ballot(Q1, BASILE, True, 1), Ballot(Q2, ANNE, True, 1))
    scene.presence()
    two = moved(two, "hidden")
    scene.put(two)
    scene.floor("paused", 2)
    two = moved(two, "published")
    scene.put(two)
    one = moved(one, "on_stage", staged_at="2021-06-03T08:10:00.000Z")
    scene.put(one)
    scene.stream("live", "rtmp", 2)
    scene.votes({Q1: (1, 3)}, Ballot(Q1, BASILE, False, 3))
    scene.put(moved(one, "answered", answered_at="2021-06-03T08:12:00.000Z"))
    scene.put(moved(two, "withdrawn"))
    return scene


def _resume(view: View, person: str) -> Scene:
    scene = Scene(view, person)
    one, two = question(), question(Q2, author=BASILE, name="Basile", text="Et les écoles ?", at=2)
    scene.put(one, moved(two, "published"))
    scene.join()
    published = moved(one, "published")

    def away() -> None:
        scene.put(published)
        scene.votes({Q1: (1, 1), Q2: (4, 4)}, Ballot(Q2, ANNE, True, 4))
        scene.votes({Q2: (3, 5)}, Ballot(Q2, ANNE, False, 5))
        scene.floor("closed", 2)
        scene.put(replace(moved(published, "on_stage", staged_at="2021-06-03T08:10:00.000Z"), votes=2, votes_rev=2))
        scene.put(replace(moved(moved(two, "published"), "hidden"), votes=3, votes_rev=5))

    scene.leave_and_come_back(away)
    return scene


def _day(view: View, person: str) -> dict[str, Any]:
    """A session is named, renamed, moved, on, removed, and comes back; its neighbours are told too. Late versions say nothing."""
    scene = Scene(view, person)
    scene.join()
    table = (ParticipantRef("Anne Le Goff", ("Maire",), moderates=True), ParticipantRef("Basile"))
    scene.programme(1, session_ref(BEFORE, title="Ouverture", label=""), session_ref(participants=table))
    scene.order(1, (BEFORE, "on", 11), (SESSION, "upcoming", 12))
    scene.programme(2, session_ref(BEFORE, title="Ouverture", label=""), session_ref(title="L’île", language="br", participants=table))
    scene.order(2, (BEFORE, "over", 11), (SESSION, "on", 13))
    scene.order(1, (BEFORE, "on", 11), (SESSION, "upcoming", 12))
    scene.programme(3, session_ref(BEFORE, title="Ouverture", label=""))
    scene.programme(2, session_ref(title="Trop tard"))
    scene.programme(4, session_ref(BEFORE, title="Ouverture"), session_ref(title="L’île", stage=None, closed_stage=STAGE))
    return scene.vector(f"a session is renamed, moved, removed and comes back ({view})")


def _day_away(view: View, person: str) -> dict[str, Any]:
    """Of all that happened meanwhile, only what is so now is told."""
    scene = Scene(view, person).keep()
    scene.programme(1, session_ref(BEFORE), session_ref())
    scene.join()

    def away() -> None:
        scene.programme(2, session_ref(BEFORE), session_ref(title="Un titre retiré"))
        scene.order(1, (BEFORE, "cancelled", 11), (SESSION, "on", 12))
        scene.programme(3, session_ref(BEFORE))

    scene.leave_and_come_back(away)
    return scene.vector(f"a session is removed while somebody is away ({view})", replay=True)


MADE_UP: tuple[tuple[View, str], ...] = (
    ("public", ANNE),
    ("public", "person-other"),
    ("moderator", "person-moderator"),
    ("display", "person-screen"),
)

RANDOM_STATUSES: tuple[QuestionStatus, ...] = ("queued", "published", "declined", "on_stage", "answered", "withdrawn", "hidden")
"""Listed here, so that one more state does not change what chance makes of the others."""


def _random_replay(seed: int) -> dict[str, Any]:
    """Any steps of three questions, some of them while the client is away. Each version has a text of its own."""
    chance = random.Random(seed)
    view, person = MADE_UP[seed % len(MADE_UP)]
    scene = Scene(view, person)
    states = {id: question(id, author=author, text=f"texte {id[-1]}.1") for id, author in ((Q1, ANNE), (Q2, BASILE), (Q3, BASILE))}

    def step() -> None:
        id = chance.choice([Q1, Q2, Q3])
        held = states[id]
        what = chance.choice(["move", "move", "move", "votes", "floor"])
        if what == "votes":
            rev = held.votes_rev + 1
            states[id] = replace(held, votes_rev=rev, votes=rev // 2)
            scene.votes({id: (rev // 2, rev)}, Ballot(id, ANNE, rev % 2 == 1, rev))
        elif what == "floor":
            scene.floor(chance.choice(["open", "paused", "closed"]), chance.randint(2, 9))
        else:
            texts = {"text": f"texte {id[-1]}.{held.version + 1}", "original": f"original {id[-1]}.{held.version + 1}"}
            states[id] = moved(held, chance.choice(RANDOM_STATUSES), **texts)
            scene.put(states[id])

    def some_steps() -> None:
        for _ in range(chance.randint(2, 8)):
            step()

    scene.put(*states.values())
    some_steps()
    scene.join()
    scene.leave_and_come_back(some_steps)
    return scene.vector(f"random life {seed}, seen by {person} ({view})", replay=True)


def _hidden(view: View) -> dict[str, Any]:
    """What was hidden, withdrawn or reworded while a client was away never reaches it."""
    scene = Scene(view, "person-other")
    one, two, three = question(), question(Q2, text="Et les écoles ?", at=2), question(Q3, text="Et la poste ?", at=3)
    scene.put(one, two, three)
    scene.join()

    def away() -> None:
        shown = moved(one, "published", text="À cacher")
        scene.put(shown, moved(shown, "hidden"))
        taken = moved(two, "on_stage", text="À retirer", staged_at="2021-06-03T08:10:00.000Z")
        scene.put(taken, moved(taken, "withdrawn", staged_at=None))
        first = moved(three, "on_stage", text="Premiers mots", staged_at="2021-06-03T08:11:00.000Z")
        scene.put(first, moved(moved(moved(first, "hidden"), "published", text="Derniers mots"), "on_stage"))

    scene.leave_and_come_back(away)
    return scene.vector(f"what was hidden or reworded meanwhile is not replayed ({view})", replay=True)


def _by_hand() -> list[dict[str, Any]]:
    scene = Scene("public", ANNE)
    scene.put(moved(question(), "published"))
    scene.join()
    held = scene.snapshot["items"][Q1]
    frame = {"op": "event", "seq": 90}
    return [
        {
            "name": "an item older than the one held is ignored, the same version replaces it",
            "replay": False,
            "snapshot": scene.snapshot,
            "events": [
                {**frame, "kind": "item", "data": {**held, "version": 1, "text": "vieux"}},
                {**frame, "seq": 91, "kind": "item", "data": {**held, "votes": 7}},
            ],
            "result": {**scene.snapshot, "items": {Q1: {**held, "votes": 7}}},
        },
        {
            "name": "what is not known changes nothing",
            "replay": False,
            "snapshot": scene.snapshot,
            "events": [
                {**frame, "kind": "reaction", "data": {"hearts": 3}},
                {**frame, "seq": 91, "kind": "gone", "data": {"id": Q3}},
                {**frame, "seq": 92, "kind": "votes", "data": {"counts": {Q3: 9}, "by_door": {Q3: {"hub": 9}}}},
                {**frame, "seq": 93, "kind": "floor", "data": {"state": "closed", "version": 0}},
            ],
            "result": scene.snapshot,
        },
        {
            "name": "a vote told twice counts once",
            "replay": False,
            "snapshot": scene.snapshot,
            "events": [
                {**frame, "kind": "voted", "data": {"id": Q2, "on": True, "hands": 0}},
                {**frame, "seq": 91, "kind": "voted", "data": {"id": Q1, "on": True, "hands": 0}},
                {**frame, "seq": 92, "kind": "voted", "data": {"id": Q1, "on": True, "hands": 0}},
                {**frame, "seq": 93, "kind": "voted", "data": {"id": Q3, "on": False, "hands": 0}},
            ],
            "result": {**scene.snapshot, "my_votes": [Q1, Q2]},
        },
        {
            "name": "hands counted in a hall are a vote, and leave with it",
            "replay": False,
            "snapshot": scene.snapshot,
            "events": [
                {**frame, "kind": "voted", "data": {"id": Q1, "on": True, "hands": 12}},
                {**frame, "seq": 91, "kind": "votes", "data": {"counts": {Q1: 12}, "by_door": {Q1: {"hub": 12}}}},
                {**frame, "seq": 92, "kind": "voted", "data": {"id": Q2, "on": True, "hands": 3}},
                {**frame, "seq": 93, "kind": "voted", "data": {"id": Q2, "on": False, "hands": 0}},
            ],
            "result": {
                **scene.snapshot,
                "my_votes": [Q1],
                "my_counts": {Q1: 12},
                **{
                    name: {**scene.snapshot[name], Q1: {**scene.snapshot[name][Q1], "votes": 12, "by_door": {"hub": 12}}}
                    for name in ("items", "mine")
                },
            },
        },
    ]


def vectors() -> dict[str, list[dict[str, Any]]]:
    """File name → its vectors."""
    return {
        "life.json": [
            _life("public", ANNE).vector("the author of a question sees every step of it and what is public of the others"),
            _life("public", "person-other").vector("somebody in the audience sees what is public, and never what was only queued"),
            _life("moderator", "person-moderator").vector("a moderator sees every question in every status"),
            _life("display", "person-screen").vector("a screen sees what is on stage and how many wait"),
        ],
        "resume.json": [
            _resume("public", ANNE).vector("an author who was away gets the missed events", replay=True),
            _resume("public", BASILE).vector("a question hidden meanwhile is gone, its author keeps it", replay=True),
            _resume("moderator", "person-moderator").vector("a moderator who was away gets the missed events", replay=True),
            _resume("display", "person-screen").vector("a screen that was away gets the missed events", replay=True),
            *(_hidden(view) for view in VIEWS),
        ],
        "session.json": [*(_day(*each) for each in AUDIENCES), *(_day_away(*each) for each in AUDIENCES)],
        "desk.json": desk_vectors(),
        "polls.json": poll_vectors(),
        "hands.json": hand_vectors(),
        "table.json": seat_vectors(),
        "guard.json": guard_vectors(),
        "random.json": [_random_replay(seed) for seed in range(12)],
        "reducer.json": _by_hand(),
    }


def render(content: list[dict[str, Any]]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name, content in vectors().items():
        (FOLDER / name).write_text(render(content), encoding="utf-8")
