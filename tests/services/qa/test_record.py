"""What the other services are told of answers and of the ledger, as the qa service runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeVar

import pytest

from shared.events.answer import AnswerRecorded
from shared.events.kind import Event
from shared.events.ledger import LedgerCounted
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import ROUND_TABLE, QaHarness, open_harness

E = TypeVar("E", bound=Event)


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


def told(harness: QaHarness, cls: type[E]) -> list[E]:
    return [cls.from_envelope(event) for event in harness.bus.published if event.type == cls.TYPE]


async def answered(harness: QaHarness, name: str = "anne", **more: Any) -> Any:
    staged = await harness.done(await harness.done(await harness.asked(name, **more), "publish"), "stage")
    return await harness.done(staged, "answer")


async def test_an_answer_is_told_once_and_what_moves_beside_it_is_not(harness: QaHarness) -> None:
    item = await answered(harness)
    await harness.vote(item, "bea")
    written = await harness.done(item, "write", text="En 2022.")
    await harness.done(written, "release", "dora")
    await harness.pump()
    first, second = told(harness, AnswerRecorded)
    assert (first.standing, first.name, first.author, first.answer) == ("answered", "anne", "person-anne", "")
    assert (second.answer, second.staged_at) == ("En 2022.", first.staged_at)


async def test_what_is_undone_is_told_as_gone_and_a_leaver_is_told_without_name(harness: QaHarness) -> None:
    back = await harness.done(await answered(harness), "undo")
    await harness.done(back, "return")
    await answered(harness, "bea")
    await harness.erase("bea")
    await harness.pump()
    records = told(harness, AnswerRecorded)
    assert [(one.standing, one.name) for one in records] == [("answered", "anne"), ("gone", ""), ("answered", "bea"), ("answered", "")]
    assert records[-1].author == ""


async def test_a_ledger_is_told_after_a_move_and_once_more_for_what_was_held_back(database: MongoDatabase) -> None:
    async with open_harness(database, run=("votes",)) as harness:
        item = await harness.asked("anne")
        await harness.done(item, "decline", reason="off_topic")
        await harness.pump()
        ledgers = harness.service.tasks["ledgers"].__self__  # type: ignore[attr-defined]
        await ledgers.tell()
        first = [one for one in told(harness, LedgerCounted) if one.session == ROUND_TABLE][-1]
        assert (first.whole.asked, first.waiting, first.declined) == (1, 1, 0)
        harness.clock.move(11)
        await ledgers.tell()
        second = [one for one in told(harness, LedgerCounted) if one.session == ROUND_TABLE][-1]
        assert (second.waiting, second.declined, second.reasons) == (0, 1, {"off_topic": 1})
        before = len(told(harness, LedgerCounted))
        await ledgers.tell()
        assert len(told(harness, LedgerCounted)) == before, "nothing moved"
