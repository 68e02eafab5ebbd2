"""Reactions that happen once, on a real store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.bus.inbox import Inbox
from shared.bus.port import Delivery
from shared.clock import utc_now
from shared.events.access import AccessRevoked
from shared.storage.mongo import MongoDatabase

GONE = AccessRevoked("assises-2021", "anne", "2021-06-03T08:00:00.000Z", "lost phone")


def delivery(id: str = "e1", group: str = "test.group") -> Delivery:
    envelope = GONE.to_envelope(id=id, subject="anne", seq=1, time=datetime(2021, 6, 3, tzinfo=UTC))
    return Delivery(envelope, attempt=1, group=group)


@pytest.fixture
def inbox(database: MongoDatabase) -> Inbox:
    return Inbox(database, utc_now)


async def test_an_event_delivered_twice_is_handled_once_per_group(inbox: Inbox) -> None:
    handled: list[tuple[str, str]] = []

    async def note(event: AccessRevoked, delivery: Delivery) -> None:
        handled.append((delivery.group, delivery.envelope.id))

    handler = inbox.once(note)
    for each in (delivery(), delivery(), delivery("e2"), delivery(group="other"), delivery("e2")):
        await handler(GONE, each)
    assert handled == [("test.group", "e1"), ("test.group", "e2"), ("other", "e1")]


async def test_what_failed_is_handled_again(inbox: Inbox) -> None:
    tries = 0

    async def fail_first(event: AccessRevoked, delivery: Delivery) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("not yet")

    handler = inbox.once(fail_first)
    with pytest.raises(RuntimeError):
        await handler(GONE, delivery())
    await handler(GONE, delivery())
    await handler(GONE, delivery())
    assert tries == 2
