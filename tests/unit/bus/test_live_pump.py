"""A live listener beside everybody else on the event loop."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from shared.bus.live import HANDLED_AT_ONCE, LivePump
from shared.events.envelope import Envelope
from shared.ids import new_id

BURST = 10 * HANDLED_AT_ONCE
PATIENCE = 60.0


def _event() -> Envelope:
    return Envelope(
        id=new_id(), type="tablee.votes.counted.v1", source="/qa", subject="s", seq=1, time=datetime(2021, 6, 3, tzinfo=UTC), data={}
    )  # fmt: skip


async def test_a_burst_of_events_keeps_nobody_waiting_until_all_of_them_are_handled() -> None:
    handled: list[str] = []
    reloaded, done = asyncio.Event(), asyncio.Event()

    async def handle(event: Envelope) -> None:  # as most do, it waits for nothing
        handled.append(event.id)
        if len(handled) == BURST:
            done.set()

    async def reload() -> None:
        reloaded.set()

    pump = LivePump(handle, reload)
    pump.start()
    try:
        async with asyncio.timeout(PATIENCE):
            await reloaded.wait()
            for event in (events := [_event() for _ in range(BURST)]):
                pump.put(event)
            seen = set()
            while not done.is_set():
                await asyncio.sleep(0)
                seen.add(len(handled))
    finally:
        await pump.close()
    assert handled == [event.id for event in events], "all of them, in order"
    assert len(seen - {0, BURST}) >= BURST // HANDLED_AT_ONCE - 2, "and others had their turns in between"
