"""What the service keeps of a person: shown to them, and forgotten when they withdraw from the event."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import ROUND_TABLE, Listener, QaHarness, open_harness


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def test_a_person_can_be_shown_what_is_kept_of_them(harness: QaHarness) -> None:
    other = await harness.done(await harness.asked("basile"), "publish")
    await harness.vote(other, "anne")
    await harness.asked("anne", text="Et les écoles ?")
    assert harness.service.export_person is not None
    kept = await harness.service.export_person("person-anne")
    assert json.loads(json.dumps(kept)) == kept
    questions: Any = kept["questions"]
    assert [(each["text"], each["name"], each["status"]) for each in questions] == [("Et les écoles ?", "anne", "queued")]
    assert kept["votes"] == [{"id": other["id"], "session": ROUND_TABLE, "question": other["text"]}]
    assert await harness.service.export_person("person-nobody") == {
        "questions": [],
        "votes": [],
        "polls": [],
        "hands": [],
        "notes": [],
        "seats": [],
        "hall": [],
        "muted": [],
    }


async def nameless(listener: Listener, id: str) -> Any:
    """The question as it is sent once nobody stands behind it; what happened before may still be on its way."""
    while True:
        data = (await listener.event("item"))["data"]
        if data["id"] == id and data["author"] == "":
            return data


async def test_what_is_forgotten_leaves_no_name_and_no_person_behind(harness: QaHarness) -> None:
    public = await harness.done(await harness.asked("anne", text="Publique ?"), "publish")
    harness.clock.move(31)
    waiting = await harness.asked("anne", text="En attente ?")
    other = await harness.done(await harness.asked("basile"), "publish")
    await harness.vote(other, "anne")
    await harness.vote(public, "basile")
    async with harness.listener("chloe") as audience, harness.listener("claire", "moderator", "moderator") as desk:
        await audience.until("snapshot")
        await desk.until("snapshot")
        await harness.erase("anne")
        item = await nameless(audience, public["id"])
        assert (item["text"], item["votes"]) == ("Publique ?", 1)
        withdrawn = await nameless(desk, waiting["id"])
    assert (withdrawn["status"], withdrawn["author_id"]) == ("withdrawn", None)
    assert harness.service.export_person is not None
    assert await harness.service.export_person("person-anne") == {
        "questions": [],
        "votes": [],
        "polls": [],
        "hands": [],
        "notes": [],
        "seats": [],
        "hall": [],
        "muted": [],
    }
    for collection in ("questions", "votes", "turns"):
        assert "anne" not in str(await harness.database.collection(collection).find({})), collection
    _, state = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}")
    assert {id: each["votes"] for id, each in state["items"].items()} == {public["id"]: 1, other["id"]: 1}, "counts stay as they were"


async def test_forgetting_twice_changes_nothing(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    assert harness.service.erase_person is not None
    await harness.service.erase_person("person-basile")
    await harness.erase("anne")
    first = await harness.database.collection("questions").get(item["id"])
    await harness.erase("anne")
    assert first is not None
    assert (await harness.database.collection("questions").get(item["id"])) == first
    assert first["author"] == ""


async def test_nobody_owns_a_question_without_an_author(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    await harness.erase("anne")
    _, there = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}")
    now = there["items"][item["id"]]
    status, problem = await harness.command(now, "withdraw", "basile", "viewer")
    assert (status, problem["code"]) == (403, "qa.not_yours")
    assert (await harness.vote(now, "basile"))[0] == 200


async def test_operators_learn_how_many_questions_people_asked(harness: QaHarness) -> None:
    await harness.asked("anne")
    await harness.asked("basile")
    harness.clock.move(31)
    await harness.asked("anne", text="Et les écoles ?")
    status, answer = await harness.call("GET", "/api/qa/people?person=person-anne&person=person-chloe", "olga", "operator")
    assert (status, answer) == (200, {"questions": {"person-anne": 2, "person-chloe": 0}})
    too_many = "&".join(f"person={number}" for number in range(101))
    status, answer = await harness.call("GET", f"/api/qa/people?{too_many}", "olga", "operator")
    assert (status, answer["code"]) == (422, "qa.too_many_people")


async def test_an_author_reads_hours_later_what_became_of_everything_they_asked_and_nobody_else_does(harness: QaHarness) -> None:
    kept = await harness.done(await harness.asked("basile", text="La fibre, quand ?"), "publish")
    double = await harness.done(await harness.asked("anne"), "publish")
    await harness.done(double, "merge", into=kept["id"])
    status, early = await harness.call("GET", "/api/qa/mine", "anne")
    assert (status, early["sessions"][0]["questions"][0]["status"]) == (200, "published"), "news that may be a slip waits"
    harness.clock.move(31)
    promised = await harness.done(await harness.asked("anne", text="Et les écoles ?"), "publish")
    day = (harness.clock() + timedelta(days=9)).date().isoformat()
    await harness.done(promised, "defer", owner="La mairie", due=day)
    harness.clock.move(4 * 3600)
    (there,) = (await harness.call("GET", "/api/qa/mine", "anne"))[1]["sessions"]
    assert (there["session"], there["removed"], bool(there["title"])) == (ROUND_TABLE, False, True)
    merged, deferred = there["questions"]
    assert (merged["status"], merged["follows"]["text"]) == ("merged", "La fibre, quand ?")
    assert (deferred["status"], deferred["owner"], deferred["due"]) == ("deferred", "La mairie", day)
    for name, role in (("chloe", "viewer"), ("claire", "moderator"), ("screen", "display")):
        assert (await harness.call("GET", "/api/qa/mine", name, role))[1] == {"sessions": []}
    assert (await harness.call("GET", "/api/qa/mine", token="nothing"))[0] == 401
