"""The aspect of colleagues: the moderators who are at the desk of this session, at whichever process. For moderators only.

Each process knows its own and tells the others (`DesksCounted`); what is shown are those of all of them.

snapshot and frame  colleagues [names, sorted; '' for each connection through a link that bears no name and that several may share]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import chain

from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.projection import MODERATOR, Json, View
from services.qa.feed.shares import Shares
from shared.events.desks import AtDesk, DesksCounted
from shared.events.kind import Event
from shared.events.vocabulary import Attendance

Desks = Mapping[str, tuple[AtDesk, ...]]
"""Session → who moderates it."""


class ColleagueAspect(Aspect):
    def __init__(self, process: str = "", lost: Callable[[], None] = lambda: None) -> None:
        """`lost` is called when another process has not been heard of for too long."""
        self._there: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
        """Session → person → (name, connections), at this process."""
        self._shares: Shares[Desks] = Shares(process, lost)
        self._sent: dict[str, list[str]] = {}

    def takes(self) -> Mapping[type[Event], Fold]:
        return {DesksCounted: self._heard}

    def _heard(self, event: DesksCounted, seq: int) -> Iterable[AspectChange]:
        """The next tick shows it."""
        self._shares.hear(event.process, seq, event.sessions)
        return ()

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

    def own(self) -> Desks:
        """The moderators at this process, of sessions where there are any."""
        return {
            session: tuple(AtDesk(person, name, pages) for person, (name, pages) in there.items())
            for session, there in self._there.items()
            if there
        }

    @property
    def processes(self) -> int:
        """How many are known to be up, this one included: each says now and then who moderates there, also when nobody does."""
        return 1 + len(self._shares)

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        self._shares.end(now)
        all_of_them = (self.own(), *self._shares.each())
        for session in dict.fromkeys(chain(self._sent, *all_of_them)):
            names = _names(chain.from_iterable(desks.get(session, ()) for desks in all_of_them))
            if names != self._sent.get(session, []):
                self._sent[session] = names
                yield AspectChange(session, ("colleagues",), MODERATOR)

    def shared(self, session: str, view: View) -> Json:
        return {"colleagues": self._sent.get(session, [])} if view == MODERATOR else {}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("colleagues", self._sent.get(session, []))


def _names(there: Iterable[AtDesk]) -> list[str]:
    """Who has a name is one person in however many pages, at whichever process."""
    named: dict[str, str] = {}
    nameless: list[str] = []
    for each in there:
        if each.name:
            named[each.person] = each.name
        else:
            nameless += [""] * each.pages
    return sorted([*named.values(), *nameless])
