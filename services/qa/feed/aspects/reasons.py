"""The aspect of reasons: why a question may be declined, as the programme in force says, for moderators.

snapshot and frame  reasons [{"id", "words": language → text}], in the order of the desk; no words: one of the standard reasons
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData
from services.qa.feed.aspects.session import SessionAspect
from services.qa.feed.projection import MODERATOR, Json, View
from services.qa.question import STANDARD, Reasons
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished

KEY: Final = "reasons"


class ReasonAspect(Aspect):
    """Of the whole event: every session has the same."""

    def __init__(self, session: SessionAspect) -> None:
        self._session = session
        self._programme = 0
        self._reasons: Reasons = STANDARD

    def of_event(self) -> Reasons:
        return self._reasons

    def takes(self) -> Mapping[type[Event], Fold]:
        return {ProgrammePublished: self._take}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        told = contents.day.programme
        return () if told is None else self._take(told.event, told.version)

    def _take(self, event: ProgrammePublished, version: int) -> Iterable[AspectChange]:
        if version <= self._programme:
            return
        before, self._programme = self._reasons, version
        self._reasons = {reason.id: dict(reason.words) for reason in event.reasons} or STANDARD
        if list(self._reasons.items()) != list(before.items()):
            for session in self._session.known():
                yield AspectChange(session, (KEY,), MODERATOR)

    def shared(self, session: str, view: View) -> Json:
        return {KEY: self._now()} if view == MODERATOR else {}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData(KEY, self._now())

    def _now(self) -> list[Json]:
        return [{"id": id, "words": words} for id, words in self._reasons.items()]
