"""RabbitMQ (3.10 and later) behind the bus port. Only the rabbit_* files beside it know aio_pika too.

One supervisor keeps the connection: when it breaks, it connects anew and declares the topology again, and every subscription returns
by itself with a channel of its own. Nothing is buffered meanwhile: `publish` raises Unavailable within PUBLISH_SECONDS.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS
from prometheus_client import CollectorRegistry, Counter

from shared.bus.live import LIVE_BOUND, LivePump, counts_failures
from shared.bus.outcome import DeadLetterReport
from shared.bus.port import (
    DeadLetter,
    GapHandler,
    Group,
    Handler,
    LiveHandler,
    Subscription,
    Unreadable,
)
from shared.bus.rabbit import wire as wire
from shared.bus.rabbit.link import (
    CLOSE_SECONDS,
    PUBLISH_SECONDS,
    RECONNECT,
    BrokerLink,
    copy,
    declare_group,
    event_message,
    first_end,
    translated,
)
from shared.bus.rabbit.subscriptions import Consumer, LiveConsumer, RobustSubscription
from shared.clock import Clock, utc_now
from shared.errors import Unavailable
from shared.events.catalogue import is_live
from shared.events.envelope import Envelope
from shared.metrics import new_registry

log = logging.getLogger(__name__)

CONNECT_SECONDS: Final = 5.0
START_SECONDS: Final = 15.0
DECLARE_SECONDS: Final = 30.0
HEARTBEAT_SECONDS: Final = 10
DEAD_SCAN: Final = 10_000
"""Dead letters of one group that are looked through for one to replay."""


class RabbitBus:
    """See shared.bus.port."""

    def __init__(
        self,
        url: str,
        *,
        metrics: CollectorRegistry | None = None,
        clock: Clock = utc_now,
        live: Callable[[str], bool] = is_live,
        live_bound: int = LIVE_BOUND,
    ) -> None:
        self._url = f"{url}{'&' if '?' in url else '?'}heartbeat={HEARTBEAT_SECONDS}"
        self._clock = clock
        self._live = live
        self._live_bound = live_bound
        self._groups: dict[str, Group] = {}
        self._subscriptions: set[RobustSubscription] = set()
        self._link: BrokerLink | None = None
        self._up = asyncio.Event()
        self._supervisor: asyncio.Task[None] | None = None
        self._browsing = asyncio.Lock()
        metrics = metrics or new_registry()
        self.report = DeadLetterReport(metrics)
        self._live_failed = counts_failures(metrics)
        self._connects = Counter("tablee_bus_connects_total", "Connections made to the broker", registry=metrics)

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

    async def linked(self, seconds: float) -> BrokerLink:
        """The connection, waiting for it. Raises Unavailable."""
        async with translated(seconds):
            while True:
                await self._up.wait()
                if self._link is not None:
                    return self._link

    async def _keep_connected(self) -> None:
        pauses = RECONNECT.pauses()
        while True:
            try:
                connection = await aio_pika.connect(self._url, timeout=CONNECT_SECONDS, client_properties={"connection_name": "tablee"})
                try:
                    await self._use(connection)
                    pauses.reset()
                finally:
                    self._up.clear()
                    self._link = None
                    with contextlib.suppress(*CONNECTION_EXCEPTIONS, TimeoutError):
                        async with asyncio.timeout(CLOSE_SECONDS):
                            await connection.close()
            except (*CONNECTION_EXCEPTIONS, TimeoutError) as error:
                log.warning("no connection to the broker: %s", type(error).__name__, extra={"failures": pauses.failures})
            await pauses.wait()

    async def _use(self, connection: AbstractConnection) -> None:
        """Returns when the connection or its publishing channel ended."""
        async with asyncio.timeout(DECLARE_SECONDS):
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            events = await channel.declare_exchange(wire.EVENTS, aio_pika.ExchangeType.TOPIC, durable=True)
            live = await channel.declare_exchange(wire.LIVE, aio_pika.ExchangeType.TOPIC, durable=True)
            for group in self._groups.values():
                await declare_group(channel, group)
        self._link = BrokerLink(connection, channel, events, live)
        self._connects.inc()
        self._up.set()
        log.info("connected to the broker")
        await first_end(connection, channel)

    async def ping(self) -> None:
        link = await self.linked(PUBLISH_SECONDS)
        async with translated(PUBLISH_SECONDS):
            await link.channel.get_exchange(wire.EVENTS, ensure=True)

    async def declare(self, groups: Sequence[Group]) -> None:
        link = await self.linked(PUBLISH_SECONDS)
        async with translated(DECLARE_SECONDS):
            for group in groups:
                if self._groups.get(group.name) != group:
                    await declare_group(link.channel, group)
                    self._groups[group.name] = group

    async def publish(self, event: Envelope) -> None:
        live = self._live(event.type)
        message = event_message(event, live=live)
        async with translated(PUBLISH_SECONDS):
            link = await self.linked(PUBLISH_SECONDS)
            await (link.live if live else link.events).publish(message, event.type, mandatory=not live)

    async def send(self, message: aio_pika.Message, *, exchange: str, key: str) -> None:
        """Confirmed, to a queue of the topology."""
        async with translated(PUBLISH_SECONDS):
            link = await self.linked(PUBLISH_SECONDS)
            target = await link.channel.get_exchange(exchange, ensure=False) if exchange else link.channel.default_exchange
            await target.publish(message, key, mandatory=True)

    async def subscribe(self, group: Group, handler: Handler) -> Subscription:
        await self.declare([group])
        return await self._begin(Consumer(self, group, handler, self._clock))

    async def listen(self, topics: Sequence[str], handler: LiveHandler, on_gap: GapHandler) -> Subscription:
        return await self._begin(LiveConsumer(self, topics, LivePump(handler, on_gap, bound=self._live_bound, failed=self._live_failed)))

    async def _begin(self, subscription: RobustSubscription) -> Subscription:
        self._subscriptions.add(subscription)
        try:
            await subscription.start()
        except BaseException:
            await subscription.close()
            raise
        return subscription

    def forget(self, subscription: RobustSubscription) -> None:
        self._subscriptions.discard(subscription)

    async def dead_letters(self, *, group: str | None = None, limit: int = 100) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        for name in [name for name in self._groups if group in (None, name)]:
            async with self._dead_of(name) as messages:
                oldest = [self._dead_letter(name, message) async for message in _first(messages, limit)]
            found += oldest
        return sorted(found, key=lambda letter: letter.died_at)[:limit]

    async def replay(self, dead_letter_id: str) -> bool:
        group = dead_letter_id.partition("~")[0]
        if group not in self._groups:
            return False
        async with self._dead_of(group) as messages:
            async for message in messages:
                if self._dead_letter(group, message).id == dead_letter_id:
                    again = copy(message, {})
                    await self.send(again, exchange="", key=group)
                    await message.ack()
                    return True
        return False

    async def drop_dead_letters(self, words: str) -> int:
        found, wanted = 0, words.encode()
        for group in self._groups:
            async with self._dead_of(group) as messages:
                async for message in messages:
                    if wanted in message.body or words in str(message.headers):
                        await message.ack()
                        found += 1
        return found

    @asynccontextmanager
    async def _dead_of(self, group: str) -> AsyncIterator[AsyncIterator[AbstractIncomingMessage]]:
        """Takes dead letters out one by one; those not acknowledged go back when the channel closes."""
        link = await self.linked(PUBLISH_SECONDS)
        async with self._browsing, translated(DECLARE_SECONDS):
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


async def _first(messages: AsyncIterator[AbstractIncomingMessage], limit: int) -> AsyncIterator[AbstractIncomingMessage]:
    """At most `limit` of them; the next one is not even fetched."""
    for _ in range(limit):
        message = await anext(messages, None)
        if message is None:
            return
        yield message
