"""The use case of finding what is asked already: from what the live feed of this process knows, without the store."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from services.qa.day import floor_for
from services.qa.feed.aspects.questions import QuestionAspect
from services.qa.feed.likeness import OFFERED
from services.qa.feed.projection import MODERATOR, PUBLIC, View
from services.qa.store import QaStore
from services.qa.texts import clean_text
from shared.auth import capabilities
from shared.auth.passes import Pass

Json = dict[str, Any]

MOST_OFFERED: Final = {PUBLIC: 3, MODERATOR: 5}
AT_A_TIME: Final = 5
"""Questions that are taken into an index before others have their turn: after a restart it is empty."""


class Suggesting:
    def __init__(self, store: QaStore, questions: QuestionAspect) -> None:
        self._store, self._questions = store, questions

    async def similar(self, by: Pass, session: str, text: str) -> list[Json]:
        """[{"id", "text", "votes", "score"}], the most alike first: questions on the list or on stage, for moderators waiting ones too.
        Raises Denied, Invalid, NotFound."""
        capabilities.require(by.duty, "question.ask")
        wanted = clean_text(text)
        await floor_for(self._store, by, session)
        view: View = MODERATOR if capabilities.may(by.duty, "question.moderate") else PUBLIC
        await self._catch_up(session, view)
        alike = self._questions.likeness.index(session, view).alike(wanted, MOST_OFFERED[view])
        found = ((self._questions.known(session, one.id), one.score) for one in alike)
        return [
            {"id": each.id, "text": each.text, "votes": each.votes, "score": score}
            for each, score in found
            if each is not None and each.status in OFFERED[view]
        ]

    async def _catch_up(self, session: str, view: View) -> None:
        likeness, taken = self._questions.likeness, 0
        for seen in self._questions.each(session):
            question = self._questions.known(session, seen.id)
            if question is None or not likeness.missing(question, view):
                continue
            likeness.index(session, view).put(question.id, question.text)
            taken += 1
            if taken % AT_A_TIME == 0:
                await asyncio.sleep(0)
