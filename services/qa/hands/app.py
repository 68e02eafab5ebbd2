"""The use cases of raised hands: load, decide, save with events. Also what follows from the day: no hand stays up in a session that takes
no questions, is over or is removed. What must not be here: HTTP, a broker, rules.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from services.qa.day import floor_for
from services.qa.facts import DayFacts
from services.qa.feed.hands import hand_for, own_hand
from services.qa.floor import Floor
from services.qa.hands import domain
from services.qa.hands.domain import HandChange, RaisedHand
from services.qa.moving import Announcer, Mover, settling
from services.qa.store import QaStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.errors import Conflict, Denied, Full, NotFound
from shared.events.vocabulary import is_door
from shared.storage.port import Duplicate

log = logging.getLogger("tablee.qa.hands")

Json = dict[str, Any]

CLOCK_SECONDS: Final = 1.0
"""How often hands are looked for that must fall."""


class Hands:
    def __init__(self, store: QaStore, day: DayFacts, announcer: Announcer) -> None:
        self._sessions, self._store, self._day = store, store.hands, day
        self._clock, self._new_id, self._wake = announcer.clock, announcer.new_id, announcer.wake
        self._mover: Mover[RaisedHand, HandChange] = Mover(self._store.hand, self._store.save, lambda change: change.hand, announcer)

    # --- one's own -------------------------------------------------------------------------------------------------------------------
    async def put_up(self, by: Pass, session: str, *, anonymous: bool) -> Json:
        """{"hand": one's own, with its rank}. Again is the same hand. Raises NotFound, Denied, Conflict (the floor), Full."""
        capabilities.require(by.duty, "hand.raise")
        floor = await floor_for(self._sessions, by, session)
        held = await self._store.held_up(session, by.person) or await self._raise(by, floor, anonymous)
        return {"hand": own_hand(held.state(), await self._store.rank(held))}

    async def _raise(self, by: Pass, floor: Floor, anonymous: bool) -> RaisedHand:
        if not is_door(by.door):
            raise Denied("qa.hand_not_for_staff")
        floor.require_open(by.door)
        if (await self._sessions.guards.guard(floor.session)).mutes(by.person):
            raise Denied("qa.muted")
        if await self._store.count(floor.session, domain.MOST_HANDS) >= domain.MOST_HANDS:
            raise Full("qa.hands_full", params={"most": domain.MOST_HANDS})
        name = "" if anonymous else by.name
        change = domain.raised(
            id=self._new_id(), session=floor.session, person=by.person, name=name, door=by.door, now=self._clock()
        )  # fmt: skip
        try:
            await self._store.insert(change.hand, self._mover.envelope(change))
        except Duplicate:  # on another device, at the same moment
            return await self._store.held_up(floor.session, by.person) or change.hand
        self._wake()
        return change.hand

    async def take_down(self, by: Pass, session: str) -> Json:
        """{"hand": None}, also when it was down. Raises NotFound, Denied."""
        capabilities.require(by.duty, "hand.raise")
        await floor_for(self._sessions, by, session)
        held = await self._store.held_up(session, by.person)
        if held is not None:
            await self._mover.move(held, lambda hand: domain.lowered(hand, by="", now=self._clock()))
        return {"hand": None}

    # --- what moderators do ----------------------------------------------------------------------------------------------------------
    async def lower(self, by: Pass, id: str) -> Json:
        """The hand, down; harmless to repeat. Raises NotFound, Denied."""
        return hand_for((await self._by_desk(by, id, lambda hand: domain.lowered(hand, by=by.name, now=self._clock()))).state())

    async def restore(self, by: Pass, id: str) -> Json:
        """The hand, up again in its old place. Raises NotFound, Denied, Conflict when it cannot be."""
        (await floor_for(self._sessions, by, (await self._hand(by, id)).session)).require_open("hub")
        try:
            return hand_for((await self._by_desk(by, id, lambda hand: domain.put_back(hand, by=by.name, now=self._clock()))).state())
        except Duplicate:
            raise Conflict("qa.hand_up_again") from None

    async def lower_all(self, by: Pass, session: str) -> Json:
        """{"lowered": how many}. Raises NotFound, Denied."""
        capabilities.require(by.duty, "hand.lower")
        await floor_for(self._sessions, by, session)
        held = await self._store.up(session)
        await self._lower_each(held, by.name)
        return {"lowered": len(held)}

    async def _by_desk(self, by: Pass, id: str, decide: Callable[[RaisedHand], HandChange | None]) -> RaisedHand:
        return await self._mover.move(await self._hand(by, id), decide)

    async def _hand(self, by: Pass, id: str) -> RaisedHand:
        capabilities.require(by.duty, "hand.lower")
        found = await self._store.hand(id)
        if found is None:
            raise NotFound("qa.unknown_hand")
        if not by.covers(found.session):
            raise Denied("access.session_not_yours")
        return found

    # --- what the day and withdrawals do ---------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Until cancelled."""
        await settling(self.settle, CLOCK_SECONDS, log, "raised hands wait")

    async def settle(self) -> None:
        """Those that must fall. Raises Unavailable."""
        held = await self._store.up()
        if not held:
            return
        floors = await self._sessions.floors_of({hand.session for hand in held})
        await self._lower_each([hand for hand in held if self._must_fall(hand, floors.get(hand.session))], "")

    def _must_fall(self, hand: RaisedHand, floor: Floor | None) -> bool:
        closed = floor is None or floor.removed or floor.state == "closed"
        return domain.must_fall(hand, closed=closed, ended_at=self._day.ended_at(hand.session), now=self._clock())

    async def withdraw(self, person: str) -> None:
        """Their access is withdrawn: nobody waits for them any more."""
        await self._lower_each([hand for hand in await self._store.of_person(person) if hand.up], "")

    async def silence(self, session: str, person: str, by: str) -> None:
        """A moderator, `by` name, muted them there."""
        held = await self._store.held_up(session, person)
        if held is not None:
            await self._lower_each([held], by)

    async def forget(self, person: str) -> None:
        """Whose the hands were is known no more. Harmless to repeat."""
        for hand in await self._store.of_person(person):
            await self._mover.move(hand, lambda known: domain.disowned(known, self._clock()) if known.person else None)

    async def _lower_each(self, hands: Sequence[RaisedHand], by: str) -> None:
        for hand in hands:
            with suppress(Conflict):  # somebody keeps moving it: looked at again soon
                await self._mover.move(hand, lambda known: domain.lowered(known, by=by, now=self._clock()))
