"""Reactions that happen once, on a real store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.bus.inbox import Inbox
from shared.bus.port import Delivery
from shared.clock import utc_now
from shared.events.envelope import Envelope
from shared.storage.mongo import MongoDatabase
from shared.storage.port import Duplicate, Transaction


def delivery(id: str = "e1", group: str = "test.group") -> Delivery:
    event = Envelope(id=id, type="tablee.test.thing.happened.v1", source="/test", subject="s", seq=1, time=datetime(2021, 6, 3, tzinfo=UTC))
    return Delivery(event, attempt=1, group=group)


@pytest.fixture
def inbox(database: MongoDatabase) -> Inbox:
    return Inbox(database, utc_now)


async def test_an_event_delivered_twice_is_handled_once_per_group(inbox: Inbox) -> None:
    handled: list[tuple[str, str]] = []

    async def note(delivery: Delivery) -> None:
        handled.append((delivery.group, delivery.event.id))

    handler = inbox.once(note)
    for each in (delivery(), delivery(), delivery("e2"), delivery(group="other"), delivery("e2")):
        await handler(each)
    assert handled == [("test.group", "e1"), ("test.group", "e2"), ("other", "e1")]


async def test_what_failed_is_handled_again(inbox: Inbox) -> None:
    tries = 0

    async def fail_first(delivery: Delivery) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("not yet")

    handler = inbox.once(fail_first)
    with pytest.raises(RuntimeError):
        await handler(delivery())
    await handler(delivery())
    await handler(delivery())
    assert tries == 2


async def test_through_a_transaction_mark_and_writes_happen_together_or_not_at_all(inbox: Inbox, database: MongoDatabase) -> None:
    counters = database.collection("counters")
    broken = True

    async def count(delivery: Delivery, transaction: Transaction) -> None:
        await counters.update({"_id": "c"}, {"$inc": {"n": 1}}, upsert=True, transaction=transaction)
        if broken:
            raise RuntimeError("after the write")

    handler = inbox.once_with(count)
    with pytest.raises(RuntimeError):
        await handler(delivery())
    assert await counters.get("c") is None
    broken = False
    for _ in range(3):
        await handler(delivery())
    assert await counters.get("c") == {"_id": "c", "n": 1}


async def test_a_duplicate_of_the_handlers_own_is_its_failure(inbox: Inbox, database: MongoDatabase) -> None:
    things = database.collection("things")
    await things.insert({"_id": "taken"})

    async def insert(delivery: Delivery, transaction: Transaction) -> None:
        await things.insert({"_id": "taken"}, transaction=transaction)

    with pytest.raises(Duplicate):
        await inbox.once_with(insert)(delivery())
