"""The aspect of colleagues: the moderators who are at the desk of this session, as far as this process knows. For moderators only.

snapshot and frame  colleagues [names, sorted; '' for each connection through a link that bears no name and that several may share]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from services.qa.feed.aspect import Aspect, AspectChange, FrameData
from services.qa.feed.projection import MODERATOR, Json, View
from shared.events.vocabulary import Attendance


class ColleagueAspect(Aspect):
    def __init__(self) -> None:
        self._there: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
        """Session → person → (name, connections)."""
        self._sent: dict[str, list[str]] = {}

    def arrive(self, session: str, view: View, person: str, entrance: Attendance, name: str) -> None:
        if view == MODERATOR:
            there = self._there[session]
            there[person] = (name, there[person][1] + 1 if person in there else 1)

    def leave(self, session: str, view: View, person: str, entrance: Attendance) -> None:
        there = self._there[session]
        if view == MODERATOR and person in there:
            name, times = there.pop(person)
            if times > 1:
                there[person] = (name, times - 1)

    def forget(self, session: str) -> None:
        self._there.pop(session, None)
        self._sent.pop(session, None)

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        for session, there in self._there.items():
            names = sorted(each for name, times in there.values() for each in (name,) * (1 if name else times))
            if names != self._sent.get(session, []):
                self._sent[session] = names
                yield AspectChange(session, ("colleagues",), MODERATOR)

    def shared(self, session: str, view: View) -> Json:
        return {"colleagues": self._sent.get(session, [])} if view == MODERATOR else {}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("colleagues", self._sent.get(session, []))
