"""The aspect of presence: how many people are there, by door. People, not connections; sent once a second at most.

Who is connected is there, and who read a page without script a moment ago. The host of a local hub stands for the people they declared
while a page of theirs is alive and the session is not over. Phones in such a hall are of people its host counted: the halls are as many as
their hosts declared or, where more are connected by that door, as those.

Each process counts its own people and tells the others (`PresenceCounted`); what is shown is the sum of their shares, a hall counted once
wherever its host's pages are. A process that was killed says nothing any more, and its share ends after SHARE_SECONDS.

snapshot and frame  presence {"in_room", "remote", "hub"}
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.projection import DISPLAY, Json, View
from services.qa.feed.shares import Shares
from shared.clock import from_text
from shared.events.hall import HallDeclared
from shared.events.kind import Event
from shared.events.presence import PresenceCounted
from shared.events.vocabulary import DOORS, Attendance, Door, is_door

GLIMPSE_SECONDS: Final = 90
"""How long somebody is there who read a page without script, which comes again each minute."""
MOST_READERS: Final = 12_000
"""Of pages without script, in all sessions of this process."""
MOST_HALLS: Final = 4096
"""Whose number is known here; who declared longest ago is forgotten first, and is known again by their next pass."""


@dataclass(frozen=True, slots=True)
class Present:
    """Session → door → people, and session → host of a local hub → how many are there. A host who declared nobody is one of the people."""

    people: Mapping[str, Mapping[Door, int]] = field(default_factory=dict)
    halls: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.people) + len(self.halls)


class PresenceAspect(Aspect):
    def __init__(self, process: str = "", over: Callable[[str], bool] = lambda session: False) -> None:
        """`over`: whether a session is, so that nobody stands for others there any more."""
        self._over = over
        self._there: dict[str, dict[str, tuple[Door, int]]] = defaultdict(dict)
        """Session → person → (door, connections)."""
        self._readers: dict[tuple[str, str], tuple[Door, datetime]] = {}
        """(session, person) → (door, until when they are there), whoever read longest ago first."""
        self._halls: dict[str, tuple[int, datetime]] = {}
        """Host → (people, declared at)."""
        self._shares: Shares[Present] = Shares(process)
        self._sent: dict[str, dict[Door, int]] = {}

    def takes(self) -> Mapping[type[Event], Fold]:
        return {PresenceCounted: self._heard, HallDeclared: self._declared}

    def _heard(self, event: PresenceCounted, seq: int) -> Iterable[AspectChange]:
        """The next tick shows it."""
        self._shares.hear(event.process, seq, Present(event.sessions, event.halls))
        return ()

    def _declared(self, event: HallDeclared, seq: int) -> Iterable[AspectChange]:
        self.declare(event.person_id, event.people, from_text(event.declared_at))
        return ()

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for host, (people, at) in contents.halls.items():
            self.declare(host, people, at)
        return ()

    # --- who is there ----------------------------------------------------------------------------------------------------------------
    def arrive(self, session: str, view: View, person: str, entrance: Attendance, name: str) -> None:
        if view != DISPLAY and is_door(entrance):
            there = self._there[session]
            there[person] = (entrance, there[person][1] + 1 if person in there else 1)

    def leave(self, session: str, view: View, person: str, entrance: Attendance) -> None:
        there = self._there[session]
        if person in there and view != DISPLAY and is_door(entrance):
            door, times = there.pop(person)
            if times > 1:
                there[person] = (door, times - 1)

    def declare(self, host: str, people: int, at: datetime) -> None:
        """What was said last holds. A pass says it as of the second it was issued in."""
        known = self._halls.get(host)
        if at >= known[1] if known is not None else people > 0:
            self._halls.pop(host, None)
            self._halls[host] = (people, at)
            if len(self._halls) > MOST_HALLS:
                del self._halls[next(iter(self._halls))]

    def glimpse(self, session: str, person: str, entrance: Attendance, now: datetime) -> None:
        """Somebody reads a page without script."""
        if is_door(entrance):
            self._readers.pop((session, person), None)
            self._readers[session, person] = (entrance, now + timedelta(seconds=GLIMPSE_SECONDS))
            if len(self._readers) > MOST_READERS:
                del self._readers[next(iter(self._readers))]

    def forget(self, session: str) -> None:
        self._there.pop(session, None)
        self._sent.pop(session, None)

    # --- what is counted -------------------------------------------------------------------------------------------------------------
    def own(self) -> Present:
        """The people at this process, of sessions where there are any."""
        people: dict[str, Counter[Door]] = {}
        halls: dict[str, dict[str, int]] = {}
        for session, doors in self._present().items():
            hosts = set() if self._over(session) else {id for id in doors.keys() & self._halls.keys() if doors[id] == "hub"}
            declared = {host: self._halls[host][0] for host in hosts if self._halls[host][0] > 0}
            if declared:
                halls[session] = declared
            counts = Counter(doors.values())
            counts["hub"] -= len(declared)
            if +counts:
                people[session] = +counts
        return Present(people, halls)

    def _present(self) -> Mapping[str, Mapping[str, Door]]:
        """Session → person → door, where there is anybody."""
        found = {session: {person: door for person, (door, _) in there.items()} for session, there in self._there.items() if there}
        for (session, person), (door, _) in self._readers.items():
            found.setdefault(session, {}).setdefault(person, door)
        return found

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        self._shares.end(now)
        for reader in [reader for reader, (_, until) in self._readers.items() if until <= now]:
            del self._readers[reader]
        shares = (self.own(), *self._shares.each())
        sessions = {id for share in shares for id in (*share.people, *share.halls)}
        for session in self._there.keys() | sessions | self._sent.keys():
            shown = _together(session, shares)
            if shown != self.of(session):
                self._sent[session] = shown
                yield from for_everybody(session, "presence")

    def of(self, session: str) -> dict[Door, int]:
        """As last sent; zeros for an unknown session."""
        return self._sent.get(session) or dict.fromkeys(DOORS, 0)

    def shared(self, session: str, view: View) -> Json:
        return {"presence": self.of(session)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("presence", self.of(session))


def _together(session: str, shares: Iterable[Present]) -> dict[Door, int]:
    """All processes. The pages of a host may be at several of them: there is one hall."""
    people: Counter[Door] = Counter()
    halls: dict[str, int] = {}
    for share in shares:
        people.update(share.people.get(session, {}))
        for host, number in share.halls.get(session, {}).items():
            halls[host] = max(number, halls.get(host, 0))
    people["hub"] = max(sum(halls.values()), people["hub"] + len(halls))
    return {door: people[door] for door in DOORS}
