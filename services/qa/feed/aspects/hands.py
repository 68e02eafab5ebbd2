"""The aspect of raised hands: how many there are for everybody, one's own place, the line for moderators and the chair.

snapshot  hands    {"count", "doors": door → how many}, sent once a second at most
          line     hand id → HAND (moderators, chair)
          my_hand  {"id", "version", "at", "rank", "anonymous"}, null while one's hand is down (not for screens); its rank moves once a
                   second at most
frames    hands {…both…} · hand {…the hand…} · hand_down {"id"} · my_hand {…the hand…} or null
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.hands import hand_for, own_hand
from services.qa.feed.projection import AT_WORK, Json, View
from shared.events.hand import HandChanged, HandState
from shared.events.kind import Event
from shared.events.vocabulary import DOORS

_COUNT: Final = "*"
"""The key of how many there are; the others are hand ids, or ""."""
_OWN: Final = ""
MOST_LOWERED: Final = 2000
"""Lowered hands of a session that are remembered, so that what comes late of them raises none again."""


class _Line:
    """The hands of one session."""

    def __init__(self) -> None:
        self.hands: dict[str, HandState] = {}
        """By id, in the order of the line."""
        self.lowered: dict[str, int] = {}
        """Id → version."""
        self.ranks: dict[str, int] = {}
        """Person → place in the line, as last told."""
        self.told: Json = _counted(())

    def put(self, hand: HandState) -> HandState | None:
        """The hand as it was before, or as it is; None when that is no news."""
        before = self.hands.get(hand.id)
        if hand.version <= (before.version if before is not None else self.lowered.get(hand.id, 0)):
            return None
        self.hands.pop(hand.id, None)
        self.lowered.pop(hand.id, None)
        if hand.up:
            self._stand(hand)
        else:
            self.lowered[hand.id] = hand.version
            while len(self.lowered) > MOST_LOWERED:
                del self.lowered[next(iter(self.lowered))]
        return before or hand

    def _stand(self, hand: HandState) -> None:
        """Nearly always at the end."""
        last = next(reversed(self.hands.values()), None)
        self.hands[hand.id] = hand
        if last is not None and _order(last) > _order(hand):
            ordered: list[HandState] = []
            for each in self.hands.values():
                insort(ordered, each, key=_order)
            self.hands = {each.id: each for each in ordered}

    def own(self, person: str) -> HandState | None:
        return next((hand for hand in self.hands.values() if hand.person == person), None) if person in self.ranks else None


class HandAspect(Aspect):
    def __init__(self) -> None:
        self._lines: dict[str, _Line] = defaultdict(_Line)

    def takes(self) -> Mapping[type[Event], Fold]:
        return {HandChanged: lambda event, seq: self._put(event.hand)}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for hand in contents.hands:
            yield from self._put(hand)

    def forget(self, session: str) -> None:
        self._lines.pop(session, None)

    def _put(self, hand: HandState) -> Iterable[AspectChange]:
        """Moderators and the person learn it at once, the others with the next tick."""
        line = self._lines[hand.session]
        known = line.put(hand)
        if known is None:
            return
        for view in AT_WORK:
            yield AspectChange(hand.session, (hand.id,), view)
        if hand.up:
            line.ranks[known.person] = 1 + list(line.hands).index(hand.id)
        else:
            line.ranks.pop(known.person, None)
        yield AspectChange(hand.session, (_OWN,), person=known.person)

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        for session, line in self._lines.items():
            counted = _counted(tuple(line.hands.values()))
            if counted != line.told:
                line.told = counted
                yield from for_everybody(session, _COUNT)
            yield from self._move_up(session, line)

    @staticmethod
    def _move_up(session: str, line: _Line) -> Iterable[AspectChange]:
        for rank, hand in enumerate(line.hands.values(), start=1):
            if line.ranks.get(hand.person) != rank:
                line.ranks[hand.person] = rank
                yield AspectChange(session, (_OWN,), person=hand.person)

    # --- what is shown -------------------------------------------------------------------------------------------------------------
    def blank(self) -> Json:
        return {"hands": {"count": 0, "doors": dict.fromkeys(DOORS, 0)}}

    def shared(self, session: str, view: View) -> Json:
        line = self._lines[session]
        fields: Json = {"hands": line.told}
        return {**fields, "line": {id: hand_for(hand) for id, hand in line.hands.items()}} if view in AT_WORK else fields

    def personal(self, session: str, person: str) -> Json:
        return {"my_hand": self._mine(session, person)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        line = self._lines[session]
        for key in keys:
            if key == _OWN:
                yield FrameData("my_hand", self._mine(session, person))
            elif key == _COUNT:
                yield FrameData("hands", line.told)
            elif key in line.hands:
                yield FrameData("hand", hand_for(line.hands[key]))
            else:
                yield FrameData("hand_down", {"id": key})

    def _mine(self, session: str, person: str) -> Json | None:
        line = self._lines[session]
        hand = line.own(person)
        return None if hand is None else own_hand(hand, line.ranks[person])


def _order(hand: HandState) -> tuple[str, str]:
    return hand.raised_at, hand.id


def _counted(hands: tuple[HandState, ...]) -> Json:
    doors = Counter(hand.door for hand in hands)
    return {"count": len(hands), "doors": {door: doors[door] for door in DOORS}}
