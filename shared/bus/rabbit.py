"""RabbitMQ (3.10 and later) behind the bus port. The only file that knows aio_pika.

One supervisor keeps the connection: when it breaks, it connects anew and declares the topology again, and every subscription returns
by itself with a channel of its own. Nothing is held back meanwhile: `publish` raises Unavailable within PUBLISH_SECONDS.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, PublishError

from shared.bus import rabbit_wire as wire
from shared.bus.lanes import Lanes
from shared.bus.live import LIVE_BOUND, LivePump
from shared.bus.outcome import Again, Dead, Outcome, settle
from shared.bus.port import (
    PREFETCH,
    RETRY_DELAYS,
    DeadLetter,
    Delivery,
    GapHandler,
    Group,
    Handler,
    LiveHandler,
    Subscription,
    Unreadable,
)
from shared.clock import Clock, utc_now
from shared.errors import Unavailable
from shared.events.catalogue import is_live
from shared.events.envelope import Envelope
from shared.ids import new_id
from shared.metrics import Metrics

log = logging.getLogger(__name__)

CONNECT_SECONDS: Final = 5.0
START_SECONDS: Final = 15.0
PUBLISH_SECONDS: Final = 4.0
DECLARE_SECONDS: Final = 30.0
CLOSE_SECONDS: Final = 2.0
HANDLER_GRACE: Final = 10.0
"""Seconds that running handlers get when their subscription closes."""
HEARTBEAT_SECONDS: Final = 10
RECONNECT_PAUSES: Final = (0.1, 0.3, 0.5, 1.0, 2.0)
DEAD_SCAN: Final = 10_000
"""Dead letters of one group that are looked through for one to replay."""
STALL_SECONDS: Final = 2.0
"""A process that stood still this long may have filled its live queue in the broker, which drops the oldest: that counts as a gap.
Below it, LIVE_LENGTH events would have to come faster than 10 000 in a second."""
STALL_TICK: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Link:
    connection: AbstractConnection
    channel: AbstractChannel
    events: AbstractExchange
    live: AbstractExchange


@asynccontextmanager
async def _translated(seconds: float) -> AsyncIterator[None]:
    """Everything that can go wrong between us and the broker, a confirm that never comes included, leaves as Unavailable."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except PublishError as error:
        raise Unavailable("bus.unroutable") from error
    except (*CONNECTION_EXCEPTIONS, TimeoutError) as error:
        raise Unavailable("bus.unavailable") from error
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise Unavailable("bus.unavailable") from error  # the client cancels what waited on a channel that closed


