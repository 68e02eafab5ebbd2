"""The use case of asking: questions that come within a few milliseconds are admitted together and written together, each answered when it
is durable.

A person's turn of 30 s is one atomic step in the store, and it lets one question of a person through at a time: that is why counting the
open ones before it, without a lock, cannot be outrun by the same person on two devices or through two processes.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from services.qa import domain
from services.qa.domain import ForHall
from services.qa.feed.aspects import Aspects
from services.qa.feed.projection import mine
from services.qa.floor import Floor
from services.qa.guard.domain import Guard
from services.qa.question import Actor, Change, Question
from services.qa.store import AskTurn, QaStore
from services.qa.voting import Halls
from shared import correlation
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.clock import Clock
from shared.errors import Conflict, Denied, DomainError, Full, NotFound, TooMany
from shared.events.envelope import Envelope
from shared.events.question import QuestionState
from shared.group_commit import GroupCommit
from shared.ids import IdSource

Json = dict[str, Any]

MOST_TOGETHER: Final = 200
"""Questions in one group; each has a text and its event."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One person's wish to ask, for themselves or for somebody in their `hall`; `correlationid` of their request."""

    by: Pass
    session: str
    id: str
    text: str
    language: str
    anonymous: bool
    hall: ForHall | None
    watched: datetime | None
    now: datetime
    correlationid: str


