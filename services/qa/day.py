"""The use cases of the day: what follows, for sessions and their floors, from the programme in force, from how the day really goes and from
what moderators decide by hand.

One step compares what is held with what was told last, whole, and mends the difference; it runs whenever something was told and at start,
so nothing depends on the order in which things came. What must not be here: HTTP, a broker, rules.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from services.qa.facts import ToldOrder, ToldProgramme
from services.qa.feed.projection import MODERATOR
from services.qa.floor import REMOVED, Floor, Plan, decide, new_floor, plan, settle
from services.qa.life import STATES
from services.qa.moving import Announcer
from services.qa.sessions import Life, reconcile
from services.qa.store import QaStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.errors import Conflict, Denied, NotFound
from shared.events.envelope import Envelope
from shared.events.programme import ProgrammePublished
from shared.events.running_order import RunningOrderChanged
from shared.events.vocabulary import QuestionStatus
from shared.storage.port import Duplicate, StaleVersion
from shared.storage.race import decided_anew

Json = dict[str, Any]

BUSY: Final = "store.unavailable"
MOST_REMOVED: Final = 200
"""Removed sessions in one answer, those removed last."""


class Told(NamedTuple):
    """What registration told last."""

    programme: ToldProgramme | None
    order: ToldOrder | None

    @property
    def versions(self) -> tuple[int, int]:
        return (self.programme.version if self.programme else 0, self.order.version if self.order else 0)

    def plans(self) -> Mapping[str, Plan]:
        """Session in force → what is foreseen for its floor."""
        if self.programme is None:
            return {}
        slots = {slot.session: slot for slot in self.order.event.slots} if self.order else {}
        event = self.programme.event
        return {ref.id: plan(ref, slots.get(ref.id), rehearsal=event.rehearsal) for ref in event.sessions}


class Days:
    def __init__(self, store: QaStore, announcer: Announcer) -> None:
        self._store, self._told = store, store.day
        self._announcer, self._clock, self._wake = announcer, announcer.clock, announcer.wake

    # --- what registration says ------------------------------------------------------------------------------------------------------
    async def take_programme(self, version: int, event: ProgrammePublished) -> None:
        """A version that comes twice or late changes nothing. Raises Unavailable when others were faster each time."""
        await self._told.put_programme(version, event)
        await self.reconcile()

    async def take_running_order(self, version: int, event: RunningOrderChanged) -> None:
        """As `take_programme`."""
        await self._told.put_running_order(version, event)
        await self.reconcile()

    async def reconcile(self) -> None:
        """Add, change, remove, bring back; open and close. Raises Unavailable."""
        await decided_anew(self._mend, busy=BUSY)
        self._wake()

    async def _mend(self) -> None:
        """Whoever ends last has compared with what was told last, so that two replicas at once leave what one would have left. Raises
        StaleVersion, Duplicate."""
        told = await self._what_was_told()
        if told.programme is None:
            return
        for life in reconcile(await self._told.lives(), told.programme.version, told.programme.event.sessions):
            await self._told.put_life(life, told.programme.version)
        await self._mend_floors(told.plans())
        if (await self._what_was_told()).versions != told.versions:
            raise StaleVersion

    async def _mend_floors(self, plans: Mapping[str, Plan]) -> None:
        held = {floor.session: floor for floor in await self._store.floors()}
        made = [(self._store.insert_floor, new_floor(id, plans[id], now=self._clock())) for id in plans if id not in held]
        settled = [settle(floor, plans.get(session, REMOVED), now=self._clock()) for session, floor in held.items()]
        saved = [(self._store.save_floor, floor) for floor in settled if floor is not held[floor.session]]
        late = False
        for save, floor in (*made, *saved):
            try:
                await save(floor, self._envelope(floor))
            except (StaleVersion, Duplicate):
                late = True  # the others are saved all the same: of many, each try leaves fewer
        if late:
            raise StaleVersion

    async def _what_was_told(self) -> Told:
        return Told(*await asyncio.gather(self._told.programme(), self._told.running_order()))

    async def event(self) -> tuple[str, str]:
        """(name, time zone) of the event; nameless and in UTC while nothing was told."""
        told = await self._told.programme()
        return ("", "UTC") if told is None else (told.event.name, told.event.timezone)

    # --- floors ----------------------------------------------------------------------------------------------------------------------
    async def change_floor(self, by: Pass, session: str, *, state: str, expected_version: int) -> Json:
        """The floor's view. Raises NotFound, Denied, Invalid, Conflict."""
        capabilities.require(by.duty, "floor.change")
        stored, told = await asyncio.gather(floor_for(self._store, by, session), self._what_was_told())
        foreseen = told.plans().get(session, REMOVED)
        changed = decide(stored, foreseen, state=state, expected_version=expected_version, now=self._clock())
        if changed is not stored:
            try:
                await self._store.save_floor(changed, self._envelope(changed))
            except StaleVersion:
                raise Conflict("qa.stale", current=(await floor_for(self._store, by, session)).view()) from None
            self._wake()
        return changed.view()

    def _envelope(self, floor: Floor) -> Envelope:
        return self._announcer.envelope(floor.event(), floor.session, floor.version)

    async def sessions(self, by: Pass) -> Json:
        """{"sessions", "removed"}: the floors of the sessions in force that the caller's pass covers, with how many questions are where for
        moderators; the removed sessions in which there are questions that are the caller's to read or, for moderators, polls that were
        asked; those removed last first."""
        capabilities.require(by.duty, "question.read")
        all_of_them = capabilities.may(by.duty, f"feed.{MODERATOR}")
        floors = sorted((floor for floor in await self._store.floors() if by.covers(floor.session)), key=lambda floor: floor.session)
        where = Counter(await self._store.statuses("" if all_of_them else by.person))
        asked = await self._store.polls.sessions() if all_of_them else set()
        removed = await self._removed({floor.session for floor in floors if floor.removed} & {*asked, *(session for session, _ in where)})
        return {
            "sessions": [{**floor.view(), **_counts(where, floor.session, all_of_them)} for floor in floors if not floor.removed],
            "removed": [{**_named(life), **_counted(where, life.id, all_of_them)} for life in removed],
        }

    async def _removed(self, sessions: Iterable[str]) -> list[Life]:
        lives = [life for life in await asyncio.gather(*map(self._told.life, sessions)) if life is not None]
        return sorted(lives, key=lambda life: (-(life.removed or 0), life.id))[:MOST_REMOVED]


async def floor_for(store: QaStore, by: Pass, session: str) -> Floor:
    """Raises NotFound, Denied."""
    floor = await store.floor(session)
    if floor is None:
        raise NotFound("qa.unknown_session")
    if not by.covers(session):
        raise Denied("access.session_not_yours")
    return floor


Where = Mapping[tuple[str, QuestionStatus], int]
"""(session, status) → how many questions."""


def _counts(where: Where, session: str, shown: bool) -> Json:
    return {"counts": {status: where.get((session, status), 0) for status in STATES}} if shown else {}


def _counted(where: Where, session: str, shown: bool) -> Json:
    return {"questions": sum(count for (of, _), count in where.items() if of == session), **_counts(where, session, shown)}


def _named(life: Life) -> Json:
    return {"session": life.id, "title": life.ref.title, "label": life.ref.label, "language": life.ref.language}
