"""A stage as it is kept (its name, the key that opens it to an encoder, what it last sent out), and the rules of its state. Pure.

Parts and playlists live and die with the process; they are not here (source, packager).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.events.stage import StageChanged
from shared.events.vocabulary import StageOrigin, StageReason, StageState

Feed = StageOrigin
"""What fills a stage at this moment: `none` before the first part, `slate`, its base source (`file`, `generated`), or an ingest."""
BASE_SOURCES: Final[tuple[StageOrigin, ...]] = ("file", "generated")


@dataclass(frozen=True, slots=True)
class StageStatus:
    """`state`, `origin` and `reason` as in shared.events.stage.StageChanged; `since` in seconds since 1970."""

    state: StageState
    origin: StageOrigin
    since: float
    reason: StageReason | None = None


def state_of(feed: Feed, *, ingest_lost: bool) -> StageState:
    """`ingest_lost`: an encoder was sending and broke off. A base source that replaces it is a fallback; where no encoder was sending, or
    it stopped properly, the base source is what the stage is meant to show."""
    if feed == "none":
        return "starting"
    if feed == "slate" or (feed in BASE_SOURCES and ingest_lost):
        return "fallback"
    return "live"


@dataclass(frozen=True, slots=True)
class Stage:
    """`state`, `origin`, `since` and `reason` as in StageChanged. `version` 0: not stored yet."""

    id: str
    name: str
    key: str = field(repr=False)
    state: StageState
    origin: StageOrigin
    since: str
    version: int = 0
    reason: StageReason | None = None
    pull: str | None = field(default=None, repr=False)
    """Where its stream is fetched from while no encoder sends; may hold a password."""

    def sends(self, state: StageState, origin: StageOrigin, since: str, reason: StageReason | None = None) -> StageChanged | None:
        """The event of a change; None when nothing changed."""
        if (state, origin, reason) == (self.state, self.origin, self.reason):
            return None
        return StageChanged(stage=self.id, state=state, origin=origin, since=since, reason=reason)

    def opened_by(self, key: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(key.encode(), self.key.encode())

    def to_document(self) -> dict[str, Any]:
        return {
            "_id": self.id, "name": self.name, "key": self.key, "state": self.state, "origin": self.origin, "since": self.since,
            "reason": self.reason, "pull": self.pull,
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
            reason=document.get("reason"),
            pull=document.get("pull"),
        )