class RabbitBus:
    """See shared.bus.port."""

    def __init__(
        self, url: str, *, metrics: Metrics | None = None, clock: Clock = utc_now, live: Callable[[str], bool] = is_live,
        delays: Sequence[float] = RETRY_DELAYS, live_bound: int = LIVE_BOUND,
    ) -> None:
        self._url = f"{url}{'&' if '?' in url else '?'}heartbeat={HEARTBEAT_SECONDS}"
        self._clock = clock
        self._live = live
        self.delays = tuple(delays)
        self._live_bound = live_bound
        self._groups: dict[str, Group] = {}
        self._subscriptions: set[_Returning] = set()
        self._link: _Link | None = None
        self._up = asyncio.Event()
        self._supervisor: asyncio.Task[None] | None = None
        self._browsing = asyncio.Lock()
        metrics = metrics or Metrics()
        self._connects = metrics.counter("tablee_bus_connects_total", "Connections made to the broker")

    async def start(self) -> None:
        self._supervisor = asyncio.create_task(self._keep_connected())
        try:
            await self.linked(START_SECONDS)
        except Unavailable:
            await self.stop()
            raise

    async def stop(self) -> None:
        await asyncio.gather(*(subscription.close() for subscription in list(self._subscriptions)))
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.wait([self._supervisor])
            self._supervisor = None

    async def abandon(self) -> None:
        """As if the process were killed: for tests."""
        for subscription in self._subscriptions:
            subscription.abandon()
        self._subscriptions.clear()
        await self.stop()

    async def linked(self, seconds: float) -> _Link:
        """The connection, waiting for it. Raises Unavailable."""
        async with _translated(seconds):
            while True:
                await self._up.wait()
                if self._link is not None:
                    return self._link

    async def _keep_connected(self) -> None:
        failures = 0
        while True:
            try:
                connection = await aio_pika.connect(self._url, timeout=CONNECT_SECONDS, client_properties={"connection_name": "tablee"})
                try:
                    await self._use(connection)
                    failures = 0
                finally:
                    self._up.clear()
                    self._link = None
                    with contextlib.suppress(*CONNECTION_EXCEPTIONS, TimeoutError):
                        async with asyncio.timeout(CLOSE_SECONDS):
                            await connection.close()
            except (*CONNECTION_EXCEPTIONS, TimeoutError) as error:
                log.warning("no connection to the broker: %s", type(error).__name__, extra={"failures": failures})
            pause = RECONNECT_PAUSES[min(failures, len(RECONNECT_PAUSES) - 1)]
            failures += 1
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter

    async def _use(self, connection: AbstractConnection) -> None:
        """Returns when the connection or its publishing channel ended."""
        async with asyncio.timeout(DECLARE_SECONDS):
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            events = await channel.declare_exchange(wire.EVENTS, aio_pika.ExchangeType.TOPIC, durable=True)
            live = await channel.declare_exchange(wire.LIVE, aio_pika.ExchangeType.TOPIC, durable=True)
            await _declare_retries(channel, self.delays)
            for group in self._groups.values():
                await _declare_group(channel, group)
        self._link = _Link(connection, channel, events, live)
        self._connects.inc()
        self._up.set()
        log.info("connected to the broker")
        await _first_end(connection, channel)

    async def ping(self) -> None:
        link = await self.linked(PUBLISH_SECONDS)
        async with _translated(PUBLISH_SECONDS):
            await link.channel.get_exchange(wire.EVENTS, ensure=True)

    async def declare(self, groups: Sequence[Group]) -> None:
        link = await self.linked(PUBLISH_SECONDS)
        async with _translated(DECLARE_SECONDS):
            for group in groups:
                if self._groups.get(group.name) != group:
                    await _declare_group(link.channel, group)
                    self._groups[group.name] = group

    async def publish(self, event: Envelope) -> None:
        live = self._live(event.type)
        message = _message(event, live=live)
        async with _translated(PUBLISH_SECONDS):
            link = await self.linked(PUBLISH_SECONDS)
            await (link.live if live else link.events).publish(message, event.type, mandatory=not live)

    async def send(self, message: aio_pika.Message, *, exchange: str, key: str) -> None:
        """Confirmed, to a queue of the topology."""
        async with _translated(PUBLISH_SECONDS):
            link = await self.linked(PUBLISH_SECONDS)
            target = await link.channel.get_exchange(exchange, ensure=False) if exchange else link.channel.default_exchange
            await target.publish(message, key, mandatory=True)

    async def subscribe(self, group: Group, handler: Handler) -> Subscription:
        await self.declare([group])
        return await self._begin(_Consumer(self, group.name, handler, self._clock))

    async def listen(self, topics: Sequence[str], handler: LiveHandler, on_gap: GapHandler) -> Subscription:
        return await self._begin(_Listener(self, topics, LivePump(handler, on_gap, bound=self._live_bound)))

    async def _begin(self, subscription: _Returning) -> Subscription:
        self._subscriptions.add(subscription)
        try:
            await subscription.start()
        except BaseException:
            await subscription.close()
            raise
        return subscription

    def forget(self, subscription: _Returning) -> None:
        self._subscriptions.discard(subscription)

    async def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        for group in list(self._groups):
            async with self._dead_of(group) as messages:
                async for message in messages:
                    found.append(self._dead_letter(group, message))
                    if len(found) % limit == 0:
                        break
        return sorted(found, key=lambda letter: letter.died_at)[:limit]

    async def replay(self, dead_letter_id: str) -> bool:
        group = dead_letter_id.partition("~")[0]
        if group not in self._groups:
            return False
        async with self._dead_of(group) as messages:
            async for message in messages:
                if self._dead_letter(group, message).id == dead_letter_id:
                    again = _copy(message, {})
                    await self.send(again, exchange="", key=group)
                    await message.ack()
                    return True
        return False

    @asynccontextmanager
    async def _dead_of(self, group: str) -> AsyncIterator[AsyncIterator[AbstractIncomingMessage]]:
        """Takes dead letters out one by one; those not acknowledged go back when the channel closes."""
        link = await self.linked(PUBLISH_SECONDS)
        async with self._browsing, _translated(DECLARE_SECONDS):
            channel = await link.connection.channel()
            try:
                queue = await channel.get_queue(wire.dead_queue(group), ensure=False)

                async def take() -> AsyncIterator[AbstractIncomingMessage]:
                    for _ in range(DEAD_SCAN):
                        message = await queue.get(fail=False)
                        if message is None:
                            return
                        yield message

                yield take()
            finally:
                await channel.close()

    def _dead_letter(self, group: str, message: AbstractIncomingMessage) -> DeadLetter:
        death = wire.death(message.headers, message.message_id or "", self._clock())
        try:
            event = wire.read(message.headers, message.body)
        except Unreadable:
            event = None
        return DeadLetter(f"{group}~{death.id}", group, death.reason, wire.attempt(message.headers), death.at, event)


