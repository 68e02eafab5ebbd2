"""Local hubs: their hosts count raised hands for questions and ask for the people there, within the bounds of how many they declared."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.qa.domain import LATEST_ARRIVAL, MOST_OPEN_PER_PERSON
from services.qa.store import QaStore
from shared.clock import from_text, to_text
from shared.events.hall import HallDeclared
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import EVENT, HALL_PEOPLE, ROUND_TABLE, QaHarness, open_harness
from tests.services.qa.polling import answered, by_door, counts, opened, settle
from tests.services.qa.polling import done as poll_done
from tests.support.bus.kit import eventually

SESSION = f"/api/qa/sessions/{ROUND_TABLE}"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database, run=("votes", "counting")) as harness:
        yield harness


async def published(harness: QaHarness, name: str = "anne", **more: Any) -> Any:
    return await harness.done(await harness.asked(name, **more), "publish")


async def count(harness: QaHarness, item: Any, hands: int, name: str = "host", role: str = "hub", **token: Any) -> tuple[int, Any]:
    path, body = f"/api/qa/questions/{item['id']}/hall", {"hands": hands}
    return await harness.call("PUT", path, name, role, body, token=harness.token(name, role, **token) if token else None)


async def shown(harness: QaHarness, item: Any, name: str = "host") -> tuple[int, dict[str, int]]:
    _, state = await harness.call("GET", SESSION, name, "hub")
    return state["items"][item["id"]]["votes"], state["items"][item["id"]]["by_door"]


async def declare(harness: QaHarness, people: int, name: str = "host", seq: int = 2) -> None:
    harness.clock.move(1)
    await harness.tell(HallDeclared(EVENT, f"person-{name}", people, to_text(harness.clock())), f"person-{name}", seq)


async def ask_for(harness: QaHarness, name: str = "", asked_at: str | None = None, role: str = "hub", **more: Any) -> tuple[int, Any]:
    harness.clock.move(1)
    return await harness.ask("host", role, hall={"name": name, "asked_at": asked_at}, **more)


# --- being there ----------------------------------------------------------------------------------------------------------------------
async def test_a_hall_is_there_with_as_many_as_its_host_declares_while_a_page_of_theirs_is_open(harness: QaHarness) -> None:
    async with harness.listener("claire", "moderator", "moderator") as desk:
        await desk.until("snapshot")
        async with harness.listener("host", "hub") as host:
            await host.until("snapshot")
            harness.feed.tick()
            assert (await desk.event("presence"))["data"]["hub"] == HALL_PEOPLE
            await declare(harness, 25)
            harness.feed.tick()
            assert (await desk.event("presence"))["data"]["hub"] == 25
            harness.feed.load(await QaStore(harness.database, EVENT).contents(ballots=False))
            await published(harness)
            harness.feed.tick()
            assert (await desk.event("turn"))["data"]["doors"]["hub"]["people"] == 25

        async def gone() -> bool:
            harness.feed.tick()
            return bool(harness.feed.hub.state(ROUND_TABLE, "public", "")["presence"]["hub"] == 0)

        assert await eventually(gone)


# --- counting hands -----------------------------------------------------------------------------------------------------------------
async def test_hands_take_the_place_of_the_hosts_own_vote_and_stand_beside_the_others(harness: QaHarness) -> None:
    item = await published(harness)
    await harness.vote(item, "basile")
    await harness.vote(item, "room", role="room")
    await harness.vote(item, "host", role="hub")
    assert await shown(harness, item) == (3, {"remote": 1, "in_room": 1, "hub": 1})
    status, counted = await count(harness, item, 12)
    assert (status, counted["votes"], counted["hands"], counted["by_door"]["hub"]) == (200, 14, 12, 12)
    assert (await harness.vote(item, "host", role="hub"))[1]["hands"] == 12, "one's own vote is one of the hands"
    assert (await count(harness, item, 9))[1]["votes"] == 11
    _, state = await harness.call("GET", SESSION, "host", "hub")
    assert (state["my_votes"], state["my_counts"]) == ([item["id"]], {item["id"]: 9})
    assert (await count(harness, item, 0))[1] == {
        "id": item["id"], "votes": 2, "by_door": {"remote": 1, "in_room": 1}, "voted": False, "hands": 0,
    }  # fmt: skip


async def test_the_same_count_sent_many_times_at_once_counts_once(harness: QaHarness) -> None:
    item = await published(harness)
    answers = await asyncio.gather(*(count(harness, item, 12) for _ in range(12)), *(count(harness, item, 5, "other") for _ in range(4)))
    assert {status for status, _ in answers} == {200}
    assert await shown(harness, item) == (17, {"hub": 17})
    assert await harness.database.collection("votes").count({"question": item["id"]}) == 2


async def test_only_hosts_who_declared_their_hall_count_and_not_more_than_are_there(harness: QaHarness) -> None:
    item = await published(harness)
    for name, role, token, code in (
        ("basile", "viewer", {}, "qa.hall_only_hosts"),
        ("claire", "moderator", {}, "qa.hall_only_hosts"),
        ("room", "room", {"people": 30}, "qa.hall_only_hosts"),
        ("screen", "display", {}, "access.denied"),
        ("host", "hub", {"people": 0}, "qa.hall_undeclared"),
        ("host", "hub", {"sessions": ["elsewhere"]}, "access.session_not_yours"),
    ):
        status, problem = await count(harness, item, 3, name, role, **token)
        assert (status, problem["code"]) == (403, code), role
    status, problem = await count(harness, item, HALL_PEOPLE + 1)
    assert (status, problem["fields"][0]["code"]) == (422, "qa.hall_hands")
    assert (await count(harness, item, -1))[0] == 422
    assert await shown(harness, item) == (0, {})


async def test_a_hall_counts_for_the_question_of_somebody_there_and_for_no_waiting_one(harness: QaHarness) -> None:
    status, own = await ask_for(harness, "Mme Le Goff")
    assert status == 201, own
    assert (await count(harness, own, 12))[1]["code"] == "qa.votes_closed"
    own = await harness.done(own, "publish")
    assert (await harness.vote(own, "host", role="hub"))[1]["code"] == "qa.own_question"
    assert (await count(harness, own, 12))[1]["votes"] == 12


async def test_the_feed_tells_everybody_the_split_and_the_other_device_of_the_host_the_hands(harness: QaHarness) -> None:
    item = await published(harness)
    async with harness.listener("basile") as basile, harness.listener("host", "hub") as host:
        await basile.until("snapshot")
        await host.until("snapshot")
        await count(harness, item, 12)
        assert (await basile.event("votes"))["data"] == {"counts": {item["id"]: 12}, "by_door": {item["id"]: {"hub": 12}}}
        assert (await host.event("voted"))["data"] == {"id": item["id"], "on": True, "hands": 12}


# --- a hall becomes smaller, or its host withdraws ----------------------------------------------------------------------------------
async def test_fewer_people_cap_what_was_counted_where_it_can_still_change(harness: QaHarness) -> None:
    item, answered_one = await published(harness), await published(harness, "basile")
    for each in (item, answered_one):
        await count(harness, each, 30)
    answered_one = await harness.done(await harness.done(answered_one, "stage"), "answer")
    before = harness.token("host", "hub", people=HALL_PEOPLE)
    await declare(harness, 20)
    assert (await shown(harness, item), await shown(harness, answered_one)) == ((20, {"hub": 20}), (30, {"hub": 30}))
    path = f"/api/qa/questions/{item['id']}/hall"
    status, problem = await harness.call("PUT", path, body={"hands": 25}, token=before)
    assert (status, problem["fields"][0]["code"]) == (422, "qa.hall_hands"), "a pass from before says too many"
    harness.clock.move(1)
    assert (await count(harness, item, 25, people=25))[0] == 200, "a newer pass knows best"
    await declare(harness, 0)
    assert await shown(harness, item) == (0, {})


async def test_a_poll_keeps_its_shares_when_a_hall_becomes_smaller(harness: QaHarness) -> None:
    poll = await opened(harness)
    path = f"/api/qa/polls/{poll['id']}/hall"
    assert (await harness.call("PUT", path, "host", "hub", {"counts": {"1": 20, "2": 10}, "people": 30}))[0] == 200
    await declare(harness, 12)
    counted = await counts(harness, poll)
    assert ([counted["counts"][key]["hub"] for key in "123"], counted["halls"]) == ([8, 4, 0], 1)
    status, problem = await harness.call("PUT", path, "host", "hub", {"counts": {"1": 1}, "people": 41})
    assert (status, problem["code"]) == (422, "qa.poll_hall_people")
    await declare(harness, 0)
    counted = await counts(harness, poll)
    assert (counted["answers"], counted["halls"]) == (by_door(), 0)


async def test_what_a_host_counted_goes_with_them_and_what_others_gave_stays(harness: QaHarness) -> None:
    item, poll = await published(harness), await opened(harness)
    await harness.vote(item, "basile")
    await count(harness, item, 12)
    await answered(harness, poll, "basile", "1")
    path = f"/api/qa/polls/{poll['id']}/hall"
    assert (await harness.call("PUT", path, "host", "hub", {"counts": {"1": 20, "2": 10}, "people": 30}))[0] == 200
    await poll_done(harness, poll, "close")
    await settle(harness)
    _, question = await ask_for(harness, "Mme Le Goff")
    await declare(harness, 30)
    await harness.erase("host")
    assert await shown(harness, item) == (1, {"remote": 1})
    counted = await counts(harness, poll)
    assert (counted["answers"], counted["halls"]) == (by_door(remote=1), 0)
    for collection in ("questions", "votes", "turns", "halls", "poll_answers"):
        kept = str(await harness.database.collection(collection).find({}))
        assert "person-host" not in kept, collection
        assert "Le Goff" not in kept, collection
    await harness.erase("host")
    assert await shown(harness, item) == (1, {"remote": 1})
    assert question["author"] == "Mme Le Goff"


# --- asking for others --------------------------------------------------------------------------------------------------------------
async def test_a_host_asks_for_somebody_by_name_or_for_a_person_in_the_hall(harness: QaHarness) -> None:
    _, named = await ask_for(harness, " Mme  Le Goff ")
    _, nameless = await ask_for(harness)
    assert (named["author"], named["for_hall"], named["door"]) == ("Mme Le Goff", True, "hub")
    assert (nameless["author"], nameless["for_hall"]) == ("", True)
    _, again = await ask_for(harness, "Mme Le Goff")
    _, other = await ask_for(harness, "M. Le Bihan")
    _, state = await harness.call("GET", f"{SESSION}?view=moderator", "claire", "moderator")
    pseudonyms = [state["items"][each["id"]]["author_id"] for each in (named, nameless, again, other)]
    assert pseudonyms[0] == pseudonyms[2] != pseudonyms[3]
    assert pseudonyms[1] is None
    long = await ask_for(harness, "x" * 200)
    assert (long[0], long[1]["fields"][0]["code"]) == (422, "qa.label_too_long")


async def test_only_hosts_ask_for_others(harness: QaHarness) -> None:
    for role, people, code in (
        ("viewer", 30, "qa.hall_only_hosts"), ("room", 30, "qa.hall_only_hosts"), ("operator", 30, "qa.hall_only_hosts"),
        ("display", 30, "access.denied"), ("hub", 0, "qa.hall_undeclared"),
    ):  # fmt: skip
        body = {"id": "00000000-0000-4000-8000-000000000001", "text": "Quand ?", "hall": {"name": ""}}
        status, problem = await harness.call("POST", f"{SESSION}/questions", body=body, token=harness.token("host", role, people=people))
        assert (status, problem["code"]) == (403, code), role


async def test_a_hall_asks_as_often_as_its_people_may_together(harness: QaHarness) -> None:
    async def asks() -> tuple[int, Any]:
        body = {"id": str(uuid.uuid4()), "text": "Quand ?", "hall": {"name": ""}}
        return await harness.call("POST", f"{SESSION}/questions", body=body, token=harness.token("small", "hub", people=2))

    assert (await asks())[0] == 201
    harness.clock.move(14)
    assert (await asks())[1]["code"] == "qa.too_fast", "two people: one every fifteen seconds"
    for _ in range(2 * MOST_OPEN_PER_PERSON - 1):
        harness.clock.move(15)
        assert (await asks())[0] == 201
    harness.clock.move(15)
    assert (await asks())[1]["code"] == "qa.too_many_open"


async def test_a_question_that_waited_for_the_line_keeps_its_place_within_five_minutes(harness: QaHarness) -> None:
    asked_at = to_text(harness.clock())
    harness.clock.move(200)
    _, others = await harness.ask("basile")
    harness.clock.move(40)
    status, late = await ask_for(harness, asked_at=asked_at)
    assert status == 201, late
    assert (late["asked_at"], late["asked_at"] < others["asked_at"]) == (asked_at, True)
    harness.clock.move(100)
    _, later = await ask_for(harness, asked_at=asked_at)
    assert from_text(later["asked_at"]) == from_text(to_text(harness.clock() - LATEST_ARRIVAL)), "no more than five minutes"
    _, ahead = await ask_for(harness, asked_at=to_text(harness.clock() + timedelta(hours=2)))
    assert ahead["asked_at"] == to_text(harness.clock()), "a clock that is ahead gains nothing"
    assert (await ask_for(harness, asked_at="2021-06-03T10:00:00"))[0] == 422, "a time without its zone says nothing"


async def test_a_paused_floor_takes_the_questions_of_halls(harness: QaHarness) -> None:
    _, state = await harness.call("GET", SESSION, "claire", "moderator")
    body = {"state": "paused", "expected_version": state["floor"]["version"]}
    assert (await harness.call("POST", f"{SESSION}/floor", "claire", "moderator", body))[0] == 200
    assert (await harness.ask("basile"))[1]["code"] == "qa.floor_paused"
    assert (await ask_for(harness))[0] == 201


async def test_merged_questions_unite_the_hands_and_part_again(harness: QaHarness) -> None:
    kept, double = await published(harness), await published(harness, "basile")
    await harness.vote(kept, "chloe")
    await count(harness, double, 12)
    await harness.vote(double, "chloe")
    merged = await harness.done(double, "merge", into=kept["id"])
    assert await shown(harness, kept) == (13, {"remote": 1, "hub": 12})
    _, state = await harness.call("GET", SESSION, "host", "hub")
    assert state["my_counts"] == {kept["id"]: 12, double["id"]: 12}
    await harness.done(merged, "undo")
    assert await shown(harness, kept) == (1, {"remote": 1})
