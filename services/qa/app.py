"""The use cases of the qa service: load, decide, save with events. What must not be here: HTTP, a broker, a driver, rules of the domain.

A command carries the version its caller saw. It is never retried against a newer one: that would decide about a text the caller has
not read. Counting a vote has no such version; there the store retries what two voters at once made collide.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Protocol

from services.qa import domain
from services.qa.domain import Actor, Change, Floor, Question
from services.qa.feed import state as views
from services.qa.ranking import ranked
from services.qa.store import NotCounted, QaStore, SessionFacts
from services.qa.votes import Tally
from shared import correlation
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.clock import Clock
from shared.errors import Conflict, Denied, DomainError, Full, NotFound, TooMany
from shared.events.envelope import Envelope
from shared.events.kind import Event
from shared.events.question import QuestionState
from shared.events.votes import Ballot
from shared.ids import IdSource
from shared.metrics import Metrics
from shared.storage.port import Duplicate, StaleVersion

Json = dict[str, Any]
Decide = Callable[[Question], Change]

STRIPES: Final = 64
"""Votes on one question wait for each other here instead of colliding in the store."""


class Presence(Protocol):
    """What the feed of this process knows, in memory: who is there, and about how many questions (a moment late)."""

    def presence(self, session: str) -> dict[str, int]: ...

    def questions(self, session: str) -> int: ...


class Questions:
    def __init__(
        self,
        store: QaStore,
        tally: Tally,
        presence: Presence,
        *,
        clock: Clock,
        new_id: IdSource,
        wake: Callable[[], None],
        metrics: Metrics,
    ) -> None:
        self._store, self._tally, self._presence = store, tally, presence
        self._clock, self._new_id, self._wake = clock, new_id, wake
        self._stripes = tuple(asyncio.Lock() for _ in range(STRIPES))
        self._steps = metrics.counter("tablee_qa_steps_total", "Accepted steps of questions", ("step",))
        self._ballots = metrics.counter("tablee_qa_ballots_total", "Votes given and taken back", ("on",))

    # --- asking --------------------------------------------------------------------------------------------------------------------
    async def ask(self, by: Pass, session: str, *, id: str, text: str, language: str, anonymous: bool) -> Json:
        """MINE. The same id by the same author again is the same question: a client may retry without fear. Raises Invalid, NotFound,
        Denied, Conflict (floor, or an id of somebody else), TooMany, Full."""
        capabilities.require(by.duty, "question.ask")
        floor, open_ones = await asyncio.gather(
            self._floor(by, session), self._store.count_open(by.person, session, domain.MOST_OPEN_PER_PERSON)
        )
        now = self._clock()
        change = domain.ask(id=id, session=session, text=text, language=language, anonymous=anonymous, by=_actor(by), now=now)
        try:
            floor.require_open(by.door)
            await self._admit(by, session, id, open_ones)
            await self._store.insert_question(change.question, self._envelope(change.event, id, 1))
        except (DomainError, Duplicate) as refusal:
            return await self._again(by, session, id, refusal)
        self._moved("ask")
        return views.mine(change.question.state())

    async def _admit(self, by: Pass, session: str, id: str, open_ones: int) -> None:
        """The turn of 30 s is one atomic step in the store, and it lets one question of a person through at a time: that is why counting
        the open ones before it, without a lock, cannot be outrun by the same person on two devices."""
        if self._presence.questions(session) >= domain.MOST_PER_SESSION:
            raise Full("qa.session_full")
        if open_ones >= domain.MOST_OPEN_PER_PERSON:
            raise TooMany("qa.too_many_open", params={"most": domain.MOST_OPEN_PER_PERSON})
        seconds = await self._store.take_turn(by.person, id, self._clock())
        if seconds is not None:
            raise TooMany("qa.too_fast", params={"seconds": round(seconds)}, retry_after=round(seconds, 1))

    async def _again(self, by: Pass, session: str, id: str, refusal: DomainError | Duplicate) -> Json:
        """Refused: unless it was accepted before and this is a retry. Only then is the question looked up."""
        known = await self._store.question(id)
        if known is not None:
            return self._same(by, session, known)
        if isinstance(refusal, Duplicate):
            raise Conflict("qa.id_taken")
        raise refusal

    @staticmethod
    def _same(by: Pass, session: str, known: Question) -> Json:
        if known.author != by.person or known.session != session:
            raise Conflict("qa.id_taken")
        return views.mine(known.state())

    # --- the author's commands -------------------------------------------------------------------------------------------------------
    async def edit(self, by: Pass, id: str, expected_version: int, text: str) -> Json:
        who, now = _actor(by), self._clock()
        changed = await self._change(
            by, id, "question.edit", lambda held: domain.edit(held, expected_version=expected_version, text=text, by=who, now=now)
        )
        return views.mine(changed.state())

    async def withdraw(self, by: Pass, id: str, expected_version: int) -> Json:
        who, now = _actor(by), self._clock()
        changed = await self._change(
            by, id, "question.withdraw", lambda held: domain.withdraw(held, expected_version=expected_version, by=who, now=now)
        )
        return views.mine(changed.state())

    # --- moderation ------------------------------------------------------------------------------------------------------------------
    async def publish(self, by: Pass, id: str, expected_version: int, text: str | None) -> Json:
        who, now = _actor(by), self._clock()
        return await self._moderate(
            by, id, "question.moderate", lambda held: domain.publish(held, expected_version=expected_version, by=who, now=now, text=text)
        )

    async def decline(self, by: Pass, id: str, expected_version: int, reason: str, note: str) -> Json:
        who, now = _actor(by), self._clock()
        return await self._moderate(
            by, id, "question.moderate",
            lambda held: domain.decline(held, expected_version=expected_version, reason=reason, note=note, by=who, now=now),
        )  # fmt: skip

    async def hide(self, by: Pass, id: str, expected_version: int) -> Json:
        who, now = _actor(by), self._clock()
        return await self._moderate(
            by, id, "question.moderate", lambda held: domain.hide(held, expected_version=expected_version, by=who, now=now)
        )

    async def stage(self, by: Pass, id: str, expected_version: int) -> Json:
        who, now = _actor(by), self._clock()
        return await self._moderate(
            by, id, "question.stage", lambda held: domain.stage(held, expected_version=expected_version, by=who, now=now)
        )

    async def put_back(self, by: Pass, id: str, expected_version: int) -> Json:
        who, now = _actor(by), self._clock()
        return await self._moderate(
            by, id, "question.stage", lambda held: domain.put_back(held, expected_version=expected_version, by=who, now=now)
        )

    async def answer(self, by: Pass, id: str, expected_version: int) -> Json:
        who, now = _actor(by), self._clock()
        return await self._moderate(
            by, id, "question.stage", lambda held: domain.answer(held, expected_version=expected_version, by=who, now=now)
        )

    async def _moderate(self, by: Pass, id: str, action: str, decide: Decide) -> Json:
        return view_for(by, await self._change(by, id, action, decide))

    async def _change(self, by: Pass, id: str, action: str, decide: Decide) -> Question:
        """Load, decide, save. A Conflict leaves with the question as the caller may see it now."""
        capabilities.require(by.duty, action)
        held = await self._question(by, id)
        try:
            change = decide(held)
            saved = await self._store.save_question(change.question, self._envelope(change.event, id, change.question.version))
        except Conflict as conflict:
            raise Conflict(conflict.code, params=conflict.params, current=view_for(by, held)) from None
        except StaleVersion:
            raise Conflict("qa.stale", current=view_for(by, await self._question(by, id))) from None
        except Duplicate:
            raise Conflict("qa.stage_taken", current=view_for(by, held)) from None
        self._moved(change.event.TYPE.split(".")[3])
        return saved

    # --- votes -----------------------------------------------------------------------------------------------------------------------
    async def vote(self, by: Pass, id: str, *, on: bool) -> Json:
        """{"id", "votes", "voted"}. Idempotent both ways. Raises Denied for one's own question, Conflict while it takes no votes."""
        capabilities.require(by.duty, "question.vote")
        held = await self._question(by, id)
        domain.require_votable(held, by.person)
        async with self._stripes[hash(id) % STRIPES]:
            try:
                move = self._store.vote if on else self._store.take_vote_back
                counted = await move(held, by.person, self._clock())
            except NotCounted:
                counted = await self._question(by, id)
                domain.require_votable(counted, by.person)
                return {"id": id, "votes": counted.votes, "voted": await self._store.has_vote(id, by.person)}
        self._tally.add(counted.session, counted.votes, Ballot(id, by.person, on, counted.votes_rev))
        self._ballots.labels("yes" if on else "no").inc()
        return {"id": id, "votes": counted.votes, "voted": on}

    # --- floors and views --------------------------------------------------------------------------------------------------------------
    async def change_floor(self, by: Pass, session: str, *, state: str, expected_version: int) -> Json:
        """Raises NotFound, Denied, Conflict."""
        capabilities.require(by.duty, "floor.change")
        held = await self._floor(by, session)
        changed = domain.change_floor(held, state=state, expected_version=expected_version, now=self._clock())
        if changed is not held:
            try:
                await self._store.save_floor(changed, self._envelope(changed.event(), session, changed.version))
            except StaleVersion:
                raise Conflict("qa.stale", current=(await self._floor(by, session)).view()) from None
            self._wake()
        return changed.view()

    async def sessions(self, by: Pass) -> list[Json]:
        """The floors the caller's pass covers; with how many questions are where, for moderators."""
        capabilities.require(by.duty, "question.read")
        floors = sorted((floor for floor in await self._store.floors() if by.covers(floor.session)), key=lambda floor: floor.session)
        if not capabilities.may(by.duty, "feed.moderator"):
            return [floor.view() for floor in floors]
        counts = Counter(await self._store.statuses())
        return [{**floor.view(), "counts": {status: counts[floor.session, status] for status in domain.STATUSES}} for floor in floors]

    async def snapshot(self, by: Pass, session: str, view: str) -> Json:
        """STATE of services.qa.feed.state, read from the store: the answer to a command that came before is in it."""
        capabilities.require(by.duty, f"feed.{view}")
        floor = await self._floor(by, session)
        questions = ranked(question.state() for question in await self._store.of_session(session))
        shown = ((question.id, views.shown(question, view)) for question in questions)
        state: Json = {
            "session": session,
            "floor": {"state": floor.state, "version": floor.version},
            "items": {id: item for id, item in shown if item is not None},
            "presence": self._presence.presence(session),
            "stream": await self._stream(session),
        }
        if view == views.DISPLAY:
            return {**state, "published": sum(question.status == domain.PUBLISHED for question in questions)}
        return {**state, **await self._personal(by, session, questions)}

    async def _personal(self, by: Pass, session: str, questions: list[QuestionState]) -> Json:
        votes = [ballot.question for ballot in await self._store.ballots(session, by.person) if ballot.on]
        return {"mine": {each.id: views.mine(each) for each in questions if each.author == by.person}, "my_votes": sorted(votes)}

    async def _stream(self, session: str) -> Json | None:
        stage = next((facts.stage for facts in await self._store.sessions() if facts.id == session), None)
        sent = next((each for each in await self._store.stages() if each.id == stage), None)
        return None if sent is None else {"state": sent.state, "origin": sent.origin}

    # --- what the programme says -----------------------------------------------------------------------------------------------------
    async def take_programme(self, version: int, sessions: list[SessionFacts]) -> None:
        """Every session of it gets a floor; those that exist keep theirs. Idempotent."""
        for facts in sessions:
            await self._store.put_session(facts, version)
            floor = domain.new_floor(facts.id, questions=facts.questions, now=self._clock())
            await self._store.insert_floor(floor, self._envelope(floor.event(), facts.id, 1))
        self._wake()

    # --- inside ------------------------------------------------------------------------------------------------------------------------
    async def _floor(self, by: Pass, session: str) -> Floor:
        floor = await self._store.floor(session)
        if floor is None:
            raise NotFound("qa.unknown_session")
        if not by.covers(session):
            raise Denied("access.session_not_yours")
        return floor

    async def _question(self, by: Pass, id: str) -> Question:
        found = await self._store.question(id)
        if found is None:
            raise NotFound("qa.unknown_question")
        if not by.covers(found.session):
            raise Denied("access.session_not_yours")
        return found

    def _envelope(self, event: Event, subject: str, seq: int) -> Envelope:
        return event.to_envelope(id=self._new_id(), subject=subject, seq=seq, time=self._clock(), correlationid=correlation.current())

    def _moved(self, step: str) -> None:
        self._steps.labels(step).inc()
        self._wake()


def view_for(by: Pass, question: Question) -> Json:
    """The question as the caller may see it: moderators all of it, its author their own, others what is public."""
    state = question.state()
    if capabilities.may(by.duty, "feed.moderator"):
        return views.mod_item(state)
    if question.author == by.person:
        return views.mine(state)
    return views.shown(state, views.PUBLIC) or {"id": question.id, "version": question.version, "status": question.status}


def _actor(by: Pass) -> Actor:
    return Actor(person=by.person, name=by.name, door=by.door)
