"""The use cases of the qa service: load, decide, save with events.

A command carries the version its caller saw. It is never retried against a newer one: that would decide about a text the caller has not
read. Asking is in asking.py, votes in voting.py.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter

from services.qa import domain
from services.qa.asking import Asking, actor_of
from services.qa.day import floor_for
from services.qa.feed.aspects import Aspects, new_aspects
from services.qa.feed.hub import Hub
from services.qa.feed.projection import CHAIR, DISPLAY, MODERATOR, PUBLIC, View, mine, mod_item, shown
from services.qa.history import for_author, for_moderators
from services.qa.life import ON_SCREEN, STEPS, VISIBLE, StepName
from services.qa.life_store import NotMergeable
from services.qa.moving import Announcer
from services.qa.order_keys import MOST_KEY, between
from services.qa.question import Change, Command, Question
from services.qa.ranking import ranked
from services.qa.record import recorded
from services.qa.store import ONE_NEXT, QaStore
from services.qa.votes import VoteBatcher
from services.qa.voting import Halls, Voting
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.errors import Conflict, Denied, Full, Invalid, NotFound
from shared.events.envelope import Envelope
from shared.events.question import QuestionMerged, QuestionUndone
from shared.events.votes import VoteCount
from shared.storage.port import Duplicate, StaleVersion

Json = dict[str, Any]

LED: Final = frozenset(step.name for step in STEPS.values() if step.action in ("question.stage", "question.lead"))
"""Steps of whoever leads a session, who decides nothing else."""
REWORDING: Final[frozenset[StepName]] = frozenset({"edit", "amend"})
"""With these an author sends moderators new words."""
LAST: Final = ""
"""Of a place on the shortlist: at its end."""
SESSION_REMOVED: Final = "qa.session_removed"
VOTES_FOLLOW: Final = (QuestionMerged, QuestionUndone)
"""Votes go with a merge, and back with its undo; those of a duplicate that is withdrawn or erased since stay where they count."""


class Questions:
    def __init__(
        self,
        store: QaStore,
        votes: VoteBatcher,
        live: Aspects,
        announcer: Announcer,
        *,
        metrics: CollectorRegistry,
    ) -> None:
        self._store, self._votes, self._live = store, votes, live
        self._clock, self._wake, self._envelope = announcer.clock, announcer.wake, announcer.envelope
        halls = Halls(store)
        self.ask = Asking(store, live, halls, clock=announcer.clock, new_id=announcer.new_id, moved=self._moved).ask
        self.voting = Voting(store, votes, halls, clock=announcer.clock, in_force=self._require_in_force, moved=self._voted)
        self._steps = Counter("tablee_qa_steps_total", "Accepted steps of questions", ("step",), registry=metrics)
        self._moves = Counter("tablee_qa_ballots_total", "Votes given and taken back", ("on",), registry=metrics)

    # --- steps ---------------------------------------------------------------------------------------------------------------------
    async def carry_out(self, by: Pass, id: str, step: StepName, *, expected_version: int, **details: Any) -> Json:
        """Load, decide, save. Raises NotFound, Denied, Invalid, and Conflict with the question as the caller may see it now."""
        capabilities.require(by.duty, STEPS[step].action)
        stored = await self.question(by, id)
        if STEPS[step].in_force:
            self._require_in_force(stored)
        if step in LED and stored.status not in VISIBLE and not capabilities.may(by.duty, "question.moderate"):
            raise self._conflict("qa.not_possible", by, stored, {"command": step, "status": stored.status})
        if step == "edit" and stored.author == by.person and await self._store.claims.reads(stored, self._clock()):
            raise self._conflict("qa.being_read", by, stored)
        if step in REWORDING and self._live.guard.mutes(stored.session, by.person):
            raise Denied("qa.muted")
        given = await self._details(by, stored, step, details)
        command = Command(step, expected_version, actor_of(by), self._clock(), **given)
        saved = await self._save(by, stored, lambda: domain.carry_out(stored, command))
        self._moved(step)
        return mine(saved.state(), command.now) if STEPS[step].by == "author" else view_for(by, saved, command.now)

    async def undo(self, by: Pass, id: str, *, expected_version: int) -> Json:
        """Take the last step of a moderator back. Raises as `carry_out`."""
        capabilities.require(by.duty, "question.stage")
        stored, now = await self.question(by, id), self._clock()
        _require_undo(by, stored)
        if stored.merged_into and (await self.question(by, stored.merged_into)).status == "merged":
            raise self._conflict("qa.merge_target", by, stored)

        def back() -> Change:
            change = domain.take_back(stored, expected_version=expected_version, by=actor_of(by), now=now)
            if change.question.status in ON_SCREEN:
                self._require_in_force(stored)
            return change

        saved = await self._save(by, stored, back)
        self._moved("undo")
        return view_for(by, saved, now)

    async def _save(self, by: Pass, stored: Question, decide: Callable[[], Change]) -> Question:
        """What was decided on `stored`. Raises Conflict with the question as the caller may see it now."""
        try:
            change = decide()
            event = self._envelope(change.event, stored.id, change.question.version)
            if change.question.merged_into != stored.merged_into and isinstance(change.event, VOTES_FOLLOW):
                return await self._move_votes(stored, change.question, event)
            return await self._store.life.save(change.question, event, *self._told(stored, change))
        except Conflict as conflict:
            raise self._conflict(conflict.code, by, stored, conflict.params) from None
        except NotMergeable:
            raise self._conflict("qa.merge_target", by, stored) from None
        except StaleVersion:
            raise self._conflict("qa.stale", by, await self.question(by, stored.id)) from None
        except Duplicate as taken:
            raise self._conflict("qa.next_taken" if taken.index == ONE_NEXT else "qa.stage_taken", by, stored) from None

    def _told(self, before: Question, change: Change) -> list[Envelope]:
        """What stays for everybody, where that changed."""
        told = recorded(before, change.question)
        return [] if told is None else [self._envelope(told, before.id, change.question.version)]

    def _conflict(self, code: str, by: Pass, question: Question, params: Mapping[str, Any] | None = None) -> Conflict:
        return Conflict(code, params=params, current=view_for(by, question, self._clock()))

    async def _move_votes(self, before: Question, after: Question, event: Envelope) -> Question:
        """To the question that this one is merged into now, or back from it."""
        life, now = self._store.life, self._clock()
        if after.merged_into:
            saved, moved = await life.merge(after, event, now)
        else:
            saved, moved = await life.part(after, before.merged_into, event, now)
        count = VoteCount(moved.into.votes, moved.into.votes_rev, moved.into.by_door)
        for ballot in moved.ballots:
            self._votes.add(after.session, count, ballot)
        return saved

    async def erase(self, by: Pass, id: str, *, expected_version: int) -> Json:
        """{"id", "version", "status"}. Raises as `carry_out`."""
        capabilities.require(by.duty, "question.withdraw")
        stored, now = await self.question(by, id), self._clock()
        officer = capabilities.may(by.duty, "question.erase")
        saved = await self._save(
            by, stored, lambda: domain.erase(stored, expected_version=expected_version, by=actor_of(by), officer=officer, now=now)
        )  # fmt: skip
        self._moved("erase")
        return {"id": saved.id, "version": saved.version, "status": saved.status}

    async def history(self, by: Pass, id: str) -> list[Json]:
        """All of it for moderators, what was told for its author. Raises NotFound, Denied."""
        stored = await self.question(by, id)
        if capabilities.may(by.duty, "question.moderate"):
            return for_moderators(stored)
        if not stored.author or stored.author != by.person:
            raise Denied("qa.not_yours")
        return for_author(stored, self._clock())

    async def _details(self, by: Pass, question: Question, step: StepName, details: Json) -> Json:
        """What other questions and the session have to say to a step. Raises Conflict, Invalid."""
        if step == "shortlist":
            return {"place": await self._place(by, question, details["after"])}
        if step == "merge" and details["into"] == question.id:
            raise self._conflict("qa.merge_target", by, question)
        if step == "assign" and details["speaker"] and details["speaker"] not in self._live.session.speakers(question.session):
            raise Invalid.about("speaker", "qa.speaker_unknown")
        if step == "decline":
            return {**details, "reasons": self._live.reasons.of_event()}
        return details

    async def _place(self, by: Pass, question: Question, after: str | None) -> str:
        """Between the question that it comes after and the one that came next there."""
        listed = [(place, id) for place, id in await self._store.life.shortlist(question.session) if id != question.id]
        if after == LAST:
            before = listed[-1][0] if listed else ""
        elif after is None:
            before = ""
        else:
            before = next((place for place, id in listed if id == after), "")
            if not before:
                raise self._conflict("qa.not_shortlisted", by, question)
        following = next((place for place, _ in listed if place > before), "")
        key = between(before, following, f"{question.id}{by.person}")
        if len(key) > MOST_KEY:
            raise Full("qa.order_full")
        return key

    # --- views ----------------------------------------------------------------------------------------------------------------------
    async def snapshot(self, by: Pass, session: str, view: View) -> Json:
        """The state that a snapshot of the feed holds. What people did is made by the same aspects from what the store has, so that the
        answer to a command that came before is in it; who is present and what other services told is the memory of this process."""
        capabilities.require(by.duty, f"feed.{view}")
        await floor_for(self._store, by, session)
        aspects = new_aspects()
        stored: Hub[str] = Hub("", aspects)
        contents = await self._store.contents_of(session, by.person)
        stored.load(replace(contents, questions=ranked(contents.questions)))
        stored.tick(self._clock())
        live = self._live
        memory = (live.session, live.stream, live.presence, live.colleagues, live.reactions, live.turn, live.reasons)
        blank = view == DISPLAY and aspects.guard.blanks(session)
        told = [aspect.on_screen(session, blank=blank) if view == DISPLAY else aspect.shared(session, view) for aspect in memory]
        return {**stored.state(session, view, by.person), **ChainMap(*told)}

    def seen(self, by: Pass, session: str) -> None:
        """Somebody reads a page without script, and is there until it comes no more."""
        self._live.presence.declare(by.person, by.people, by.issued_at)
        self._live.presence.glimpse(session, by.person, by.door, self._clock())

    # --- inside ------------------------------------------------------------------------------------------------------------------------
    def _require_in_force(self, question: Question) -> None:
        """As this process was told last: it hears of it as soon as the pages do."""
        if self._live.session.removed(question.session):
            raise Conflict(SESSION_REMOVED)

    async def question(self, by: Pass, id: str) -> Question:
        """Raises NotFound, Denied."""
        found = await self._store.question(id)
        if found is None:
            raise NotFound("qa.unknown_question")
        require_covered(by, found)
        return found

    def _voted(self, on: bool) -> None:
        self._moves.labels("yes" if on else "no").inc()

    def _moved(self, step: str) -> None:
        self._steps.labels(step).inc()
        self._wake()


def require_covered(by: Pass, question: Question) -> None:
    """Raises Denied."""
    if not by.covers(question.session):
        raise Denied("access.session_not_yours")


def _require_undo(by: Pass, question: Question) -> None:
    """Who only leads a session takes back what leading is, nothing else that moderators decided. Raises Denied."""
    if question.past and question.past[-1].step not in LED:
        capabilities.require(by.duty, "question.moderate")


def view_for(by: Pass, question: Question, now: datetime) -> Json:
    """The question as the caller may see it: moderators all of it, its author their own, others what is public."""
    state = question.state()
    if capabilities.may(by.duty, f"feed.{MODERATOR}"):
        return mod_item(state)
    if capabilities.may(by.duty, f"feed.{CHAIR}"):
        return shown(state, CHAIR) or {"id": question.id, "version": question.version, "status": question.status}
    if question.author == by.person:
        return mine(state, now)
    return shown(state, PUBLIC) or {"id": question.id, "version": question.version, "status": question.status}