class _Returning:
    """What comes back by itself after every loss of the connection, until it is closed."""

    def __init__(self, bus: RabbitBus) -> None:
        self._bus = bus
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises Unavailable when it did not get through within START_SECONDS."""
        self._task = asyncio.create_task(self._run())
        async with _translated(START_SECONDS):
            await self._ready.wait()

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                link = await self._bus.linked(START_SECONDS)
                channel = await link.connection.channel(publisher_confirms=False)
                await self._consume(channel)
                self._ready.set()
                failures = 0
                await _first_end(link.connection, channel)
            except (*CONNECTION_EXCEPTIONS, TimeoutError, Unavailable) as error:
                log.info("a subscription waits for the broker: %s", type(error).__name__)
            await asyncio.sleep(RECONNECT_PAUSES[min(failures, len(RECONNECT_PAUSES) - 1)])
            failures += 1

    async def _consume(self, channel: AbstractChannel) -> None:
        raise NotImplementedError

    def abandon(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        self._bus.forget(self)


class _Consumer(_Returning):
    """Works on one group's queue. Lanes outlive a lost connection, so that what comes again waits behind what still runs."""

    def __init__(self, bus: RabbitBus, group: str, handler: Handler, clock: Clock) -> None:
        super().__init__(bus)
        self._group = group
        self._handler = handler
        self._clock = clock
        self._lanes = Lanes()
        self._channel: AbstractChannel | None = None
        self._cancel: Callable[[], Awaitable[object]] | None = None

    async def close(self) -> None:
        if self._cancel is not None and self._channel is not None and not self._channel.is_closed:
            with contextlib.suppress(Unavailable):
                async with _translated(CLOSE_SECONDS):
                    await self._cancel()
        await self._lanes.close(HANDLER_GRACE)
        await super().close()

    def abandon(self) -> None:
        super().abandon()
        self._lanes.abandon()

    async def _consume(self, channel: AbstractChannel) -> None:
        await channel.set_qos(PREFETCH)
        queue = await channel.get_queue(self._group, ensure=False)
        tag = await queue.consume(partial(self._receive, channel))
        self._channel, self._cancel = channel, partial(queue.cancel, tag)

    async def _receive(self, channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
        """Never waits: deliveries of a channel are tasks that start in order, so the lanes get them in order."""
        try:
            event = wire.read(message.headers, message.body)
        except Unreadable as error:
            self._lanes.put("", partial(self._conclude, channel, message, Dead(f"Unreadable: {error}")))
        else:
            self._lanes.put(event.subject, partial(self._deliver, channel, message, event))

    async def _deliver(self, channel: AbstractChannel, message: AbstractIncomingMessage, event: Envelope) -> None:
        if channel.is_closed:
            return  # it was given back to the queue, and comes again
        outcome = await settle(self._handler, Delivery(event, wire.attempt(message.headers), self._group), self._bus.delays)
        await self._conclude(channel, message, outcome)

    async def _conclude(self, channel: AbstractChannel, message: AbstractIncomingMessage, outcome: Outcome) -> None:
        """First the event is safe in its next queue, then it leaves this one."""
        while not channel.is_closed:
            try:
                if isinstance(outcome, Again):
                    later = _copy(message, {wire.ATTEMPT: outcome.attempt})
                    await self._bus.send(later, exchange=wire.retry_queue(outcome.delay), key=self._group)
                elif isinstance(outcome, Dead):
                    marks = wire.death_headers(new_id(), outcome.reason, self._clock(), wire.attempt(message.headers))
                    await self._bus.send(_copy(message, marks), exchange="", key=wire.dead_queue(self._group))
                async with _translated(PUBLISH_SECONDS):
                    await message.ack()
                return
            except Unavailable:
                await asyncio.sleep(RECONNECT_PAUSES[-1])


class _Listener(_Returning):
    """A queue of this process alone, read without acknowledgement into the bounded memory of its pump."""

    def __init__(self, bus: RabbitBus, topics: Sequence[str], pump: LivePump) -> None:
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

    def abandon(self) -> None:
        super().abandon()
        self._pump.abandon()
        if self._watch is not None:
            self._watch.cancel()

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
                log.warning("this process stood still: its live listeners reload")
                self._pump.gap()


async def _first_end(connection: AbstractConnection, channel: AbstractChannel) -> None:
    """Returns when the channel is closed, alone or with its connection, or lost its consumer (its queue was deleted or moved)."""
    lost: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    underlay = await channel.get_underlay_channel()
    underlay.on_consumer_cancel_callbacks.add(partial(_mark, lost))
    ends = [asyncio.ensure_future(end) for end in (connection.closed(), channel.closed(), lost)]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        with contextlib.suppress(*CONNECTION_EXCEPTIONS, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await channel.close()


def _mark(lost: asyncio.Future[bool], _: object) -> None:
    if not lost.done():
        lost.set_result(True)


async def _declare_retries(channel: AbstractChannel, delays: Sequence[float]) -> None:
    for delay in delays:
        name = wire.retry_queue(delay)
        exchange = await channel.declare_exchange(name, aio_pika.ExchangeType.FANOUT, durable=True)
        queue = await channel.declare_queue(name, durable=True, arguments=wire.retry_arguments(delay))
        await queue.bind(exchange)


async def _declare_group(channel: AbstractChannel, group: Group) -> None:
    await channel.declare_queue(wire.dead_queue(group.name), durable=True, arguments=wire.dead_arguments())
    queue = await channel.declare_queue(group.name, durable=True, arguments=wire.group_arguments(group.name))
    for topic in group.topics:
        await queue.bind(wire.EVENTS, topic)


def _message(event: Envelope, *, live: bool) -> aio_pika.Message:
    mode = aio_pika.DeliveryMode.NOT_PERSISTENT if live else aio_pika.DeliveryMode.PERSISTENT
    return aio_pika.Message(
        wire.to_body(event), headers=wire.to_headers(event), content_type=wire.CONTENT_TYPE, message_id=event.id, type=event.type,
        correlation_id=event.correlationid or None, timestamp=event.time, delivery_mode=mode,
    )  # fmt: skip


def _copy(message: AbstractIncomingMessage, marks: wire.Marks) -> aio_pika.Message:
    """The same event on its way to another queue, with these marks and no others."""
    return aio_pika.Message(
        message.body, headers={**wire.event_headers(message.headers), **marks}, content_type=message.content_type,
        message_id=message.message_id, type=message.type, correlation_id=message.correlation_id, timestamp=message.timestamp,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )  # fmt: skip
