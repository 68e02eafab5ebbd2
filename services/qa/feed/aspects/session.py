"""The aspect of the session: its present facts, for every view alike. A frame holds all of them, and replaces what the page had.

snapshot and frame  session {
    "id"            the session's id
    "title"         "" while nothing was told of the session (a service that has just begun): keep what the page came with
    "label"         "" where the print has none
    "language"      of title and label, BCP 47; "" not known
    "room"          id of the room, or null
    "starts_at"     RFC 3339 in UTC, or null: when it really began or is expected to
    "ends_at"       likewise
    "progress"      "unknown" | "upcoming" | "on" | "over" | "cancelled"; in a rehearsal "over" only once somebody ended it
    "moved"         whether starts_at or ends_at differ from the print
    "participants"  [{"name", "titles": [texts], "moderates"}] in print order
    "removed"       whether the programme in force has it no more: the facts are those last told, progress is "unknown"
    "stage"         id of the stage people watch it on, or null
    "streamed"      whether there is such a stage
    "closed"        whether the programme says that nothing of its hall is to be streamed
    "now"           {"id", "title", "label"} of the session that is on, or null; it may be this one
    "next"          {"id", "title", "label", "starts_at"} of the next one that is upcoming, or null; it may be this one
}
`now` and `next` are of the same stage, for a session without one of the same room, without a room of the whole event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.projection import MODERATOR, Json, View
from services.qa.floor import ENDED, announced
from shared.clock import from_text
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished, SessionRef
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.events.vocabulary import Progress

REMOVED: Final = "qa.session_removed"

Place = tuple[str, str]
"""Where sessions follow each other: a stage, a room, or the whole event."""


class SessionAspect(Aspect):
    def __init__(self) -> None:
        self._programme = 0
        self._order = 0
        self._language = ""
        self._rehearsal = False
        self._refs: dict[str, SessionRef] = {}
        """Every session that is known, as it was last told."""
        self._in_force: frozenset[str] = frozenset()
        self._slots: dict[str, SlotRef] = {}
        self._facts: dict[str, Json] = {}

    def speakers(self, session: str) -> frozenset[str]:
        """Names of those at the table, as last told."""
        ref = self._refs.get(session)
        return frozenset() if ref is None else frozenset(each.name for each in ref.participants)

    def takes(self) -> Mapping[type[Event], Fold]:
        return {ProgrammePublished: self._published, RunningOrderChanged: self._moved}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        day = contents.day
        if day.programme is not None:
            self._take_programme(day.programme.event, day.programme.version)
        if day.order is not None:
            self._take_order(day.order.event, day.order.version)
        for id in contents.sessions:
            self._refs.setdefault(id, _untold(id))
        self._refs |= {id: ref for id, ref in day.removed.items() if self.removed(id)}
        return self._tell()

    def known(self) -> tuple[str, ...]:
        """Every session that was ever told of here and is not forgotten."""
        return tuple(self._refs)

    def knows(self, session: str) -> bool:
        return session in self._refs

    def removed(self, session: str) -> bool:
        return self._programme > 0 and session not in self._in_force

    def ended_at(self, session: str) -> datetime | None:
        """Since when it is over or cancelled; None while it is not. In a rehearsal, whose day is any day, only somebody's hand ends it."""
        slot = self._slots.get(session)
        if slot is None or slot.progress not in ENDED:
            return None
        since = slot.decided_at if self._rehearsal else slot.decided_at or slot.ends_at
        return None if since is None else from_text(since)

    def refuses(self, session: str, view: View) -> str:
        """What was asked in a removed session is for those who decide about it; whoever is there stays."""
        return REMOVED if view != MODERATOR and self.removed(session) else ""

    def holds(self, session: str) -> bool:
        return not self.removed(session)

    def forget(self, session: str) -> None:
        self._refs.pop(session, None)
        self._facts.pop(session, None)

    # --- what was told ---------------------------------------------------------------------------------------------------------------
    def _published(self, event: ProgrammePublished, seq: int) -> Iterable[AspectChange]:
        self._take_programme(event, seq)
        return self._tell()

    def _moved(self, event: RunningOrderChanged, seq: int) -> Iterable[AspectChange]:
        self._take_order(event, seq)
        return self._tell()

    def _take_programme(self, event: ProgrammePublished, version: int) -> None:
        if version > self._programme:
            self._programme, self._language, self._rehearsal = version, event.language, event.rehearsal
            self._in_force = frozenset(ref.id for ref in event.sessions)
            self._refs |= {ref.id: ref for ref in event.sessions}

    def _take_order(self, event: RunningOrderChanged, version: int) -> None:
        if version > self._order:
            self._order, self._slots = version, {slot.session: slot for slot in event.slots}

    # --- what follows ----------------------------------------------------------------------------------------------------------------
    def _tell(self) -> Iterable[AspectChange]:
        neighbours = self._neighbours()
        for id, ref in list(self._refs.items()):
            facts = {**self._own(ref), **neighbours.get(_place(ref), _NOBODY)}
            if facts != self._now(id):
                self._facts[id] = facts
                yield from for_everybody(id, "session")

    def _own(self, ref: SessionRef) -> Json:
        removed, slot = self.removed(ref.id), self._slot(ref)
        stage = None if removed else ref.stage
        return {
            "id": ref.id, "title": ref.title, "label": ref.label, "language": ref.language or self._language, "room": ref.room,
            "starts_at": slot.starts_at, "ends_at": slot.ends_at, "progress": announced(slot, rehearsal=self._rehearsal),
            "moved": (slot.starts_at, slot.ends_at) != (ref.starts_at, ref.ends_at),
            "participants": [{"name": each.name, "titles": list(each.titles), "moderates": each.moderates} for each in ref.participants],
            "removed": removed, "stage": stage, "streamed": stage is not None, "closed": not removed and ref.closed_stage is not None,
        }  # fmt: skip

    def _slot(self, ref: SessionRef) -> SlotRef:
        """As printed where the running order says nothing of it."""
        slot = self._slots.get(ref.id) if ref.id in self._in_force else None
        return slot or SlotRef(ref.id, "unknown", ref.starts_at, ref.ends_at)

    def _neighbours(self) -> Mapping[Place, Json]:
        """Each place, with what is on there and what comes next."""
        there: dict[Place, list[Standing]] = defaultdict(list)
        for ref in (ref for id, ref in self._refs.items() if id in self._in_force):
            for place in (("stage", _stage(ref)), ("room", ref.room or ""), _EVENT):
                there[place].append((ref, self._slot(ref)))
        return {place: _now_next(each) for place, each in there.items()}

    # --- what is shown ---------------------------------------------------------------------------------------------------------------
    def shared(self, session: str, view: View) -> Json:
        return {"session": self._now(session)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("session", self._now(session))

    def _now(self, session: str) -> Json:
        """As last said of it; from then on whatever differs is said."""
        if session not in self._facts:
            ref = _untold(session)
            self._refs.setdefault(session, ref)
            self._facts[session] = {**self._own(ref), **_NOBODY}
        return self._facts[session]


Standing = tuple[SessionRef, SlotRef]

_NOBODY: Final[Json] = {"now": None, "next": None}
_EVENT: Final[Place] = ("event", "")


def _untold(session: str) -> SessionRef:
    return SessionRef(session, "", "", "", None, None, None, None, questions=False)


def _stage(ref: SessionRef) -> str:
    return ref.stage or ref.closed_stage or ""


def _place(ref: SessionRef) -> Place:
    if _stage(ref):
        return "stage", _stage(ref)
    return ("room", ref.room) if ref.room else _EVENT


def _now_next(there: Sequence[Standing]) -> Json:
    """The one that began last is on; the next one is the earliest, in print order where hours are equal or not known."""
    on, coming = _in_order(there, "on"), _in_order(there, "upcoming")
    return {
        "now": _name(on[-1][0]) if on else None,
        "next": {**_name(coming[0][0]), "starts_at": coming[0][1].starts_at} if coming else None,
    }  # fmt: skip


def _in_order(there: Sequence[Standing], progress: Progress) -> list[Standing]:
    found = [each for each in there if each[1].progress == progress]
    return sorted(found, key=lambda each: (each[1].starts_at is None, each[1].starts_at or ""))


def _name(ref: SessionRef) -> Json:
    return {"id": ref.id, "title": ref.title, "label": ref.label}