@dataclass(frozen=True, slots=True)
class _Rooms:
    """What the sessions have to say to those who ask there; people by (person, session)."""

    floors: Mapping[str, Floor]
    guards: Mapping[str, Guard]
    last_asked: Mapping[tuple[str, str], datetime]
    open_ones: Mapping[tuple[str, str], int]

    def require(self, ask: Ask) -> None:
        """Raises Conflict for a closed floor, Denied for who is muted, TooMany for who has to wait in slow mode."""
        self.floors[ask.session].require_open(ask.by.door)
        guard = self.guards.get(ask.session)
        if guard is None:
            return
        if guard.mutes(ask.by.person):
            raise Denied("qa.muted")
        last = self.last_asked.get((ask.by.person, ask.session))
        left = 0.0 if last is None else domain.pace_of(ask.hall, guard.pace) - (ask.now - last).total_seconds()
        if left > 0:
            seconds = max(1, round(left))
            raise TooMany("qa.slow_mode", params={"seconds": seconds, "minutes": guard.pace // 60}, retry_after=seconds)


class Asking:
    def __init__(
        self, store: QaStore, live: Aspects, halls: Halls, *, clock: Clock, new_id: IdSource, moved: Callable[[str], None]
    ) -> None:
        """`moved` is told of each accepted question: "ask"."""
        self._store, self._live, self._halls = store, live, halls
        self._clock, self._new_id, self._moved = clock, new_id, moved
        self._line = GroupCommit(self._carry_out, most_together=MOST_TOGETHER)

    async def ask(
        self, by: Pass, session: str, *, id: str, text: str, language: str, anonymous: bool,
        hall: tuple[str, datetime | None] | None = None, watched: datetime | None = None,
    ) -> Json:  # fmt: skip
        """MINE. The same id by the same author again is the same question: a client may retry without fear. `hall`: the host of a local hub
        asks for somebody there, (name, asked at); `watched`: when what its author sees happened on the stage. Raises Invalid, NotFound,
        Denied, Conflict (floor, or an id of somebody else), TooMany, Full, Unavailable when too many ask at once."""
        capabilities.require(by.duty, "question.ask")
        for_hall = None if hall is None else ForHall(*hall, await self._halls.people(by))
        now = self._clock()
        asked = await self._line.submit(Ask(by, session, id, text, language, anonymous, for_hall, watched, now, correlation.current()))
        return mine(asked, now)

    async def _carry_out(self, asks: Sequence[Ask]) -> Sequence[QuestionState | DomainError]:
        sessions = {ask.session for ask in asks}
        floors, guards, open_ones = await asyncio.gather(
            self._store.floors_of(sessions), self._store.guards.each(sessions), self._store.open_of({ask.by.person for ask in asks})
        )
        outcomes: dict[int, QuestionState | DomainError] = {}
        changes: dict[int, Change] = {}
        for place, ask in enumerate(asks):
            try:
                changes[place] = self._drafted(ask, floors)
            except DomainError as error:
                outcomes[place] = error
        refused = await self._admit(asks, changes, _Rooms(floors, guards, await self._last_asked(asks, guards), open_ones))
        refused |= await self._write(asks, {place: change for place, change in changes.items() if place not in refused})
        outcomes |= {place: change.event.question for place, change in changes.items() if place not in refused}
        for _ in range(len(changes) - len(refused)):
            self._moved("ask")
        if refused:
            outcomes |= await self._again(asks, refused)
        return [outcomes[place] for place in range(len(asks))]

    @staticmethod
    def _drafted(ask: Ask, floors: Mapping[str, Floor]) -> Change:
        """What would be asked. Raises NotFound, Denied, Invalid."""
        if ask.session not in floors:
            raise NotFound("qa.unknown_session")
        if not ask.by.covers(ask.session):
            raise Denied("access.session_not_yours")
        return domain.ask(
            id=ask.id, session=ask.session, text=ask.text, language=ask.language, anonymous=ask.anonymous, by=actor_of(ask.by), now=ask.now,
            hall=ask.hall, watched=ask.watched,
        )  # fmt: skip

    async def _admit(self, asks: Sequence[Ask], changes: Mapping[int, Change], rooms: _Rooms) -> dict[int, DomainError]:
        """Who may not ask now, and why; the others have had their turn."""
        refused: dict[int, DomainError] = {}
        more: Counter[str] = Counter()
        for place in changes:
            ask = asks[place]
            try:
                rooms.require(ask)
                self._require_room(ask, rooms.open_ones.get((ask.by.person, ask.session), 0), more[ask.session])
                more[ask.session] += 1
            except DomainError as error:
                refused[place] = error
        places = [place for place in changes if place not in refused]
        waits = await self._store.take_turns([_turn(asks[place]) for place in places])
        for place, seconds in zip(places, waits, strict=True):
            if seconds is not None:
                refused[place] = TooMany("qa.too_fast", params={"seconds": round(seconds)}, retry_after=round(seconds, 1))
        return refused

    async def _last_asked(self, asks: Sequence[Ask], guards: Mapping[str, Guard]) -> dict[tuple[str, str], datetime]:
        """(person, session) → when they asked there last, of sessions in slow mode."""
        last: dict[tuple[str, str], datetime] = {}
        for session in (session for session, guard in guards.items() if guard.pace):
            people = {ask.by.person for ask in asks if ask.session == session}
            found = await self._store.life.last_asked(session, people)
            last |= {(person, session): at for person, at in found.items()}
        return last

    def _require_room(self, ask: Ask, open_ones: int, beside: int) -> None:
        """`beside`: how many questions of the same session are admitted together with this one."""
        if self._live.questions.count(ask.session) + beside >= domain.MOST_PER_SESSION:
            raise Full("qa.session_full")
        most = domain.most_open(ask.hall)
        if open_ones >= most:
            raise TooMany("qa.too_many_open", params={"most": most})

    async def _write(self, asks: Sequence[Ask], changes: Mapping[int, Change]) -> dict[int, DomainError]:
        """Those whose id was taken."""
        rows = [(change.question, self._envelope(change, asks[place])) for place, change in changes.items()]
        taken = await self._store.insert_questions(rows)
        return {place: Conflict("qa.id_taken") for place, refusal in zip(changes, taken, strict=True) if refusal is not None}

    async def _again(self, asks: Sequence[Ask], refused: Mapping[int, DomainError]) -> dict[int, QuestionState | DomainError]:
        """Refused: unless it was accepted before and this is a retry. Only then are questions looked up."""
        known = {question.id: question for question in await self._store.questions({asks[place].id for place in refused})}
        return {place: _same(asks[place], known.get(asks[place].id), error) for place, error in refused.items()}

    def _envelope(self, change: Change, ask: Ask) -> Envelope:
        return change.event.to_envelope(id=self._new_id(), subject=ask.id, seq=1, time=self._clock(), correlationid=ask.correlationid)


def _turn(ask: Ask) -> AskTurn:
    return AskTurn(ask.by.person, ask.id, ask.now, timedelta(seconds=domain.ask_every(ask.hall)))


def _same(ask: Ask, known: Question | None, refusal: DomainError) -> QuestionState | DomainError:
    if known is None:
        return refusal
    mine_too = known.author == ask.by.person and known.session == ask.session
    return known.state() if mine_too else Conflict("qa.id_taken")


def actor_of(by: Pass) -> Actor:
    return Actor(person=by.person, name=by.name, door=by.door, duty=by.duty)
