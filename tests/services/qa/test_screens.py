"""Screens that go blank at once and come back by one press, through the interface of the qa service and its live feed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.qa.feed.aspects import new_aspects
from services.qa.feed.hub import Hub
from services.qa.store import QaStore
from shared.clock import to_text
from shared.events.running_order import SlotRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, EVENT, ROUND_TABLE, QaHarness, open_harness, session
from tests.services.qa.polling import done, opened

SCREENS = f"/api/qa/sessions/{ROUND_TABLE}/screens"
EVERY = "/api/qa/screens"
SHOWN = ("Et les écoles ?", "Quand la fibre ?", "La rocade ?")


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def blank(harness: QaHarness, on: bool = True, path: str = SCREENS, name: str = "claire", role: str = "moderator") -> Any:
    status, answer = await harness.call("PUT", path, name, role, {"blank": on})
    assert status == 200, answer
    return answer


async def every(harness: QaHarness, on: bool = True) -> Any:
    return await blank(harness, on, EVERY, "olga", "operator")


async def shown(harness: QaHarness) -> None:
    """One on stage, one next, a poll with its results."""
    staged = await harness.done(await harness.asked("anne", SHOWN[0]), "publish")
    await harness.done(staged, "stage")
    following = await harness.done(await harness.asked("basile", SHOWN[1]), "publish")
    await harness.done(following, "cue")
    await done(harness, await opened(harness, question=SHOWN[2]), "show")
    await harness.pump()


async def snapshot(harness: QaHarness, view: str = "display") -> Any:
    role = "display" if view == "display" else "moderator"
    return (await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}?view={view}", "someone", role))[1]


async def test_every_screen_is_blank_at_once_and_carries_nothing_until_it_is_brought_back(harness: QaHarness) -> None:
    await shown(harness)
    async with harness.listener("ecran", "display", "display") as screen, harness.listener("b", "moderator", "moderator") as desk:
        before = (await screen.until("snapshot"))["state"]
        assert all(words in json.dumps(before, ensure_ascii=False) for words in SHOWN)
        await blank(harness)
        gone = (await screen.event("screens"))["data"]
        assert (gone["screens"], gone["items"], gone["published"], gone["polls"], gone["tallies"]) == ({"blank": True}, {}, 0, {}, {})
        told = (await desk.event("screens"))["data"]["screens"]
        assert told == {
            "blank": True, "everywhere": None, "here": {"at": to_text(harness.clock()), "by": "claire", "duty": "moderator"},
        }  # fmt: skip
        late = await harness.done(await harness.asked("chloe", "Et le bruit ?"), "publish")
        await harness.vote(late, "anne")
        for state in (await snapshot(harness), harness.feed.hub.state(ROUND_TABLE, "display", "")):
            assert not any(words in json.dumps(state, ensure_ascii=False) for words in (*SHOWN, "Et le bruit ?"))
            assert state["screens"] == {"blank": True}
        await blank(harness, on=False)
        frame = await screen.next()
        assert (frame["kind"], frame["data"]["screens"]) == ("screens", {"blank": False}), "nothing was sent meanwhile"
        assert frame["data"]["items"] == before["items"]
        assert frame["data"]["published"] == before["published"] + 1
        assert frame["data"]["polls"] == before["polls"]


async def test_a_screen_that_comes_back_or_is_new_while_all_are_blank_is_sent_nothing(harness: QaHarness) -> None:
    async with harness.listener("ecran", "display", "display") as screen:
        welcome, first = await screen.next(), await screen.next()
    await shown(harness)
    await blank(harness)
    async with harness.listener("ecran", "display", "display", epoch=welcome["epoch"], seq=first["seq"]) as again:
        await again.until("welcome")
        await harness.tell_stage("live", "file", 7)
        frames: list[Any] = []
        while not frames or frames[-1].get("kind") != "stream":
            frames.append(await again.next())
        assert {frame["kind"] for frame in frames} <= {"screens", "stream", "floor"}
        assert not any(words in json.dumps(frames, ensure_ascii=False) for words in SHOWN)


async def test_blanking_twice_keeps_who_was_first_and_one_press_undoes_it(harness: QaHarness) -> None:
    first = await blank(harness)
    harness.clock.move(5)
    assert await blank(harness, name="denis") == first
    assert (await blank(harness, on=False, name="denis"))["blank"] is None
    assert (await blank(harness, on=False))["blank"] is None, "harmless to repeat"
    assert (await snapshot(harness))["screens"] == {"blank": False}


async def test_an_operator_blanks_every_screen_and_brings_back_only_what_that_was(harness: QaHarness) -> None:
    await blank(harness)
    assert (await every(harness))["session"] == "*"
    await harness.publish(2, session(ROUND_TABLE), session(CLOSED), session("soiree"))
    state = (await harness.call("GET", "/api/qa/sessions/soiree?view=display", "ecran", "display"))[1]
    assert state["screens"] == {"blank": True}, "also those of a session that was added meanwhile"
    await blank(harness, on=False)
    assert (await snapshot(harness))["screens"] == {"blank": True}, "blank everywhere"
    await blank(harness)
    _, told = await harness.call("GET", EVERY, "olga", "operator")
    assert told["everywhere"]["by"] == "olga"
    assert [(one["session"], one["blank"]["by"]) for one in told["sessions"]] == [(ROUND_TABLE, "claire")]
    await every(harness, on=False)
    assert (await harness.call("GET", "/api/qa/sessions/soiree?view=display", "ecran", "display"))[1]["screens"] == {"blank": False}
    assert (await snapshot(harness, "moderator"))["screens"]["here"]["by"] == "claire", "what a moderator blanked stays so"


async def test_screens_stay_blank_over_a_restart_and_the_end_of_the_session(harness: QaHarness) -> None:
    await shown(harness)
    await blank(harness)
    harness.clock.move(1)
    await harness.order(1, SlotRef(ROUND_TABLE, "over", None, to_text(harness.clock())))
    harness.clock.move(3600)
    harness.feed.tick()
    other: Hub[str] = Hub("other", new_aspects())
    other.load(await QaStore(harness.database, EVENT).contents(ballots=True))
    state = other.state(ROUND_TABLE, "display", "")
    assert (state["screens"], state["items"], state["polls"]) == ({"blank": True}, {}, {})


async def test_screens_stay_blank_in_a_session_that_is_removed_and_comes_back(harness: QaHarness) -> None:
    await blank(harness)
    await harness.publish(2, session(CLOSED))
    await harness.publish(3, session(CLOSED))
    await harness.publish(4, session(ROUND_TABLE), session(CLOSED))
    assert harness.feed.hub.state(ROUND_TABLE, "display", "")["screens"] == {"blank": True}


async def test_they_are_blank_although_nobody_publishes_outboxes(harness: QaHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that publishes for all was killed: three seconds later another one does. Screens do not wait for it."""
    monkeypatch.setattr(type(harness), "pump", lambda self: _nothing())
    async with harness.listener("ecran", "display", "display") as screen:
        await screen.until("snapshot")
        await blank(harness)
        assert (await screen.event("screens"))["data"]["screens"] == {"blank": True}
    assert [event.type for event in harness.bus.published][-1] == "tablee.guard.blanked.v1", "the other processes know"


