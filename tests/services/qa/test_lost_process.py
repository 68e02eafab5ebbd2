"""Another process was killed after it had accepted something and before it told anybody: this one makes up for it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.qa.ballots import Wish
from services.qa.feed.shares import SHARE_SECONDS
from services.qa.polls.answering import AnswerWish, GivenAnswer
from services.qa.store import QaStore
from shared.events.desks import DesksCounted
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import QaHarness, open_harness
from tests.services.qa.polling import by_door, opened


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database, run=("votes", "counting", "reconcile")) as harness:
        yield harness


async def test_a_vote_and_an_answer_that_a_killed_process_told_nobody_of_are_shown_without_a_reload(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("basile"), "publish")
    poll = await opened(harness)
    await harness.tell(DesksCounted("other", {}), "other")
    harness.feed.tick()
    async with harness.listener("anne") as anne, harness.listener("claire", "moderator", "moderator") as desk:
        await anne.until("snapshot")
        await desk.until("snapshot")
        store = QaStore(harness.database, "event")  # as the other process had it
        await store.cast([Wish(item["id"], "person-anne", True, harness.clock(), lambda _: None, "remote")])
        await store.polls.take([AnswerWish(poll["id"], "person-anne", "remote", harness.clock(), lambda _: GivenAnswer(("2",)))])
        harness.clock.move(SHARE_SECONDS)
        harness.feed.tick()
        told = [await anne.event("voted"), await anne.event("my_answer")]
        assert [frame["data"].get("on", frame["data"].get("choice")) for frame in told] == [True, ["2"]]
        while (tally := (await desk.event("poll_tally"))["data"])["counts"]["2"] != by_door(remote=1):
            assert tally["answers"] == by_door(), "counted before it was known"
