"""A stage as it is kept: its name, the key that opens it to an encoder, and what it last sent out. Pure.

What must not be here: parts and playlists, which live and die with the process (source, packager).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.events.stage import StageChanged
from shared.events.vocabulary import StageOrigin, StageState


@dataclass(frozen=True, slots=True)
class Stage:
    """`state`, `origin` and `since` as in StageChanged. `version` 0: not stored yet."""

    id: str
    name: str
    key: str = field(repr=False)
    state: StageState
    origin: StageOrigin
    since: str
    version: int = 0

    def sends(self, state: StageState, origin: StageOrigin, since: str) -> StageChanged | None:
        """The event of a change; None when nothing changed."""
        if (state, origin) == (self.state, self.origin):
            return None
        return StageChanged(stage=self.id, state=state, origin=origin, since=since)

    def to_document(self) -> dict[str, Any]:
        return {
            "_id": self.id, "name": self.name, "key": self.key, "state": self.state, "origin": self.origin, "since": self.since,
        }  # fmt: skip

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Stage:
        return Stage(
            id=document["_id"],
            name=document["name"],
            key=document["key"],
            state=document["state"],
            origin=document["origin"],
            since=document["since"],
            version=document["version"],
        )