async def _nothing() -> None: ...


@pytest.mark.parametrize(("role", "path"), [("viewer", SCREENS), ("display", SCREENS), ("chair", SCREENS), ("moderator", EVERY)])
async def test_who_may_not_blank_screens_is_refused(harness: QaHarness, role: str, path: str) -> None:
    status, problem = await harness.call("PUT", path, "x", role, {"blank": True})
    assert (status, problem["code"]) == (403, "access.denied")
    assert (await snapshot(harness))["screens"] == {"blank": False}


async def test_a_pass_for_other_sessions_blanks_nothing_here_and_reads_nothing_of_it(harness: QaHarness) -> None:
    elsewhere = harness.token("claire", "moderator", sessions=[CLOSED])
    for method, path in (("PUT", SCREENS), ("GET", f"/api/qa/sessions/{ROUND_TABLE}/acts")):
        status, problem = await harness.call(method, path, body={"blank": True} if method == "PUT" else None, token=elsewhere)
        assert (status, problem["code"]) == (403, "access.session_not_yours")
    await blank(harness)
    assert (await harness.call("GET", EVERY, token=elsewhere))[1] == {"everywhere": None, "sessions": []}


async def test_what_was_done_is_read_afterwards_with_who_and_when_until_its_doer_is_erased(harness: QaHarness) -> None:
    await blank(harness)
    harness.clock.move(60)
    await every(harness)
    harness.clock.move(60)
    await blank(harness, on=False, name="denis")
    _, log = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}/acts", "denis", "moderator")
    assert [(line["act"], line["by"], line["duty"]) for line in log["entries"]] == [
        ("restore", "denis", "moderator"), ("blank_all", "olga", "operator"), ("blank", "claire", "moderator"),
    ]  # fmt: skip
    assert log["entries"][0]["at"] == to_text(harness.clock())
    assert all(line["sentences"].keys() >= {"fr", "en"} for line in log["entries"])
    await harness.erase("claire")
    await harness.erase("olga")
    _, log = await harness.call("GET", f"/api/qa/sessions/{ROUND_TABLE}/acts", "denis", "moderator")
    assert [line["by"] for line in log["entries"]] == ["denis", "", ""]
    assert (await harness.call("GET", EVERY, "o", "operator"))[1]["everywhere"]["by"] == "", "still blank"
    assert "claire" not in str(await harness.database.collection("guards").find({}))
