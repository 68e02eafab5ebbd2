"""Running background tasks and stopping in order, each within its deadline."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import CollectorRegistry, Counter

from shared.backoff import Backoff

log = logging.getLogger("tablee.lifecycle")

RESTART: Final = Backoff(first=0.2, longest=10.0)
CALM_SECONDS: Final = 30.0
"""A task that ran this long before it failed starts again with the first pause."""
LEAST_STEP_SECONDS: Final = 1.0

Step = Callable[[], Awaitable[None]]


class Supervisor:
    """Keeps tasks running: one that ends or fails is logged, counted and started again with a growing pause."""

    def __init__(self, metrics: CollectorRegistry) -> None:
        self._tasks: list[asyncio.Task[None]] = []
        self._restarts = Counter("tablee_task_restarts_total", "Background tasks started again", ("task",), registry=metrics)

    def start(self, tasks: Mapping[str, Step]) -> None:
        self._tasks += [asyncio.create_task(self._keep(name, step), name=name) for name, step in tasks.items()]

    async def _keep(self, name: str, step: Step) -> None:
        pauses = RESTART.pauses()
        while True:
            began = time.monotonic()
            try:
                await step()
                log.warning("a task ended by itself", extra={"task": name})
            except Exception:
                log.exception("a task failed", extra={"task": name})
            self._restarts.labels(name).inc()
            if time.monotonic() - began > CALM_SECONDS:
                pauses.reset()
            await pauses.wait()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()


@dataclass(slots=True)
class Stopping:
    """Steps of an orderly stop, in the order they are added; each is tried even when one before it failed.

    `seconds` is the deadline of the whole; a step gets what is left, at least LEAST_STEP_SECONDS.
    """

    seconds: float
    steps: list[tuple[str, Step]] = field(default_factory=list)

    def add(self, name: str, step: Step) -> None:
        self.steps.append((name, step))

    async def run(self) -> bool:
        """True when every step was done within its deadline."""
        ends, good = time.monotonic() + self.seconds, True
        for name, step in self.steps:
            try:
                await asyncio.wait_for(step(), max(LEAST_STEP_SECONDS, ends - time.monotonic()))
            except TimeoutError:
                log.error("a step of the stop missed its deadline", extra={"step": name})
                good = False
            except Exception:
                log.exception("a step of the stop failed", extra={"step": name})
                good = False
        return good
