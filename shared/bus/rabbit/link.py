"""One connection to RabbitMQ: its channels and exchanges, how its end is noticed, how its failures are raised."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, PublishError

from shared.backoff import Backoff
from shared.bus.port import Group
from shared.bus.rabbit import wire as wire
from shared.errors import Unavailable
from shared.events.envelope import Envelope

CLOSE_SECONDS: Final = 2.0
PUBLISH_SECONDS: Final = 4.0
RECONNECT: Final = Backoff(first=0.1, longest=2.0)


@dataclass(frozen=True, slots=True)
class BrokerLink:
    connection: AbstractConnection
    channel: AbstractChannel
    events: AbstractExchange
    live: AbstractExchange


@asynccontextmanager
async def translated(seconds: float) -> AsyncIterator[None]:
    """Everything that can go wrong between us and the broker, a confirm that never comes included, is raised as Unavailable."""
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


async def first_end(connection: AbstractConnection, channel: AbstractChannel) -> None:
    """Returns when the channel is closed, alone or with its connection, or lost its consumer (its queue was deleted or moved)."""
    lost: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    underlay = await channel.get_underlay_channel()
    underlay.on_consumer_cancel_callbacks.add(partial(mark, lost))
    ends = [asyncio.ensure_future(end) for end in (connection.closed(), channel.closed(), lost)]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        with contextlib.suppress(*CONNECTION_EXCEPTIONS, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await channel.close()


def mark(lost: asyncio.Future[bool], _: object) -> None:
    if not lost.done():
        lost.set_result(True)


async def declare_group(channel: AbstractChannel, group: Group) -> None:
    """Its queue, its dead letters, and a retry queue for each delay of its patience (shared with every group of the same delay)."""
    await _declare_retries(channel, group.patience)
    await channel.declare_queue(wire.dead_queue(group.name), durable=True, arguments=wire.dead_arguments())
    queue = await channel.declare_queue(group.name, durable=True, arguments=wire.group_arguments(group.name))
    for topic in group.topics:
        await queue.bind(wire.EVENTS, topic)


async def _declare_retries(channel: AbstractChannel, delays: Sequence[float]) -> None:
    for delay in sorted(set(delays)):
        name = wire.retry_queue(delay)
        exchange = await channel.declare_exchange(name, aio_pika.ExchangeType.FANOUT, durable=True)
        queue = await channel.declare_queue(name, durable=True, arguments=wire.retry_arguments(delay))
        await queue.bind(exchange)


def event_message(event: Envelope, *, live: bool) -> aio_pika.Message:
    mode = aio_pika.DeliveryMode.NOT_PERSISTENT if live else aio_pika.DeliveryMode.PERSISTENT
    return aio_pika.Message(
        wire.to_body(event), headers=wire.to_headers(event), content_type=wire.CONTENT_TYPE, message_id=event.id, type=event.type,
        correlation_id=event.correlationid or None, timestamp=event.time, delivery_mode=mode,
    )  # fmt: skip


def copy(message: AbstractIncomingMessage, marks: wire.Marks) -> aio_pika.Message:
    """The same event on its way to another queue, with these marks and no others."""
    return aio_pika.Message(
        message.body, headers={**wire.event_headers(message.headers), **marks}, content_type=message.content_type,
        message_id=message.message_id, type=message.type, correlation_id=message.correlation_id, timestamp=message.timestamp,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )  # fmt: skip
