"""A session of the live feed as one client sees it, told step by step: what the vectors are made of. Everything is deterministic."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.qa.facts import Contents, StageFacts
from services.qa.feed.aspects import new_aspects
from services.qa.feed.aspects.seats import ENDED
from services.qa.feed.hub import Hub
from services.qa.feed.projection import View
from services.qa.floor import Floor
from shared.events.catalogue import decode
from shared.events.floor import FloorChanged
from shared.events.guard import EVERYWHERE, BlankState, GuardRevised, GuardState, MutedState, ScreensBlanked, ScreensRestored, WordsListed
from shared.events.hand import HandLowered, HandRaised, HandState
from shared.events.kind import Event
from shared.events.note import NoteCleared, NoteSeen, NoteSent, NoteState
from shared.events.poll import (
    PollAnswer,
    PollChanged,
    PollCounted,
    PollOption,
    PollState,
    PollTally,
)
from shared.events.programme import ProgrammePublished, ReasonRef, SessionRef, StageRef
from shared.events.question import QuestionPublished, QuestionState
from shared.events.reactions import ReactionsCounted
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.events.stage import StageChanged
from shared.events.table import SeatEnded, SeatInvited, SeatMoved, SeatState, StudioHeld
from shared.events.vocabulary import Attendance, FloorState, Progress, QuestionStatus, SeatStanding, StageOrigin, StageState
from shared.events.votes import Ballot, VoteCount, VotesCounted

SESSION = "table-ronde-1"
BEFORE = "ouverture"
"""Another session of the same stage."""
STAGE = "grande-salle"
EPOCH = "e0"
NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
ANNE, BASILE = "person-anne", "person-basile"
AUDIENCES: tuple[tuple[View, str], ...] = (
    ("public", ANNE),
    ("moderator", "person-moderator"),
    ("chair", "person-chair"),
    ("display", "person-screen"),
)
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


def hand(person: str, *, at: int = 1, id: str = "", **more: Any) -> HandState:
    given: dict[str, Any] = {
        "id": id or f"hand-{at}", "session": SESSION, "version": 1, "up": True, "person": person, "name": person.title(), "door": "remote",
        "raised_at": f"2021-06-03T08:0{at}:00.000Z", "changed_at": f"2021-06-03T08:0{at}:00.000Z", "changed_by": "", **more,
    }  # fmt: skip
    return HandState(**given)


def seat(person: str, state: SeatStanding = "invited", *, id: str = "", version: int = 1, at: int = 1, **more: Any) -> SeatState:
    instant = f"2021-06-03T08:0{at}:00.000Z"
    given: dict[str, Any] = {
        "id": id or f"seat-{at}", "session": SESSION, "version": version, "state": state, "kind": "guest", "person": person,
        "name": person.removeprefix("person-").title(), "title": "", "door": "remote", "voice_only": False, "no_picture": False,
        "muted": False, "hand": "", "question": "", "invited_at": instant, "expires_at": "2021-06-03T08:09:00.000Z", "since": instant,
        "round_trip_ms": 0, "picture": "", "undo": "", **more,
    }  # fmt: skip
    return SeatState(**given)


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

    def __init__(self, view: View, person: str, *, door: Attendance = "remote", epoch: str = EPOCH) -> None:
        self.hub: Hub[str] = Hub(epoch, new_aspects())
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

    def hand(self, state: HandState) -> HandState:
        self.tell((HandRaised if state.up else HandLowered)(state), subject=state.id, seq=state.version)
        return state

    def lower(self, state: HandState, **more: Any) -> HandState:
        return self.hand(replace(state, version=state.version + 1, up=False, changed_by="Claire", **more))

    def note(self, id: str, version: int = 1, **more: Any) -> None:
        given: dict[str, Any] = {
            "id": id, "session": SESSION, "version": version, "side": "desk", "name": "Claire", "text": "Plus que deux questions.",
            "at": "2021-06-03T08:00:00.000Z", **more,
        }  # fmt: skip
        kind = NoteCleared if more.get("cleared") else NoteSeen if more.get("seen_at") else NoteSent
        self.tell(kind(NoteState(**given)), subject=id, seq=version)

    def seat(self, state: SeatState) -> SeatState:
        kind = SeatInvited if state.state == "invited" else SeatEnded if state.state in ENDED else SeatMoved
        self.tell(kind(state), subject=state.id, seq=state.version)
        return state

    def studio(self, seq: int, instance: str, until: int) -> None:
        """`until`: a second of the minute."""
        instant = f"2021-06-03T08:00:{until:02}.000Z"
        self.tell(StudioHeld(SESSION, instance, "2021-06-03T08:00:00.000Z", instant), subject=SESSION, seq=seq)

    def blank(self, version: int, session: str = SESSION, *, on: bool = True) -> None:
        state = GuardState(session, version, BlankState("2021-06-03T08:00:00.000Z", "Claire", "moderator") if on else None)
        self.tell((ScreensBlanked if on else ScreensRestored)(state), subject=session, seq=version)

    def protect(self, version: int, *, slow: int = 0, muted: tuple[MutedState, ...] = ()) -> None:
        self.tell(GuardRevised(GuardState(SESSION, version, None, slow, muted)), subject=SESSION, seq=version)

    def words(self, version: int, *french: str) -> None:
        self.tell(WordsListed(GuardState(EVERYWHERE, version, words={"fr": french, "en": ()})), subject=EVERYWHERE, seq=version)

    def reactions(self, seq: int, **counts: int) -> None:
        self.tell(ReactionsCounted("elsewhere", {SESSION: counts}), subject="elsewhere", seq=seq)  # type: ignore[dict-item]

    def floor(self, state: FloorState, version: int) -> None:
        self.tell(FloorChanged(SESSION, state, version, "2021-06-03T08:00:00.000Z"), subject=SESSION, seq=version)

    def stream(self, state: StageState, origin: StageOrigin, seq: int) -> None:
        self.tell(StageChanged(STAGE, state, origin, "2021-06-03T08:00:00.000Z"), subject=STAGE, seq=seq)

    def programme(self, version: int, *sessions: SessionRef) -> None:
        self.tell(programme(*sessions), subject="assises", seq=version)

    def reasons(self, version: int, *reasons: ReasonRef) -> None:
        self.tell(replace(programme(session_ref()), reasons=reasons), subject="assises", seq=version)

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
        _, frames = self.hub.connect(
            key, session=SESSION, view=self.view, person=self.person, entrance=self.door, epoch=EPOCH if seq is not None else None, seq=seq
        )
        if seq is None:
            self._snapshot_seq = json.loads(frames[0])["seq"]
        return frames

    def _note(self, outs: list[Any]) -> None:
        self.told += [json.loads(out.frame) for out in outs if "listener" in out.to]
