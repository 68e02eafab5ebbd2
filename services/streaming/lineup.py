"""The stages of this process: each with what makes its stream and the task that runs it, from its start to its end.

Which stages there should be is decided elsewhere (app).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from services.streaming.domain import Stage, StageStatus
from services.streaming.source import STEADY_SECONDS, Source
from shared.backoff import Backoff
from shared.clock import Clock
from shared.errors import NotFound

log = logging.getLogger("tablee.streaming")

RESTART: Final = Backoff(first=0.2, longest=10.0)
"""A stage whose loop failed, which only a defect can bring about; the first pause again after STEADY_SECONDS."""
MOST_ENDED: Final = 256
"""Stages that have ended and are still known by name."""

Changed = Callable[[StageStatus], None]
OpenSource = Callable[[str, Changed], Source]


@dataclass(frozen=True, slots=True)
class Live:
    """A stage and what makes its stream."""

    stage: Stage
    source: Source


class Lineup:
    """`linger`: how long the list of a stage that has ended can still be read, in seconds."""

    def __init__(self, clock: Clock, linger: float) -> None:
        self._clock, self._linger = clock, linger
        self._live: dict[str, Live] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended: OrderedDict[str, Live | None] = OrderedDict()
        self._added = asyncio.Event()
        self.failures: Counter[str] = Counter()
        """How often the loop of a stage had to be started again."""

    def add(self, stage: Stage, source: Source) -> None:
        self._ended.pop(stage.id, None)
        self._live[stage.id] = Live(stage, source)
        self._added.set()

    def keep(self, stage: Stage) -> None:
        """A stage of the line-up as it is now; of any other, nothing is kept."""
        if stage.id in self._live:
            self._live[stage.id] = replace(self._live[stage.id], stage=stage)

    def __contains__(self, id: str) -> bool:
        return id in self._live

    def find(self, id: str) -> Live:
        """Raises NotFound: "streaming.stage_ended" of one that was there, else "streaming.stage_unknown"."""
        if id not in self._live:
            raise NotFound("streaming.stage_ended" if id in self._ended else "streaming.stage_unknown")
        return self._live[id]

    def watched(self, id: str) -> Live:
        """For players: one that has just ended is still there with the end of its list. Raises NotFound."""
        return self._ended.get(id) or self.find(id)

    def all(self) -> list[Live]:
        return [self._live[id] for id in sorted(self._live)]

    async def end(self, id: str) -> None:
        """Returns once every encoder of the stage has stopped. Its list, with its end, can be read for a while."""
        live, task = self._live.pop(id), self._tasks.pop(id, None)
        live.source.finish()
        self._remember(id, live)
        asyncio.get_running_loop().call_later(self._linger, self._let_go, live)
        self.failures.pop(id, None)
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))

    def has_ended(self, id: str) -> None:
        """It was there before this process, or still can be read."""
        if id not in self._ended:
            self._remember(id, None)

    def _remember(self, id: str, live: Live | None) -> None:
        self._ended[id] = live
        while len(self._ended) > MOST_ENDED:
            self._ended.popitem(last=False)

    def _let_go(self, live: Live) -> None:
        if self._ended.get(live.stage.id) is live:
            self._ended[live.stage.id] = None

    async def run(self) -> None:
        """For ever: one task per stage. A stage that fails is logged and run again; cancelled, every encoder is stopped first."""
        try:
            while True:
                self._run_new_ones()
                self._added.clear()
                await self._added.wait()
        finally:
            tasks = list(self._tasks.values())
            self._tasks.clear()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _run_new_ones(self) -> None:
        for id, live in self._live.items():
            if id not in self._tasks:
                self._tasks[id] = asyncio.create_task(self._run_stage(id, live.source), name=f"stage {id}")

    async def _run_stage(self, id: str, source: Source) -> None:
        pauses = RESTART.pauses()
        while True:
            began = self._clock()
            try:
                await source.run()
            except Exception:
                self.failures[id] += 1
                log.exception("stage %s failed", id)
            if (self._clock() - began).total_seconds() > STEADY_SECONDS:
                pauses.reset()
            await pauses.wait()
