"""The use cases of polls: load, decide, save with events. Also what follows from the day (a removed session, one that is over) and from the
clock (an announced end). What must not be here: HTTP, a broker, rules.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Protocol

from services.qa.day import floor_for
from services.qa.facts import DayFacts
from services.qa.feed.polls import answer_for, poll_for
from services.qa.feed.projection import MODERATOR
from services.qa.moving import Announcer, settling
from services.qa.polls import domain
from services.qa.polls.answering import AnswerWish, GivenAnswer
from services.qa.polls.answers import HallCount, counted_word, fewer_hands, fitting, hall_counts
from services.qa.polls.counting import Counting
from services.qa.polls.domain import Definition, Poll, PollChange, PollCommand
from services.qa.polls.life import POLL_LIVE, POLL_STEPS, PollStepName
from services.qa.polls.results import tally
from services.qa.store import QaStore
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.errors import Conflict, Denied, Full, NotFound
from shared.events.envelope import Envelope
from shared.events.poll import PollTally
from shared.events.vocabulary import is_door
from shared.group_commit import GroupCommit
from shared.storage.port import Duplicate, StaleVersion

log = logging.getLogger("tablee.qa.polls")

Json = dict[str, Any]

CLOCK_SECONDS: Final = 1.0
"""How often announced ends are looked for."""
MOST_EXPORTED_WORDS: Final = 5_000
FIRST_BY_HAND: Final = 1_000
"""Where the places of polls that moderators prepare begin; those before are left to polls of the programme."""


class HallFacts(Protocol):
    async def people(self, by: Pass) -> int:
        """In the local hub of this host, as they declared it. Raises Denied for whoever is no host, or declared nobody."""
        ...


class Polls:
    def __init__(
        self,
        store: QaStore,
        counting: Counting,
        day: DayFacts,
        halls: HallFacts,
        announcer: Announcer,
        *,
        hall_most: int,
        flagged: Sequence[str] = (),
    ) -> None:
        """`flagged`: words that clouds show to moderators only."""
        self._sessions, self._store, self._counting = store, store.polls, counting
        self._answers = GroupCommit(store.polls.take)
        self._day, self._halls, self._hall_most, self._flagged = day, halls, hall_most, tuple(flagged)
        self._announcer, self._clock, self._wake = announcer, announcer.clock, announcer.wake

    # --- what moderators do ----------------------------------------------------------------------------------------------------------
    async def prepare(self, by: Pass, session: str, id: str, definition: Definition) -> Json:
        """The poll as moderators see it. The same id again is the same poll. Raises Invalid, NotFound, Denied, Conflict, Full."""
        capabilities.require(by.duty, "poll.manage")
        await floor_for(self._sessions, by, session)
        if await self._store.poll(id) is None:
            with suppress(Duplicate):  # the same request, sent twice, was first
                await self._prepare(by, session, id, definition)
        known = await self._poll(by, id)
        if known.session != session or known.origin != "moderator":
            raise Conflict("qa.id_taken")
        return _for_moderators(known)

    async def _prepare(self, by: Pass, session: str, id: str, definition: Definition) -> None:
        self._require_in_force(session)
        there = await self._store.count(session, domain.MOST_POLLS)
        if there >= domain.MOST_POLLS:
            raise Full("qa.poll_too_many", params={"most": domain.MOST_POLLS})
        change = domain.prepare(
            id=id, session=session, definition=definition, origin="moderator", position=FIRST_BY_HAND + there, by=by.name,
            now=self._clock(), flagged=self._flagged,
        )  # fmt: skip
        await self._store.insert(change.poll, self._envelope(change))
        self._wake()

    async def carry_out(
        self, by: Pass, id: str, step: PollStepName, *, expected_version: int, in_seconds: int = 0,
        definition: Definition | None = None, word: str = "", on: bool = True,
    ) -> Json:  # fmt: skip
        """Load, decide, save. Raises NotFound, Denied, Invalid, and Conflict with the poll as it is now."""
        capabilities.require(by.duty, "poll.manage")
        stored = await self._poll(by, id)
        if POLL_STEPS[step].in_force:
            self._require_in_force(stored.session)
        command = PollCommand(step, expected_version, by.name, self._clock(), in_seconds, definition, counted_word(word), on)
        try:
            return _for_moderators(await self._take(stored, command))
        except Conflict as conflict:
            raise Conflict(conflict.code, params=conflict.params, current=_for_moderators(stored)) from None
        except StaleVersion:
            raise Conflict("qa.stale", current=_for_moderators(await self._poll(by, id))) from None
        except Duplicate:
            raise Conflict("qa.poll_another_open", current=_for_moderators(stored)) from None

    # --- what people do --------------------------------------------------------------------------------------------------------------
    async def answer(self, by: Pass, id: str, choice: Sequence[str]) -> Json:
        """The answer as it is kept, durable when this returns: the last one of a person counts. Raises NotFound, Denied, Invalid, Conflict
        once it is closed, Unavailable when too many answer at once."""
        return await self._take_answer(by, id, lambda poll: GivenAnswer(fitting(poll, choice)))

    async def count_hall(self, by: Pass, id: str, counts: Mapping[str, int], people: int) -> Json:
        """The answer as it is kept, in the place of the host's own one; of not more `people` than they declared. Raises as `answer`."""
        capabilities.require(by.duty, "poll.answer")
        most = min(self._hall_most, await self._halls.people(by))
        kept = await self._take_answer(by, id, lambda poll: GivenAnswer(hall=HallCount(hall_counts(poll, counts, people, most), people)))
        fewer = await self._halls.people(by)
        if people > fewer:  # declared while this was on its way
            await self.cap_halls(by.person, fewer)
        return kept

    async def cap_halls(self, host: str, people: int) -> None:
        """There are not more in the hall of this host: of polls that still take answers, neither did they count more."""
        for answer in await self._store.halls_of(host):
            poll = await self._store.poll(answer.poll)
            if poll is None or poll.status not in POLL_LIVE or answer.hall is None or answer.people <= people:
                continue
            hall = fewer_hands(poll, HallCount(answer.hall, answer.people), people)
            changed = await self._store.recount_hall(answer, hall if people else None)
            if changed is not None:
                self._counting.add(poll, changed)

    async def forget_halls(self, host: str) -> None:
        """What they counted counts for nothing any more."""
        for answer in await self._store.halls_of(host):
            poll = await self._store.poll(answer.poll)
            changed = await self._store.recount_hall(answer, None)
            if poll is not None and changed is not None:
                self._counting.add(poll, changed)

    async def _take_answer(self, by: Pass, id: str, make: Callable[[Poll], GivenAnswer]) -> Json:
        capabilities.require(by.duty, "poll.answer")
        now = self._clock()

        def give(poll: Poll) -> GivenAnswer:
            self._require_answerable(by, poll, now)
            return make(poll)

        taken = await self._answers.submit(AnswerWish(id, by.person, by.door, now, give))
        self._counting.add(taken.poll, taken.answer)
        return answer_for(taken.answer)

    def _require_answerable(self, by: Pass, poll: Poll, now: datetime) -> None:
        _require_covered(by, poll)
        if poll.opened_at is None:
            raise NotFound("qa.unknown_poll")
        if not is_door(by.door):
            raise Denied("qa.poll_not_for_staff")
        self._require_in_force(poll.session)
        domain.require_answerable(poll, by.door, now)

    # --- results ---------------------------------------------------------------------------------------------------------------------
    async def results(self, by: Pass, session: str) -> list[tuple[Poll, PollTally]]:
        """Every poll of the session that was opened, with its answers counted now. Raises NotFound, Denied."""
        capabilities.require(by.duty, "poll.manage")
        await floor_for(self._sessions, by, session)
        asked = [poll for poll in await self._store.of_session(session) if poll.opened_at is not None]
        return [(poll, await self._whole(poll)) for poll in sorted(asked, key=lambda poll: (poll.opened_at, poll.id))]

    async def _whole(self, poll: Poll) -> PollTally:
        rev, cells, halls = await self._store.count_answers(poll.id)
        return tally(poll, rev, cells, halls, most_words=MOST_EXPORTED_WORDS)

    # --- what the clock and the day do -----------------------------------------------------------------------------------------------
    async def run(self) -> None:
        """Announced ends come; until cancelled."""
        await self.recount()
        await settling(self.settle, CLOCK_SECONDS, log, "announced ends of polls wait")

    async def recount(self) -> None:
        """At start and when another process is gone: what was counted last may be older than the answers that it took. Raises
        Unavailable."""
        for poll in await self._store.in_status("open", "closing", "closed"):
            self._counting.add(poll)

    async def settle(self) -> None:
        """Polls whose end has come for everybody, those of sessions that are over, and those of sessions that the programme has no more.
        One that somebody opened after its session's end goes on. Raises Unavailable."""
        now = self._clock()
        for poll in await self._store.in_status("open", "closing"):
            ended_at = self._day.ended_at(poll.session)
            if domain.due(poll, now) or self._day.removed(poll.session):
                await self._by_clock(poll, "settle")
            elif poll.status == "open" and ended_at is not None and poll.changed_at <= ended_at <= now:
                await self._by_clock(poll, "close")

    async def _by_clock(self, poll: Poll, step: PollStepName) -> None:
        try:
            self._counting.add(await self._take(poll, PollCommand(step, poll.version, "", self._clock())))
        except StaleVersion:
            return  # somebody moved it: looked at again soon

    # --- inside ------------------------------------------------------------------------------------------------------------------------
    async def _take(self, stored: Poll, command: PollCommand) -> Poll:
        change = domain.carry_out_poll(stored, command)
        saved = await self._store.save(change.poll, self._envelope(change))
        self._wake()
        if command.step == "open":
            self._counting.add(saved)
        return saved

    def _require_in_force(self, session: str) -> None:
        if self._day.removed(session):
            raise Conflict("qa.session_removed")

    async def _poll(self, by: Pass, id: str) -> Poll:
        found = await self._store.poll(id)
        if found is None:
            raise NotFound("qa.unknown_poll")
        _require_covered(by, found)
        return found

    def _envelope(self, change: PollChange) -> Envelope:
        return self._announcer.envelope(change.event, change.poll.id, change.poll.version)


def _require_covered(by: Pass, poll: Poll) -> None:
    if not by.covers(poll.session):
        raise Denied("access.session_not_yours")


def _for_moderators(poll: Poll) -> Json:
    return poll_for(poll.state(), MODERATOR) or {}
