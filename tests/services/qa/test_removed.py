"""A session that the programme has no more: nobody asks and nobody votes in it, its questions stay with those who decide and with those who
asked, and come back with it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from services.qa.day import Days
from services.qa.floor import Floor
from services.qa.store import QaStore
from shared.clock import to_text
from shared.events.running_order import SlotRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, EVENT, ROUND_TABLE, Listener, QaHarness, open_harness, programme, session

SESSION = f"/api/qa/sessions/{ROUND_TABLE}"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def floors(harness: QaHarness, name: str = "claire", role: str = "moderator") -> Any:
    status, answer = await harness.call("GET", "/api/qa/sessions", name, role)
    assert status == 200
    return answer


async def change(harness: QaHarness, state: str, version: int, role: str = "moderator") -> tuple[int, Any]:
    return await harness.call("POST", f"{SESSION}/floor", "claire", role, {"state": state, "expected_version": version})


async def floor_at(listener: Listener, version: int) -> Any:
    """What is told of the floor, once it is told of that version."""
    while (floor := (await listener.event("floor"))["data"])["version"] < version:
        continue
    return floor


async def test_nobody_asks_or_votes_in_it(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    assert (await harness.vote(item, "basile"))[0] == 200
    await harness.publish(2, session(CLOSED))
    status, problem = await harness.ask("basile")
    assert (status, problem["code"]) == (409, "qa.session_removed")
    assert problem["sentences"]["en"] == "This session is no longer in the programme."
    for method, name in (("PUT", "chloe"), ("DELETE", "basile")):
        status, problem = await harness.vote(item, name, method)
        assert (status, problem["code"]) == (409, "qa.session_removed")
    status, problem = await change(harness, "open", 2)
    assert (status, problem["code"], problem["current"]["state"]) == (409, "qa.session_removed", "closed")


async def test_its_questions_can_be_read_and_decided_but_not_put_on_stage(harness: QaHarness) -> None:
    first = await harness.done(await harness.asked("anne"), "publish")
    second = await harness.asked("basile", text="Et les écoles ?")
    await harness.publish(2, session(CLOSED))
    answer = await floors(harness)
    assert [floor["session"] for floor in answer["sessions"]] == [CLOSED]
    (removed,) = answer["removed"]
    assert (removed["session"], removed["title"], removed["questions"]) == (ROUND_TABLE, ROUND_TABLE, 2)
    assert (removed["counts"]["queued"], removed["counts"]["published"]) == (1, 1)
    _, state = await harness.call("GET", f"{SESSION}?view=moderator", "claire", "moderator")
    assert (set(state["items"]), state["session"]["removed"]) == ({first["id"], second["id"]}, True)
    status, problem = await harness.command(first, "stage")
    assert (status, problem["code"]) == (409, "qa.session_removed")
    assert (await harness.command(first, "hide"))[0] == 200
    assert (await harness.command(second, "decline", reason="no_time"))[0] == 200


async def test_those_who_asked_find_their_own_questions_and_nobody_else_does(harness: QaHarness) -> None:
    await harness.asked("anne")
    await harness.publish(2, session(CLOSED))
    (removed,) = (await floors(harness, "anne", "viewer"))["removed"]
    assert (removed["session"], removed["questions"], "counts" in removed) == (ROUND_TABLE, 1, False)
    assert (await floors(harness, "basile", "viewer"))["removed"] == []
    _, state = await harness.call("GET", SESSION, "anne")
    assert [each["status"] for each in state["mine"].values()] == ["queued"]
    (mine,) = state["mine"].values()
    assert (await harness.command(mine, "withdraw", "anne", "viewer"))[0] == 200


async def test_removed_sessions_without_questions_are_nobody_s_business(harness: QaHarness) -> None:
    for version in range(2, 42):
        await harness.publish(version, session(f"old-{version}"), session(f"older-{version}"))
    await harness.publish(42, session(CLOSED))
    answer = await floors(harness)
    assert ([floor["session"] for floor in answer["sessions"]], answer["removed"]) == ([CLOSED], [])
    stored = await harness.database.collection("floors").find({"state": {"$ne": "closed"}, "_id": {"$ne": CLOSED}})
    assert stored == [], "no floor of an old programme is open"


async def test_it_comes_back_with_its_questions_its_votes_and_the_hand_that_paused_it(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    await harness.vote(item, "basile")
    await change(harness, "paused", 1)
    await harness.publish(2, session(CLOSED))
    async with harness.listener("claire", "moderator", "moderator") as desk:
        await desk.until("snapshot")
        await harness.publish(3, session(title="Revenue"))
        assert await floor_at(desk, 4) == {"state": "paused", "version": 4, "by": "hand"}
    _, state = await harness.call("GET", SESSION, "basile")
    assert (state["session"]["title"], state["session"]["removed"]) == ("Revenue", False)
    assert (state["items"][item["id"]]["votes"], state["my_votes"]) == (1, [item["id"]])


async def test_a_late_programme_brings_nothing_back(harness: QaHarness) -> None:
    await harness.publish(3, session(CLOSED))
    await harness.publish(2, session())
    assert (await harness.ask("anne"))[1]["code"] == "qa.session_removed"


async def test_a_programme_that_the_process_never_reacted_to_is_followed_at_the_next_start(harness: QaHarness) -> None:
    """It ended between storing what it was told and what follows from it."""
    await harness.database.collection("programmes").update({"_id": "assises-2021"}, {"$set": {"data.sessions": [], "version": 2}})
    assert harness.service.start is not None
    await harness.feed.stop()
    await harness.service.start()
    assert (await floors(harness))["sessions"] == []
    assert (await harness.ask("anne"))[1]["code"] == "qa.session_removed"


# --- floors that follow -----------------------------------------------------------------------------------------------------------


async def test_a_floor_closes_with_its_session_and_opens_when_it_goes_on(harness: QaHarness) -> None:
    async with harness.listener("anne") as anne:
        await anne.until("snapshot")
        await harness.order(1, SlotRef(ROUND_TABLE, "over", None, None))
        assert await floor_at(anne, 2) == {"state": "closed", "version": 2, "by": "programme"}
        assert (await harness.ask("anne"))[1]["code"] == "qa.floor_closed"
        await harness.order(2, SlotRef(ROUND_TABLE, "on", None, None))
        assert (await floor_at(anne, 3))["state"] == "open"


async def test_a_hand_outranks_the_end_until_it_is_given_back(harness: QaHarness) -> None:
    _, floor = await change(harness, "open", 1)
    assert (floor["by"], floor["version"]) == ("hand", 2)
    await harness.order(1, SlotRef(ROUND_TABLE, "over", None, None))
    assert (await harness.ask("anne"))[0] == 201
    status, floor = await change(harness, "programme", 2)
    assert (status, floor["state"], floor["by"]) == (200, "closed", "programme")
    assert (await change(harness, "programme", 3, role="viewer"))[0] == 403
    assert (await change(harness, "ajar", 3))[0] == 422


async def test_the_newest_hand_wins(harness: QaHarness) -> None:
    await change(harness, "closed", 1)
    harness.clock.move(60)
    await harness.order(1, SlotRef(ROUND_TABLE, "on", None, None, decided_at=to_text(harness.clock())))
    (_, floor) = (await floors(harness))["sessions"]
    assert (floor["state"], floor["by"]) == ("open", "programme")


async def test_hours_end_nothing_in_a_rehearsal(harness: QaHarness) -> None:
    await harness.publish(2, session(), rehearsal=True)
    await harness.order(1, SlotRef(ROUND_TABLE, "over", None, None))
    assert (await harness.ask("anne"))[0] == 201
    await harness.order(2, SlotRef(ROUND_TABLE, "over", None, None, decided_at=to_text(harness.clock())))
    assert (await harness.ask("basile"))[1]["code"] == "qa.floor_closed"


# --- what the first release stored --------------------------------------------------------------------------------------------------


async def test_what_the_first_release_stored_is_understood(harness: QaHarness) -> None:
    """It kept no programme, and of a floor no hand: whatever had changed, a moderator had changed."""
    await harness.asked("anne")
    database = harness.database
    await database.collection("programmes").delete({})
    for name in ("sessions", "floors"):
        await database.collection(name).delete({})
    for id, version, state in ((ROUND_TABLE, 3, "paused"), ("old", 1, "open")):
        await database.collection("sessions").insert({"_id": id, "stage": None, "questions": True, "title": id, "programme": 1})
        await database.collection("floors").insert({"_id": id, "version": version, "state": state, "changed_at": harness.clock()})
    assert harness.service.start is not None
    await harness.feed.stop()
    await harness.service.start()
    assert (await harness.ask("hall", "hub", id=str(uuid.uuid4())))[0] == 201, "paused, as it was"
    assert (await harness.call("GET", "/api/qa/sessions/old", "anne"))[0] == 200
    await harness.publish(2, session())
    (floor,) = (await floors(harness))["sessions"]
    assert (floor["session"], floor["state"], floor["by"]) == (ROUND_TABLE, "paused", "hand")


async def test_of_two_replicas_the_one_that_ends_last_compares_with_what_was_told_last(harness: QaHarness) -> None:
    """One hears of a programme, and while it still mends, another one hears of the next and is done with it."""
    slow, quick = (_replica(harness, store(harness.database, EVENT)) for store in (SlowStore, QaStore))
    slowly = asyncio.create_task(slow.take_programme(2, programme(2, second=True)))
    await SlowStore.reading.wait()
    await quick.take_programme(3, programme(3, third=True))
    SlowStore.go_on.set()
    await slowly
    store = QaStore(harness.database, EVENT)
    in_force = {ROUND_TABLE, CLOSED, "third"}
    assert {floor.session for floor in await store.floors() if not floor.removed} == in_force
    assert {id for id, life in (await store.day.lives()).items() if life.removed is None} == in_force


class SlowStore(QaStore):
    """The first reading of the floors takes until somebody says so."""

    reading, go_on = asyncio.Event(), asyncio.Event()

    async def floors(self) -> list[Floor]:
        found = await super().floors()
        self.reading.set()
        await self.go_on.wait()
        return found


def _replica(harness: QaHarness, store: QaStore) -> Days:
    return Days(store, replace(harness.announcer, wake=lambda: None))
