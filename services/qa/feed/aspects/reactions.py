"""The aspect of reactions: how many of each kind there were in the last seconds, whoever showed them. Sent once a second at most.

Each process counts its own and tells the others (`ReactionsCounted`); what is shown is the sum of their shares.

snapshot and frame  reactions {kind → how many in the last RECENT_SECONDS}
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.projection import Json, View
from services.qa.feed.shares import Shares
from shared.events.kind import Event
from shared.events.reactions import ReactionsCounted
from shared.events.vocabulary import REACTION_KINDS, ReactionKind

RECENT_SECONDS: Final = 8

Recent = Mapping[str, Mapping[ReactionKind, int]]
"""Session → kind → how many in the last RECENT_SECONDS."""


class ReactionAspect(Aspect):
    def __init__(self, process: str = "") -> None:
        self._seconds: dict[str, dict[int, Counter[ReactionKind]]] = defaultdict(dict)
        """Session → second → kind → how many, of this process."""
        self._shares: Shares[Recent] = Shares(process)
        self._sent: dict[str, dict[ReactionKind, int]] = {}

    def takes(self) -> Mapping[type[Event], Fold]:
        return {ReactionsCounted: self._heard}

    def _heard(self, event: ReactionsCounted, seq: int) -> Iterable[AspectChange]:
        """The next tick shows it."""
        self._shares.hear(event.process, seq, event.sessions)
        return ()

    def show(self, session: str, kind: ReactionKind, now: datetime) -> None:
        """Somebody here reacted."""
        self._seconds[session].setdefault(int(now.timestamp()), Counter())[kind] += 1

    def forget(self, session: str) -> None:
        self._seconds.pop(session, None)
        self._sent.pop(session, None)

    def own(self, now: datetime) -> Recent:
        """Those at this process, of sessions where there are any."""
        first = int(now.timestamp()) - RECENT_SECONDS + 1
        for session, seconds in list(self._seconds.items()):
            for second in [second for second in seconds if second < first]:
                del seconds[second]
            if not seconds:
                del self._seconds[session]
        return {session: dict(sum(seconds.values(), Counter())) for session, seconds in self._seconds.items()}

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        self._shares.end(now)
        counted = (self.own(now), *self._shares.each())
        for session in {id for counts in counted for id in counts} | self._sent.keys():
            total: Counter[ReactionKind] = sum((Counter(counts.get(session, {})) for counts in counted), Counter())
            shown = {kind: total[kind] for kind in REACTION_KINDS}
            if shown != self.of(session):
                self._sent[session] = shown
                yield from for_everybody(session, "reactions")

    def of(self, session: str) -> dict[ReactionKind, int]:
        """As last sent; zeros for an unknown session."""
        return self._sent.get(session) or dict.fromkeys(REACTION_KINDS, 0)

    def blank(self) -> Json:
        return {"reactions": dict.fromkeys(REACTION_KINDS, 0)}

    def shared(self, session: str, view: View) -> Json:
        return {"reactions": self.of(session)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("reactions", self.of(session))
