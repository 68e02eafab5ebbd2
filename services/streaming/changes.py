"""What stages send out, told to the others: stored with the stage, sent as an event, tried again while the store cannot take it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from services.streaming.domain import Stage, StageStatus
from services.streaming.store import StageStore
from shared.backoff import Backoff
from shared.clock import Clock, to_text
from shared.errors import Conflict, NotFound, Unavailable
from shared.events.envelope import Envelope
from shared.ids import IdSource
from shared.storage.port import StaleVersion

TRIES: Final = 5
RETRY: Final = Backoff(first=1.0, longest=10.0)
"""Changes of a stage that the store cannot take now."""

Change = Callable[[Stage], tuple[Stage, Sequence[Envelope]]]


class StageChanges:
    """`saved` is called with each stage as it was stored."""

    def __init__(
        self, store: StageStore, *, clock: Clock, new_id: IdSource, relay_wake: Callable[[], None], saved: Callable[[Stage], None]
    ) -> None:
        self._store, self._clock, self._new_id, self._relay_wake, self._saved = store, clock, new_id, relay_wake, saved
        self._waiting: dict[str, StageStatus] = {}
        self._changed = asyncio.Event()

    def queue(self, id: str, status: StageStatus) -> None:
        """Only the newest state of a stage waits to be published."""
        self._waiting[id] = status
        self._changed.set()

    async def run(self) -> None:
        """For ever: each change is stored and its event sent; what cannot be stored now is tried again."""
        pauses = RETRY.pauses()
        while True:
            await self._changed.wait()
            self._changed.clear()
            for id in list(self._waiting):
                status = self._waiting.pop(id)
                try:
                    await self.publish(id, status)
                except (Unavailable, Conflict):
                    self._waiting.setdefault(id, status)
            if self._waiting:
                self._changed.set()
                await pauses.wait()
            else:
                pauses.reset()

    async def publish(self, id: str, status: StageStatus) -> None:
        """Now, instead of what waits. Raises Conflict, Unavailable."""
        self._waiting.pop(id, None)

        def change(stage: Stage) -> tuple[Stage, Sequence[Envelope]]:
            event = stage.sends(status.state, status.origin, instant(status.since), status.reason)
            if event is None:
                return stage, ()
            envelope = event.to_envelope(id=self._new_id(), subject=id, seq=stage.version + 1, time=self._clock())
            changed = replace(stage, state=event.state, origin=event.origin, since=event.since, reason=event.reason)
            return changed, [envelope]

        await self.update(id, change)
        self._relay_wake()

    async def update(self, id: str, change: Change) -> Stage:
        """Load, change, save with events; again when somebody else saved in between. Raises NotFound, Conflict, Unavailable."""
        for _ in range(TRIES):
            stage = await self._store.get(id)
            if stage is None:
                raise NotFound("streaming.stage_unknown")
            changed, events = change(stage)
            try:
                kept = stage if changed == stage else await self._store.save(changed, events)
            except StaleVersion:
                continue
            self._saved(kept)
            return kept
        raise Conflict("streaming.stage_busy")


def instant(seconds: float) -> str:
    """RFC 3339 of seconds since 1970."""
    return to_text(datetime.fromtimestamp(seconds, UTC))
