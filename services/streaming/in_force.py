"""What is in force for the stages: which of them the programme names, and in which a closed session is on. Pure.

The newest word of the programme and of the running order counts, each by its own number, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shared.events.programme import ProgrammePublished, SessionRef, StageRef
from shared.events.running_order import RunningOrderChanged


@dataclass(frozen=True, slots=True)
class StagesInForce:
    """`programme_seq` and `order_seq` are 0 while no such event has come, `version` while nothing is stored. `closed`: session → the
    stages that must show nothing of it; `stage_of` and `unrecorded`: sessions that are streamed, with their stage, which may and may not be
    recorded; `on`: the sessions that are on, `began` since when, in RFC 3339, where that is known."""

    event: str
    programme_seq: int = 0
    stages: tuple[StageRef, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stage_of: Mapping[str, str] = field(default_factory=dict)
    unrecorded: Mapping[str, str] = field(default_factory=dict)
    order_seq: int = 0
    on: frozenset[str] = frozenset()
    began: Mapping[str, str] = field(default_factory=dict)
    version: int = 0

    def with_programme(self, published: ProgrammePublished, seq: int) -> StagesInForce:
        """Itself when a newer programme is known already."""
        if seq <= self.programme_seq:
            return self
        closed = {session.id: stages for session in published.sessions if (stages := _closes(session))}
        stage_of, unrecorded = (
            {session.id: session.stage for session in published.sessions if session.stage and session.record is may}
            for may in (True, False)
        )
        return replace(
            self, programme_seq=seq, stages=published.stages, closed=closed, stage_of=stage_of, unrecorded=unrecorded
        )  # fmt: skip

    def with_order(self, changed: RunningOrderChanged, seq: int) -> StagesInForce:
        """Itself when a newer running order is known already."""
        if seq <= self.order_seq:
            return self
        on = [slot for slot in changed.slots if slot.progress == "on"]
        began = {slot.session: slot.starts_at for slot in on if slot.starts_at is not None}
        return replace(self, order_seq=seq, on=frozenset(slot.session for slot in on), began=began)

    @property
    def closed_stages(self) -> frozenset[str]:
        """Those in whose hall a closed session is on."""
        return frozenset(stage for session, stages in self.closed.items() if session in self.on for stage in stages)

    def recorded_on(self, stage: str) -> Mapping[str, str | None]:
        """The sessions that are on there and are to be recorded, with since when they are on; none while one is on that must not be."""
        if stage in self.closed_stages or any(self.unrecorded.get(session) == stage for session in self.on):
            return {}
        return {session: self.began.get(session) for session in self.on if self.stage_of.get(session) == stage}

    def recorded_at_all(self, stage: str) -> bool:
        """Whether everything that is sent from there may be recorded."""
        return stage not in self.unrecorded.values() and stage not in self.sometimes_closed

    @property
    def sometimes_closed(self) -> frozenset[str]:
        """Those that some session closes."""
        return frozenset(stage for stages in self.closed.values() for stage in stages)

    def to_document(self) -> dict[str, Any]:
        return {
            "_id": self.event, "programme_seq": self.programme_seq, "stages": [[stage.id, stage.name] for stage in self.stages],
            "closed": [[session, list(stages)] for session, stages in self.closed.items()],
            "stage_of": [list(pair) for pair in self.stage_of.items()], "unrecorded": [list(pair) for pair in self.unrecorded.items()],
            "order_seq": self.order_seq, "on": sorted(self.on), "began": [list(pair) for pair in self.began.items()],
        }  # fmt: skip

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> StagesInForce:
        return StagesInForce(
            event=document["_id"],
            programme_seq=document["programme_seq"],
            stages=tuple(StageRef(id, name) for id, name in document["stages"]),
            closed={session: tuple(stages) for session, stages in document["closed"]},
            stage_of=dict(document.get("stage_of", ())),
            unrecorded=dict(document.get("unrecorded", ())),
            order_seq=document["order_seq"],
            on=frozenset(document["on"]),
            began=dict(document.get("began", ())),
            version=document["version"],
        )


def _closes(session: SessionRef) -> tuple[str, ...]:
    return () if session.closed_stage is None else (session.closed_stage, *session.also_closed)
