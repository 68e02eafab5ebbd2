"""Use cases of the streaming service: stages come from the programme, go on the air, change, and open to an encoder by their key."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from services.streaming.domain import Stage
from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.port import Ingest, IngestRefusal
from services.streaming.source import STEADY_SECONDS, Source, StageStatus
from services.streaming.store import MOST_STAGES, StageStore
from shared.auth.watch_keys import playlist_path
from shared.backoff import Backoff
from shared.clock import Clock, to_text
from shared.errors import Conflict, NotFound, Unavailable
from shared.events.envelope import Envelope
from shared.events.programme import StageRef
from shared.events.vocabulary import StageOrigin, StageState
from shared.ids import IdSource, new_token
from shared.storage.port import Duplicate, StaleVersion

log = logging.getLogger("tablee.streaming")

APP_NAME: Final = "live"
"""The path of the RTMP address: rtmp://host/live, then the stream key."""
TRIES: Final = 5
MOST_REFUSALS: Final = 32
"""Senders turned away that operators can still see."""
RETRY: Final = Backoff(first=1.0, longest=10.0)
"""Changes of a stage that the store cannot take now."""
STAGE_RESTART: Final = Backoff(first=0.2, longest=10.0)
"""A stage whose loop failed, which only a defect can bring about; the first pause again after STEADY_SECONDS."""
PROGRAMME_SECONDS: Final = 10.0
"""How long a process without any stage waits for a programme before it counts as ready."""

Changed = Callable[[StageStatus], None]
OpenSource = Callable[[str, Changed], Source]
Disconnect = Callable[[str, str], None]
"""(stage, reason): cuts whoever sends to the stage, whatever protocol they came by."""


@dataclass(frozen=True, slots=True)
class Live:
    """A stage and what makes its stream."""

    stage: Stage
    source: Source


@dataclass(frozen=True, slots=True)
class DatedRefusal:
    """`at` in RFC 3339."""

    at: str
    refusal: IngestRefusal


