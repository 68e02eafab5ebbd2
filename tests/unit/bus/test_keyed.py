"""Work by key: one after the other for each key, keys side by side, and an end that is bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from shared.bus import keyed
from shared.bus.keyed import KeyedQueue


def noting(done: list[str], word: str, gate: asyncio.Event | None = None) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        if gate is not None:
            await gate.wait()
        done.append(word)

    return work


async def test_work_of_one_key_runs_in_the_order_it_came_while_other_keys_go_on() -> None:
    queue, done, gate = KeyedQueue(), list[str](), asyncio.Event()
    ends = {"quick": asyncio.Event(), "slow": asyncio.Event()}

    async def end(key: str) -> None:
        ends[key].set()

    queue.put("slow", noting(done, "slow 1", gate))
    queue.put("slow", noting(done, "slow 2"))
    queue.put("quick", noting(done, "quick 1"))
    queue.put("quick", noting(done, "quick 2"))
    for key in ends:
        queue.put(key, partial(end, key))
    await asyncio.wait_for(ends["quick"].wait(), 5.0)
    assert done == ["quick 1", "quick 2"]
    gate.set()
    await asyncio.wait_for(ends["slow"].wait(), 5.0)
    assert done[2:] == ["slow 1", "slow 2"]
    await queue.close(1.0)


async def test_work_that_fails_does_not_hold_up_what_comes_after_it(caplog: pytest.LogCaptureFixture) -> None:
    queue, done = KeyedQueue(), asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("broken")

    async def finish() -> None:
        done.set()

    queue.put("key", fail)
    queue.put("key", finish)
    await asyncio.wait_for(done.wait(), 5.0)
    assert "broken" in caplog.text
    await queue.close(1.0)


async def test_closing_lets_running_work_finish_and_drops_what_waits() -> None:
    queue, done, gate = KeyedQueue(), list[str](), asyncio.Event()
    queue.put("key", noting(done, "running", gate))
    queue.put("key", noting(done, "waiting"))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(gate.set)
    await queue.close(5.0)
    queue.put("key", noting(done, "too late"))
    await asyncio.sleep(0)
    assert done == ["running"]


async def test_work_that_never_ends_is_cancelled_after_the_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyed, "CANCEL_SECONDS", 1.0)
    queue, cancelled = KeyedQueue(), asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    queue.put("key", hang)
    await asyncio.sleep(0)
    await queue.close(0.01)
    assert cancelled.is_set()
