"""The qa service on the embedded bus with its real relay: what was accepted reaches the live pages, also after a kill in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.bus.embedded.bus import LocalBus
from shared.bus.relay import Relay, RelayMetrics
from shared.metrics import new_registry
from shared.storage.mongo import MongoDatabase, MongoStore
from tests.services.qa.harness import ROUND_TABLE, Listener, QaHarness, open_harness


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def test_a_question_accepted_just_before_a_kill_is_told_by_the_next_process(harness: QaHarness, store: MongoStore) -> None:
    async with harness.pumping:  # the process ends between the save and the relay's pass: nothing has left the outbox
        status, item = await harness.ask("anne")
        assert status == 201
        assert [event.type for event in await harness.database.pending_events("questions", 10)] == ["tablee.question.asked.v1"]
        bus = LocalBus(store.database("bus"))
        await bus.start()
        relay = Relay(harness.database, harness.service.outboxes, bus, metrics=RelayMetrics(new_registry()), service="qa")
        for listener in harness.service.listeners:
            await bus.listen(listener.topics, listener.receive, listener.on_gap)
        async with harness.listener("claire", "moderator", "moderator", early=True) as desk:
            running = asyncio.create_task(relay.run())
            try:
                await _told(desk, item["id"])
                await relay.drain()
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await bus.stop()
    assert await harness.database.pending_events("questions", 10) == []
    assert await harness.database.collection("questions").count({"session": ROUND_TABLE}) == 1


async def _told(desk: Listener, id: str) -> None:
    """By the first snapshot or by an event, whichever comes first."""
    while True:
        frame = await desk.next()
        if frame["op"] == "snapshot" and id in frame["state"]["items"]:
            return
        if frame["op"] == "event" and frame["kind"] == "item" and frame["data"]["id"] == id:
            return


async def test_a_vote_is_either_counted_with_its_ballot_or_not_at_all(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    voters = [f"p{n}" for n in range(12)]
    storm = [harness.vote(item, name, method) for name in voters for method in ("PUT", "DELETE", "PUT")]
    await asyncio.gather(*storm)
    ballots = await harness.database.collection("votes").count({"question": item["id"], "on": True})
    held = await harness.database.collection("questions").get(item["id"])
    assert held is not None
    assert held["votes"] == ballots
    assert held["votes_rev"] >= ballots
