"""Use cases of the streaming service: stages come from the programme, go on the air, change, leave, and open to an encoder by their key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from services.streaming.changes import TRIES, StageChanges, instant
from services.streaming.domain import Stage, StageStatus
from services.streaming.in_force import StagesInForce
from services.streaming.ingest import disconnect_reasons
from services.streaming.ingest.port import Ingest
from services.streaming.lineup import Lineup, Live, OpenSource
from services.streaming.refusals import Refusals
from services.streaming.source import Source
from services.streaming.store import StageStore
from shared.auth.watch_keys import playlist_path
from shared.clock import Clock, from_text, to_text
from shared.errors import Conflict, Unavailable
from shared.events.programme import MOST_STAGES, ProgrammePublished, StageRef
from shared.events.running_order import RunningOrderChanged
from shared.ids import IdSource, new_token
from shared.storage.port import Duplicate, StaleVersion

log = logging.getLogger("tablee.streaming")

APP_NAME: Final = "live"
"""The path of the RTMP address: rtmp://host/live, then the stream key."""
PROGRAMME_SECONDS: Final = 10.0
"""How long a process without any stage waits for a programme before it counts as ready."""
CATCH_UP_SECONDS: Final = 5.0
"""How long a process just started shows no hall that a closed session may be in: what happened while it was away is told by then."""
LOOK_SECONDS: Final = 0.5
"""Between two looks at the stages that are leaving."""

