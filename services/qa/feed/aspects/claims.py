"""The aspect of claims: which question a moderator reads just now, for the other moderators; it ends by itself.

snapshot  `claim` in the items of moderators
frames    claim {"id", "claim": {"by", "until"} or null} (moderators)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from services.qa.facts import Claim, Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.aspects.questions import QuestionAspect
from services.qa.feed.projection import MODERATOR, View
from shared.clock import from_text
from shared.events.kind import Event
from shared.events.question import QuestionClaimed


class ClaimAspect(Aspect):
    def __init__(self, questions: QuestionAspect) -> None:
        self._questions = questions

    def takes(self) -> Mapping[type[Event], Fold]:
        return {QuestionClaimed: self._claimed}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for claim in contents.claims:
            yield from self._put(claim)

    def _claimed(self, event: QuestionClaimed, seq: int) -> Iterable[AspectChange]:
        until = from_text(event.until)
        return self._put(Claim(event.question, event.session, event.version, event.by, until, seq, given_up=event.given_up))

    def _put(self, claim: Claim) -> Iterable[AspectChange]:
        if self._questions.known(claim.session, claim.question) is not None and self._questions.claims.put(claim):
            yield AspectChange(claim.session, (claim.question,), MODERATOR)

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        for claim in list(self._questions.claims.expire(now)):
            yield AspectChange(claim.session, (claim.question,), MODERATOR)

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        for key in keys:
            question = self._questions.known(session, key)
            if question is not None and view == MODERATOR:
                yield FrameData("claim", {"id": key, "claim": self._questions.claims.of(question)})
