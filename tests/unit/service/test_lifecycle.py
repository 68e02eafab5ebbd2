"""Tasks are kept running, and a stop goes through all of its steps in order, whatever one of them does."""

from __future__ import annotations

import asyncio

import pytest

from shared.backoff import Backoff
from shared.metrics import new_registry, render
from shared.service import lifecycle
from shared.service.lifecycle import Stopping, Supervisor


async def test_a_task_that_fails_is_started_again_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "RESTART", Backoff(first=0.001, longest=0.001))
    metrics, runs, third = new_registry(), 0, asyncio.Event()

    async def fails() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            third.set()
            await asyncio.Event().wait()
        raise ConnectionError

    supervisor = Supervisor(metrics)
    supervisor.start({"fails": fails})
    await asyncio.wait_for(third.wait(), 5)
    await supervisor.stop()
    assert b'tablee_task_restarts_total{task="fails"} 2.0' in render(metrics)


async def test_after_the_stop_no_task_is_left() -> None:
    ended = asyncio.Event()

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    supervisor = Supervisor(new_registry())
    supervisor.start({"waits": waits})
    await asyncio.sleep(0)
    await supervisor.stop()
    assert ended.is_set()


async def test_a_step_that_fails_or_hangs_does_not_keep_the_others_from_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "LEAST_STEP_SECONDS", 0.01)
    done: list[str] = []

    async def good(name: str) -> None:
        done.append(name)

    async def fails() -> None:
        raise RuntimeError

    async def hangs() -> None:
        await asyncio.Event().wait()

    stopping = Stopping(0.05)
    stopping.add("first", lambda: good("first"))
    stopping.add("fails", fails)
    stopping.add("hangs", hangs)
    stopping.add("last", lambda: good("last"))
    assert await stopping.run() is False
    assert done == ["first", "last"]


async def test_a_stop_whose_steps_all_end_in_time_is_a_good_one() -> None:
    async def good() -> None: ...

    stopping = Stopping(1.0)
    stopping.add("good", good)
    assert await stopping.run() is True
