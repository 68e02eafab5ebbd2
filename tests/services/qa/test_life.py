"""The longer ways of a question: merged, shortlisted, next, promised, answered in writing, looked at twice, erased; and its history."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.qa.undo import UNDO_SECONDS
from shared.events.programme import ParticipantRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, ROUND_TABLE, QaHarness, open_harness, session

SESSION = f"/api/qa/sessions/{ROUND_TABLE}"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def state(harness: QaHarness, name: str, role: str = "viewer", view: str = "public") -> Any:
    return (await harness.call("GET", f"{SESSION}?view={view}", name, role))[1]


async def published(harness: QaHarness, name: str, text: str = "Quand la fibre ?") -> Any:
    return await harness.done(await harness.asked(name, text=text), "publish")


async def test_a_duplicate_brings_each_voter_once_and_undo_takes_away_exactly_what_came(harness: QaHarness) -> None:
    kept, double = await published(harness, "anne", "Quand la fibre ?"), await published(harness, "basile", "La fibre, quand ?")
    for name in ("chloe", "denis"):
        await harness.vote(kept, name)
    for name in ("anne", "chloe", "emma", "farid", "gael"):
        await harness.vote(double, name)
    merged = await harness.done(double, "merge", into=kept["id"])
    assert (merged["status"], merged["merged_into"]) == ("merged", kept["id"])
    there = (await state(harness, "emma"))["items"]
    assert (list(there), there[kept["id"]]["votes"]) == ([kept["id"]], 5), "chloe once, anne not for her own"
    assert kept["id"] in (await state(harness, "emma"))["my_votes"]
    await harness.vote(kept, "farid", "DELETE")
    await harness.vote(kept, "gael", "DELETE")
    await harness.vote(kept, "gael")
    back = await harness.done(merged, "undo", "david")
    assert (back["status"], back["votes"], back["merged_into"]) == ("published", 5, "")
    there = (await state(harness, "emma"))["items"]
    assert there[kept["id"]]["votes"] == 3, "chloe, denis, and gael who chose it since"
    assert {name: kept["id"] in (await state(harness, name))["my_votes"] for name in ("emma", "gael")} == {"emma": False, "gael": True}


@pytest.mark.parametrize(("step", "name", "role"), [("withdraw", "basile", "viewer"), ("erase", "olga", "operator")])
async def test_a_duplicate_that_goes_leaves_its_votes_where_they_count(harness: QaHarness, step: str, name: str, role: str) -> None:
    kept, double = await published(harness, "anne"), await published(harness, "basile")
    for voter in ("chloe", "denis"):
        await harness.vote(double, voter)
    merged = await harness.done(double, "merge", into=kept["id"])
    await harness.done(double if step == "withdraw" else merged, step, name, role)  # its author does not know of the merge yet
    there = await state(harness, "chloe")
    assert (there["items"][kept["id"]]["votes"], kept["id"] in there["my_votes"]) == (2, True)
    assert (await state(harness, "claire", "moderator", "moderator"))["items"][double["id"]]["merged_into"] == ""


async def test_votes_and_a_merge_at_once_count_nobody_twice_and_lose_nobody(harness: QaHarness) -> None:
    kept, double = await published(harness, "anne"), await published(harness, "basile")
    names = [f"voter-{number}" for number in range(12)]
    votes = [harness.vote(question, name) for name in names for question in (kept, double)]
    answers = await asyncio.gather(harness.command(double, "merge", into=kept["id"]), *votes)
    assert answers[0][0] == 200
    assert {code for status, answer in answers[1:] if (code := answer.get("code")) or status != 200} <= {"qa.votes_closed"}
    ballots = await harness.database.collection("votes").count({"question": kept["id"], "on": True})
    assert (await state(harness, "anne"))["items"][kept["id"]]["votes"] == ballots == len(names)


async def test_the_author_of_a_duplicate_follows_the_other_question(harness: QaHarness) -> None:
    kept, double = await published(harness, "anne", "Quand la fibre ?"), await harness.asked("basile", text="La fibre ?")
    await harness.pump()
    async with harness.listener("basile") as author:
        await author.until("snapshot")
        await harness.done(double, "merge", into=kept["id"])
        await harness.pump()
        harness.clock.move(UNDO_SECONDS)
        harness.feed.tick()
        told = (await author.event("mine"))["data"]
        assert (told["status"], told["follows"]["text"], told["follows"]["status"]) == ("merged", "Quand la fibre ?", "published")
        await harness.done(kept, "stage")
        assert (await author.event("mine"))["data"]["follows"]["status"] == "on_stage"
    assert (await state(harness, "basile"))["mine"][double["id"]]["follows"]["status"] == "on_stage"
    assert "follows" not in json.dumps((await state(harness, "claire", "moderator", "moderator"))["items"])


async def test_a_question_is_merged_into_one_of_its_session_that_still_takes_votes(harness: QaHarness) -> None:
    one, two = await harness.asked("anne"), await harness.asked("basile")
    declined = await harness.done(two, "decline", reason="unclear")
    for into in (one["id"], declined["id"], "nowhere"):
        status, problem = await harness.command(one, "merge", into=into)
        assert (status, problem["code"]) == (409, "qa.merge_target"), into
    third = await harness.asked("chloe")
    merged = await harness.done(third, "merge", into=one["id"])
    fourth = await harness.asked("denis")
    await harness.done(one, "merge", into=fourth["id"])
    assert (await harness.command(merged, "undo"))[1]["code"] == "qa.merge_target"


async def test_two_moderators_order_the_shortlist_at_once(harness: QaHarness) -> None:
    items = [await published(harness, f"p{number}") for number in range(5)]
    for item in items[:3]:
        await harness.done(item, "shortlist")
    first = items[0]["id"]
    await asyncio.gather(
        harness.done(items[3], "shortlist", "claire", after=first), harness.done(items[4], "shortlist", "david", after=first)
    )
    moved = (await state(harness, "claire", "moderator", "moderator"))["items"]
    order = [each["id"] for each in sorted((one for one in moved.values() if one["place"]), key=lambda one: (one["place"], one["id"]))]
    assert order[0] == first
    assert set(order[1:3]) == {items[3]["id"], items[4]["id"]}
    assert order[3:] == [items[1]["id"], items[2]["id"]]
    last = await harness.done(moved[items[2]["id"]], "shortlist", after=None)
    assert last["place"] < moved[first]["place"]
    off = await harness.done(last, "unlist")
    assert off["place"] == ""
    assert (await harness.done(off, "undo"))["place"] == last["place"]
    status, problem = await harness.command(moved[items[1]["id"]], "shortlist", after="nowhere")
    assert (status, problem["code"]) == (409, "qa.not_shortlisted")


async def test_one_question_is_next_and_one_on_stage(harness: QaHarness) -> None:
    one, two = await published(harness, "anne"), await published(harness, "basile")
    answers = await asyncio.gather(harness.command(one, "cue"), harness.command(two, "cue", "david"))
    assert sorted(status for status, _ in answers) == [200, 409]
    assert next(problem for status, problem in answers if status == 409)["code"] == "qa.next_taken"
    cued = next(item for status, item in answers if status == 200)
    other = two if cued["id"] == one["id"] else one
    staged = await harness.done(cued, "stage")
    assert (staged["status"], staged["cued_at"]) == ("on_stage", None)
    other = await harness.done(other, "cue")
    assert (await harness.command(other, "stage"))[1]["code"] == "qa.stage_taken"
    await harness.done(staged, "return")
    assert (await harness.done(other, "stage"))["status"] == "on_stage"


async def test_a_question_is_assigned_to_somebody_at_the_table_or_to_a_theme(harness: QaHarness) -> None:
    await harness.publish(2, session(participants=(ParticipantRef("Anne Le Goff"),)), session(CLOSED))
    item = await published(harness, "anne")
    item = await harness.done(item, "assign", speaker="Anne Le Goff", theme=" Le  réseau ")
    assert (item["speaker"], item["theme"]) == ("Anne Le Goff", "Le réseau")
    item = await harness.done(item, "assign", theme="")
    assert (item["speaker"], item["theme"]) == ("Anne Le Goff", "")
    status, problem = await harness.command(item, "assign", speaker="Nobody")
    assert (status, problem["code"]) == (422, "qa.speaker_unknown")
    status, problem = await harness.command(item, "assign", theme="x" * 81)
    assert (status, problem["code"]) == (422, "qa.label_too_long")
    assert "Anne Le Goff" not in json.dumps((await state(harness, "basile"))["items"]), "the desk's own business until it is asked"


async def test_a_promise_has_an_owner_and_a_day_and_its_answer_two_pairs_of_eyes(harness: QaHarness) -> None:
    item = await published(harness, "anne")
    today = harness.clock().date()
    for owner, due, code in (
        ("", today, "qa.owner_missing"), ("Mairie", today - timedelta(days=2), "qa.due_unusable"),
        ("Mairie", today + timedelta(days=400), "qa.due_unusable"),
    ):  # fmt: skip
        status, problem = await harness.command(item, "defer", owner=owner, due=due.isoformat())
        assert (status, problem["code"]) == (422, code)
    item = await harness.done(item, "defer", owner="Mairie", due=today.isoformat())
    public = (await state(harness, "basile"))["items"][item["id"]]
    assert (public["status"], public["owner"], public["due"]) == ("deferred", "Mairie", today.isoformat())
    assert (await harness.command(item, "release"))[1]["code"] == "qa.no_draft"
    item = await harness.done(item, "write", "claire", text="En septembre.")
    assert (item["draft"], item["draft_name"]) == ("En septembre.", "claire")
    for name in ("anne", "basile"):
        assert "En septembre." not in json.dumps(await state(harness, name)), "nobody but moderators reads a draft"
    assert (await harness.command(item, "release", "claire"))[1]["code"] == "qa.same_moderator"
    item = await harness.done(item, "release", "david")
    public = (await state(harness, "basile"))["items"][item["id"]]
    assert (public["status"], public["answer"]) == ("answered", "En septembre.")
    back = await harness.done(item, "undo")
    assert (back["status"], back["draft"], back["answer"]) == ("deferred", "En septembre.", "")
    assert (await harness.command(back, "release", "claire"))[1]["code"] == "qa.same_moderator"


async def test_an_appeal_is_heard_once_and_by_another_moderator(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "decline", "claire", reason="unclear", note="Pardon ?")
    status, problem = await harness.command(item, "appeal", "anne", "viewer")
    assert (status, problem["code"]) == (409, "qa.stale"), "its author does not know yet"
    harness.clock.move(UNDO_SECONDS)
    assert (await harness.command(item, "appeal", "basile"))[1]["code"] == "qa.not_yours"
    item = await harness.done(item, "appeal", "anne", "viewer")
    assert (item["status"], item["reason"], item["appealed"]) == ("queued", "", True)
    for command, body in (("publish", {}), ("decline", {"reason": "unclear"})):
        status, problem = await harness.command(item, command, "claire", **body)
        assert (status, problem["code"]) == (409, "qa.same_moderator")
    item = await harness.done(item, "decline", "david", reason="off_topic")
    harness.clock.move(UNDO_SECONDS)
    assert (await harness.command(item, "appeal", "anne", "viewer"))[1]["code"] == "qa.appealed_already"


async def test_what_its_author_writes_anew_waits_again(harness: QaHarness) -> None:
    item = await published(harness, "anne")
    await harness.vote(item, "basile")
    item = await harness.done(item, "amend", "anne", "viewer", text="Quand, la fibre ?")
    assert (item["status"], item["text"], item["original"], item["votes"]) == ("queued", "Quand, la fibre ?", "Quand, la fibre ?", 1)
    assert (await state(harness, "basile"))["items"] == {}


async def test_moderators_read_the_whole_history_and_an_author_what_they_were_told(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    path = f"/api/qa/questions/{item['id']}/history"
    slip = await harness.done(item, "decline", "claire", reason="unclear", note="Pardon ?")
    item = await harness.done(slip, "undo", "claire")
    item = await harness.done(item, "publish", "david", text="Quand la fibre vient-elle ?")
    item = await harness.done(item, "shortlist", "david")
    item = await harness.done(item, "hide", "claire")
    _, whole = await harness.call("GET", path, "claire", "moderator")
    assert [(each["step"], each["by"], each["duty"]) for each in whole["entries"]] == [
        ("ask", "anne", "none"), ("decline", "claire", "moderator"), ("undo", "claire", "moderator"), ("publish", "david", "moderator"),
        ("shortlist", "david", "moderator"), ("hide", "claire", "moderator"),
    ]  # fmt: skip
    assert (whole["entries"][1]["note"], whole["entries"][3]["text"]) == ("Pardon ?", "Quand la fibre vient-elle ?")
    _, told = await harness.call("GET", path, "anne")
    assert [each["step"] for each in told["entries"]] == ["ask", "publish"], "neither the slip nor what she does not know yet"
    assert "claire" not in json.dumps(told)
    assert "david" not in json.dumps(told)
    assert told["entries"][1]["sentences"]["fr"] != told["entries"][1]["sentences"]["en"]
    assert (await harness.call("GET", path, "basile"))[1]["code"] == "qa.not_yours"
    harness.clock.move(UNDO_SECONDS)
    assert (await harness.call("GET", path, "anne"))[1]["entries"][-1]["step"] == "hide"
    await harness.erase("claire")
    _, whole = await harness.call("GET", path, "david", "moderator")
    assert [each["by"] for each in whole["entries"]] == ["anne", "", "", "david", "david", ""]
    stored = await harness.database.collection("questions").get(item["id"])
    assert "person-claire" not in str(stored)
    await harness.erase("anne")
    assert "Pardon" not in str(await harness.database.collection("questions").get(item["id"]))


async def test_an_erased_question_leaves_its_counts_and_no_word(harness: QaHarness) -> None:
    item = await published(harness, "anne", "Un mot de trop ?")
    await harness.vote(item, "basile")
    status, problem = await harness.command(item, "erase", "basile", "viewer")
    assert (status, problem["code"]) == (403, "qa.not_yours")
    assert (await harness.command(item, "erase", "claire", "moderator"))[1]["code"] == "qa.not_yours", "moderators hide, they do not erase"
    async with harness.listener("basile") as audience:
        await audience.until("snapshot")
        gone = await harness.done(item, "erase", "olga", "operator")
        assert gone == {"id": item["id"], "version": item["version"] + 1, "status": "erased"}
        assert (await audience.event("gone"))["data"] == {"id": item["id"]}
    stored = await harness.database.collection("questions").get(item["id"])
    assert stored is not None
    assert (stored["votes"], stored["door"]) == (1, "remote")
    assert "person-anne" not in str(stored)
    assert "mot de trop" not in str(stored)
    own = await harness.asked("chloe")
    await harness.done(own, "erase", "chloe", "viewer")
