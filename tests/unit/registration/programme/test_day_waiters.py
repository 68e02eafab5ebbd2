"""Requests that wait for the day to change: all of them are woken together, and not more than so many wait."""

from __future__ import annotations

import asyncio

import pytest

from services.registration.programme import waiting
from services.registration.programme.waiting import DayWaiters


async def test_whoever_waits_is_woken_by_the_next_change_and_nobody_else_is_kept() -> None:
    waiters = DayWaiters()
    waiters.ring()
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(waiters.wait(60))
        await asyncio.sleep(0)
        assert len(waiters) == 3
        waiters.ring()
    assert len(waiters) == 0


async def test_nobody_waits_longer_than_allowed_and_only_so_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITERS", 1)
    waiters = DayWaiters()
    async with asyncio.timeout(5):
        first = asyncio.create_task(waiters.wait(0.2))
        await asyncio.sleep(0)
        await waiters.wait(60)
        assert len(waiters) == 1
        await first
    assert len(waiters) == 0
