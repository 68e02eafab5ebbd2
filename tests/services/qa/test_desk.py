"""Several moderators at one desk: what is taken back, what its author is spared, who reads what, many decisions at once."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.qa.life import CLAIM_SECONDS
from services.qa.undo import UNDO_SECONDS
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, ROUND_TABLE, QaHarness, open_harness

SESSION = f"/api/qa/sessions/{ROUND_TABLE}"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def mine(harness: QaHarness, id: str, name: str = "anne") -> Any:
    _, state = await harness.call("GET", SESSION, name)
    return state["mine"][id]


async def test_every_step_is_taken_back_into_the_state_before_and_votes_stay(harness: QaHarness) -> None:
    item = await harness.asked("anne", text="Quand la fibre ?")
    item = await harness.done(item, "publish", text="Quand vient la fibre ?")
    await harness.vote(item, "basile")
    item = await harness.done(item, "rephrase", text="Quand la fibre vient-elle ?")
    assert (item["status"], item["original"], item["undo"]) == ("published", "Quand la fibre ?", "rephrase")
    staged = await harness.done(item, "stage")
    item = await harness.done(staged, "answer")
    item = await harness.done(item, "undo", "david")
    assert (item["status"], item["staged_at"], item["answered_at"]) == ("on_stage", staged["staged_at"], None)
    item = await harness.done(await harness.done(item, "undo"), "undo")
    assert (item["status"], item["text"], item["votes"]) == ("published", "Quand vient la fibre ?", 1)
    async with harness.listener("basile") as audience:
        await audience.until("snapshot")
        item = await harness.done(item, "undo")
        assert (await audience.event("gone"))["data"] == {"id": item["id"]}, "no text of what waits again"
    assert (item["status"], item["text"], item["votes"], item["undo"]) == ("queued", "Quand la fibre ?", 1, "")
    status, problem = await harness.command(item, "undo")
    assert (status, problem["code"], problem["current"]["version"]) == (409, "qa.nothing_to_undo", item["version"])
    status, problem = await harness.command({**item, "version": 1}, "undo")
    assert (status, problem["code"]) == (409, "qa.stale")


async def test_undo_puts_no_second_question_on_stage(harness: QaHarness) -> None:
    one = await harness.done(await harness.done(await harness.asked("anne"), "publish"), "stage")
    one = await harness.done(one, "answer")
    await harness.done(await harness.done(await harness.asked("basile"), "publish"), "stage")
    status, problem = await harness.command(one, "undo")
    assert (status, problem["code"]) == (409, "qa.stage_taken")


async def test_what_its_author_did_since_is_not_undone(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "rephrase", text="Autrement ?")
    item = await harness.done(item, "edit", "anne", "viewer", text="Ma question ?")
    assert (await harness.command(item, "undo"))[1]["code"] == "qa.nothing_to_undo"


async def test_an_author_changes_no_words_while_a_moderator_reads_them(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    claim = f"/api/qa/questions/{item['id']}/claim"
    assert (await harness.call("PUT", claim, "claire", "moderator"))[1]["yours"]
    status, problem = await harness.command(item, "edit", "anne", "viewer", text="Autre ?")
    assert (status, problem["code"], problem["current"]) == (409, "qa.being_read", item)
    assert (await harness.command(item, "edit", "bea", "viewer", text="Autre ?"))[1]["code"] == "qa.not_yours"
    await harness.call("DELETE", claim, "claire", "moderator")
    item = await harness.done(item, "edit", "anne", "viewer", text="Autre ?")
    await harness.call("PUT", claim, "claire", "moderator")
    harness.clock.move(CLAIM_SECONDS + 1)
    item = await harness.done(item, "edit", "anne", "viewer", text="Encore une autre ?")
    await harness.call("PUT", claim, "claire", "moderator")
    assert (await harness.done(item, "withdraw", "anne", "viewer"))["status"] == "withdrawn"


async def test_an_author_reads_nothing_of_a_slip(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    await harness.pump()
    async with harness.listener("anne") as author:
        await author.until("snapshot")
        declined = await harness.done(item, "decline", reason="unclear", note="Pardon ?")
        harness.clock.move(UNDO_SECONDS - 1)
        harness.feed.tick()
        assert (await mine(harness, item["id"]))["status"] == "queued"
        back = await harness.done(declined, "undo")
        await harness.pump()
        harness.clock.move(UNDO_SECONDS)
        harness.feed.tick()
        await harness.done(back, "publish")
        told = [(await author.event("mine"))["data"]]
        while told[-1]["status"] != "published":
            told.append((await author.event("mine"))["data"])
    assert {each["status"] for each in told} == {"queued", "published"}
    assert {(each["reason"], each["note"]) for each in told} == {("", "")}


async def test_bad_news_reaches_its_author_when_the_time_has_passed_also_after_a_restart(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    await harness.pump()
    async with harness.listener("anne") as author:
        await author.until("snapshot")
        await harness.done(item, "decline", reason="unclear")
        await harness.feed.stop()
        assert harness.service.start is not None
        await harness.service.start()
    async with harness.listener("anne") as author:
        assert (await author.until("snapshot"))["state"]["mine"][item["id"]]["status"] == "queued"
        harness.clock.move(UNDO_SECONDS)
        harness.feed.tick()
        assert (await author.event("mine"))["data"]["reason"] == "unclear"
    assert (await mine(harness, item["id"]))["status"] == "declined"
    await harness.feed.stop()
    await harness.service.start()
    async with harness.listener("anne") as author:
        assert (await author.until("snapshot"))["state"]["mine"][item["id"]]["status"] == "declined", "at once, before any tick"


async def test_the_answers_to_its_author_s_own_commands_give_nothing_away_either(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    await harness.done(item, "decline", reason="unclear", note="Pardon ?")
    body = {"id": item["id"], "text": item["text"]}
    again = await harness.call("POST", f"{SESSION}/questions", body=body)
    refused = await harness.command(item, "edit", "anne", "viewer", text="Autre ?")
    assert again == (201, item)
    assert (refused[1]["code"], refused[1]["current"]) == ("qa.stale", item)
    assert harness.service.export_person is not None
    assert "declined" not in json.dumps(await harness.service.export_person("person-anne"))
    gone = await harness.done(item, "withdraw", "anne", "viewer")
    assert (gone["status"], gone["reason"], gone["note"]) == ("withdrawn", "", ""), "withdrawn as the author knew it"


async def test_a_claim_is_told_to_moderators_only_and_ends_with_its_minute_with_a_step_or_by_hand(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    await harness.pump()
    path = f"/api/qa/questions/{item['id']}/claim"
    await harness.pump()
    async with harness.listener("david", "moderator", "moderator") as desk, harness.listener("anne") as author:
        assert (await desk.until("snapshot"))["state"]["items"][item["id"]]["claim"] is None
        await author.until("snapshot")
        status, answer = await harness.call("PUT", path, "claire", "moderator")
        assert (status, answer["yours"], answer["claim"]["by"]) == (200, True, "claire")
        assert (await desk.event("claim"))["data"] == {"id": item["id"], "claim": answer["claim"]}
        _, state = await harness.call("GET", f"{SESSION}?view=moderator", "david", "moderator")
        assert state["items"][item["id"]]["claim"] == answer["claim"]
        _, theirs = await harness.call("PUT", path, "david", "moderator")
        assert (theirs["yours"], theirs["claim"]) == (False, answer["claim"])
        await harness.call("DELETE", path, "david", "moderator")
        harness.clock.move(1)
        await harness.call("DELETE", path, "claire", "moderator")
        assert (await desk.event("claim"))["data"] == {"id": item["id"], "claim": None}
        harness.clock.move(1)
        assert (await harness.call("PUT", path, "david", "moderator"))[1]["yours"]
        await desk.event("claim")
        harness.clock.move(61)
        harness.feed.tick()
        assert (await desk.event("claim"))["data"] == {"id": item["id"], "claim": None}
        assert (await harness.call("PUT", path, "claire", "moderator"))[1]["yours"]
        await harness.done(item, "publish", "claire")
        assert (await desk.event("item"))["data"]["claim"] is None
        assert (await author.event("mine"))["data"]["status"] == "published"
    assert (await harness.call("PUT", path, "david", "moderator"))[1]["yours"], "the step ended it"
    await harness.erase("david")
    assert await harness.database.collection("claims").count({}) == 0


async def test_those_who_share_a_link_without_a_name_see_each_other_s_claims(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    await harness.pump()
    path = f"/api/qa/questions/{item['id']}/claim"
    one, other = (harness.token("link", "moderator", shown="", login=login) for login in ("a laptop", "a tablet"))
    async with harness.listener("link", "moderator", "moderator", token=other) as desk:
        await desk.until("snapshot")
        _, first = await harness.call("PUT", path, token=one)
        assert (first["yours"], first["claim"]["by"]) == (True, "")
        assert (await desk.event("claim"))["data"] == {"id": item["id"], "claim": first["claim"]}
        _, second = await harness.call("PUT", path, token=other)
        assert (second["yours"], second["claim"]) == (False, first["claim"])
        await harness.call("DELETE", path, token=other)
        harness.clock.move(1)
        assert (await harness.call("PUT", path, token=one))[1]["yours"], "what is not theirs they do not give up"
        await desk.event("claim")
        harness.clock.move(1)
        await harness.call("DELETE", path, token=one)
        assert (await desk.event("claim"))["data"] == {"id": item["id"], "claim": None}
        harness.clock.move(1)
        assert (await harness.call("PUT", path, token=other))[1]["yours"]
    await harness.erase("link")
    assert await harness.database.collection("claims").count({}) == 0, "whoever of them claimed it"


async def test_a_moderator_with_a_name_is_one_hand_wherever_they_are_logged_in(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    await harness.pump()
    path = f"/api/qa/questions/{item['id']}/claim"
    for login in ("a laptop", "a telephone"):
        token = harness.token("claire", "moderator", login=login)
        assert (await harness.call("PUT", path, token=token))[1]["yours"]


async def test_many_are_decided_at_once_and_one_refusal_stops_no_other(harness: QaHarness) -> None:
    items = [await harness.asked(f"p{number}") for number in range(4)]
    await harness.done(items[1], "publish")
    wanted = [{"id": each["id"], "expected_version": 1} for each in [*items, {"id": str(uuid.uuid4())}]]
    body = {"command": "decline", "reason": "duplicate", "note": "Déjà posée.", "items": wanted}
    status, answer = await harness.call("POST", f"{SESSION}/decide", "claire", "moderator", body)
    assert status == 200
    answers = answer["answers"]
    assert [each["id"] for each in answers] == [each["id"] for each in wanted]
    assert [each["item"]["status"] for each in answers if "item" in each] == ["declined"] * 3
    assert [each["problem"]["code"] for each in answers if "problem" in each] == ["qa.stale", "qa.unknown_question"]
    assert answers[1]["problem"]["current"]["status"] == "published"
    assert answers[1]["problem"]["sentences"]["fr"]
    back = [{"id": each["id"], "expected_version": 2} for each in (items[0], items[2])]
    _, answer = await harness.call("POST", f"{SESSION}/decide", "claire", "moderator", {"command": "undo", "items": back})
    assert [each["item"]["status"] for each in answer["answers"]] == ["queued"] * 2
    _, elsewhere = await harness.call("POST", f"/api/qa/sessions/{CLOSED}/decide", "claire", "moderator", body)
    assert {each["problem"]["code"] for each in elsewhere["answers"]} == {"qa.unknown_question"}


@pytest.mark.parametrize("items", [[], [{"id": "x", "expected_version": 1}] * 101])
async def test_too_many_or_none_are_refused(harness: QaHarness, items: Any) -> None:
    status, problem = await harness.call("POST", f"{SESSION}/decide", "claire", "moderator", {"command": "publish", "items": items})
    assert (status, problem["fields"][0]["path"]) == (422, "items")


async def test_moderators_see_who_else_is_at_the_desk_and_nobody_else_does(harness: QaHarness) -> None:
    async with harness.listener("claire", "moderator", "moderator") as desk, harness.listener("anne") as audience:
        await desk.until("snapshot")
        assert "colleagues" not in (await audience.until("snapshot"))["state"]
        harness.feed.tick()
        assert (await desk.event("colleagues"))["data"] == ["claire"]
        async with harness.listener("david", "moderator", "moderator") as other:
            await other.until("snapshot")
            harness.feed.tick()
            assert (await desk.event("colleagues"))["data"] == ["claire", "david"]
        _, state = await harness.call("GET", f"{SESSION}?view=moderator", "claire", "moderator")
        assert "claire" in state["colleagues"]
