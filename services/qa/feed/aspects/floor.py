"""The aspect of the floor: whether the session takes questions, and whether the programme or somebody's hand decided that.

snapshot and frame  floor {"state": open|paused|closed, "version", "by": programme|hand}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from services.qa.facts import Contents
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.projection import Json, View
from shared.events.floor import FloorChanged
from shared.events.kind import Event
from shared.events.vocabulary import FloorDecider, FloorState

UNKNOWN: Final[tuple[FloorState, int, FloorDecider]] = ("closed", 0, "programme")


class FloorAspect(Aspect):
    def __init__(self) -> None:
        self._floors: dict[str, tuple[FloorState, int, FloorDecider]] = {}

    def takes(self) -> Mapping[type[Event], Fold]:
        return {FloorChanged: lambda event, seq: self._set(event.session, event.state, event.version, event.by)}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        for floor in contents.floors:
            yield from self._set(floor.session, floor.state, floor.version, floor.by)

    def forget(self, session: str) -> None:
        self._floors.pop(session, None)

    def _set(self, session: str, state: FloorState, version: int, by: FloorDecider) -> Iterable[AspectChange]:
        if version > self._floors.get(session, UNKNOWN)[1]:
            self._floors[session] = (state, version, by)
            yield from for_everybody(session, "floor")

    def shared(self, session: str, view: View) -> Json:
        state, version, by = self._floors.get(session, UNKNOWN)
        return {"floor": {"state": state, "version": version, "by": by}}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("floor", self.shared(session, "public")["floor"])
