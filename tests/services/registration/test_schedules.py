"""/schedule.json and /schedule.xml of a running platform: valid, cacheable, open to any site, and as the day really goes."""

from __future__ import annotations

import json
from typing import Any, Final
from xml.etree import ElementTree as Tree

import jsonschema
import pytest

from services.registration.programme import parse
from services.registration.programme.exchange.inward import from_json
from tests.services.registration.harness import RegistrationHarness
from tests.services.registration.test_order import decide
from tests.services.registration.test_programme import TEXT, send
from tests.support.schedule_schema import SCHEDULE_JSON, faults_of_xml

PATHS: Final = {"/schedule.json": "application/json; charset=utf-8", "/schedule.xml": "application/vnd.c3voc.schedule+xml; charset=utf-8"}


async def talks(harness: RegistrationHarness) -> dict[str, Any]:
    """Session id → its event in schedule.json; the same hours are in schedule.xml."""
    node = json.loads(await (await harness.client.get("/schedule.json")).text())
    jsonschema.validate(node, SCHEDULE_JSON)
    text = await (await harness.client.get("/schedule.xml")).text()
    assert faults_of_xml(text) == []
    found = [event for day in node["schedule"]["conference"]["days"] for events in day["rooms"].values() for event in events]
    both = {(one.findtext("date"), one.findtext("duration")) for one in Tree.fromstring(text).iter("event")}
    assert {(event["date"], event["duration"]) for event in found} == both
    return {event["url"].partition("#")[2]: event for event in found}


@pytest.mark.parametrize("path", PATHS)
async def test_they_are_public_cacheable_and_open_to_any_site(harness: RegistrationHarness, path: str) -> None:
    got, head = await harness.client.get(path), await harness.client.head(path)
    assert (got.status, got.headers["Content-Type"]) == (200, PATHS[path])
    assert got.headers["Cache-Control"] == "public, max-age=30"
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert (head.status, await head.read(), head.headers["ETag"]) == (200, b"", got.headers["ETag"])
    again = await harness.client.get(path, headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    asked = await harness.client.options(path)
    assert (asked.status, asked.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")


async def test_they_follow_the_day(harness: RegistrationHarness) -> None:
    before = await talks(harness)
    assert (await decide(harness, "slide", "table-ronde-2", minutes=10))[0] == 200
    assert (await decide(harness, "cancel", "table-ronde-3"))[0] == 200
    after = await talks(harness)
    assert (before["table-ronde-2"]["start"], after["table-ronde-2"]["start"]) == ("10:45", "10:55")
    assert "table-ronde-3" in before
    assert "table-ronde-3" not in after
    assert {id: event["guid"] for id, event in after.items()} == {id: before[id]["guid"] for id in after}
    assert (await decide(harness, "restore", "table-ronde-3"))[0] == 200
    assert "table-ronde-3" in await talks(harness)


@pytest.mark.parametrize("path", PATHS)
async def test_they_stay_the_same_bytes_until_an_hour_changes(harness: RegistrationHarness, path: str) -> None:
    known = {"If-None-Match": (await harness.client.get(path)).headers["ETag"]}
    await harness.later(minutes=50)
    assert (await harness.client.get(path, headers=known)).status == 304
    await decide(harness, "slide", "cloture", minutes=20)
    assert (await harness.client.get(path, headers=known)).status == 200


async def test_notes_of_the_organiser_do_not_leave_the_house(harness: RegistrationHarness) -> None:
    secret = "# 06 00 00 00 00\n"
    status, _ = await send(harness, yaml=secret + TEXT)
    assert status == 200
    for path in PATHS:
        text = await (await harness.client.get(path)).text()
        assert "06 00 00" not in text
        assert "tablee-programme" not in text
        assert '"meta"' not in text


async def test_another_installation_can_import_it(harness: RegistrationHarness) -> None:
    text = await (await harness.client.get("/schedule.json")).text()
    titles = {event["title"] for event in (await talks(harness)).values()}
    assert {session.title for session in parse(from_json(text, "schedule.json").programme).sessions} == titles


async def test_the_event_page_names_them(harness: RegistrationHarness) -> None:
    page = await (await harness.client.get("/")).text()
    assert all(f'<link rel="alternate" type="{media.partition(";")[0]}" href="{path}">' in page for path, media in PATHS.items())
