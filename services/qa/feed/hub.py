"""Who listens to which session, and which bytes an event means for whom: no I/O, no clock.

Every method returns what is to be written: `Out` holds one frame, encoded once, and the clients it goes to. The keys of the clients are
whatever the caller uses to find their sockets. What an event means is the aspects' knowledge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, Passing
from services.qa.feed.epoch import Epoch, parse_epoch
from services.qa.feed.journal import MOST_ENTRIES
from services.qa.feed.projection import DISPLAY, View
from services.qa.feed.session import Address, SessionFeed
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished
from shared.events.vocabulary import Attendance

MOST_SESSIONS: Final = 2000
"""Those in force, those removed that somebody listens to or asked in, and while a programme replaces another both of them."""
MENDED_AT_ONCE: Final = 500
"""Snapshots with one tick for those who came from another process and may have been shown there what nobody heard of here."""

K = TypeVar("K", bound=Hashable)


class TooManySessions(ValueError):
    """More than MOST_SESSIONS: no programme is like that."""


@dataclass(frozen=True, slots=True)
class Out(Generic[K]):
    frame: bytes
    to: tuple[K, ...]


class Joined(NamedTuple):
    """What a client is told that comes in: the epoch of the numbers from now on, and its first frames."""

    epoch: str
    frames: list[bytes]


@dataclass(slots=True)
class _Room(Generic[K]):
    """The clients of one session, by address; and those who go on here with what another process told them."""

    feed: SessionFeed
    addresses: dict[Address, dict[K, None]] = field(default_factory=dict)
    adopted: dict[K, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Client:
    session: str
    view: View
    person: str
    entrance: Attendance

    @property
    def addresses(self) -> tuple[Address, ...]:
        shared = Address(self.view, "")
        return (shared,) if self.view == DISPLAY else (shared, Address(self.view, self.person))


class Hub(Generic[K]):
    def __init__(self, epoch: str, aspects: Sequence[Aspect], *, most_entries: int = MOST_ENTRIES) -> None:
        """`epoch`: of this process (services.qa.feed.epoch)."""
        self.begin(epoch)
        self._at = 0
        self._aspects = aspects
        self._most_entries = most_entries
        self._rooms: dict[str, _Room[K]] = {}
        self._first = 0
        """Where the journal of a new room begins: beyond whatever was said of rooms that are forgotten."""
        self._clients: dict[K, _Client] = {}
        self._unsure: dict[K, None] = {}
        """Who may have been shown something elsewhere that is not to be shown any more, of which nothing was heard here."""
        self._folds: dict[type[Event], list[tuple[int, Fold]]] = defaultdict(list)
        for place, aspect in enumerate(aspects):
            for taken, fold in aspect.takes().items():
                self._folds[taken].append((place, fold))

    def begin(self, epoch: str) -> None:
        """The epoch of this process, before anybody comes. Raises ValueError for one that no process could have."""
        told = parse_epoch(epoch)
        if told is None:
            raise ValueError(epoch)
        self._epoch = told

    def time_is(self, now: datetime) -> None:
        """Of what comes next: what changes is numbered by it."""
        self._at = max(self._at, int(now.timestamp() * 1000))

    @property
    def takes(self) -> tuple[type[Event], ...]:
        """The event classes that somebody has to bring here."""
        return (*self._folds, ProgrammePublished) if ProgrammePublished not in self._folds else tuple(self._folds)

    # --- clients ---------------------------------------------------------------------------------------------------------------
    def refusal(self, session: str, view: View) -> str:
        """Why nobody new may join that view: a dotted code; empty when they may."""
        if session not in self._rooms:
            return "qa.unknown_session"
        return next(filter(None, (aspect.refuses(session, view) for aspect in self._aspects)), "")

    def connect(
        self, key: K, *, session: str, view: View, person: str, entrance: Attendance, epoch: str | None, seq: int | None, name: str = ""
    ) -> Joined:
        """What was missed, or a snapshot. Raises KeyError for an unknown session."""
        room = self._rooms[session]
        client = self._clients[key] = _Client(session, view, person, entrance)
        for address in client.addresses:
            room.addresses.setdefault(address, {})[key] = None
        for aspect in self._aspects:
            aspect.arrive(session, view, person, entrance, name)
        told = None if epoch is None or seq is None else self._missed(room.feed, epoch, seq, view, person)
        if told is None:
            return Joined(str(self._epoch), [self._snapshot(client)])
        came, frames = told
        if came.adopted:
            room.adopted[key] = None
        return Joined(str(came), frames)

    def declare(self, host: str, people: int, at: datetime) -> None:
        """The pass of the host of a local hub, issued then, says how many are there."""
        for aspect in self._aspects:
            aspect.declare(host, people, at)

    def _missed(self, feed: SessionFeed, epoch: str, seq: int, view: View, person: str) -> tuple[Epoch, list[bytes]] | None:
        """Of a client that stands there, at this process or at another one of the same store: its epoch from now on, and its frames; None
        when only a snapshot can tell."""
        stood = parse_epoch(epoch)
        if stood is None or stood.store != self._epoch.store:
            return None
        if self._epoch.exact(stood, seq):
            sure = not stood.adopted or feed.missed_nothing(stood.handed, view)
            missed = feed.missed(seq, view, person) if sure else None
            return None if missed is None else (self._epoch._replace(handed=stood.handed), missed)
        adopted = feed.adopt(seq, view, person, self._at)
        return None if adopted is None else (self._epoch._replace(handed=adopted[0]), adopted[1])

    def _snapshot(self, client: _Client) -> bytes:
        return self._rooms[client.session].feed.snapshot(str(self._epoch), client.view, client.person)

    def disconnect(self, key: K) -> None:
        client = self._clients.pop(key, None)
        if client is None:
            return
        room, addresses = self._rooms[client.session], self._rooms[client.session].addresses
        room.adopted.pop(key, None)
        self._unsure.pop(key, None)
        for address in client.addresses:
            del addresses[address][key]
            if not addresses[address]:
                del addresses[address]
        for aspect in self._aspects:
            aspect.leave(client.session, client.view, client.person, client.entrance)

    # --- what happens ------------------------------------------------------------------------------------------------------------
    def on_event(self, event: Event, *, seq: int, correlation: str = "") -> list[Out[K]]:
        """`seq` of the event's subject. Classes that no aspect takes are ignored. Raises TooManySessions."""
        if isinstance(event, ProgrammePublished):
            self._forget()
            for session in event.sessions:
                self._room(session.id)
        folds = [each for known in type(event).__mro__ for each in self._folds.get(known, ())]
        return [out for place, fold in folds for out in self._render(place, fold(event, seq), correlation)]

    def load(self, contents: Contents) -> list[Out[K]]:
        """Take over what the store has: whatever is newer than what is known is sent, as if its event had just come."""
        for session in contents.sessions:
            self._room(session)
        return [out for place, aspect in enumerate(self._aspects) for out in self._render(place, aspect.load(contents))]

    def tick(self, now: datetime) -> list[Out[K]]:
        """About once a second: what is sent at intervals or when its time has come."""
        outs = [out for place, aspect in enumerate(self._aspects) for out in self._render(place, aspect.tick(now))]
        return outs + [self._mended(key) for key in list(self._unsure)[:MENDED_AT_ONCE]]

    def state(self, session: str, view: View, person: str) -> dict[str, Any]:
        """What a fresh snapshot of that client would hold. Raises KeyError for an unknown session."""
        return self._rooms[session].feed.state(view, person)

    # --- who came from another process ---------------------------------------------------------------------------------------------
    def _doubt(self, room: _Room[K], view: View) -> None:
        """Those of that view who go on with what another process told them: it may have told them what is missing here."""
        self._unsure |= dict.fromkeys(key for key in room.adopted if self._clients[key].view == view)

    def _mended(self, key: K) -> Out[K]:
        """A snapshot, from which on the client has only what was told here."""
        client = self._clients[key]
        del self._unsure[key], self._rooms[client.session].adopted[key]
        return Out(self._snapshot(client), (key,))

    # --- inside ------------------------------------------------------------------------------------------------------------------
    def _forget(self) -> None:
        """Rooms where nobody is and of which no aspect holds anything: sessions that the programme before had no more either, so that
        whoever comes back to one that was just removed is told so."""
        for session, room in list(self._rooms.items()):
            if not room.addresses and not any(aspect.holds(session) for aspect in self._aspects):
                self._first = max(self._first, room.feed.highest + 1)
                del self._rooms[session]
                for aspect in self._aspects:
                    aspect.forget(session)

    def _room(self, session: str) -> _Room[K]:
        room = self._rooms.get(session)
        if room is None:
            if len(self._rooms) >= MOST_SESSIONS:
                raise TooManySessions(f"more than {MOST_SESSIONS} sessions")
            feed = SessionFeed(session, self._aspects, most_entries=self._most_entries, first=max(self._first, self._at))
            room = self._rooms[session] = _Room(feed)
        return room

    def _render(self, place: int, changes: Iterable[AspectChange | Passing], correlation: str = "") -> Iterable[Out[K]]:
        for change in changes:
            room = self._room(change.session)
            if isinstance(change, Passing):
                for address, frame in room.feed.pass_on(change, room.addresses.__contains__):
                    yield Out(frame, tuple(room.addresses[address]))
                continue
            if change.view is not None and not change.keys:
                self._doubt(room, change.view)
            for address, frames in room.feed.write(place, change, correlation, self._at, room.addresses.__contains__):
                for frame in frames:
                    yield Out(frame, tuple(room.addresses[address]))
