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
    stages that must show nothing of it; `on`: the sessions that are on."""

    event: str
    programme_seq: int = 0
    stages: tuple[StageRef, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order_seq: int = 0
    on: frozenset[str] = frozenset()
    version: int = 0

    def with_programme(self, published: ProgrammePublished, seq: int) -> StagesInForce:
        """Itself when a newer programme is known already."""
        if seq <= self.programme_seq:
            return self
        closed = {session.id: stages for session in published.sessions if (stages := _closes(session))}
        return replace(self, programme_seq=seq, stages=published.stages, closed=closed)

    def with_order(self, changed: RunningOrderChanged, seq: int) -> StagesInForce:
        """Itself when a newer running order is known already."""
        if seq <= self.order_seq:
            return self
        return replace(self, order_seq=seq, on=frozenset(slot.session for slot in changed.slots if slot.progress == "on"))

    @property
    def closed_stages(self) -> frozenset[str]:
        """Those in whose hall a closed session is on."""
        return frozenset(stage for session, stages in self.closed.items() if session in self.on for stage in stages)

    @property
    def sometimes_closed(self) -> frozenset[str]:
        """Those that some session closes."""
        return frozenset(stage for stages in self.closed.values() for stage in stages)

    def to_document(self) -> dict[str, Any]:
        return {
            "_id": self.event, "programme_seq": self.programme_seq, "stages": [[stage.id, stage.name] for stage in self.stages],
            "closed": [[session, list(stages)] for session, stages in self.closed.items()],
            "order_seq": self.order_seq, "on": sorted(self.on),
        }  # fmt: skip

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> StagesInForce:
        return StagesInForce(
            event=document["_id"],
            programme_seq=document["programme_seq"],
            stages=tuple(StageRef(id, name) for id, name in document["stages"]),
            closed={session: tuple(stages) for session, stages in document["closed"]},
            order_seq=document["order_seq"],
            on=frozenset(document["on"]),
            version=document["version"],
        )


def _closes(session: SessionRef) -> tuple[str, ...]:
    return () if session.closed_stage is None else (session.closed_stage, *session.also_closed)
