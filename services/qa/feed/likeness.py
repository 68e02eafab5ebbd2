"""Where the questions of a session are looked for that ask nearly the same: one index for each audience, made when somebody asks for it.

A question leaves the indexes at once when it changes (hidden, erased, in other words), and is taken in anew by whoever asks next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.qa.feed.projection import MODERATOR, PUBLIC, View
from services.qa.similar import LikenessIndex
from shared.events.question import QuestionState
from shared.events.vocabulary import QuestionStatus

OFFERED: Final[Mapping[View, frozenset[QuestionStatus]]] = {
    PUBLIC: frozenset({"published", "on_stage"}),
    MODERATOR: frozenset({"queued", "published", "on_stage"}),
}
"""What each audience is told of: questions that can still be asked."""


class Likeness:
    def __init__(self) -> None:
        self._indexes: dict[tuple[str, View], LikenessIndex] = {}

    def index(self, session: str, view: View) -> LikenessIndex:
        """`view`: one of OFFERED."""
        return self._indexes.setdefault((session, view), LikenessIndex())

    def missing(self, question: QuestionState, view: View) -> bool:
        """Whether it belongs into that index and is not there yet."""
        return question.status in OFFERED[view] and question.id not in self.index(question.session, view)

    def drop(self, session: str, id: str) -> None:
        for view in OFFERED:
            if (session, view) in self._indexes:
                self._indexes[session, view].drop(id)

    def forget(self, session: str) -> None:
        for view in OFFERED:
            self._indexes.pop((session, view), None)
