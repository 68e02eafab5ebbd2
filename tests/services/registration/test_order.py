"""The running order as it runs: who may change it, what the others are told, what replicas and imports make of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from icalendar import Calendar

from shared.events.envelope import Envelope
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import EVENT, RegistrationHarness, open_harness
from tests.services.registration.test_any_event import event
from tests.services.registration.test_programme import TEXT, send
from tests.support.paths import EXAMPLE

ORDER: Final = "/api/registration/running-order"
OUTBOX: Final = "running_orders"


async def read(harness: RegistrationHarness) -> dict[str, Any]:
    response = await harness.client.get(ORDER)
    assert response.status == 200
    found: dict[str, Any] = await response.json()
    return found


async def slot(harness: RegistrationHarness, session: str) -> dict[str, Any]:
    return next(one for one in (await read(harness))["slots"] if one["session"] == session)


async def decide(harness: RegistrationHarness, command: str, session: str | None = None, **body: Any) -> tuple[int, dict[str, Any]]:
    version = (await read(harness))["version"]
    body = {"command": command, "session": session, "expected_version": version, **body}
    response = await harness.client.post(ORDER, json=body, headers=harness.sign("operator"))
    return response.status, await response.json()


async def told(harness: RegistrationHarness) -> list[Envelope]:
    return await harness.events(OUTBOX)


@asynccontextmanager
async def following(harness: RegistrationHarness) -> AsyncIterator[None]:
    """The task that follows the clock, for as long as the block lasts."""
    task = asyncio.ensure_future(harness.service.tasks["registration.order"]())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until_told(harness: RegistrationHarness, most_seconds: float = 5.0) -> Envelope:
    async with asyncio.timeout(most_seconds):
        while True:
            if found := await told(harness):
                return found[-1]
            await asyncio.sleep(0.01)


# --- reading ----------------------------------------------------------------------------------------------------------------
async def test_everybody_reads_how_the_day_goes(harness: RegistrationHarness) -> None:
    response = await harness.client.get(ORDER)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    found = await response.json()
    assert set(found) == {"version", "at", "timezone", "slots", "undo"}
    assert (found["version"], found["at"], found["timezone"], found["undo"]) == (1, "2021-06-03T08:00:00.000Z", "Europe/Paris", False)
    table = next(one for one in found["slots"] if one["session"] == "table-ronde-1")
    assert table == {
        "session": "table-ronde-1", "label": "Table ronde 1", "title": table["title"], "language": "fr", "kind": "round_table",
        "stage": "grande-salle", "room": "grande-salle", "date": "2021-06-03", "questions": True,
        "printed": {"starts_at": "2021-06-03T07:45:00.000Z", "ends_at": "2021-06-03T08:45:00.000Z"},
        "starts_at": "2021-06-03T07:45:00.000Z", "ends_at": "2021-06-03T08:45:00.000Z", "progress": "on", "moved": False,
        "by_hand": False, "decided_at": None, "late_minutes": 0,
    }  # fmt: skip


async def test_the_tag_stays_while_only_the_moment_passes(harness: RegistrationHarness) -> None:
    first = await harness.client.get(ORDER)
    await harness.later(seconds=20)
    same = await harness.client.get(ORDER, headers={"If-None-Match": first.headers["ETag"]})
    assert same.status == 304
    await decide(harness, "cancel", "table-ronde-3")
    assert (await harness.client.get(ORDER, headers={"If-None-Match": first.headers["ETag"]})).status == 200


# --- deciding ---------------------------------------------------------------------------------------------------------------
async def test_a_decision_is_there_at_once_everywhere_and_the_others_are_told(harness: RegistrationHarness) -> None:
    await told(harness)
    status, answer = await decide(harness, "slide", "table-ronde-1", minutes=10)
    assert (status, answer["version"], answer["undo"]) == (200, 2, True)
    (event,) = await told(harness)
    assert (event.type, event.subject, event.seq) == ("tablee.running_order.changed.v1", EVENT, 2)
    slots = {one["session"]: one for one in event.data["slots"]}
    assert slots["table-ronde-2"]["starts_at"] == "2021-06-03T08:55:00.000Z"
    programme = await (await harness.client.get("/api/registration/programme")).json()
    table = next(one for one in programme["sessions"] if one["id"] == "table-ronde-2")
    assert (table["starts_at"], table["start"], table["moved"]) == ("2021-06-03T08:55:00.000Z", "10:45", True)
    assert table["printed"]["starts_at"] == "2021-06-03T08:45:00.000Z"
    await harness.later(minutes=47)
    now = await (await harness.client.get("/api/registration/now")).json()
    assert (now["now"], now["next"]) == (["table-ronde-1"], ["table-ronde-2"])
    assert now["stages"] == {"grande-salle": {"now": "table-ronde-1", "next": "table-ronde-2"}}
    assert now["version"] == 2


async def test_a_page_that_waits_hears_of_a_change_at_once(harness: RegistrationHarness) -> None:
    async def now(since: str = "") -> dict[str, Any]:
        response = await harness.client.get("/api/registration/now", params={"since": since} if since else {})
        assert response.headers["Cache-Control"] == ("no-store" if since else "public, max-age=5")
        found: dict[str, Any] = await response.json()
        return found

    first = await now()
    assert await now("something else") == first, "who knows something else does not wait"
    async with asyncio.timeout(15):
        waiting = asyncio.create_task(now(first["as_of"]))
        assert harness.service.drain is not None
        while not waiting.done():  # until it stands in line
            await asyncio.sleep(0.01)
            await harness.service.drain()
        assert (await waiting)["as_of"] == first["as_of"], "at the stop of a process it is sent away as it came"
        waiting = asyncio.create_task(now(first["as_of"]))
        assert (await decide(harness, "slide", "table-ronde-1", minutes=10))[0] == 200
        second = await waiting
        assert second["as_of"] != first["as_of"]
        waiting = asyncio.create_task(now(second["as_of"]))
        assert (await send(harness))[0] == 200
        assert (await waiting)["programme"] == 2


async def test_start_end_and_undo(harness: RegistrationHarness) -> None:
    assert (await decide(harness, "start", "table-ronde-2"))[0] == 200
    assert [(await slot(harness, f"table-ronde-{n}"))["progress"] for n in (1, 2)] == ["over", "on"]
    assert (await slot(harness, "table-ronde-2"))["decided_at"] == "2021-06-03T08:00:00.000Z"
    await harness.later(minutes=5)
    assert (await decide(harness, "end", "table-ronde-2"))[0] == 200
    assert (await slot(harness, "table-ronde-2"))["ends_at"] == "2021-06-03T08:05:00.000Z"
    assert [(await decide(harness, "undo"))[0] for _ in range(3)] == [200, 200, 409]
    assert [(await slot(harness, f"table-ronde-{n}"))["progress"] for n in (1, 2)] == ["on", "upcoming"]


async def test_a_preview_says_what_would_move_and_moves_nothing(harness: RegistrationHarness) -> None:
    body = {"command": "move", "session": "table-ronde-3", "at": "12:00"}
    response = await harness.client.post(f"{ORDER}/preview", json=body, headers=harness.sign("operator"))
    found = (await response.json())["changes"]
    assert [(one["session"], one["from"], one["to"]) for one in found] == [
        ("table-ronde-3", "2021-06-03T09:45:00.000Z", "2021-06-03T10:00:00.000Z"),
        ("cloture", "2021-06-03T10:45:00.000Z", "2021-06-03T11:00:00.000Z"),
    ]
    assert (found[0]["ends_to"], found[0]["progress_to"]) == ("2021-06-03T11:00:00.000Z", "upcoming")
    assert (await read(harness))["version"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"command": "start", "session": "nobody"}, 404, "registration.session_unknown"),
        ({"command": "end", "session": "cloture"}, 409, "registration.order_not_on"),
        ({"command": "move", "session": "cloture", "at": "soon"}, 422, "registration.order_hour"),
        ({"command": "slide", "session": "cloture"}, 422, "registration.order_minutes"),
        ({"command": "cancel"}, 422, "registration.order_session_needed"),
        ({"command": "undo"}, 409, "registration.order_nothing_to_undo"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(harness: RegistrationHarness, body: dict[str, Any], status: int, code: str) -> None:
    for path, extra in ((ORDER, {"expected_version": 1}), (f"{ORDER}/preview", {})):
        response = await harness.client.post(path, json={**body, **extra}, headers=harness.sign("operator"))
        problem = await response.json()
        assert (response.status, problem["code"]) == (status, code)
        assert problem["sentences"]["fr"] != problem["sentences"]["en"]
        assert "{" not in problem["sentences"]["fr"]


async def test_only_operators_decide(harness: RegistrationHarness) -> None:
    body = {"command": "cancel", "session": "cloture", "expected_version": 1}
    for path in (ORDER, f"{ORDER}/preview"):
        assert (await harness.client.post(path, json=body)).status == 401
        for role in ("viewer", "moderator", "display"):
            assert (await harness.client.post(path, json=body, headers=harness.sign(role))).status == 403
    assert (await slot(harness, "cloture"))["progress"] == "upcoming"


async def test_who_knows_an_older_order_is_refused_and_told_the_present_one(harness: RegistrationHarness) -> None:
    await decide(harness, "cancel", "cloture")
    status, problem = await decide(harness, "restore", "cloture", expected_version=1)
    assert (status, problem["code"], problem["current"]) == (409, "registration.order_stale", {"version": 2, "by": "Op"})


async def test_what_the_clock_changed_in_between_makes_no_decision_stale(harness: RegistrationHarness) -> None:
    await told(harness)
    await harness.later(hours=1)
    async with following(harness):
        await until_told(harness)
    assert (await decide(harness, "cancel", "cloture", expected_version=1))[0] == 200


# --- the clock --------------------------------------------------------------------------------------------------------------
async def test_the_clock_tells_what_begins_and_ends_once(harness: RegistrationHarness) -> None:
    (opened,) = await told(harness)
    assert opened.seq == 1
    async with following(harness):
        await asyncio.sleep(0)
    assert await told(harness) == []
    await harness.later(minutes=46)
    async with following(harness):
        event = await until_told(harness)
    progress = {one["session"]: one["progress"] for one in event.data["slots"]}
    assert (progress["table-ronde-1"], progress["table-ronde-2"]) == ("over", "on")
    assert event.seq == 2


async def test_the_task_sleeps_until_something_begins(harness: RegistrationHarness) -> None:
    await told(harness)
    await harness.later(minutes=44, seconds=59.8)
    async with following(harness):
        await asyncio.sleep(0)
        await harness.later(seconds=0.3)
        assert (await until_told(harness)).seq == 2


async def test_a_start_tells_how_the_day_stands(harness: RegistrationHarness) -> None:
    await told(harness)
    assert harness.service.start is not None
    await harness.service.start()
    (event,) = await told(harness)
    assert event.seq == 2


async def test_two_replicas_tell_it_once_and_know_each_others_decisions(
    harness: RegistrationHarness, database: MongoDatabase, tmp_path: Path
) -> None:
    other = await open_harness(database, EXAMPLE, tmp_path)
    try:
        await told(harness)
        for one in (harness, other):
            await one.later(minutes=46)
        async with following(harness), following(other):
            first = await until_told(harness)
        assert await told(harness) == []
        await decide(other, "cancel", "cloture")
        (event,) = await told(harness)
        assert event.seq == first.seq + 1
        assert (await slot(harness, "cloture"))["progress"] == "upcoming"
        (listener,) = (one for one in harness.service.listeners if one.topics == (event.type,))
        await listener.receive(event)
        assert (await slot(harness, "cloture"))["progress"] == "cancelled"
    finally:
        await other.client.close()


async def test_two_operators_at_once_are_not_both_right(harness: RegistrationHarness) -> None:
    found = await asyncio.gather(*(decide(harness, "cancel", id, expected_version=1) for id in ("cloture", "table-ronde-3")))
    assert sorted(status for status, _ in found) == [200, 409]


# --- another programme ------------------------------------------------------------------------------------------------------
async def test_an_import_keeps_the_decisions_of_sessions_that_remain(harness: RegistrationHarness) -> None:
    await decide(harness, "cancel", "table-ronde-3")
    await decide(harness, "slide", "table-ronde-2", minutes=15)
    await told(harness)
    assert (await send(harness, yaml=TEXT.replace("10h45", "10h50")))[0] == 200
    (event,) = await told(harness)
    slots = {one["session"]: one for one in event.data["slots"]}
    assert slots["table-ronde-2"]["starts_at"] == "2021-06-03T09:00:00.000Z"
    assert slots["table-ronde-3"]["progress"] == "cancelled"
    (published,) = (one for one in await harness.events("programmes") if one.seq == 2)
    printed = {one["id"]: one["starts_at"] for one in published.data["sessions"]}
    assert printed["table-ronde-2"] == "2021-06-03T08:50:00.000Z"


async def test_a_new_day_of_a_rehearsal_begins_afresh(harness: RegistrationHarness) -> None:
    await decide(harness, "cancel", "table-ronde-3")
    await harness.later(days=1)
    assert harness.service.start is not None
    await harness.service.start()
    assert (await slot(harness, "table-ronde-3"))["progress"] == "upcoming"
    assert not (await read(harness))["undo"]


# --- several halls ---------------------------------------------------------------------------------------------------------
HALLS: Final = """format_version: 1
language: en
event: {id: halls, name: Halls, date: 2025-03-05, timezone: Europe/Berlin, status: published, contact: a@example.org,
  stages: [{id: main, name: Main}, {id: side, name: Side}]}
