"""Makes the vectors of the live feed that both reducers are tested on: `python -m tests.unit.qa.feed.feed_vectors`.

Each vector comes out of the real hub: the snapshot that a client gets, the events it is sent afterwards, and the fresh snapshot that a
second client of the same person gets at the end. Everything is deterministic. A few vectors at the end are written by hand: what a
reducer must do with frames that a hub does not send in this order.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.qa.facts import Contents, StageFacts
from services.qa.feed.aspects import new_aspects
from services.qa.feed.hub import Hub
from services.qa.feed.projection import VIEWS, View
from services.qa.floor import Floor
from shared.events.catalogue import decode
from shared.events.floor import FloorChanged
from shared.events.kind import Event
from shared.events.poll import (
    PollAnswer,
    PollArchived,
    PollChanged,
    PollClosed,
    PollClosing,
    PollCounted,
    PollEdited,
    PollHidden,
    PollOpened,
    PollOption,
    PollPrepared,
    PollShown,
    PollState,
    PollTally,
)
from shared.events.programme import ParticipantRef, ProgrammePublished, SessionRef, StageRef
from shared.events.question import QuestionPublished, QuestionState
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.events.stage import StageChanged
from shared.events.vocabulary import Attendance, FloorState, Progress, QuestionStatus, StageOrigin, StageState
from shared.events.votes import Ballot, VoteCount, VotesCounted
from tests.support.paths import VECTORS

FOLDER = VECTORS
SESSION = "table-ronde-1"
BEFORE = "ouverture"
"""Another session of the same stage."""
STAGE = "grande-salle"
EPOCH = "e0"
NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
ANNE, BASILE = "person-anne", "person-basile"
POLL, QUIZ, CLOUD = (f"00000000-0000-4000-8000-0000000000{n}" for n in (20, 21, 22))
Q1, Q2, Q3 = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))


def question(
    id: str = Q1, *, author: str = ANNE, name: str = "Anne Le Goff", text: str = "Quand la fibre au bourg ?", at: int = 1
) -> QuestionState:
    instant = f"2021-06-03T08:0{at}:00.000Z"
    return QuestionState(
        id=id, session=SESSION, version=1, status="queued", text=text, original=text, language="fr", author=author, author_name=name,
        door="remote", votes=0, votes_rev=0, asked_at=instant, changed_at=instant, changed_by=name,
    )  # fmt: skip


def moved(state: QuestionState, status: QuestionStatus, **fields: Any) -> QuestionState:
    return replace(state, status=status, version=state.version + 1, changed_by="Claire Modératrice", **fields)


def poll(id: str = POLL, **more: Any) -> PollState:
    given: dict[str, Any] = {
        "id": id, "session": SESSION, "version": 1, "status": "draft", "kind": "single", "question": "La fibre est-elle arrivée ?",
        "options": (PollOption("1", "Oui"), PollOption("2", "Non")), "least": 1, "most": 1, "low_label": "", "high_label": "", "right": "",
        "language": "fr", "shown": False, "origin": "moderator", "position": 1000, "changed_at": "2021-06-03T08:00:00.000Z",
        "changed_by": "Claire Modératrice", **more,
    }  # fmt: skip
    return PollState(**given)


def tally(id: str, rev: int, **counts: tuple[int, int, int]) -> PollTally:
    doors = ("in_room", "remote", "hub")
    by_door = {key: dict(zip(doors, numbers, strict=True)) for key, numbers in counts.items()}
    answers = {door: sum(each[door] for each in by_door.values()) for door in doors}
    return PollTally(id, rev, answers, by_door)  # type: ignore[arg-type]


def floor(state: FloorState, version: int) -> Floor:
    return Floor(SESSION, version, state, NOW)


def session_ref(id: str = SESSION, *, title: str = "L’île et le réseau", stage: str | None = STAGE, **more: Any) -> SessionRef:
    hour = "12" if id == SESSION else "11"
    given: dict[str, Any] = {
        "kind": "round_table", "label": "Table ronde", "starts_at": f"2021-06-03T{hour}:00:00.000Z",
        "ends_at": f"2021-06-03T{hour}:45:00.000Z", "room": "salle-1", "questions": True, **more,
    }  # fmt: skip
    return SessionRef(id, title=title, stage=stage, **given)


def programme(*sessions: SessionRef) -> ProgrammePublished:
    return ProgrammePublished("assises", "Assises", "Europe/Paris", "d", sessions, (StageRef(STAGE, "Grande salle"),), language="fr")


def order(*slots: tuple[str, Progress, int]) -> RunningOrderChanged:
    """(session, progress, hour of its start)"""
    return RunningOrderChanged("assises", tuple(SlotRef(id, state, f"2021-06-03T{hour:02}:00:00.000Z", None) for id, state, hour in slots))


class Scene:
    """A hub with one listener, told one event after the other."""

    def __init__(self, view: View, person: str, *, door: Attendance = "remote") -> None:
        self.hub: Hub[str] = Hub(EPOCH, new_aspects())
        self.view, self.person, self.door = view, person, door
        self.hub.load(Contents(sessions={SESSION: STAGE}, floors=[floor("open", 1)], stages=[StageFacts(STAGE, 1, "starting", "none")]))
        self.told: list[dict[str, Any]] = []
        self.snapshot: dict[str, Any] = {}
        self._snapshot_seq: int = 0

    def tell(self, event: Event, *, subject: str = "s", seq: int = 1) -> None:
        envelope = event.to_envelope(id=f"event-{seq}", subject=subject, seq=seq, time=NOW)
        self._note(self.hub.on_event(decode(envelope), seq=seq, correlation=""))

    def put(self, *states: QuestionState) -> None:
        for state in states:
            self.tell(QuestionPublished(state), subject=state.id, seq=state.version)

    def votes(self, counts: dict[str, tuple[int, int]], *ballots: Ballot) -> None:
        self.tell(VotesCounted(SESSION, {id: VoteCount(*count) for id, count in counts.items()}, ballots), subject=SESSION)

    def poll(self, event: PollChanged) -> PollState:
        self.tell(event, subject=event.poll.id, seq=event.poll.version)
        return event.poll

    def count(self, counted: PollTally, *answers: PollAnswer) -> None:
        self.tell(PollCounted(SESSION, counted, answers), subject=SESSION)

    def floor(self, state: FloorState, version: int) -> None:
        self.tell(FloorChanged(SESSION, state, version, "2021-06-03T08:00:00.000Z"), subject=SESSION, seq=version)

    def stream(self, state: StageState, origin: StageOrigin, seq: int) -> None:
        self.tell(StageChanged(STAGE, state, origin, "2021-06-03T08:00:00.000Z"), subject=STAGE, seq=seq)

    def programme(self, version: int, *sessions: SessionRef) -> None:
        self.tell(programme(*sessions), subject="assises", seq=version)

    def order(self, version: int, *slots: tuple[str, Progress, int]) -> None:
        self.tell(order(*slots), subject="assises", seq=version)

    def keep(self) -> Scene:
        """A screen stays on, so that the session is not forgotten when it is removed."""
        self.hub.connect("keeper", session=SESSION, view="display", person="keeper", entrance="remote", epoch=None, seq=None)
        return self

    def join(self) -> None:
        self.snapshot = json.loads(self._connect("listener")[0])["state"]

    def leave_and_come_back(self, while_away: Callable[[], None]) -> None:
        """What happened meanwhile is replayed from the journal."""
        self.hub.disconnect("listener")
        seq = self.told[-1]["seq"] if self.told else self._snapshot_seq
        while_away()
        self.told += [json.loads(frame) for frame in self._connect("listener", seq=seq)]

    def replay(self, seq: int) -> list[dict[str, Any]]:
        """What a client gets that says it stands at `seq`, whether it ever was there or not."""
        frames = [json.loads(frame) for frame in self._connect("late", seq=seq)]
        self.hub.disconnect("late")
        return frames

    @property
    def seq(self) -> int:
        """The number at which a client that is up to date stands."""
        self.fresh()
        return self._snapshot_seq

    def presence(self) -> None:
        self.time(0)

    def time(self, seconds: float) -> None:
        """What is due by then."""
        self._note(self.hub.tick(NOW + timedelta(seconds=seconds)))

    def vector(self, name: str, *, replay: bool = False) -> dict[str, Any]:
        """`replay`: the events are what a client that came back was sent, so they hold no text that the result does not."""
        return {"name": name, "replay": replay, "snapshot": self.snapshot, "events": self.told, "result": self.fresh()}

    def fresh(self) -> dict[str, Any]:
        state = json.loads(self._connect("fresh")[0])["state"]
        self.hub.disconnect("fresh")
        return state  # type: ignore[no-any-return]

    def _connect(self, key: str, seq: int | None = None) -> list[bytes]:
        frames = self.hub.connect(
            key, session=SESSION, view=self.view, person=self.person, entrance=self.door, epoch=EPOCH if seq is not None else None, seq=seq
        )
        if seq is None:
            self._snapshot_seq = json.loads(frames[0])["seq"]
        return frames

    def _note(self, outs: list[Any]) -> None:
        self.told += [json.loads(out.frame) for out in outs if "listener" in out.to]


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


AUDIENCES: tuple[tuple[View, str], ...] = (("public", ANNE), ("moderator", "person-moderator"), ("display", "person-screen"))


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
                {**frame, "seq": 92, "kind": "votes", "data": {"counts": {Q3: 9}}},
                {**frame, "seq": 93, "kind": "floor", "data": {"state": "closed", "version": 0}},
            ],
            "result": scene.snapshot,
        },
        {
            "name": "a vote told twice counts once",
            "replay": False,
            "snapshot": scene.snapshot,
            "events": [
                {**frame, "kind": "voted", "data": {"id": Q2, "on": True}},
                {**frame, "seq": 91, "kind": "voted", "data": {"id": Q1, "on": True}},
                {**frame, "seq": 92, "kind": "voted", "data": {"id": Q1, "on": True}},
                {**frame, "seq": 93, "kind": "voted", "data": {"id": Q3, "on": False}},
            ],
            "result": {**scene.snapshot, "my_votes": [Q1, Q2]},
        },
    ]


def vectors() -> dict[str, list[dict[str, Any]]]:
    """File name → its vectors."""
    from tests.unit.qa.feed.desk_vectors import desk_vectors  # made of the scenes of this file

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
        "polls.json": [*(_polls_seen(*each) for each in AUDIENCES), *(_polls_away(*each) for each in AUDIENCES)],
        "random.json": [_random_replay(seed) for seed in range(12)],
        "reducer.json": _by_hand(),
    }


def render(content: list[dict[str, Any]]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name, content in vectors().items():
        (FOLDER / name).write_text(render(content), encoding="utf-8")
