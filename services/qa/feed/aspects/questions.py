"""The aspect of questions: who sees which of them, in which words.

snapshot  items      question id → ITEM (public), MOD_ITEM (moderator), ITEM of the one on stage and of the next one (display)
          mine       question id → MINE, one's own in every status (not for screens); bad news waits for UNDO_SECONDS
          published  how many are published (screens only)
frames    item, mine {…the question…} · gone, mine_gone {"id"}: erased, it is nobody's any more · published {"count"}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.claims import Claims
from services.qa.feed.likeness import Likeness
from services.qa.feed.projection import DISPLAY, VIEWS, Json, View, followed, is_shown, mine, shown
from shared.clock import from_text
from shared.events.kind import Event
from shared.events.question import QuestionChanged, QuestionState
from shared.events.votes import VoteCount

_COUNT: Final = "*"
"""The key of how many are published; the others are question ids."""


MOST_FOLLOWED: Final = 20
"""Questions merged into each other, one into the next; a longer trail is not followed to its end."""


class QuestionAspect(Aspect):
    def __init__(self) -> None:
        self._questions: dict[str, dict[str, QuestionState]] = defaultdict(dict)
        self._published: dict[str, int] = defaultdict(int)
        self._held: dict[tuple[str, str], datetime] = {}
        """(session, id) of what is held back from its author → until when."""
        self._now = datetime.min.replace(tzinfo=UTC)
        """Of the last tick."""
        self._followers: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        """(session, id) → the questions that were merged into it."""
        self.claims = Claims()
        self.likeness = Likeness()

    def takes(self) -> Mapping[type[Event], Fold]:
        return {QuestionChanged: lambda event, seq: self._put(event.question)}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for question in contents.questions:
            yield from self._put(question)

    def holds(self, session: str) -> bool:
        return self.count(session) > 0

    def forget(self, session: str) -> None:
        self._questions.pop(session, None)
        self._published.pop(session, None)
        for key in [key for key in self._held if key[0] == session]:
            del self._held[key]
        for key in [key for key in self._followers if key[0] == session]:
            del self._followers[key]
        self.claims.forget(session)
        self.likeness.forget(session)

    def tick(self, now: datetime) -> Iterable[AspectChange]:
        """Authors learn what was held back from them."""
        self._now = now
        for key in [key for key, until in self._held.items() if until <= now]:
            del self._held[key]
            question = self.known(*key)
            if question is not None:
                yield AspectChange(question.session, (question.id,), person=question.author)

    def known(self, session: str, id: str) -> QuestionState | None:
        return self._questions[session].get(id) if session in self._questions else None

    def count(self, session: str) -> int:
        """How many questions of the session are known, in any status."""
        return len(self._questions[session]) if session in self._questions else 0

    def each(self, session: str) -> tuple[QuestionState, ...]:
        return tuple(self._questions[session].values()) if session in self._questions else ()

    def recount(self, session: str, id: str, count: VoteCount) -> QuestionState | None:
        """The question with a newer count of its votes; None when it is unknown (it will bring its own) or its count as new."""
        before = self.known(session, id)
        if before is None or count.rev <= before.votes_rev:
            return None
        self._questions[session][id] = question = replace(before, votes=count.votes, votes_rev=count.rev, by_door=count.by_door)
        return question

    def _put(self, question: QuestionState) -> Iterable[AspectChange]:
        session, id = question.session, question.id
        before = self.known(session, id)
        mine_before, seen_before = self._mine(before), self._followed(before)
        if before is not None and before.version >= question.version:
            return
        if before is not None and before.votes_rev > question.votes_rev:
            question = replace(question, votes=before.votes, votes_rev=before.votes_rev, by_door=before.by_door)
        self._questions[session][id] = question
        self.likeness.drop(session, id)
        self._hold(question)
        self._follow(before, question)
        skipped = question.version > 1 + (0 if before is None else before.version)
        for view in VIEWS:
            seen = is_shown(question, view) or (before is not None and is_shown(before, view))
            if seen:
                yield AspectChange(session, (id,), view)
            if skipped and (not seen or view == DISPLAY):  # another process may have heard of it, and shown it, or counted it
                yield AspectChange(session, (), view)
        if before is not None and before.author != question.author:
            yield AspectChange(session, (id,), person=before.author)
        if before is None or mine_before != self._mine(question):
            yield AspectChange(session, (id,), person=question.author)
        if seen_before != self._followed(question):
            yield from self._tell_followers(question)
        more = (question.status == "published") - (before is not None and before.status == "published")
        if more:
            self._published[session] += more
            yield AspectChange(session, (_COUNT,), DISPLAY)

    def _mine(self, question: QuestionState | None) -> Json | None:
        return None if question is None else mine(question, self._now, self._followed(question))

    # --- merged ones follow another --------------------------------------------------------------------------------------------------
    def _follow(self, before: QuestionState | None, question: QuestionState) -> None:
        if before is not None and before.merged_into:
            self._followers[question.session, before.merged_into].pop(question.id, None)
        if question.merged_into:
            self._followers[question.session, question.merged_into][question.id] = None

    def _followed(self, question: QuestionState | None) -> Json | None:
        """What is public of the question at the end of its trail."""
        for _ in range(MOST_FOLLOWED):
            if question is None or question.status != "merged":
                break
            question = self.known(question.session, question.merged_into)
        return followed(question)

    def _tell_followers(self, question: QuestionState) -> Iterable[AspectChange]:
        waiting, told = [question.id], {question.id}
        while waiting:
            for id in self._followers.get((question.session, waiting.pop()), ()):
                follower = self.known(question.session, id)
                if follower is not None and id not in told:
                    told.add(id)
                    waiting.append(id)
                    yield AspectChange(question.session, (id,), person=follower.author)

    def _hold(self, question: QuestionState) -> None:
        self._held.pop((question.session, question.id), None)
        if question.held_back is not None:
            self._held[question.session, question.id] = from_text(question.held_back.until)

    def _seen(self, question: QuestionState, view: View) -> Json | None:
        return shown(question, view, self.claims.of(question))

    def blank(self) -> Json:
        return {"items": {}, "published": 0}

    def shared(self, session: str, view: View) -> Json:
        seen = ((question.id, self._seen(question, view)) for question in self._questions[session].values())
        fields: Json = {"items": {id: item for id, item in seen if item is not None}}
        return {**fields, "published": self._published[session]} if view == DISPLAY else fields

    def personal(self, session: str, person: str) -> Json:
        return {"mine": {id: self._mine(each) for id, each in self._questions[session].items() if each.author == person}}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        for key in keys:
            question = self._questions[session].get(key)
            if question is None:
                yield FrameData("published", {"count": self._published[session]})
            elif view is not None:
                item = self._seen(question, view)
                yield FrameData("gone", {"id": key}) if item is None else FrameData("item", item)
            elif question.author == person:
                yield FrameData("mine", self._mine(question))
            else:
                yield FrameData("mine_gone", {"id": key})
