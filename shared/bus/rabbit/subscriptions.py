"""Subscriptions on RabbitMQ: each has a channel of its own and comes back by itself after every loss of the connection."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, Protocol

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from shared.bus.keyed import KeyedQueue
from shared.bus.live import LivePump
from shared.bus.outcome import Again, Dead, DeadLetterReport, Outcome, settle
from shared.bus.port import PREFETCH, Delivery, Group, Handler, Unreadable
from shared.bus.rabbit import wire as wire
from shared.bus.rabbit.link import CLOSE_SECONDS, PUBLISH_SECONDS, RECONNECT, BrokerLink, copy, first_end, translated
from shared.clock import Clock
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.ids import new_id

log = logging.getLogger(__name__)

BEGIN_SECONDS: Final = 15.0
"""Longest wait for a first subscription."""
HANDLER_GRACE: Final = 10.0
"""Seconds that running handlers get when their subscription closes."""
STALL_SECONDS: Final = 2.0
"""A process that stalled for this long may have filled its live queue in the broker, which drops the oldest: that counts as a gap.
Below it, LIVE_LENGTH events would have to come faster than 10 000 in a second."""
STALL_TICK: Final = 0.5


class Host(Protocol):
    """What a subscription needs of its bus."""

    @property
    def report(self) -> DeadLetterReport: ...

    async def linked(self, seconds: float) -> BrokerLink: ...

    async def send(self, message: aio_pika.Message, *, exchange: str, key: str) -> None: ...

    def forget(self, subscription: RobustSubscription) -> None: ...


class RobustSubscription:
    """What comes back by itself after every loss of the connection, until it is closed."""

    def __init__(self, bus: Host) -> None:
        self._bus = bus
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises Unavailable when it did not get through within BEGIN_SECONDS."""
        self._task = asyncio.create_task(self._run())
        async with translated(BEGIN_SECONDS):
            await self._ready.wait()

    async def _run(self) -> None:
        pauses = RECONNECT.pauses()
        while True:
            try:
                link = await self._bus.linked(BEGIN_SECONDS)
                channel = await link.connection.channel(publisher_confirms=False)
                await self._consume(channel)
                self._ready.set()
                pauses.reset()
                await first_end(link.connection, channel)
            except (*CONNECTION_EXCEPTIONS, TimeoutError, Unavailable) as error:
                log.info("a subscription waits for the broker: %s", type(error).__name__)
            await pauses.wait()

    async def _consume(self, channel: AbstractChannel) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        self._bus.forget(self)


class Consumer(RobustSubscription):
    """Works on one group's queue. Its queue by key outlives a lost connection, so that what comes again waits behind what still runs."""

    def __init__(self, bus: Host, group: Group, handler: Handler, clock: Clock) -> None:
        super().__init__(bus)
        self._group = group.name
        self._patience = group.patience
        self._handler = handler
        self._clock = clock
        self._keyed = KeyedQueue()
        self._channel: AbstractChannel | None = None
        self._cancel: Callable[[], Awaitable[object]] | None = None

    async def close(self) -> None:
        if self._cancel is not None and self._channel is not None and not self._channel.is_closed:
            with contextlib.suppress(Unavailable):
                async with translated(CLOSE_SECONDS):
                    await self._cancel()
        await self._keyed.close(HANDLER_GRACE)
        await super().close()

    async def _consume(self, channel: AbstractChannel) -> None:
        await channel.set_qos(PREFETCH)
        queue = await channel.get_queue(self._group, ensure=False)
        tag = await queue.consume(partial(self._receive, channel))
        self._channel, self._cancel = channel, partial(queue.cancel, tag)

    async def _receive(self, channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
        """Never waits: deliveries of a channel are tasks that start in order, so they are queued in order."""
        try:
            event = wire.read(message.headers, message.body)
        except Unreadable as error:
            self._keyed.put("", partial(self._conclude, channel, message, None, Dead(f"Unreadable: {error}")))
        else:
            self._keyed.put(event.subject, partial(self._deliver, channel, message, event))

    async def _deliver(self, channel: AbstractChannel, message: AbstractIncomingMessage, event: Envelope) -> None:
        if channel.is_closed:
            return  # it was given back to the queue, and comes again
        outcome = await settle(self._handler, Delivery(event, wire.attempt(message.headers), self._group), self._patience)
        await self._conclude(channel, message, event, outcome)

    async def _conclude(self, channel: AbstractChannel, message: AbstractIncomingMessage, event: Envelope | None, outcome: Outcome) -> None:
        """First the event is safe in its next queue, then it leaves this one."""
        pauses = RECONNECT.pauses()
        while not channel.is_closed:
            try:
                if isinstance(outcome, Again):
                    later = copy(message, {wire.ATTEMPT: outcome.attempt})
                    await self._bus.send(later, exchange=wire.retry_queue(outcome.delay), key=self._group)
                elif isinstance(outcome, Dead):
                    attempts = wire.attempt(message.headers)
                    marks = wire.death_headers(new_id(), outcome.reason, self._clock(), attempts)
                    await self._bus.send(copy(message, marks), exchange="", key=wire.dead_queue(self._group))
                    self._bus.report.note(self._group, outcome.reason, event, attempts)
                async with translated(PUBLISH_SECONDS):
                    await message.ack()
                return
            except Unavailable:
                await pauses.wait()


class LiveConsumer(RobustSubscription):
    """A queue of this process alone, read without acknowledgement into the bounded memory of its pump."""

    def __init__(self, bus: Host, topics: Sequence[str], pump: LivePump) -> None:
        super().__init__(bus)
        self._topics = tuple(topics)
        self._pump = pump
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await super().start()
        self._pump.start()
        self._watch = asyncio.create_task(self._watch_for_stalls())

    async def close(self) -> None:
        await super().close()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        await self._pump.close()

    async def _consume(self, channel: AbstractChannel) -> None:
        queue = await channel.declare_queue(exclusive=True, auto_delete=True, arguments=wire.live_arguments())
        for topic in self._topics:
            for exchange in (wire.EVENTS, wire.LIVE):
                await queue.bind(exchange, topic)
        self._pump.gap()
        await queue.consume(self._receive, no_ack=True)

    async def _receive(self, message: AbstractIncomingMessage) -> None:
        try:
            self._pump.put(wire.read(message.headers, message.body))
        except Unreadable as error:
            log.error("a live message is no event: %s", error)

    async def _watch_for_stalls(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(STALL_TICK)
            if time.monotonic() - before > STALL_TICK + STALL_SECONDS:
                log.warning("this process stalled: its live listeners reload")
                self._pump.gap()
