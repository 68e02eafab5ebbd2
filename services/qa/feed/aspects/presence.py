"""The aspect of presence: how many people are connected to this process, by door. People, not connections; sent once a second at most.

snapshot and frame  presence {"in_room", "remote", "hub"}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from services.qa.feed.aspect import Aspect, AspectChange, FrameData, for_everybody
from services.qa.feed.projection import DISPLAY, Json, View
from shared.events.vocabulary import DOORS, Attendance, Door, is_door


class PresenceAspect(Aspect):
    def __init__(self) -> None:
        self._there: dict[str, dict[str, tuple[Door, int]]] = defaultdict(dict)
        """Session → person → (door, connections)."""
        self._sent: dict[str, dict[Door, int]] = {}

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

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        for session, there in self._there.items():
            here = dict.fromkeys(DOORS, 0)
            for door, _ in there.values():
                here[door] += 1
            if here != self.of(session):
                self._sent[session] = here
                yield from for_everybody(session, "presence")

    def of(self, session: str) -> dict[Door, int]:
        """As last sent; zeros for an unknown session."""
        return self._sent.get(session) or dict.fromkeys(DOORS, 0)

    def shared(self, session: str, view: View) -> Json:
        return {"presence": self.of(session)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("presence", self.of(session))
