"""The aspect of the stream: what the stage of the session sends out.

snapshot and frame  stream {"state", "origin", "reason"?}, or null where nothing is known of the stage or the session has none
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.qa.facts import Contents, StageFacts
from services.qa.feed.aspect import Aspect, AspectChange, Fold, FrameData, for_everybody
from services.qa.feed.projection import Json, View
from shared.events.kind import Event
from shared.events.programme import ProgrammePublished
from shared.events.stage import StageChanged


class StreamAspect(Aspect):
    def __init__(self) -> None:
        self._stages: dict[str, StageFacts] = {}
        self._stage_of: dict[str, str | None] = {}
        self._programme = 0

    def takes(self) -> Mapping[type[Event], Fold]:
        return {StageChanged: self._changed, ProgrammePublished: self._published}

    def load(self, contents: Contents) -> Iterable[AspectChange]:
        version = 0 if contents.day.programme is None else contents.day.programme.version
        yield from self._place(contents.sessions, version)
        for stage in contents.stages:
            yield from self._stage(stage)

    def _changed(self, event: StageChanged, seq: int) -> Iterable[AspectChange]:
        return self._stage(StageFacts(event.stage, seq, event.state, event.origin, event.reason))

    def _published(self, event: ProgrammePublished, seq: int) -> Iterable[AspectChange]:
        return self._place({each.id: each.stage for each in event.sessions}, seq)

    def forget(self, session: str) -> None:
        self._stage_of.pop(session, None)

    def _place(self, stages: Mapping[str, str | None], programme: int) -> Iterable[AspectChange]:
        """A session that is no longer in the programme has no stage."""
        if programme < self._programme:
            return
        self._programme = programme
        for session, stage in {**dict.fromkeys(self._stage_of), **stages}.items():
            before = self._stream(session)
            self._stage_of[session] = stage
            if self._stream(session) != before:
                yield from for_everybody(session, "stream")

    def _stage(self, stage: StageFacts) -> Iterable[AspectChange]:
        known = self._stages.get(stage.id)
        if known is not None and known.seq >= stage.seq:
            return
        self._stages[stage.id] = stage
        if known is not None and replace(known, seq=stage.seq) == stage:
            return
        for session, of in self._stage_of.items():
            if of == stage.id:
                yield from for_everybody(session, "stream")

    def _stream(self, session: str) -> Json | None:
        stage = self._stages.get(self._stage_of.get(session) or "")
        if stage is None:
            return None
        return {"state": stage.state, "origin": stage.origin, **({"reason": stage.reason} if stage.reason else {})}

    def shared(self, session: str, view: View) -> Json:
        return {"stream": self._stream(session)}

    def frames(self, session: str, keys: tuple[str, ...], view: View | None, person: str) -> Iterable[FrameData]:
        yield FrameData("stream", self._stream(session))
