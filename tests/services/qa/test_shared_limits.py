"""What a person may do they may do once, however many processes answer them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from services.qa.api import VOTING
from services.qa.feed.shares import SHARE_SECONDS
from shared.events.desks import DesksCounted
from shared.ids import new_id
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import QaHarness, open_harness


@pytest.fixture
async def two(database: MongoDatabase) -> AsyncIterator[tuple[QaHarness, QaHarness]]:
    """Two processes over one store, each of which has heard of the other."""
    async with open_harness(database) as one, open_harness(database) as other:
        for harness in (one, other):
            await harness.tell(DesksCounted("elsewhere", {}), "elsewhere")
        yield one, other


async def test_who_asked_at_one_process_waits_for_their_next_turn_at_the_other_too(two: tuple[QaHarness, QaHarness]) -> None:
    one, other = two
    await one.asked("anne")
    status, refused = await other.ask("anne")
    assert (status, refused["code"]) == (429, "qa.too_fast")
    status, _ = await other.ask("basile")
    assert status == 201


async def test_open_questions_of_both_processes_count(two: tuple[QaHarness, QaHarness]) -> None:
    for number in range(5):
        for harness in two:
            harness.clock.move(60)
        await two[number % 2].asked("anne", text=f"Question {number}")
    for harness in two:
        harness.clock.move(60)
        status, refused = await harness.ask("anne")
        assert (status, refused["code"]) == (429, "qa.too_many_open")


async def votes(harness: QaHarness, times: int) -> Counter[int]:
    """Answers to so many votes for a question that there is not: those that were let in are 404."""
    return Counter([(await harness.vote({"id": new_id()}, "anne"))[0] for _ in range(times)])


async def test_two_processes_let_a_person_vote_as_often_as_one_would(two: tuple[QaHarness, QaHarness]) -> None:
    began = time.monotonic()
    counted = [await votes(harness, VOTING.times) for harness in two]
    refilled = 2 + (time.monotonic() - began) * VOTING.times / VOTING.seconds
    assert VOTING.times <= sum(each[404] for each in counted) <= VOTING.times + refilled
    assert all(each[429] for each in counted)


async def test_the_share_of_a_process_that_is_gone_falls_to_the_other(two: tuple[QaHarness, QaHarness]) -> None:
    one, _ = two
    one.feed.tick()
    one.clock.move(SHARE_SECONDS)
    one.feed.tick()
    assert (await votes(one, VOTING.times))[404] == VOTING.times
