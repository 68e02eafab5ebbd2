"""The aspect of presence: how many people are connected, by door. People, not connections; sent once a second at most.

Each process counts its own people and tells the others (`PresenceCounted`); what is shown is the sum of their shares. A process that was
killed says nothing any more, and its share ends after SHARE_SECONDS.

snapshot and frame  presence {"in_room", "remote", "hub"}
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.projection import DISPLAY, Json, View
from services.qa.feed.shares import Shares
from shared.events.kind import Event
from shared.events.presence import PresenceCounted
from shared.events.vocabulary import DOORS, Attendance, Door, is_door

Counts = Mapping[str, Mapping[Door, int]]
"""Session → door → people."""


class PresenceAspect(Aspect):
    def __init__(self, process: str = "") -> None:
        self._there: dict[str, dict[str, tuple[Door, int]]] = defaultdict(dict)
        """Session → person → (door, connections)."""
        self._shares: Shares[Counts] = Shares(process)
        self._sent: dict[str, dict[Door, int]] = {}

    def takes(self) -> Mapping[type[Event], Fold]:
        return {PresenceCounted: self._heard}

    def _heard(self, event: PresenceCounted, seq: int) -> Iterable[AspectChange]:
        """The next tick shows it."""
        self._shares.hear(event.process, seq, event.sessions)
        return ()

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

    def forget(self, session: str) -> None:
        self._there.pop(session, None)
        self._sent.pop(session, None)

    def own(self) -> Counts:
        """The people at this process, of sessions where there are any."""
        return {session: Counter(door for door, _ in there.values()) for session, there in self._there.items() if there}

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        self._shares.end(now)
        own, others = self.own(), tuple(self._shares.each())
        for session in self._there.keys() | {id for counts in others for id in counts} | self._sent.keys():
            counted = (counts.get(session, {}) for counts in (own, *others))
            total: Counter[Door] = sum((Counter(each) for each in counted), Counter())
            shown = {door: total[door] for door in DOORS}
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
