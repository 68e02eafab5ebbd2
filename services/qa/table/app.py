"""The use cases of seats: load, decide, save with events. Also what follows from time, from the day and from withdrawals. What must not be
here: HTTP, a broker, rules.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, Protocol

from services.qa.asking import actor_of
from services.qa.day import floor_for
from services.qa.facts import DayFacts
from services.qa.feed.seats import own_seat, seat_for
from services.qa.life import VISIBLE
from services.qa.moving import Announcer, Mover, settling
from services.qa.question import Actor
from services.qa.store import QaStore
from services.qa.table import domain
from services.qa.table.consent import CONSENT_VERSION
from services.qa.table.life import SEAT_STEPS, SeatStepName
from services.qa.table.link import ownerless
from services.qa.table.seat import Guest, Seat, SeatChange, SeatCommand, SeatLine
from services.qa.table.store import ONE_PLACE
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.clock import to_text
from shared.errors import Conflict, Denied, Full, NotFound
from shared.events.vocabulary import SeatKind, is_door
from shared.storage.port import Duplicate, StaleVersion
from shared.storage.race import MOST_TRIES

log = logging.getLogger("tablee.qa.table")

Json = dict[str, Any]

CLOCK_SECONDS: Final = 1.0
"""How often seats are looked at that time moves."""
SIT_DOWN: Final = frozenset({"accept"})
HELD: Final = "qa.seat_held"


class _Line(Protocol):
    """What raised hands do about an invitation and its undo."""

    async def lower(self, by: Pass, id: str) -> Json: ...

    async def restore(self, by: Pass, id: str) -> Json: ...


class Seats:
    def __init__(self, store: QaStore, day: DayFacts, line: _Line, announcer: Announcer) -> None:
        self._sessions, self._store, self._day, self._line = store, store.seats, day, line
        self._clock, self._new_id, self._wake = announcer.clock, announcer.new_id, announcer.wake
        self._mover: Mover[Seat, SeatChange] = Mover(self._store.seat, self._store.save, lambda change: change.seat, announcer)

    # --- invitations -----------------------------------------------------------------------------------------------------------------
    async def invite(self, by: Pass, session: str, *, hand: str = "", question: str = "", kind: SeatKind = "guest") -> Json:
        """The seat. Raises NotFound, Denied, Conflict, Full."""
        capabilities.require(by.duty, "seat.invite")
        await floor_for(self._sessions, by, session)
        if self._day.removed(session):
            raise Conflict("qa.session_removed")
        guest = await (self._of_hand(session, hand, kind) if hand else self._of_question(session, question, kind))
        seat = await self._seated(guest, session, actor_of(by))
        if hand:
            await self._line.lower(by, hand)
        return seat_for(seat.told())

    async def come(self, by: Pass, session: str, name: str, kind: SeatKind) -> Json:
        """By a link that is theirs: their seat as it stands, or an invitation. Raises Denied, Conflict, Full."""
        if not is_door(by.door):
            raise Denied("qa.seat_not_for_staff")
        if self._day.removed(session):
            raise Conflict("qa.session_removed")
        mine = [seat for seat in await self._store.of_person(by.person) if seat.session == session and seat.standing]
        seat = mine[0] if mine else await self._seated(Guest(by.person, name, by.door, kind), session, domain.NOBODY)
        return own_seat(seat.told())

    async def _seated(self, guest: Guest, session: str, by: Actor) -> Seat:
        """The invitation, kept and told. Raises Conflict, Full."""
        await self._place(session, guest.kind)
        change = domain.invited(guest, id=self._new_id(), session=session, by=by, now=self._clock())
        try:
            await self._store.insert(change.seat, self._mover.envelope(change))
        except Duplicate:
            raise Conflict(HELD) from None
        self._wake()
        return change.seat

    async def _of_hand(self, session: str, id: str, kind: SeatKind) -> Guest:
        """A lowered one is as good, as long as it is kept."""
        found = await self._sessions.hands.hand(id)
        if found is None or found.session != session:
            raise NotFound("qa.unknown_hand")
        if not found.person:
            raise Conflict("qa.hand_gone")
        return Guest(found.person, found.name, found.door, kind, hand=id)

    async def _of_question(self, session: str, id: str, kind: SeatKind) -> Guest:
        """One that everybody may read, whoever invites."""
        found = await self._sessions.question(id)
        if found is None or found.session != session or found.status not in VISIBLE:
            raise NotFound("qa.unknown_question")
        if not found.author:
            raise Conflict("qa.seat_of_nobody")
        if not is_door(found.door):
            raise Conflict("qa.seat_not_for_staff")
        return Guest(found.author, "" if found.for_hall else found.author_name, found.door, kind, question=id)

    async def _place(self, session: str, kind: SeatKind) -> int:
        """A free one. Raises Full."""
        taken = [seat.place for seat in await self._store.standing(session) if seat.place is not None]
        place = domain.free_place(kind, taken)
        if place is None:
            raise Full(domain.TABLE_FULL, params={"most": len(domain.places(kind))})
        return place

    # --- steps -----------------------------------------------------------------------------------------------------------------------
    async def carry_out(self, by: Pass, id: str, name: SeatStepName, /, *, expected_version: int, **details: Any) -> Json:
        """The seat as the caller reads it. Raises NotFound, Denied, Invalid, Full, and Conflict with the seat as it is."""
        step = SEAT_STEPS[name]
        capabilities.require(by.duty, step.action)
        seat = await self._seat(by, id)
        own = step.by == "person"
        if own and seat.person != by.person:
            raise Denied("qa.seat_not_yours")
        if name == "accept" and details["consent"] != CONSENT_VERSION:
            raise Conflict("qa.consent_changed", current=_shown(by, seat))
        command = SeatCommand(
            name, expected_version, domain.NOBODY if own else actor_of(by), self._clock(), no_picture=own and by.no_picture, **details
        )  # fmt: skip

        def decide(place: int | None) -> SeatChange:
            return domain.carry_out(seat, replace(command, place=place))

        return await self._saved(by, seat, decide, sits_down=name in SIT_DOWN)

    async def undo(self, by: Pass, id: str, *, expected_version: int) -> Json:
        """As `carry_out`. An invitation that is taken back raises the hand again, where that can be."""
        seat = await self._seat(by, id)
        invitation = bool(seat.past) and seat.past[-1].step == domain.INVITE
        capabilities.require(by.duty, domain.undoing(seat) or "seat.read")

        def decide(place: int | None) -> SeatChange:
            return domain.take_back(seat, expected_version=expected_version, by=actor_of(by), now=self._clock(), place=place)

        answer = await self._saved(by, seat, decide, sits_down=domain.sits_down_again(seat))
        if invitation and seat.hand:
            with suppress(Conflict, NotFound):  # up again already, or the floor is closed by now
                await self._line.restore(by, seat.hand)
        return answer

    async def _saved(self, by: Pass, seat: Seat, decide: Callable[[int | None], SeatChange], *, sits_down: bool) -> Json:
        for _ in range(MOST_TRIES):
            try:
                change = decide(await self._place(seat.session, seat.kind) if sits_down else None)
                await self._store.save(change.seat, self._mover.envelope(change))
            except Conflict as conflict:
                raise Conflict(conflict.code, params=conflict.params, current=_shown(by, seat)) from None
            except StaleVersion:
                raise Conflict("qa.stale", current=_shown(by, await self._seat(by, seat.id))) from None
            except Duplicate as taken:
                if taken.index != ONE_PLACE:
                    raise Conflict(HELD, current=_shown(by, seat)) from None
                continue  # somebody sat down there at this moment
            self._wake()
            return _shown(by, change.seat)
        raise Full(domain.TABLE_FULL, params={"most": len(domain.places(seat.kind))})

    async def _seat(self, by: Pass, id: str) -> Seat:
        found = await self._store.seat(id)
        if found is None:
            raise NotFound("qa.unknown_seat")
        if not by.covers(found.session):
            raise Denied("access.session_not_yours")
        return found

    async def history(self, by: Pass, id: str) -> list[Json]:
        """[{"version", "at", "step", "before", "after", "by", "duty"}], oldest first, for those who lead. Raises NotFound, Denied."""
        capabilities.require(by.duty, "seat.read")
        return [_line(line) for line in (await self._seat(by, id)).log]

    # --- what time, the day and withdrawals do ---------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Until cancelled."""
        await settling(self.settle, CLOCK_SECONDS, log, "seats wait")

    async def settle(self) -> None:
        """What is due. Raises Unavailable."""
        standing = await self._store.standing()
        on_air = {seat.session for seat in standing if seat.state == "on_air"}
        gone = {session for session in on_air if await self._studio_gone(session)}
        for seat in standing:
            with suppress(Conflict):  # somebody keeps moving it: looked at again soon
                await self._mover.move(seat, lambda known: self._due(known, gone))

    def _due(self, seat: Seat, without_studio: set[str]) -> SeatChange | None:
        now, ended_at = self._clock(), self._day.ended_at(seat.session)
        if self._day.removed(seat.session) or (ended_at is not None and seat.invited_at <= ended_at <= now):
            return domain.session_ended(seat, now)
        return domain.timed_out(seat, now) or (domain.studio_gone(seat, now) if seat.session in without_studio else None)

    async def _studio_gone(self, session: str) -> bool:
        studio = await self._store.studio(session)
        return studio is not None and studio.gone(self._clock())

    async def withdraw(self, person: str, session: str = "") -> None:
        """Their access is withdrawn, or their link to the table of one session."""
        for seat in [one for one in await self._store.of_person(person) if session in ("", one.session)]:
            await self._mover.move(seat, lambda known: domain.withdrawn(known, self._clock()))

    async def forget(self, person: str) -> None:
        """Whose the seats were, and what they agreed to, is known no more; nor who acted, where that was they. Harmless to repeat."""
        for link in await self._sessions.table_links.of_person(person):
            await self._sessions.table_links.save(ownerless(link, self._clock()))
        for seat in await self._store.of_person(person):
            await self._mover.move(seat, lambda known: domain.disowned(known, self._clock()))
        for seat in await self._store.moved_by(person):
            await self._mover.move(seat, lambda known: domain.actor_forgotten(known, person))


def _line(line: SeatLine) -> Json:
    return {
        "version": line.version, "at": to_text(line.at), "step": line.step, "before": line.before, "after": line.after, "by": line.name,
        "duty": line.duty,
    }  # fmt: skip


def _shown(by: Pass, seat: Seat) -> Json:
    return seat_for(seat.told()) if capabilities.may(by.duty, "seat.read") else own_seat(seat.told())
