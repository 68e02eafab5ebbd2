"""The aspect of presence: how many people are connected, by door. People, not connections; sent once a second at most.

Each process counts its own people and tells the others (`PresenceCounted`); what is shown is the sum of their shares. A process that was
killed says nothing any more, and its share ends after SHARE_SECONDS.

snapshot and frame  presence {"in_room", "remote", "hub"}
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.projection import DISPLAY, Json, View
from shared.events.kind import Event
from shared.events.presence import PresenceCounted
from shared.events.vocabulary import DOORS, Attendance, Door, is_door

SHARE_SECONDS: Final = 12
"""How long a process counts that was not heard of; it speaks at least three times in that."""
MOST_PROCESSES: Final = 64

Counts = Mapping[str, Mapping[Door, int]]
"""Session → door → people."""


@dataclass(slots=True)
class _Share:
    """Of another process. `until` is set by the first tick after it was heard."""

    seq: int
    counts: Counts
    until: datetime | None = None


class PresenceAspect(Aspect):
    def __init__(self, process: str = "") -> None:
        self._process = process
        self._there: dict[str, dict[str, tuple[Door, int]]] = defaultdict(dict)
        """Session → person → (door, connections)."""
        self._shares: dict[str, _Share] = {}
        self._sent: dict[str, dict[Door, int]] = {}

    def takes(self) -> Mapping[type[Event], Fold]:
        return {PresenceCounted: self._heard}

    def _heard(self, event: PresenceCounted, seq: int) -> Iterable[AspectChange]:
        """The next tick shows it."""
        known = self._shares.get(event.process)
        room = known is not None or len(self._shares) < MOST_PROCESSES
        if event.process != self._process and room and (known is None or seq > known.seq):
            self._shares[event.process] = _Share(seq, event.sessions)
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
        self._end_shares(now)
        own = self.own()
        for session in self._there.keys() | {id for share in self._shares.values() for id in share.counts} | self._sent.keys():
            counted = (counts.get(session, {}) for counts in (own, *(share.counts for share in self._shares.values())))
            total: Counter[Door] = sum((Counter(each) for each in counted), Counter())
            shown = {door: total[door] for door in DOORS}
            if shown != self.of(session):
                self._sent[session] = shown
                yield from for_everybody(session, "presence")

    def _end_shares(self, now: datetime) -> None:
        for process, share in list(self._shares.items()):
            if share.until is None:
                share.until = now + timedelta(seconds=SHARE_SECONDS)
            elif share.until <= now:
                del self._shares[process]

    def of(self, session: str) -> dict[Door, int]:
        """As last sent; zeros for an unknown session."""
        return self._sent.get(session) or dict.fromkeys(DOORS, 0)

    def shared(self, session: str, view: View) -> Json:
        return {"presence": self.of(session)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("presence", self.of(session))
