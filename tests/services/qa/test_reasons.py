"""Why questions are declined, by the organiser's own list: obeyed by the desk, read by authors, counted in exports and the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

import pytest

from shared.auth import cookies
from shared.events.ledger import LedgerCounted
from shared.events.programme import ReasonRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import EVENT, ROUND_TABLE, QaHarness, open_harness, programme

THEME: Final = {"fr": "Hors du thème de la table", "en": "Not about this table"}
PATH: Final = f"/api/qa/sessions/{ROUND_TABLE}"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        await publish(harness, 2, ReasonRef("hors-theme", THEME), ReasonRef("no_time"))
        yield harness


async def publish(harness: QaHarness, version: int, *reasons: ReasonRef) -> None:
    await harness.tell(replace(programme(version), reasons=reasons), EVENT, version)


async def refused(harness: QaHarness, item: Any, reason: str) -> bool:
    status, problem = await harness.command(item, "decline", reason=reason)
    return bool(status == 422 and problem["fields"][0]["code"] == "qa.reason_unknown")


async def test_the_reasons_are_those_of_the_programme_in_force_and_no_others(harness: QaHarness) -> None:
    item = await harness.asked()
    assert await refused(harness, item, "off_topic"), "a standard one that the organiser left out"
    assert await refused(harness, item, "Hors-theme")
    await publish(harness, 3)
    assert await refused(harness, item, "hors-theme")
    assert (await harness.done(item, "decline", reason="off_topic"))["why"] == {}


async def test_moderators_read_them_and_nobody_else(harness: QaHarness) -> None:
    async with (
        harness.listener("claire", "moderator", "moderator") as desk,
        harness.listener() as viewer,
        harness.listener("screen", "display", "display") as screen,
    ):
        first = (await desk.until("snapshot"))["state"]["reasons"]
        assert first == [{"id": "hors-theme", "words": THEME}, {"id": "no_time", "words": {}}]
        for each in (viewer, screen):
            assert "reasons" not in (await each.until("snapshot"))["state"]
        await publish(harness, 3, ReasonRef("no_time"))
        assert (await desk.event("reasons"))["data"] == [{"id": "no_time", "words": {}}]
    status, state = await harness.call("GET", f"{PATH}?view=moderator", "claire", "moderator")
    assert (status, state["reasons"]) == (200, [{"id": "no_time", "words": {}}])


async def test_the_author_reads_the_words_once_it_is_no_slip_and_keeps_them_when_the_list_changes(harness: QaHarness) -> None:
    item = await harness.asked()
    async with harness.listener("claire", "moderator", "moderator") as desk, harness.listener() as author:
        await author.until("snapshot")
        slip = await harness.done(item, "decline", reason="no_time")
        back = await harness.done(slip, "undo")
        await harness.done(back, "decline", reason="hors-theme")
        await publish(harness, 3)
        assert (await desk.event("item"))["data"]["why"] in ({}, THEME)
    own = (await harness.call("GET", "/api/qa/mine"))[1]["sessions"][0]["questions"][0]
    assert (own["status"], own["why"]) == ("queued", {})
    harness.clock.move(11)
    own = (await harness.call("GET", "/api/qa/mine"))[1]["sessions"][0]["questions"][0]
    assert (own["status"], own["reason"], own["why"]) == ("declined", "hors-theme", THEME)
    for name, role in (("anne", "viewer"), ("claire", "moderator")):
        lines = (await harness.call("GET", f"/api/qa/questions/{item['id']}/history", name, role))[1]["entries"]
        assert lines[-1]["why"] == THEME
    appealed = await harness.done(own, "appeal", "anne", "viewer")
    assert (appealed["reason"], appealed["why"]) == ("", {})


async def test_many_are_declined_at_once_by_the_same_list(harness: QaHarness) -> None:
    items = [await harness.asked(name) for name in ("anne", "bea")]
    wanted = [{"id": item["id"], "expected_version": item["version"]} for item in items]
    body = {"command": "decline", "items": wanted, "reason": "hors-theme"}
    status, said = await harness.call("POST", f"{PATH}/decide", "claire", "moderator", body)
    assert status == 200
    assert [one["item"]["why"] for one in said["answers"]] == [THEME, THEME]


async def test_exports_and_the_ledger_say_it_in_the_organisers_words(harness: QaHarness) -> None:
    await harness.done(await harness.asked("anne"), "decline", reason="hors-theme")
    await harness.done(await harness.asked("bea"), "decline", reason="no_time")
    harness.clock.move(11)
    await harness.pump()
    await harness.service.tasks["ledgers"].__self__.tell()  # type: ignore[attr-defined]
    counted = [LedgerCounted.from_envelope(one) for one in harness.bus.published if one.type == LedgerCounted.TYPE]
    ledger = [one for one in counted if one.session == ROUND_TABLE][-1]
    assert ledger.reasons == {"hors-theme": 1, "no_time": 1}
    assert ledger.words == {"hors-theme": THEME}
    text = (await harness.call("GET", f"{PATH}/questions.csv", "claire", "moderator"))[1]
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert {line["reason"]: line["why"] for line in lines} == {"hors-theme": "Hors du thème de la table", "no_time": ""}


async def test_a_page_without_script_says_it_in_the_language_of_its_reader(harness: QaHarness) -> None:
    await harness.done(await harness.asked(), "decline", reason="hors-theme")
    harness.clock.move(11)
    for language, words in THEME.items():
        headers = {"Cookie": f"{cookies.LITE}={harness.token('anne', purpose='lite')}", "Accept-Language": language}
        async with harness.http.get(f"/lite/{ROUND_TABLE}", headers=headers) as answer:
            assert words in await answer.text()
