"""The use cases of what protects sessions: load, decide, save with events. What must not be here: HTTP, a broker, rules.

Blanking is for emergencies: it is shown by this process as soon as it is durable, and told to the others at once, without waiting for the
outbox (which tells it again).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.qa.asking import actor_of
from services.qa.day import floor_for
from services.qa.facts import DayFacts
from services.qa.feed.guard import blank_for
from services.qa.flags import LANGUAGES, clean_lists
from services.qa.guard import domain
from services.qa.guard.domain import Act, Guard, GuardChange
from services.qa.hands.app import Hands
from services.qa.moving import Announcer, settling
from services.qa.store import QaStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.bus.port import Bus
from shared.clock import to_text
from shared.errors import Conflict, DomainError, NotFound
from shared.events.envelope import Envelope
from shared.events.guard import EVERYWHERE, GuardChanged
from shared.storage.race import decided_anew

log = logging.getLogger("tablee.qa.guard")

Json = dict[str, Any]

BUSY: Final = "store.unavailable"
CLOCK_SECONDS: Final = 5.0
"""How often sessions are looked for that have ended."""


class Guards:
    def __init__(
        self, store: QaStore, day: DayFacts, hands: Hands, bus: Bus, show: Callable[[GuardChanged, int], None], announcer: Announcer
    ) -> None:  # fmt: skip
        """`show` takes an event and its seq into the feed of this process."""
        self._sessions, self._store, self._bus, self._show = store, store.guards, bus, show
        self._day, self._hands = day, hands
        self._announcer, self._clock = announcer, announcer.clock

    # --- screens -----------------------------------------------------------------------------------------------------------------------
    async def blank(self, by: Pass, session: str, *, on: bool) -> Json:
        """SCREENS. Harmless to repeat. Raises NotFound, Denied, Unavailable."""
        capabilities.require(by.duty, "screens.blank")
        await floor_for(self._sessions, by, session)
        return await self._blank(by, session, on)

    async def blank_all(self, by: Pass, *, on: bool) -> Json:
        """SCREENS of every session. What is blank in one session only stays so. Harmless to repeat. Raises Denied, Unavailable."""
        capabilities.require(by.duty, "screens.blank_all")
        return await self._blank(by, EVERYWHERE, on)

    async def _blank(self, by: Pass, session: str, on: bool) -> Json:
        decide = domain.blanked if on else domain.restored
        return _screens(await self._change(session, lambda guard: decide(guard, actor_of(by), self._clock())))

    async def screens(self, by: Pass) -> Json:
        """{"everywhere": BLANK or null, "sessions": [SCREENS of those that are blank, by session]} that the caller's pass covers."""
        capabilities.require(by.duty, "screens.blank")
        states = {state.session: state for state in await self._store.states()}
        everywhere = states.pop(EVERYWHERE, None)
        blank = [state for id, state in sorted(states.items()) if state.blank is not None and by.covers(id)]
        return {
            "everywhere": None if everywhere is None else blank_for(everywhere.blank),
            "sessions": [{"session": state.session, "blank": blank_for(state.blank)} for state in blank],
        }

    # --- questions and people ----------------------------------------------------------------------------------------------------------
    async def slow(self, by: Pass, session: str, seconds: int) -> Json:
        """{"session", "seconds"}. Harmless to repeat. Raises NotFound, Denied, Invalid, Unavailable."""
        capabilities.require(by.duty, "guard.change")
        await floor_for(self._sessions, by, session)
        guard = await self._change(session, lambda guard: domain.slowed(guard, seconds, actor_of(by), self._clock()))
        return {"session": session, "seconds": guard.pace}

    async def mute(self, by: Pass, id: str, *, on: bool) -> Json:
        """{"question", "muted"}: the author of that question may not ask, raise a hand or react in its session any more, or again.
        Harmless to repeat. Raises NotFound, Denied, Conflict (a question of nobody, or of a whole hall), Full, Unavailable."""
        capabilities.require(by.duty, "guard.change")
        question = await self._sessions.question(id)
        if question is None:
            raise NotFound("qa.unknown_question")
        session = question.session
        await floor_for(self._sessions, by, session)
        if not on:
            await self._change(session, lambda guard: domain.unmuted(guard, id, actor_of(by), self._clock()))
            return {"question": id, "muted": False}
        if question.for_hall:
            raise Conflict("qa.mute_hall")
        await self._change(session, lambda guard: domain.muted(guard, id, question.author, actor_of(by), self._clock()))
        await self._hands.silence(session, question.author, by.name)
        return {"question": id, "muted": True}

    # --- words that mark a question ------------------------------------------------------------------------------------------------------
    async def words(self, by: Pass) -> Json:
        """{"words": {language: [words]}}. Raises Denied."""
        capabilities.require(by.duty, "flags.read")
        return _words(await self._store.guard(EVERYWHERE))

    async def list_words(self, by: Pass, lists: Mapping[str, Sequence[str]]) -> Json:
        """As `words`; the last one who writes them is right. Raises Denied, Invalid, Unavailable."""
        capabilities.require(by.duty, "flags.change")
        clean = clean_lists(lists)
        return _words(await self._change(EVERYWHERE, lambda guard: domain.listed(guard, clean, actor_of(by), self._clock())))

    async def run(self) -> None:
        """Until cancelled."""
        await settling(self.settle, CLOCK_SECONDS, log, "what ends with its session waits")

    async def settle(self) -> None:
        """What ends with a session that is over or removed. Raises Unavailable."""
        now = self._clock()
        for guard in await self._store.passing():
            at = now if self._day.removed(guard.session) else self._day.ended_at(guard.session)
            if at is not None and at <= now and domain.ended(guard, at) is not None:
                await self._end(guard.session, at)

    async def _end(self, session: str, at: datetime) -> None:
        await self._change(session, lambda known: domain.ended(known, at))

    # --- what was done ---------------------------------------------------------------------------------------------------------------
    async def acts(self, by: Pass, session: str) -> list[Json]:
        """[{"at", "act", "by", "duty", "about"}]: what was done in the session and in all of them, the latest first. Raises NotFound,
        Denied."""
        capabilities.require(by.duty, "guard.read")
        await floor_for(self._sessions, by, session)
        here, everywhere = await self._store.guard(session), await self._store.guard(EVERYWHERE)
        lines = [*((act, "") for act in here.acts), *((act, "_all") for act in everywhere.acts)]
        lines.sort(key=lambda line: line[0].at)
        return [_line(act, more) for act, more in reversed(lines)]

    async def forget(self, person: str) -> None:
        """That it was they who did something, and that they were muted. Harmless to repeat."""
        for session in await self._store.of_person(person):
            await self._change(session, lambda guard: domain.forgotten(guard, person))

    # --- inside ----------------------------------------------------------------------------------------------------------------------
    async def _change(self, session: str, decide: Callable[[Guard], GuardChange | None]) -> Guard:
        """As decided, decided anew when somebody else was faster. Raises Unavailable."""

        async def step() -> tuple[Guard, GuardChange | None, Envelope | None]:
            known = await self._store.guard(session)
            change = decide(known)
            if change is None:
                return known, None, None
            event = self._announcer.envelope(change.event, session, change.guard.version)
            await self._store.save(change.guard, event)
            return change.guard, change, event

        guard, change, event = await decided_anew(step, busy=BUSY)
        if change is not None and event is not None:
            self._show(change.event, guard.version)
            self._announcer.wake()
            await self._tell(event)
        return guard

    async def _tell(self, event: Envelope) -> None:
        try:
            await self._bus.publish(event)
        except DomainError as error:
            log.warning("other processes learn it later", extra={"code": error.code})


def _screens(guard: Guard) -> Json:
    return {"session": guard.session, "blank": blank_for(guard.state().blank)}


def _words(guard: Guard) -> Json:
    return {"words": {language: list(guard.words.get(language, ())) for language in LANGUAGES}}


def _line(act: Act, more: str) -> Json:
    return {"at": to_text(act.at), "act": f"{act.what}{more}", "by": act.name, "duty": act.duty, "about": act.about}
