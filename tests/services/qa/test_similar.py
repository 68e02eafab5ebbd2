"""What is asked already, for somebody who writes: who is told of which question, and who of none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, ROUND_TABLE, QaHarness, open_harness

WRITTEN = "À quand l'arrivée de la fibre dans mon hameau"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


def path(text: str, session: str = ROUND_TABLE) -> str:
    return f"/api/qa/sessions/{session}/similar?text={quote(text)}"


async def similar(harness: QaHarness, name: str = "basile", role: str = "viewer", text: str = WRITTEN) -> list[Any]:
    await harness.pump()
    status, answer = await harness.call("GET", path(text), name, role)
    assert status == 200, answer
    return list(answer["questions"])


async def test_a_waiting_question_is_told_to_moderators_only(harness: QaHarness) -> None:
    public = await harness.done(await harness.asked("anne", text="Quand la fibre arrivera-t-elle dans les hameaux ?"), "publish")
    before = await similar(harness)
    assert [(one["id"], one["votes"]) for one in before] == [(public["id"], 0)]
    assert before[0].keys() == {"id", "text", "votes", "score"}
    waiting = await harness.asked("eve", text="La fibre arrive quand dans mon hameau secret ?")
    assert await similar(harness) == before, "not even by another score"
    assert {one["id"] for one in await similar(harness, "claire", "moderator")} == {public["id"], waiting["id"]}


async def test_what_is_hidden_or_reworded_or_gone_is_offered_no_more(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne", text=WRITTEN), "publish")
    assert [one["score"] for one in await similar(harness)] == [1.0]
    item = await harness.done(item, "rephrase", text="Parlons plutôt de la forêt communale.")
    assert await similar(harness) == []
    item = await harness.done(item, "rephrase", text=WRITTEN)
    assert len(await similar(harness)) == 1
    await harness.done(item, "hide")
    for name, role in (("basile", "viewer"), ("anne", "viewer"), ("claire", "moderator")):
        assert await similar(harness, name, role) == []


async def test_three_at_most_and_five_for_moderators(harness: QaHarness) -> None:
    for n in range(7):
        await harness.done(await harness.asked(f"p{n}", text=WRITTEN), "publish")
    assert len(await similar(harness)) == 3
    assert len(await similar(harness, "claire", "moderator")) == 5


async def test_a_restarted_process_finds_them_too(harness: QaHarness, database: MongoDatabase) -> None:
    for n in range(6):
        await harness.done(await harness.asked(f"p{n}", text=WRITTEN), "publish")
    await harness.pump()
    async with open_harness(database) as again:
        answers = await asyncio.gather(*(similar(again, name) for name in ("anne", "basile")))
        assert [len(found) for found in answers] == [3, 3]


async def test_those_who_may_not_are_refused(harness: QaHarness) -> None:
    await harness.done(await harness.asked("anne", text=WRITTEN), "publish")
    elsewhere = harness.token("basile", sessions=(CLOSED,))
    for status, code, found in (
        (403, "access.denied", await harness.call("GET", path(WRITTEN), "ecran", "display")),
        (403, "access.session_not_yours", await harness.call("GET", path(WRITTEN), token=elsewhere)),
        (404, "qa.unknown_session", await harness.call("GET", path(WRITTEN, "nowhere"))),
        (422, "qa.text_empty", await harness.call("GET", path("   "))),
        (422, "qa.text_too_long", await harness.call("GET", path("fibre " * 100))),
        (401, "access.pass_missing", await harness.call("GET", path(WRITTEN), token="")),
    ):
        assert (found[0], found[1]["code"]) == (status, code)
        assert WRITTEN not in json.dumps(found[1])


async def test_whoever_asks_too_often_has_to_wait(harness: QaHarness) -> None:
    answers = [await harness.call("GET", path(WRITTEN), "basile") for _ in range(61)]
    assert [status for status, _ in answers[-2:]] == [200, 429]
