"""The aspect of the table: who is at it for everybody, one's own seat, all seats for those who lead and the studio; and, in passing, what
the two ends of a call say to each other.

snapshot  at_table  [{"name", "title", "door", "kind", "voice_only", "muted"}] of those on air, who came first before
          seats     seat id → SEAT (studio, moderators, chair), also those that ended less than ENDED_SHOWN_SECONDS ago
          studio    {"instance", "since"}: which studio page speaks for the session, or null (studio, moderators, chair)
          my_seat   SEAT and "studio", whether there is one; null without a seat (not for screens)
frames    at_table [...] · seat {...} · seat_gone {"id"} · studio {...} or null · my_seat {...} or null
          signal {"seat", "from", "kind", "data", "n"}: to the person of the seat, or to the studio; in no snapshot, and never again
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, Passing, for_everybody
from services.qa.feed.projection import AT_WORK, STUDIO, Json, View
from services.qa.feed.seats import at_table, own_seat, seat_for
from shared.clock import from_text
from shared.events.kind import Event
from shared.events.table import SeatChanged, SeatState, SignalSent, StudioHeld
from shared.events.vocabulary import SeatStanding

ENDED: Final[frozenset[SeatStanding]] = frozenset({"declined", "expired", "left", "removed"})
ENDED_SHOWN_SECONDS: Final = 600
SEES_SEATS: Final[tuple[View, ...]] = (*AT_WORK, STUDIO)

_TABLE: Final = "*"
_STUDIO: Final = "studio"
_OWN: Final = ""
"""Keys beside the ids of seats."""


class _Table:
    """The seats of one session."""

    def __init__(self) -> None:
        self.seats: dict[str, SeatState] = {}
        self.past: set[str] = set()
        """Those that ended too long ago to be shown."""
        self.own: dict[str, str] = {}
        """Person → the seat they had last."""
        self.told: list[Json] = []
        self.held: tuple[StudioHeld, int] | None = None
        self.studio: Json | None = None

    def put(self, seat: SeatState) -> SeatState | None:
        """The seat as it was before, or as it is; None when that is no news."""
        before = self.seats.get(seat.id)
        if before is not None and before.version >= seat.version:
            return None
        self.seats[seat.id] = seat
        self.past.discard(seat.id)
        person = (before or seat).person
        if not seat.person:
            self.own.pop(person, None)
        elif person not in self.own or self.seats[self.own[person]].invited_at <= seat.invited_at:
            self.own[person] = seat.id
        return before or seat

    def shown(self) -> Iterable[SeatState]:
        return (seat for id, seat in self.seats.items() if id not in self.past)

    def on_air(self) -> list[Json]:
        there = [seat for seat in self.seats.values() if seat.state == "on_air"]
        return [at_table(seat) for seat in sorted(there, key=lambda seat: (seat.since, seat.id))]

    def mine(self, person: str) -> Json | None:
        id = self.own.get(person)
        return None if id is None or id in self.past else own_seat(self.seats[id]) | {"studio": self.studio is not None}


class SeatAspect(Aspect):
    def __init__(self) -> None:
        self._tables: dict[str, _Table] = defaultdict(_Table)

    def takes(self) -> Mapping[type[Event], Fold]:
        return {
            SeatChanged: lambda event, seq: self._put(event.seat),
            StudioHeld: self._hold,
            SignalSent: self._pass_on,
        }  # fmt: skip

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for seat in contents.seats:
            yield from self._put(seat)
        for held, seq in contents.studios:
            yield from self._hold(held, seq)

    def forget(self, session: str) -> None:
        self._tables.pop(session, None)

    # --- what was told ---------------------------------------------------------------------------------------------------------------
    def _put(self, seat: SeatState) -> Iterable[AspectChange]:
        table = self._tables[seat.session]
        before = table.seats.get(seat.id)
        known = table.put(seat)
        if known is None:
            return
        yield from self._tell_table(seat.session, table)
        if seat.version > 1 + (0 if before is None else before.version):  # another process may have heard of it, and shown them on air
            yield from for_everybody(seat.session)
        for view in SEES_SEATS:
            yield AspectChange(seat.session, (seat.id,), view)
        yield AspectChange(seat.session, (_OWN,), person=known.person)

    @staticmethod
    def _tell_table(session: str, table: _Table) -> Iterable[AspectChange]:
        there = table.on_air()
        if there != table.told:
            table.told = there
            yield from for_everybody(session, _TABLE)

    def _hold(self, held: StudioHeld, seq: int) -> Iterable[AspectChange]:
        table = self._tables[held.session]
        if table.held is not None and table.held[1] >= seq:
            return
        table.held = (held, seq)
        yield from self._show_studio(held.session, table, {"instance": held.instance, "since": held.since} if held.instance else None)

    @staticmethod
    def _show_studio(session: str, table: _Table, studio: Json | None) -> Iterable[AspectChange]:
        before, table.studio = table.studio, studio
        if before == studio:
            return
        for view in SEES_SEATS:
            yield AspectChange(session, (_STUDIO,), view)
        if (before is None) != (studio is None):
            for person in table.own:
                yield AspectChange(session, (_OWN,), person=person)

    @staticmethod
    def _pass_on(event: SignalSent, seq: int) -> Iterable[Passing]:
        frame = FrameData("signal", {"seat": event.seat, "from": event.side, "kind": event.kind, "data": event.message, "n": event.n})
        yield Passing(event.session, frame, STUDIO) if event.side == "seat" else Passing(event.session, frame, person=event.person)

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        for session, table in list(self._tables.items()):
            if table.held is not None and table.studio is not None and from_text(table.held[0].until) <= now:
                yield from self._show_studio(session, table, None)
            for seat in [seat for seat in table.shown() if _long_over(seat, now)]:
                table.past.add(seat.id)
                for view in SEES_SEATS:
                    yield AspectChange(session, (seat.id,), view)
                yield AspectChange(session, (_OWN,), person=seat.person)

    # --- what is shown ---------------------------------------------------------------------------------------------------------------
    def shared(self, session: str, view: View) -> Json:
        table = self._tables[session]
        fields: Json = {"at_table": table.told}
        if view not in SEES_SEATS:
            return fields
        return {**fields, "seats": {seat.id: seat_for(seat) for seat in table.shown()}, "studio": table.studio}

    def blank(self) -> Json:
        return {"at_table": []}

    def personal(self, session: str, person: str) -> Json:
        return {"my_seat": self._tables[session].mine(person)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        table = self._tables[session]
        for key in keys:
            if key == _OWN:
                yield FrameData("my_seat", table.mine(person))
            elif key == _TABLE:
                yield FrameData("at_table", table.told)
            elif key == _STUDIO:
                yield FrameData("studio", table.studio)
            elif key in table.past:
                yield FrameData("seat_gone", {"id": key})
            else:
                yield FrameData("seat", seat_for(table.seats[key]))


def _long_over(seat: SeatState, now: datetime) -> bool:
    return seat.state in ENDED and now >= from_text(seat.since) + timedelta(seconds=ENDED_SHOWN_SECONDS)