Disconnect = Callable[[str, str], None]
"""(stage, reason): cuts whoever sends to the stage, whatever protocol they came by."""


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds. `grace`: how long whoever sends to a stage that left the programme may go on, so that operators see it and can put the
    stage back. `linger`: how long the list of a stage that has ended can still be read; every player has asked again by then."""

    grace: float = 120.0
    linger: float = 15.0


PATIENCE: Final = Patience()


class Streaming:
    """What encodes and what receives is known once the process has started (`start`)."""

    def __init__(
        self,
        store: StageStore,
        event_id: str,
        *,
        clock: Clock,
        new_id: IdSource,
        relay_wake: Callable[[], None],
        patience: Patience = PATIENCE,
    ) -> None:
        self._store, self._clock = store, clock
        self._grace = timedelta(seconds=patience.grace)
        self.lineup = Lineup(clock, patience.linger)
        self.changes = StageChanges(store, clock=clock, new_id=new_id, relay_wake=relay_wake, saved=self.lineup.keep)
        self._in_force = StagesInForce(event_id)
        self._reconciling = asyncio.Lock()
        self._catching_up = False
        self._leaving: dict[str, datetime] = {}
        """Stages that left the programme with a sender on them, and when each is cut."""
        self._open: OpenSource | None = None
        self._disconnect: Disconnect | None = None
        self._started_at = clock()
        self.refusals = Refusals(clock)
        self.stopping = False

    async def start(self, open_source: OpenSource, disconnect: Disconnect) -> None:
        """Put on the air what was in force when the process stopped, and no hall in which a closed session may be on by now."""
        self._open, self._disconnect = open_source, disconnect
        self._started_at, self._catching_up = self._clock(), True
        await self._store.prepare()
        known = await self._store.in_force(self._in_force.event)
        if known is None:  # kept by a release that did not know what is in force
            known = replace(self._in_force, stages=tuple(StageRef(one.id, one.name) for one in await self._store.all()))
        self._in_force = known
        async with self._reconciling:
            await self._reconcile()

    # --- what is in force -------------------------------------------------------------------------------------------------
    async def programme_published(self, published: ProgrammePublished, seq: int) -> None:
        """Start, rename, keep and end stages as this programme says, unless a newer one is known. Harmless to repeat."""
        await self._learn(lambda known: known.with_programme(published, seq))

    async def order_changed(self, changed: RunningOrderChanged, seq: int) -> None:
        """Close the halls in which a closed session is on, open the others, unless a newer order is known. Harmless to repeat."""
        self._catching_up = False
        await self._learn(lambda known: known.with_order(changed, seq))

    async def _learn(self, change: Callable[[StagesInForce], StagesInForce]) -> None:
        """A hall is closed before anything is awaited: a store that does not answer keeps nobody's picture on the air."""
        self._in_force = change(self._in_force)
        self._close_halls()
        async with self._reconciling:
            await self._save(change)
            await self._reconcile()

    async def _save(self, change: Callable[[StagesInForce], StagesInForce]) -> None:
        """Raises Conflict, Unavailable."""
        for _ in range(TRIES):
            stored = await self._store.in_force(self._in_force.event) or StagesInForce(self._in_force.event)
            changed = change(stored)
            if changed == stored:
                return None
            try:
                return await self._store.put_in_force(changed)
            except (StaleVersion, Duplicate):
                continue
        raise Conflict("streaming.stage_busy")

    async def _reconcile(self) -> None:
        """Compare what runs with what is in force. Nothing is remembered of an earlier try, so that it may be interrupted anywhere."""
        stages = self._in_force.stages[:MOST_STAGES]
        if len(stages) < len(self._in_force.stages):
            log.error("the programme has %d stages; only the first %d are broadcast", len(self._in_force.stages), MOST_STAGES)
        wanted = {ref.id for ref in stages}
        for ref in stages:
            self._leaving.pop(ref.id, None)
            self._start_stage(await self._known(ref))
        for live in self.lineup.all():
            if live.stage.id not in wanted:
                await self._leaves(live)
        for stage in await self._store.not_ended():
            if stage.id not in wanted and stage.id not in self.lineup:
                self._tell_end(stage.id)
        self._close_halls()

    async def _known(self, ref: StageRef) -> Stage:
        """The stage as it is stored: with its own key when it comes back, with the name it has now."""
        if await self._store.get(ref.id) is None:
            try:
                return await self._store.insert(Stage(ref.id, ref.name, new_token("live"), "starting", "none", to_text(self._clock())))
            except Duplicate:
                pass
        return await self.changes.update(ref.id, lambda stage: (replace(stage, name=ref.name), ()))

    def _start_stage(self, stage: Stage) -> None:
        if stage.id in self.lineup or self._open is None:
            self.lineup.keep(stage)
            return
        source = self._open(stage.id, lambda status: self.changes.queue(stage.id, status))
        if stage.id in self._closed():
            source.shut()
        self.lineup.add(stage, source)

    async def _leaves(self, live: Live) -> None:
        if live.source.ingest is None:
            await self._end(live.stage.id)
        elif live.stage.id not in self._leaving:
            self._leaving[live.stage.id] = self._clock() + self._grace
            log.warning("stage %s left the programme; whoever sends to it is cut in %.0f s", live.stage.id, self._grace.total_seconds())

    async def _end(self, id: str) -> None:
        self._leaving.pop(id, None)
        if self._disconnect is not None:
            self._disconnect(id, disconnect_reasons.LEFT_PROGRAMME)
        await self.lineup.end(id)
        log.info("stage %s left the programme", id)
        self._tell_end(id)

    def _tell_end(self, id: str) -> None:
        self.lineup.has_ended(id)
        self.changes.queue(id, StageStatus("ended", "none", self._clock().timestamp(), "left_programme"))

    def _closed(self) -> frozenset[str]:
        return self._in_force.closed_stages | (self._in_force.sometimes_closed if self._catching_up else frozenset())

    def _close_halls(self) -> None:
        """A stage that is leaving stays as it is: the session that closed it may have left before it."""
        closed = self._closed()
        for ref in self._in_force.stages:
            if ref.id in self.lineup:
                source = self.lineup.find(ref.id).source
                source.shut() if ref.id in closed else source.reopen()
                if not self._catching_up:
                    self._record(ref.id, source)

    def _record(self, id: str, source: Source) -> None:
        """The sessions that are on there. Where others must not be recorded, nothing from before the hour at which a session began is."""
        now = self._clock().timestamp()
        sessions = self._in_force.recorded_on(id)
        since = {session: now if began is None else from_text(began).timestamp() for session, began in sessions.items()}
        source.record(since, later=not self._in_force.recorded_at_all(id))

    async def attend(self) -> None:
        """For ever: what time brings about. The stages whose grace is over, or whose sender has gone, end."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            async with self._reconciling:
                now = self._clock()
                if self._catching_up and now - self._started_at > timedelta(seconds=CATCH_UP_SECONDS):
                    self._catching_up = False
                    self._close_halls()
                for id, until in list(self._leaving.items()):
                    if now >= until or self.lineup.find(id).source.ingest is None:
                        await self._end(id)

    # --- what others ask ---------------------------------------------------------------------------------------------------
    def leaves_in(self, id: str) -> float | None:
        """Seconds until whoever sends to a stage that left the programme is cut; None of any other stage."""
        until = self._leaving.get(id)
        return None if until is None else max(0.0, (until - self._clock()).total_seconds())

    def describe(self, id: str) -> dict[str, Any]:
        """What viewers may know. Raises NotFound."""
        live = self.lineup.find(id)
        state = live.source.state
        return {
            "id": id, "name": live.stage.name, "state": state.state, "origin": state.origin, "since": instant(state.since),
            "reason": state.reason, "hls_url": playlist_path(id),
        }  # fmt: skip

    def recorded(self, session: str) -> bool:
        """Whether its recording may be watched, by the programme in force."""
        return session in self._in_force.stage_of

    def is_on(self, session: str) -> bool:
        return session in self._in_force.on

    def takes_written(self) -> set[tuple[str, str]]:
        """Session and id of each take that is being written."""
        return {take for live in self.lineup.all() if live.source.recorder for take in live.source.recorder.growing}

    # --- keys -------------------------------------------------------------------------------------------------------------
    async def key(self, id: str) -> str:
        """Raises NotFound."""
        self.lineup.find(id)
        return (await self.changes.update(id, lambda stage: (stage, ()))).key

    async def new_key(self, id: str) -> str:
        """From now on only the new key opens the stage; whoever sends with the old one is cut at once. Raises NotFound, Conflict."""
        self.lineup.find(id)
        saved = await self.changes.update(id, lambda stage: (replace(stage, key=new_token("live")), ()))
        if self._disconnect is not None:
            self._disconnect(id, disconnect_reasons.KEY_CHANGED)
        return saved.key

    async def authorize(self, app: str, key: str) -> str | None:
        """The stage this key opens; None when it opens none."""
        if app != APP_NAME or self.stopping:
            return None
        return next((live.stage.id for live in self.lineup.all() if live.stage.opened_by(key)), None)

    def stages(self) -> list[str]:
        """The ids of those that run here."""
        return [live.stage.id for live in self.lineup.all()]

    def key_of(self, stage: str) -> str | None:
        """What opens the stage to an encoder now; None while nothing does."""
        return None if self.stopping or stage not in self.lineup else self.lineup.find(stage).stage.key

    def silence(self, stage: str) -> float | None:
        """For how long whoever sends to the stage has been silent, in seconds; None while nobody does. What is fetched gives way."""
        ingest = self.lineup.find(stage).source.ingest if stage in self.lineup else None
        return None if ingest is None or ingest.end_reason is not None or ingest.origin == "pull" else ingest.facts.silent_for

    def publish(self, ingest: Ingest) -> None:
        if ingest.stage not in self.lineup:  # it left the programme while the sender was let in
            ingest.close(disconnect_reasons.LEFT_PROGRAMME)
            return
        self.lineup.find(ingest.stage).source.publish(ingest)

    # --- life -------------------------------------------------------------------------------------------------------------
    def check(self) -> None:
        """Raises Unavailable("streaming.not_yet") while a stage has no fresh part, or no programme has come to a process just started."""
        waited, live = (self._clock() - self._started_at).total_seconds(), self.lineup.all()
        if (not live and self._in_force.programme_seq == 0 and waited < PROGRAMME_SECONDS) or not all(one.source.fresh for one in live):
            raise Unavailable("streaming.not_yet")

    async def drain(self) -> None:
        """Answer every request that waits, and announce the end of every stage."""
        self.stopping = True
        for live in self.lineup.all():
            live.source.channel.dismiss()
            try:
                await self.changes.publish(live.stage.id, StageStatus("ended", "none", self._clock().timestamp()))
            except (Unavailable, Conflict):
                log.warning("the end of stage %s could not be stored", live.stage.id)
