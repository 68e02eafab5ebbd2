"""The aspect of the floor: whether the session takes questions.

snapshot and frame  floor {"state": open|paused|closed, "version"}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.projection import Json, View
from shared.events.floor import FloorChanged
from shared.events.kind import Event
from shared.events.vocabulary import FloorState

UNKNOWN: Final[tuple[FloorState, int]] = ("closed", 0)


class FloorAspect(Aspect):
    def __init__(self) -> None:
        self._floors: dict[str, tuple[FloorState, int]] = {}

    def takes(self) -> Mapping[type[Event], Fold]:
        return {FloorChanged: lambda event, seq: self._set(event.session, event.state, event.version)}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for floor in contents.floors:
            yield from self._set(floor.session, floor.state, floor.version)

    def forget(self, session: str) -> None:
        self._floors.pop(session, None)

    def _set(self, session: str, state: FloorState, version: int) -> Iterable[AspectChange]:
        if version > self._floors.get(session, UNKNOWN)[1]:
            self._floors[session] = (state, version)
            yield from for_everybody(session, "floor")

    def shared(self, session: str, view: View) -> Json:
        state, version = self._floors.get(session, UNKNOWN)
        return {"floor": {"state": state, "version": version}}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("floor", self.shared(session, "public")["floor"])
