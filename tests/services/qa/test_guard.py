"""Slow mode and muted people through the interface of the qa service and its live feed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.qa.guard import domain
from shared.clock import to_text
from shared.events.running_order import SlotRef
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, ROUND_TABLE, QaHarness, open_harness, session

SESSION = f"/api/qa/sessions/{ROUND_TABLE}"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def slow(harness: QaHarness, seconds: int) -> None:
    status, answer = await harness.call("PUT", f"{SESSION}/slow", "claire", "moderator", {"seconds": seconds})
    assert (status, answer) == (200, {"session": ROUND_TABLE, "seconds": seconds})


async def mute(harness: QaHarness, item: Any, on: bool = True) -> Any:
    status, answer = await harness.call("PUT" if on else "DELETE", f"/api/qa/questions/{item['id']}/mute", "claire", "moderator")
    assert status == 200, answer
    return answer


async def desk(harness: QaHarness) -> Any:
    return (await harness.call("GET", f"{SESSION}?view=moderator", "claire", "moderator"))[1]


async def own(harness: QaHarness, name: str) -> Any:
    return (await harness.call("GET", SESSION, name))[1]


async def settle(harness: QaHarness) -> None:
    """What the background task does every few seconds."""
    await harness.service.tasks["guards"].__self__.settle()  # type: ignore[attr-defined]


async def over(harness: QaHarness) -> None:
    harness.clock.move(1)
    await harness.order(1, SlotRef(ROUND_TABLE, "over", None, to_text(harness.clock())))
    harness.clock.move(1)


async def test_in_slow_mode_a_person_waits_so_long_and_is_told_how_long(harness: QaHarness) -> None:
    await harness.asked("anne")
    await slow(harness, 120)
    harness.clock.move(40)
    status, problem = await harness.ask("anne")
    assert (status, problem["code"]) == (429, "qa.slow_mode")
    assert "80 s" in problem["detail"]
    assert (await own(harness, "anne"))["slow"] == 120
    await harness.asked("basile", "Et les écoles ?")
    harness.clock.move(80)
    await harness.asked("anne")
    await slow(harness, 0)
    harness.clock.move(31)
    await harness.asked("anne")


async def test_slow_mode_holds_in_its_session_only_and_the_same_question_again_is_no_second_one(harness: QaHarness) -> None:
    await harness.publish(2, session(ROUND_TABLE), session("soiree"))
    await slow(harness, 600)
    item = await harness.asked("anne")
    harness.clock.move(31)
    body = {"id": item["id"], "text": "Quand la fibre ?", "language": "fr"}
    assert (await harness.call("POST", f"{SESSION}/questions", body=body))[0] == 201
    body["id"] = item["id"][:-1] + ("0" if item["id"][-1] != "0" else "1")
    assert (await harness.call("POST", "/api/qa/sessions/soiree/questions", body=body))[0] == 201


async def test_a_hall_waits_as_much_less_as_it_has_people(harness: QaHarness) -> None:
    await slow(harness, 600)
    for name in ("Paul", "Lise"):
        status, item = await harness.ask("hub", "hub", hall={"name": name, "asked_at": None})
        assert status == 201, item
        harness.clock.move(15)


async def test_what_pace_there_is_not_is_refused(harness: QaHarness) -> None:
    status, problem = await harness.call("PUT", f"{SESSION}/slow", "claire", "moderator", {"seconds": 45})
    assert (status, problem["code"]) == (422, "qa.slow_unknown")


async def test_whoever_is_muted_reads_and_votes_and_is_refused_the_rest_with_a_sentence(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    other = await harness.done(await harness.asked("basile", "Et les écoles ?"), "publish")
    await harness.call("PUT", f"{SESSION}/hand", "anne", body={})
    async with harness.listener("anne") as page:
        await page.until("snapshot")
        await mute(harness, item)
        assert (await page.event("silenced"))["data"] == {"silenced": True}
    harness.clock.move(31)
    refused = [
        await harness.ask("anne"), await harness.call("PUT", f"{SESSION}/hand", "anne", body={}),
        await harness.call("POST", f"{SESSION}/reactions", "anne", body={"kind": "laugh"}),
        await harness.command(item, "edit", "anne", "viewer", text="Autrement dit"),
    ]  # fmt: skip
    assert [(status, problem["code"]) for status, problem in refused] == [(403, "qa.muted")] * 4
    assert (await harness.vote(other, "anne"))[0] == 200
    state = await own(harness, "anne")
    assert (state["silenced"], other["id"] in state["items"]) == (True, True)
    assert (await desk(harness))["line"] == {}, "the hand that was up fell"
    await mute(harness, item, on=False)
    await harness.asked("anne")
    assert (await own(harness, "anne"))["silenced"] is False


async def test_a_mute_is_of_one_session_and_says_nothing_of_who_it_is(harness: QaHarness) -> None:
    await harness.publish(2, session(ROUND_TABLE), session("soiree"))
    named = await harness.asked("anne")
    harness.clock.move(31)
    nameless = await harness.asked("anne", "Sans mon nom ?", anonymous=True)
    await mute(harness, nameless)
    state = await desk(harness)
    assert list(state["muted"]) == [nameless["id"]]
    assert "person-" not in json.dumps(state)
    assert "anne" not in json.dumps(state["muted"])
    await mute(harness, named)
    await mute(harness, named, on=False)
    harness.clock.move(31)
    assert (await harness.ask("anne"))[1]["code"] == "qa.muted", "still muted by the other one, which nobody learns"
    body = {"id": nameless["id"][:-1] + ("0" if nameless["id"][-1] != "0" else "1"), "text": "Ici ?", "language": "fr"}
    assert (await harness.call("POST", "/api/qa/sessions/soiree/questions", "anne", body=body))[0] == 201
    for view in ("public", "chair", "display"):
        role = {"public": "viewer"}.get(view, view)
        seen = (await harness.call("GET", f"{SESSION}?view={view}", "basile", role))[1]
        assert "muted" not in seen


async def test_a_hall_and_a_question_of_nobody_are_not_muted(harness: QaHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    _, of_hall = await harness.ask("hub", "hub", hall={"name": "", "asked_at": None})
    orphan = await harness.done(await harness.asked("gone"), "publish")
    await harness.erase("gone")
    kept = await harness.asked("anne")
    monkeypatch.setattr(domain, "MOST_MUTED", 0)
    codes = []
    for id in (of_hall["id"], orphan["id"], kept["id"], "nowhere"):
        codes.append((await harness.call("PUT", f"/api/qa/questions/{id}/mute", "claire", "moderator"))[1]["code"])
    assert codes == ["qa.mute_hall", "qa.mute_nobody", "qa.mutes_full", "qa.unknown_question"]


async def test_slow_mode_and_mutes_end_with_the_session_and_the_screens_stay_blank(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    await slow(harness, 120)
    await mute(harness, item)
    await harness.call("PUT", f"{SESSION}/screens", "claire", "moderator", {"blank": True})
    await over(harness)
    await settle(harness)
    state = await desk(harness)
    assert (state["slow"], state["muted"], state["screens"]["blank"]) == (0, {}, True)
    await slow(harness, 60)
    await settle(harness)
    assert (await desk(harness))["slow"] == 60, "chosen after its end: somebody keeps it open"


async def test_they_end_with_a_session_that_is_removed(harness: QaHarness) -> None:
    await mute(harness, await harness.asked("anne"))
    await harness.publish(2, session(CLOSED))
    await settle(harness)
    assert (await desk(harness))["muted"] == {}


async def test_nothing_of_a_muted_person_is_kept_once_they_are_erased(harness: QaHarness) -> None:
    await mute(harness, await harness.done(await harness.asked("anne"), "publish"))
    await harness.erase("anne")
    assert (await desk(harness))["muted"] == {}
    assert "anne" not in str(await harness.database.collection("guards").find({}))


async def test_each_act_is_in_the_log_with_who_and_when(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    await slow(harness, 300)
    await mute(harness, item)
    await mute(harness, item, on=False)
    await slow(harness, 0)
    _, log = await harness.call("GET", f"{SESSION}/acts", "claire", "moderator")
    assert [(line["act"], line["about"]) for line in reversed(log["entries"])] == [
        ("slow", "5"), ("mute", item["id"]), ("unmute", item["id"]), ("slow_off", ""),
    ]  # fmt: skip
    assert "5 min" in log["entries"][-1]["sentences"]["en"]
    assert "anne" not in json.dumps(log)


@pytest.mark.parametrize("role", ["viewer", "display", "chair"])
async def test_who_may_not_slow_or_mute_is_refused(harness: QaHarness, role: str) -> None:
    item = await harness.asked("anne")
    calls = [
        ("PUT", f"{SESSION}/slow", {"seconds": 60}),
        ("PUT", f"/api/qa/questions/{item['id']}/mute", None),
        ("GET", f"{SESSION}/acts", None),
    ]
    for method, path, body in calls:
        status, problem = await harness.call(method, path, "x", role, body)
        assert (status, problem["code"]) == (403, "access.denied")


# --- flags ------------------------------------------------------------------------------------------------------------------------------
async def list_words(harness: QaHarness, *french: str, **more: Any) -> tuple[int, Any]:
    return await harness.call("PUT", "/api/qa/flags", "olga", "operator", {"fr": list(french), "en": [], **more})


async def flagged(harness: QaHarness) -> dict[str, list[str]]:
    return {id: [flag["kind"] for flag in found] for id, found in (await desk(harness))["flags"].items()}


async def test_questions_are_flagged_for_moderators_as_the_lists_and_the_texts_change(harness: QaHarness) -> None:
    item = await harness.asked("anne", "Quelle ânerie, cette rocade ?")
    harness.clock.move(1)
    same = await harness.asked("basile", "quelle ANERIE cette rocade")
    assert await flagged(harness) == {same["id"]: ["repeated"]}
    async with harness.listener("claire", "moderator", "moderator") as page:
        await page.until("snapshot")
        assert await list_words(harness, "Ânerie") == (200, {"words": {"fr": ["Ânerie"], "en": []}})
        first = (await page.event("flag"))["data"]
        assert first["flags"][0] == {"kind": "word", "words": ["Ânerie"]}
    assert await flagged(harness) == {item["id"]: ["word"], same["id"]: ["word", "repeated"]}
    await harness.done(item, "edit", "anne", "viewer", text="Voyez www.exemple.org ?")
    assert await flagged(harness) == {item["id"]: ["link"], same["id"]: ["word"]}
    await list_words(harness)
    assert await flagged(harness) == {item["id"]: ["link"]}
    assert (await harness.call("GET", "/api/qa/flags", "claire", "moderator"))[1] == {"words": {"fr": [], "en": []}}
    _, log = await harness.call("GET", f"{SESSION}/acts", "claire", "moderator")
    assert [(line["act"], line["about"], line["by"]) for line in log["entries"]] == [("words_all", "0", "olga"), ("words_all", "1", "olga")]


async def test_a_flagged_question_waits_as_any_other_and_nobody_else_learns_of_the_flag(harness: QaHarness) -> None:
    await list_words(harness, "ânerie")
    item = await harness.asked("anne", "Une ânerie sur www.exemple.org ?")
    assert (item["status"], "flags" in item) == ("queued", False)
    await harness.done(item, "publish")
    for name, role, view in (("anne", "viewer", "public"), ("x", "chair", "chair"), ("x", "display", "display")):
        seen = (await harness.call("GET", f"{SESSION}?view={view}", name, role))[1]
        assert item["id"] in json.dumps(seen) or view == "display"
        assert "flag" not in json.dumps(seen)


async def test_lists_out_of_bounds_and_lists_of_others_than_operators_are_refused(harness: QaHarness) -> None:
    status, problem = await list_words(harness, "un deux trois quatre cinq")
    assert (status, problem["code"]) == (422, "qa.flag_long")
    body: dict[str, list[str]] = {"fr": [], "en": []}
    assert (await harness.call("PUT", "/api/qa/flags", "claire", "moderator", body))[0] == 403
    assert (await harness.call("GET", "/api/qa/flags", "anne"))[0] == 403
