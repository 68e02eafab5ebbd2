"""A bus as if its process were killed: nothing of it runs any more, and nothing more is acknowledged or written.

It reaches into the adapters, so that they need no method for it.
"""

from __future__ import annotations

import asyncio

from shared.bus.embedded.bus import LocalBus
from shared.bus.keyed import KeyedQueue
from shared.bus.live import LivePump
from shared.bus.rabbit.bus import RabbitBus
from shared.bus.rabbit.subscriptions import Consumer, LiveConsumer


def kill_local(bus: LocalBus) -> None:
    for worker in bus._workers.values():
        _cancel(worker._task)
        _kill_queue(worker._keyed)
    bus._workers.clear()
    for listening in bus._listeners:
        _kill_pump(listening.pump)
    bus._listeners.clear()


async def kill_rabbit(bus: RabbitBus) -> None:
    """Its connection is closed, as the kernel would."""
    for subscription in bus._subscriptions:
        _cancel(subscription._task)
        if isinstance(subscription, Consumer):
            _kill_queue(subscription._keyed)
        if isinstance(subscription, LiveConsumer):
            _kill_pump(subscription._pump)
            _cancel(subscription._watch)
    bus._subscriptions.clear()
    await bus.stop()


def _kill_queue(queue: KeyedQueue) -> None:
    queue._closed = True
    for task in queue._running.values():
        task.cancel()


def _kill_pump(pump: LivePump) -> None:
    _cancel(pump._task)


def _cancel(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
