"""The aspect of votes: absolute counts to whoever sees the question, one's own ballots to oneself.

snapshot  my_votes   ids of the questions one voted for, sorted (not for screens); the counts are in the questions
          my_counts  question id → hands that one counted in one's hall
frames    votes {"counts": {id: votes}, "by_door": {id: door → votes}} · voted {"id", "on", "hands"}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.aspects.questions import QuestionAspect
from services.qa.feed.projection import PUBLIC, VIEWS, Json, View, is_shown
from shared.events.kind import Event
from shared.events.person import PersonErased
from shared.events.question import QuestionChanged, QuestionState
from shared.events.vocabulary import Door
from shared.events.votes import Ballot, VoteCount, VotesCounted

_BALLOT: Final = "ballot:"
"""Begins the keys of ballots; those of counts are question ids."""


class VoteAspect(Aspect):
    def __init__(self, questions: QuestionAspect) -> None:
        self._questions = questions
        self._ballots: dict[str, dict[str, dict[str, Ballot]]] = defaultdict(dict)
        """Session → person → question → the newest ballot."""

    def takes(self) -> Mapping[type[Event], Fold]:
        return {
            VotesCounted: self._counted,
            QuestionChanged: lambda event, seq: self._of_question(event.question),
            PersonErased: lambda event, seq: self._forget(event.person_id),
        }

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for question in contents.questions:
            yield from self._of_question(question)
        for session, ballot in contents.ballots:
            yield from self._take(session, ballot)

    def forget(self, session: str) -> None:
        self._ballots.pop(session, None)

    def _counted(self, event: VotesCounted, seq: int) -> Iterable[AspectChange]:
        yield from self._recount(event.session, event.counts)
        for ballot in event.ballots:
            yield from self._take(event.session, ballot)

    def _of_question(self, question: QuestionState) -> Iterable[AspectChange]:
        """A question that comes late may still carry a newer count."""
        return self._recount(question.session, {question.id: VoteCount(question.votes, question.votes_rev, question.by_door)})

    def _recount(self, session: str, counts: Mapping[str, VoteCount]) -> Iterable[AspectChange]:
        counted = [self._questions.recount(session, id, count) for id, count in counts.items()]
        newer = [question for question in counted if question is not None]
        for view in VIEWS:
            seen = tuple(question.id for question in newer if is_shown(question, view))
            if seen:
                yield AspectChange(session, seen, view)
        for question in newer:
            if not is_shown(question, PUBLIC):
                yield AspectChange(session, (question.id,), person=question.author)

    def _take(self, session: str, ballot: Ballot) -> Iterable[AspectChange]:
        own = self._ballots[session].setdefault(ballot.person, {})
        before = own.get(ballot.question)
        if before is not None and ballot.rev <= before.rev:
            return
        own[ballot.question] = ballot
        if (before is not None and before.on, 0 if before is None else before.hands) != (ballot.on, ballot.hands):
            yield AspectChange(session, (_BALLOT + ballot.question,), person=ballot.person)

    def _forget(self, person: str) -> Iterable[AspectChange]:
        """The person's connections end with their access; the counts stay."""
        for of_session in self._ballots.values():
            of_session.pop(person, None)
        return ()

    def blank(self) -> Json:
        return {}

    def personal(self, session: str, person: str) -> Json:
        given = {id: ballot for id, ballot in self._ballots[session].get(person, {}).items() if ballot.on}
        return {"my_votes": sorted(given), "my_counts": {id: ballot.hands for id, ballot in given.items() if ballot.hands}}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        counts: dict[str, int] = {}
        by_door: dict[str, Mapping[Door, int]] = {}
        for key in keys:
            question = self._questions.known(session, key)
            if question is not None and (is_shown(question, view) if view is not None else question.author == person):
                counts[key], by_door[key] = question.votes, question.by_door
            elif key.startswith(_BALLOT):
                id = key.removeprefix(_BALLOT)
                ballot = self._ballots[session].get(person, {}).get(id)
                on, hands = (ballot.on, ballot.hands) if ballot is not None else (False, 0)
                yield FrameData("voted", {"id": id, "on": on, "hands": hands})
        if counts:
            yield FrameData("votes", {"counts": counts, "by_door": by_door})
