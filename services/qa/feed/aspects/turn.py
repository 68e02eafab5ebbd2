"""The aspect of the fair turn: which question would be next so that each door gets its part, for moderators and the chair. Worked out once
a second at most; the time of the question that is on stage counts by half minutes.

snapshot and frame  turn {"question", "door", "why", "doors": door → {"part", "had", "people", "askers", "answered", "seconds"}}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from services.qa.facts import Contents
from services.qa.fair_turn import Asked, DoorFacts, fair_turn
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.aspects.presence import PresenceAspect
from services.qa.feed.aspects.questions import QuestionAspect
from services.qa.feed.projection import AT_WORK, Json, View
from shared.clock import from_text
from shared.events.kind import Event
from shared.events.question import QuestionChanged, QuestionState
from shared.events.vocabulary import DOORS, Door, is_door
from shared.events.votes import VotesCounted

STEP_SECONDS: Final = 30
"""In which the time of a question that is on stage counts."""


class TurnAspect(Aspect):
    def __init__(self, questions: QuestionAspect, presence: PresenceAspect) -> None:
        self._questions, self._presence = questions, presence
        self._told: dict[str, Json] = {}
        self._people: dict[str, dict[Door, int]] = {}
        """Session with questions → the people it was worked out with."""
        self._moved: set[str] = set()
        self._on_stage: dict[str, tuple[str, int]] = {}
        """Session → (since when its question is on stage, the seconds it was worked out with)."""

    def takes(self) -> Mapping[type[Event], Fold]:
        return {
            QuestionChanged: lambda event, seq: self._touch(event.question.session),
            VotesCounted: lambda event, seq: self._touch(event.session),
        }

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for question in contents.questions:
            self._touch(question.session)
        return ()

    def _touch(self, session: str) -> Iterable[AspectChange]:
        """The next tick works it out anew."""
        self._people.setdefault(session, {})
        self._moved.add(session)
        return ()

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        for session, people in self._people.items():
            there = self._presence.of(session)
            if session not in self._moved and there == people and not self._longer(session, now):
                continue
            self._people[session] = there
            turn = self._turn(session, now)
            if turn != self._of(session):
                self._told[session] = turn
                for view in AT_WORK:
                    yield AspectChange(session, ("turn",), view)
        self._moved.clear()

    def forget(self, session: str) -> None:
        self._told.pop(session, None)
        self._people.pop(session, None)
        self._moved.discard(session)
        self._on_stage.pop(session, None)

    def _longer(self, session: str, now: datetime) -> bool:
        since, counted = self._on_stage.get(session, ("", 0))
        return bool(since) and _so_far(since, now) != counted

    def _turn(self, session: str, now: datetime) -> Json:
        self._on_stage.pop(session, None)
        for each in self._questions.each(session):
            if each.status == "on_stage" and each.staged_at is not None:
                self._on_stage[session] = (each.staged_at, _so_far(each.staged_at, now))
        facts = _facts(self._questions.each(session), self._presence.of(session), now)
        turn = fair_turn(_candidates(self._questions.each(session)), facts)
        doors = {
            door: {
                "part": turn.doors[door].part, "had": turn.doors[door].had, "people": facts[door].people, "askers": facts[door].askers,
                "answered": facts[door].answered, "seconds": facts[door].seconds,
            }
            for door in DOORS
        }  # fmt: skip
        return {"question": turn.question, "door": turn.door, "why": turn.why, "doors": doors}

    def _of(self, session: str) -> Json:
        return self._told.get(session, _NOTHING)

    def shared(self, session: str, view: View) -> Json:
        return {"turn": self._of(session)} if view in AT_WORK else {}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("turn", self._of(session))


_NOTHING: Json = {
    "question": None, "door": None, "why": "",
    "doors": {door: {"part": 0.0, "had": 0.0, "people": 0, "askers": 0, "answered": 0, "seconds": 0} for door in DOORS},
}  # fmt: skip


def _candidates(questions: Iterable[QuestionState]) -> list[Asked]:
    """The shortlist in its order; without one, the published ones that have most votes."""
    published = [each for each in questions if each.status == "published"]
    listed = sorted((each for each in published if each.place), key=lambda each: (each.place or "", each.id))
    found = listed or sorted(published, key=lambda each: (-each.votes, each.asked_at, each.id))
    return [Asked(each.id, each.door) for each in found if is_door(each.door)]


def _facts(questions: Iterable[QuestionState], people: dict[Door, int], now: datetime) -> dict[Door, DoorFacts]:
    askers: dict[Door, set[str]] = defaultdict(set)
    answered: dict[Door, int] = defaultdict(int)
    seconds: dict[Door, int] = defaultdict(int)
    for each in questions:
        if not is_door(each.door):
            continue
        askers[each.door].add(each.author or each.id)
        if each.status == "answered" and each.staged_at is not None:
            answered[each.door] += 1
            seconds[each.door] += _seconds(each)
        elif each.status == "on_stage" and each.staged_at is not None:
            seconds[each.door] += _so_far(each.staged_at, now)
    return {door: DoorFacts(people.get(door, 0), len(askers[door]), answered[door], seconds[door]) for door in DOORS}


def _seconds(question: QuestionState) -> int:
    """On stage; one at least, for whoever was answered there was heard."""
    if question.staged_at is None or question.answered_at is None:
        return 1
    return max(1, int((from_text(question.answered_at) - from_text(question.staged_at)).total_seconds()))


def _so_far(staged_at: str, now: datetime) -> int:
    """By half minutes, the one that began counted whole: what is worked out anew changes twice a minute."""
    return STEP_SECONDS * (1 + max(0, int((now - from_text(staged_at)).total_seconds())) // STEP_SECONDS)