class Streaming:
    """What encodes and what receives is known once the process has started (`start`)."""

    def __init__(self, store: StageStore, *, clock: Clock, new_id: IdSource, relay_wake: Callable[[], None]) -> None:
        self._store, self._clock, self._new_id, self._relay_wake = store, clock, new_id, relay_wake
        self._stages: dict[str, Stage] = {}
        self._sources: dict[str, Source] = {}
        self._open: OpenSource | None = None
        self._disconnect: Disconnect | None = None
        self._started_at = clock()
        self._changes: dict[str, StageStatus] = {}
        self._changed = asyncio.Event()
        self._stage_added = asyncio.Event()
        self.stage_failures: Counter[str] = Counter()
        """How often the loop of a stage had to be started again."""
        self.refusal_counts: Counter[str] = Counter()
        self._refusals: deque[DatedRefusal] = deque(maxlen=MOST_REFUSALS)
        self.stopping = False

    async def start(self, open_source: OpenSource, disconnect: Disconnect) -> None:
        """Put on the air every stage that is known from before."""
        self._open, self._disconnect = open_source, disconnect
        await self._store.prepare()
        for stage in await self._store.all():
            self._start_stage(stage)

    # --- stages -----------------------------------------------------------------------------------------------------------
    async def programme_published(self, stages: Sequence[StageRef]) -> None:
        """Create the stages that are new, rename those that are known; none is taken off the air by a programme."""
        for ref in stages[:MOST_STAGES]:
            known = await self._store.get(ref.id)
            if known is None:
                known = await self._create(ref)
            elif known.name != ref.name:
                known = await self._rename(ref)
            self._start_stage(known)

    async def _create(self, ref: StageRef) -> Stage:
        new = Stage(ref.id, ref.name, new_token("live"), "starting", "none", to_text(self._clock()))
        try:
            return await self._store.insert(new)
        except Duplicate:
            return await self._stored(ref.id)

    async def _rename(self, ref: StageRef) -> Stage:
        return await self._update(ref.id, lambda stage: (replace(stage, name=ref.name), ()))

    def _start_stage(self, stage: Stage) -> None:
        self._stages[stage.id] = stage
        if stage.id not in self._sources and self._open is not None:
            self._sources[stage.id] = self._open(stage.id, lambda state: self._queue_change(stage.id, state))
            self._stage_added.set()

    def live(self, id: str) -> Live:
        """Raises NotFound("streaming.stage_unknown")."""
        if id not in self._sources:
            raise NotFound("streaming.stage_unknown")
        return Live(self._stages[id], self._sources[id])

    def all_live(self) -> list[Live]:
        return [self.live(id) for id in sorted(self._sources)]

    def describe(self, id: str) -> dict[str, Any]:
        """What viewers may know. Raises NotFound."""
        live = self.live(id)
        state = live.source.state
        return {
            "id": id, "name": live.stage.name, "state": state.state, "origin": state.origin, "since": instant(state.since),
            "hls_url": playlist_path(id),
        }  # fmt: skip

    # --- keys -------------------------------------------------------------------------------------------------------------
    async def key(self, id: str) -> str:
        """Raises NotFound."""
        self.live(id)
        return (await self._stored(id)).key

    async def new_key(self, id: str) -> str:
        """From now on only the new key opens the stage; whoever sends with the old one is cut at once. Raises NotFound, Conflict."""
        self.live(id)
        saved = await self._update(id, lambda stage: (replace(stage, key=new_token("live")), ()))
        self._stages[id] = saved
        if self._disconnect is not None:
            self._disconnect(id, disconnect_reasons.KEY_CHANGED)
        return saved.key

    async def authorize(self, app: str, key: str) -> str | None:
        """The stage this key opens; None when it opens none."""
        if app != APP_NAME or self.stopping:
            return None
        opened = [stage.id for stage in self._stages.values() if stage.opened_by(key)]
        return opened[0] if opened and opened[0] in self._sources else None

    def publish(self, ingest: Ingest) -> None:
        self._sources[ingest.stage].publish(ingest)

    def refused(self, refusal: IngestRefusal) -> None:
        """A sender was turned away: counted, and kept for operators."""
        self.refusal_counts[refusal.code] += 1
        self._refusals.append(DatedRefusal(to_text(self._clock()), refusal))

    def refusals(self, stage: str | None) -> list[DatedRefusal]:
        """The last ones of a stage, newest first; None: of those whose key was that of no stage."""
        return [kept for kept in reversed(self._refusals) if kept.refusal.stage == stage]

    # --- changes ----------------------------------------------------------------------------------------------------------
    def _queue_change(self, id: str, state: StageStatus) -> None:
        """Only the newest state of a stage waits to be published."""
        self._changes[id] = state
        self._changed.set()

    async def publish_changes(self) -> None:
        """For ever: each change is stored and its event sent; what cannot be stored now is tried again."""
        pauses = RETRY.pauses()
        while True:
            await self._changed.wait()
            self._changed.clear()
            for id in list(self._changes):
                state = self._changes.pop(id)
                try:
                    await self._publish_change(id, state.state, state.origin, instant(state.since))
                except (Unavailable, Conflict):
                    self._changes.setdefault(id, state)
            if self._changes:
                self._changed.set()
                await pauses.wait()
            else:
                pauses.reset()

    async def _publish_change(self, id: str, state: StageState, origin: StageOrigin, since: str) -> None:
        def change(stage: Stage) -> tuple[Stage, Sequence[Envelope]]:
            event = stage.sends(state, origin, since)
            if event is None:
                return stage, ()
            envelope = event.to_envelope(id=self._new_id(), subject=id, seq=stage.version + 1, time=self._clock())
            return replace(stage, state=state, origin=origin, since=since), [envelope]

        self._stages[id] = await self._update(id, change)
        self._relay_wake()

    async def _update(self, id: str, change: Callable[[Stage], tuple[Stage, Sequence[Envelope]]]) -> Stage:
        """Load, change, save with events; again when somebody else saved in between. Raises NotFound, Conflict, Unavailable."""
        for _ in range(TRIES):
            stage = await self._stored(id)
            changed, events = change(stage)
            if changed == stage:
                return stage
            try:
                return await self._store.save(changed, events)
            except StaleVersion:
                continue
        raise Conflict("streaming.stage_busy")

    async def _stored(self, id: str) -> Stage:
        stage = await self._store.get(id)
        if stage is None:
            raise NotFound("streaming.stage_unknown")
        return stage

    # --- life -------------------------------------------------------------------------------------------------------------
    async def run_stages(self) -> None:
        """For ever: one task per stage. A stage that fails is logged and run again; cancelled, every encoder is stopped first."""
        tasks: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                for id, source in self._sources.items():
                    if id not in tasks:
                        tasks[id] = asyncio.create_task(self._run_stage(id, source), name=f"stage {id}")
                self._stage_added.clear()
                await self._stage_added.wait()
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)

    async def _run_stage(self, id: str, source: Source) -> None:
        pauses = STAGE_RESTART.pauses()
        while True:
            began = self._clock()
            try:
                await source.run()
            except Exception:
                self.stage_failures[id] += 1
                log.exception("stage %s failed", id)
            if (self._clock() - began).total_seconds() > STEADY_SECONDS:
                pauses.reset()
            await pauses.wait()

    def check(self) -> None:
        """Raises Unavailable("streaming.not_yet") while a stage has no fresh part, or no programme has come to a process just started."""
        waited = (self._clock() - self._started_at).total_seconds()
        if (not self._sources and waited < PROGRAMME_SECONDS) or not all(source.fresh for source in self._sources.values()):
            raise Unavailable("streaming.not_yet")

    async def drain(self) -> None:
        """Answer every request that waits, and announce the end of every stage."""
        self.stopping = True
        for id, source in self._sources.items():
            source.channel.dismiss()
            self._changes.pop(id, None)
            try:
                await self._publish_change(id, "ended", "none", to_text(self._clock()))
            except (Unavailable, Conflict):
                log.warning("the end of stage %s could not be stored", id)


def instant(seconds: float) -> str:
    """RFC 3339 of seconds since 1970."""
    return to_text(datetime.fromtimestamp(seconds, UTC))
