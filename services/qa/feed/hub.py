"""Who listens to which session, and which bytes an event means for whom: no I/O, no clock.

Every method returns what is to be written: `Out` holds one frame, encoded once, and the clients it goes to. The keys of the clients are
whatever the caller uses to find their sockets. What must not be here: sockets, passes, the store.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from services.qa.feed import state as views
from services.qa.feed.journal import EVERYONE, MOST_ENTRIES, Entry, of_person
from services.qa.feed.session import SessionFeed
from shared.events.floor import FloorChanged
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished
from shared.events.question import QuestionChanged, QuestionState
from shared.events.stage import StageChanged
from shared.events.votes import Ballot, VotesCounted

MOST_SESSIONS: Final = 500

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Out(Generic[K]):
    frame: bytes
    to: tuple[K, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage sends; `seq` counts its changes."""

    id: str
    seq: int
    state: str
    origin: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a hub needs to know, as the store has it."""

    sessions: Mapping[str, str | None] = field(default_factory=dict)
    """Session id → stage id."""
    floors: Sequence[tuple[str, str, int]] = ()
    """(session, state, version)"""
    stages: Sequence[Stage] = ()
    questions: Sequence[QuestionState] = ()
    ballots: Sequence[tuple[str, Ballot]] = ()
    """(session, ballot)"""


@dataclass(slots=True)
class _Room(Generic[K]):
    """The clients of one session, by address; `doors` holds how often each person is connected by which door."""

    feed: SessionFeed
    addresses: dict[str, dict[K, None]] = field(default_factory=dict)
    doors: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Client:
    session: str
    view: str
    person: str
    door: str

    @property
    def addresses(self) -> frozenset[str]:
        shared = {EVERYONE, self.view}
        return frozenset(shared if self.view == views.DISPLAY else shared | {of_person(self.person)})


class Hub(Generic[K]):
    def __init__(self, epoch: str, *, most_entries: int = MOST_ENTRIES) -> None:
        self.epoch = epoch
        self._most_entries = most_entries
        self._rooms: dict[str, _Room[K]] = {}
        self._clients: dict[K, _Client] = {}
        self._stages: dict[str, Stage] = {}

    # --- clients ---------------------------------------------------------------------------------------------------------------
    def knows(self, session: str) -> bool:
        return session in self._rooms

    def connect(self, key: K, *, session: str, view: str, person: str, door: str, epoch: str | None, seq: int | None) -> list[bytes]:
        """The missed events, or a snapshot. Raises KeyError for an unknown session."""
        room = self._rooms[session]
        client = self._clients[key] = _Client(session, view, person, door)
        for address in client.addresses:
            room.addresses.setdefault(address, {})[key] = None
        if view != views.DISPLAY and door in views.DOORS:
            room.doors[person] = (door, room.doors.get(person, (door, 0))[1] + 1)
        missed = room.feed.missed(seq, client.addresses) if epoch == self.epoch and seq is not None else None
        return [room.feed.snapshot(self.epoch, view, person)] if missed is None else missed

    def disconnect(self, key: K) -> None:
        client = self._clients.pop(key, None)
        if client is None:
            return
        room = self._rooms[client.session]
        for address in client.addresses:
            there = room.addresses[address]
            del there[key]
            if not there:
                del room.addresses[address]
        if client.person in room.doors and client.view != views.DISPLAY and client.door in views.DOORS:
            door, times = room.doors.pop(client.person)
            if times > 1:
                room.doors[client.person] = (door, times - 1)

    def presence(self, session: str) -> dict[str, int]:
        """As last said; zeros for an unknown session."""
        room = self._rooms.get(session)
        return dict.fromkeys(views.DOORS, 0) if room is None else room.feed.presence

    def questions(self, session: str) -> int:
        """How many questions are known of the session."""
        room = self._rooms.get(session)
        return 0 if room is None else len(room.feed.questions)

    # --- what happens ------------------------------------------------------------------------------------------------------------
    def on_event(self, event: Event, *, seq: int, correlation: str) -> list[Out[K]]:
        """`seq` of the event's subject. Classes that do not concern the feed are ignored."""
        if isinstance(event, QuestionChanged):
            session = event.question.session
            return self._said(session, self._feed(session).put(event.question, correlation))
        if isinstance(event, VotesCounted):
            return self._said(event.session, self._feed(event.session).count(event.counts, event.ballots, correlation))
        if isinstance(event, FloorChanged):
            return self._said(event.session, self._feed(event.session).set_floor(event.state, event.version, correlation))
        if isinstance(event, StageChanged):
            return self._stage(Stage(event.stage, seq, event.state, event.origin))
        if isinstance(event, ProgrammePublished):
            return self._sessions({each.id: each.stage for each in event.sessions})
        return []

    def load(self, contents: Contents) -> list[Out[K]]:
        """Take over what the store has: whatever is newer than what is known is said, as if its event had just come."""
        outs = self._sessions(contents.sessions)
        for stage in contents.stages:
            outs += self._stage(stage)
        for session, state, version in contents.floors:
            outs += self._said(session, self._feed(session).set_floor(state, version))
        for question in contents.questions:
            outs += self._said(question.session, self._feed(question.session).put(question))
        for session, ballot in contents.ballots:
            outs += self._said(session, self._feed(session).count({}, (ballot,)))
        return outs

    def tick(self) -> list[Out[K]]:
        """Once a second or less often: says who is present where that changed."""
        outs: list[Out[K]] = []
        for session, room in self._rooms.items():
            present = dict.fromkeys(views.DOORS, 0)
            for door, _ in room.doors.values():
                present[door] += 1
            outs += self._said(session, room.feed.set_presence(present))
        return outs

    def state(self, session: str, view: str, person: str) -> dict[str, Any]:
        """What a fresh snapshot of that client would hold. Raises KeyError for an unknown session."""
        return self._rooms[session].feed.state(view, person)

    # --- inside ------------------------------------------------------------------------------------------------------------------
    def _feed(self, session: str) -> SessionFeed:
        room = self._rooms.get(session)
        if room is None:
            if len(self._rooms) >= MOST_SESSIONS:
                raise ValueError(f"more than {MOST_SESSIONS} sessions")
            room = self._rooms[session] = _Room(SessionFeed(session, most_entries=self._most_entries))
        return room.feed

    def _sessions(self, stages: Mapping[str, str | None]) -> list[Out[K]]:
        outs: list[Out[K]] = []
        for session, stage in stages.items():
            feed = self._feed(session)
            feed.stage = stage
            known = self._stages.get(stage) if stage is not None else None
            if known is not None:
                outs += self._said(session, feed.set_stream({"state": known.state, "origin": known.origin}))
        return outs

    def _stage(self, stage: Stage) -> list[Out[K]]:
        known = self._stages.get(stage.id)
        if known is not None and known.seq >= stage.seq:
            return []
        self._stages[stage.id] = stage
        stream = {"state": stage.state, "origin": stage.origin}
        on_it = [room.feed for room in self._rooms.values() if room.feed.stage == stage.id]
        return [out for feed in on_it for out in self._said(feed.session, feed.set_stream(stream))]

    def _said(self, session: str, entries: Sequence[Entry]) -> list[Out[K]]:
        addresses = self._rooms[session].addresses
        return [Out(entry.frame, tuple(addresses[entry.address])) for entry in entries if entry.address in addresses]
