"""Raised hands and reactions through the interface of the qa service and its live feed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.qa.feed.aspects import new_aspects
from services.qa.feed.hub import Hub
from services.qa.hands import domain
from services.qa.hands.app import Hands
from services.qa.store import QaStore
from shared.clock import to_text
from shared.events.reactions import ReactionsCounted
from shared.events.running_order import SlotRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, EVENT, ROUND_TABLE, QaHarness, open_harness, session

HAND = f"/api/qa/sessions/{ROUND_TABLE}/hand"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def raised(harness: QaHarness, name: str, role: str = "viewer", **more: Any) -> Any:
    status, answer = await harness.call("PUT", HAND, name, role, more)
    assert status == 200, answer
    await harness.pump()
    harness.clock.move(1)
    return answer["hand"]


async def line(harness: QaHarness) -> list[tuple[str, str]]:
    """(name, door) in order, as moderators read it."""
    _, state = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view=moderator", "claire", "moderator")
    return [(hand["name"], hand["door"]) for hand in sorted(state["line"].values(), key=lambda hand: (hand["at"], hand["id"]))]


async def settle(harness: QaHarness) -> None:
    """What the background task does each second."""
    store = QaStore(harness.database, EVENT)
    await Hands(store, harness.feed.hub._aspects.session, harness.announcer).settle()  # type: ignore[attr-defined]


async def test_hands_stand_in_the_order_in_which_they_were_raised_and_each_knows_its_place(harness: QaHarness) -> None:
    assert [(await raised(harness, name, role))["rank"] for name, role in (("anne", "viewer"), ("hub", "hub"), ("basile", "room"))] == [
        1,
        2,
        3,
    ]
    again = await raised(harness, "anne")
    assert again["rank"] == 1, "the same hand"
    assert await line(harness) == [("anne", "remote"), ("hub", "hub"), ("basile", "in_room")]
    assert (await harness.call("DELETE", HAND, "anne"))[1] == {"hand": None}
    assert (await harness.call("DELETE", HAND, "anne"))[0] == 200, "harmless to repeat"
    assert (await raised(harness, "basile", "room"))["rank"] == 2
    assert (await raised(harness, "anne"))["rank"] == 3, "who lowers it stands at the end afterwards"


async def test_the_public_learns_how_many_and_its_own_place_and_no_name(harness: QaHarness) -> None:
    await raised(harness, "basile", "room")
    async with harness.listener("anne") as page, harness.listener("claire", "moderator", "moderator") as desk:
        await desk.until("snapshot")
        snapshot = await page.until("snapshot")
        assert "line" not in snapshot["state"]
        await raised(harness, "anne")
        assert (await desk.event("hand"))["data"]["name"] == "anne"
        own = await page.event("my_hand")
        assert own["data"]["rank"] == 2
        harness.feed.tick()
        counted = await page.event("hands")
        assert counted["data"] == {"count": 2, "doors": {"in_room": 1, "remote": 1, "hub": 0}}
        assert "basile" not in str([snapshot, own, counted])
        await harness.call("DELETE", HAND, "basile", "room")
        await harness.pump()
        await desk.event("hand_down")
        harness.feed.tick()
        assert (await page.event("my_hand"))["data"]["rank"] == 1


async def test_a_hand_without_a_name_has_none_for_moderators(harness: QaHarness) -> None:
    assert (await raised(harness, "anne", anonymous=True))["anonymous"]
    assert await line(harness) == [("", "remote")]


async def test_a_moderator_lowers_a_hand_and_puts_it_back_where_it_was(harness: QaHarness) -> None:
    first = await raised(harness, "anne")
    await raised(harness, "basile", "room")
    path = f"/api/qa/hands/{first['id']}"
    for _ in range(2):
        status, down = await harness.call("POST", f"{path}/lower", "claire", "moderator")
        assert (status, down["up"]) == (200, False)
    assert await line(harness) == [("basile", "in_room")]
    assert (await harness.call("POST", f"{path}/restore", "claire", "moderator"))[1]["up"]
    assert await line(harness) == [("anne", "remote"), ("basile", "in_room")]
    await harness.call("POST", f"{path}/lower", "claire", "moderator")
    await raised(harness, "anne")
    status, problem = await harness.call("POST", f"{path}/restore", "claire", "moderator")
    assert (status, problem["code"]) == (409, "qa.hand_up_again")
    assert (await harness.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/hands/lower", "claire", "moderator"))[1] == {"lowered": 2}
    assert await line(harness) == []
    assert (await harness.call("POST", "/api/qa/hands/nobody/lower", "claire", "moderator"))[1]["code"] == "qa.unknown_hand"


async def test_one_person_has_one_hand_however_often_it_is_raised_at_once(harness: QaHarness) -> None:
    answers = await asyncio.gather(*(harness.call("PUT", HAND, "anne", body={}) for _ in range(8)))
    assert len({answer["hand"]["id"] for _, answer in answers}) == 1
    assert len(await line(harness)) == 1


@pytest.mark.parametrize(
    ("name", "role", "path", "refusal"),
    [
        ("claire", "moderator", HAND, (403, "qa.hand_not_for_staff")),
        ("anne", "viewer", f"/api/qa/sessions/{CLOSED}/hand", (409, "qa.floor_closed")),
        ("anne", "viewer", "/api/qa/sessions/nowhere/hand", (404, "qa.unknown_session")),
    ],
)
async def test_who_cannot_raise_a_hand_is_told_why(harness: QaHarness, name: str, role: str, path: str, refusal: tuple[int, str]) -> None:
    status, problem = await harness.call("PUT", path, name, role, {})
    assert (status, problem["code"]) == refusal


async def test_a_pass_for_other_sessions_raises_and_lowers_none(harness: QaHarness) -> None:
    hand = await raised(harness, "anne")
    elsewhere = harness.token("basile", sessions=[CLOSED])
    assert (await harness.call("PUT", HAND, body={}, token=elsewhere))[1]["code"] == "access.session_not_yours"
    desk = harness.token("claire", "moderator", sessions=[CLOSED])
    assert (await harness.call("POST", f"/api/qa/hands/{hand['id']}/lower", token=desk))[1]["code"] == "access.session_not_yours"


async def test_a_session_has_room_for_so_many_hands(harness: QaHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "MOST_HANDS", 2)
    for name in ("anne", "basile"):
        await raised(harness, name)
    status, problem = await harness.call("PUT", HAND, "chloe", body={})
    assert (status, problem["code"]) == (409, "qa.hands_full")
    assert (await raised(harness, "anne"))["rank"] == 1, "whose hand is up is told so"


async def test_all_hands_fall_when_the_floor_closes_and_none_while_it_pauses(harness: QaHarness) -> None:
    await raised(harness, "anne")
    floor = {"state": "paused", "expected_version": 1}
    _, paused = await harness.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/floor", "claire", "moderator", floor)
    await settle(harness)
    assert len(await line(harness)) == 1
    assert (await harness.call("PUT", HAND, "basile", body={}))[1]["code"] == "qa.floor_paused"
    assert (await raised(harness, "hub", "hub"))["rank"] == 2
    floor = {"state": "closed", "expected_version": paused["version"]}
    await harness.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/floor", "claire", "moderator", floor)
    await settle(harness)
    assert await line(harness) == []


async def test_hands_fall_with_the_end_of_the_session_although_its_floor_is_kept_open(harness: QaHarness) -> None:
    await raised(harness, "anne")
    _, floor = await harness.call(
        "POST", f"/api/qa/sessions/{ROUND_TABLE}/floor", "claire", "moderator", {"state": "open", "expected_version": 1}
    )
    assert floor["by"] == "hand"
    harness.clock.move(1)
    await harness.order(1, SlotRef(ROUND_TABLE, "over", None, to_text(harness.clock())))
    harness.clock.move(1)
    await settle(harness)
    assert await line(harness) == []
    await raised(harness, "anne")
    await settle(harness)
    assert len(await line(harness)) == 1, "the floor is open: who raises it now is seen"


async def test_hands_fall_with_a_removed_session(harness: QaHarness) -> None:
    await raised(harness, "anne")
    await harness.publish(2, session("another"))
    await settle(harness)
    assert await QaStore(harness.database, EVENT).hands.up() == []


async def test_hands_are_there_after_a_restart_and_in_every_process(harness: QaHarness) -> None:
    for name in ("anne", "basile"):
        await raised(harness, name)
    await harness.call("DELETE", HAND, "anne")
    other: Hub[str] = Hub("other", new_aspects())
    other.load(await QaStore(harness.database, EVENT).contents(ballots=True))
    other.tick(harness.clock())
    state = other.state(ROUND_TABLE, "moderator", "claire")
    assert [hand["name"] for hand in state["line"].values()] == ["basile"]
    assert state["hands"]["count"] == 1
    assert other.state(ROUND_TABLE, "public", "person-basile")["my_hand"]["rank"] == 1


async def test_a_person_who_withdraws_or_loses_their_access_has_no_hand_up(harness: QaHarness) -> None:
    hand = await raised(harness, "anne")
    await raised(harness, "basile")
    await harness.revoke("basile")
    assert [name for name, _ in await line(harness)] == ["anne"]
    await harness.erase("anne")
    assert await line(harness) == []
    for kept in await harness.database.collection("hands").find({}):
        assert "anne" not in str(kept)
    status, problem = await harness.call("POST", f"/api/qa/hands/{hand['id']}/restore", "claire", "moderator")
    assert (status, problem["code"]) == (409, "qa.hand_gone")


async def test_what_is_kept_of_a_hand_is_shown_to_its_person(harness: QaHarness) -> None:
    await raised(harness, "anne")
    assert harness.service.export_person is not None
    exported = await harness.service.export_person("person-anne")
    assert [(hand["session"], hand["name"], hand["up"]) for hand in exported["hands"]] == [(ROUND_TABLE, "anne", True)]  # type: ignore[attr-defined]


# --- reactions ------------------------------------------------------------------------------------------------------------------------
async def react(harness: QaHarness, name: str, kind: str = "applause") -> int:
    return (await harness.call("POST", f"/api/qa/sessions/{ROUND_TABLE}/reactions", name, body={"kind": kind}))[0]


async def test_reactions_are_counted_for_a_few_seconds_and_of_nobody(harness: QaHarness) -> None:
    async with harness.listener("chloe") as page:
        await page.until("snapshot")
        assert [await react(harness, *each) for each in (("anne",), ("basile",), ("anne", "laugh"))] == [204, 204, 204]
        harness.feed.tick()
        harness.feed.tick()
        assert (await page.event("reactions"))["data"] == {"applause": 2, "agree": 0, "laugh": 1, "puzzled": 0}
        harness.clock.move(9)
        harness.feed.tick()
        assert (await page.event("reactions"))["data"] == {"applause": 0, "agree": 0, "laugh": 0, "puzzled": 0}
    assert await react(harness, "anne", "rage") == 422


async def test_nobody_floods_with_reactions(harness: QaHarness) -> None:
    statuses = [await react(harness, "anne") for _ in range(12)]
    assert (statuses.count(204), statuses.count(429)) == (8, 4)
    assert await react(harness, "basile") == 204


async def test_reactions_at_another_process_are_added_and_end_with_it(harness: QaHarness) -> None:
    aspects = new_aspects("p1")
    aspects.reactions.show(ROUND_TABLE, "agree", harness.clock())
    own = aspects.reactions.own(harness.clock())
    assert own == {ROUND_TABLE: {"agree": 1}}
    await react(harness, "anne", "agree")
    await harness.tell(ReactionsCounted("p1", own), "p1")
    harness.feed.tick()
    _, state = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}", "anne")
    assert state["reactions"]["agree"] == 2
    harness.clock.move(30)
    harness.feed.tick()
    _, state = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}", "anne")
    assert state["reactions"]["agree"] == 0


async def test_of_a_thousand_who_raise_their_hands_at_once_as_many_as_there_is_room_for_stand_in_line(harness: QaHarness) -> None:
    async def lift(first: int) -> list[int]:
        return [(await harness.call("PUT", HAND, f"person-{n}", body={}))[0] for n in range(first, 1000, 20)]

    answers = [status for some in await asyncio.gather(*map(lift, range(20))) for status in some]
    assert set(answers) == {200, 409}
    assert domain.MOST_HANDS <= answers.count(200) <= domain.MOST_HANDS + 20, "as many more as came at the very same moment"
    await harness.pump()
    assert len(await line(harness)) == answers.count(200)