people: {}
sessions:
  - {id: a1, kind: round_table, title: A1, start: "9:00", end: "10:00", stage: main}
  - {id: b1, kind: round_table, title: B1, start: "9:00", end: "10:00", stage: side}
  - {id: a2, kind: round_table, title: A2, start: "10:00", end: "11:00", stage: main}
  - {id: b2, kind: round_table, title: B2, start: "10:00", end: "11:00", stage: side}
"""


async def test_whoever_sits_in_one_hall_stays_in_it(database: MongoDatabase, tmp_path: Path) -> None:
    async with event(database, tmp_path, HALLS, now=datetime(2025, 3, 5, 8, 30, tzinfo=UTC)) as harness:
        await harness.enter(harness.link("operator"))
        found = []
        for stage in ("main", "side"):
            for command in (None, ("start", f"{'a' if stage == 'main' else 'b'}2")):
                if command:
                    assert (await decide(harness, *command))[0] == 200
                page = await (await harness.client.get("/moderate", params={"stage": stage})).text()
                found.append(re.findall(r'data-session="(\w*)"', page))
        assert found == [["a1"], ["a2"], ["b1"], ["b2"]]
        now = await (await harness.client.get("/api/registration/now")).json()
        assert sorted(now["now"]) == ["a2", "b2"]
        assert now["stages"] == {"main": {"now": "a2", "next": None}, "side": {"now": "b2", "next": None}}


# --- calendars --------------------------------------------------------------------------------------------------------------
async def entry(harness: RegistrationHarness, path: str) -> Any:
    (found,) = Calendar.from_ical(await (await harness.client.get(path)).read()).walk("VEVENT")
    return found


async def test_calendars_follow_with_the_same_uid_and_a_sequence_that_never_falls(harness: RegistrationHarness) -> None:
    found = [await entry(harness, "/sessions/table-ronde-2.ics")]
    for command in ("slide", "cancel", "undo", "undo"):
        await harness.later(minutes=1)
        assert (await decide(harness, command, "table-ronde-2", **({"minutes": 10} if command == "slide" else {})))[0] == 200
        found.append(await entry(harness, "/sessions/table-ronde-2.ics"))
    assert len({one["UID"] for one in found}) == 1
    assert [one["STATUS"] for one in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert [f"{one['DTSTART'].dt:%H:%M}" for one in found] == ["10:45", "10:55", "10:45", "10:55", "10:45"]
    assert [one["SEQUENCE"] for one in found] == [1, 2, 3, 4, 5]
    assert [one["DTSTAMP"].dt for one in found] == sorted({one["DTSTAMP"].dt for one in found})


async def test_a_calendar_is_the_same_bytes_until_its_hours_change(harness: RegistrationHarness) -> None:
    first = await harness.client.get("/calendar.ics")
    await harness.later(minutes=50)
    async with following(harness):
        await until_told(harness)
    known = {"If-None-Match": first.headers["ETag"]}
    assert (await harness.client.get("/calendar.ics", headers=known)).status == 304
    await decide(harness, "slide", "cloture", minutes=20)
    assert (await harness.client.get("/calendar.ics", headers=known)).status == 200
