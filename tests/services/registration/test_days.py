"""Registration day by day, as people, operators and imports meet it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from icalendar import Calendar

from shared.ids import new_id
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import FORM, SAME_SITE, RegistrationHarness, link_in
from tests.services.registration.test_any_event import event, says_nothing_empty
from tests.services.registration.test_order import decide
from tests.services.registration.test_pages import HTML, post, stamp_of
from tests.services.registration.test_programme import send
from tests.support.html_tree import Element, tree_of
from tests.support.messages import MESSAGES
from tests.support.programmes import programmes

PEOPLE: Final = "/api/registration/people"
ME: Final = "/api/registration/me"
FIRST, SECOND, THIRD = "2025-05-15", "2025-05-16", "2025-05-17"
LAST: Final = """
  - id: abschied
    kind: closing
    title: Abschied
    date: 2025-05-17
    start: "9:00"
    end: "10:00"
people:
"""
TWO_DAYS: Final = programmes()["symposium"].replace("start: 9 Uhr 15", "modes: [in_room]\n    start: 9 Uhr 15")
"""In German, in Berlin; on the second day nothing can be followed from afar."""
THREE_DAYS: Final = TWO_DAYS.replace("\npeople:\n", LAST, 1)
ARABIC: Final = programmes()["arabic"].replace("title: الختام\n", "title: الختام\n    date: 2025-09-29\n")


@pytest.fixture
async def symposium(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    async with event(database, tmp_path, THREE_DAYS) as harness:
        yield harness


async def page(harness: RegistrationHarness, path: str) -> Element:
    response = await harness.client.get(path, headers=HTML)
    assert response.status == 200, await response.text()
    return tree_of(await response.text())


async def me(harness: RegistrationHarness) -> dict[str, Any]:
    found: dict[str, Any] = await (await harness.client.get(ME)).json()
    return found


async def enters(harness: RegistrationHarness, **changes: Any) -> str:
    """The id of somebody who registered and came in, with their browser."""
    harness.forget_cookies()
    await harness.enter(await harness.register(**{"email": f"{new_id()}@example.org", "door": "in_room", **changes}))
    return str((await me(harness))["person"])


async def imports(harness: RegistrationHarness, text: str) -> None:
    stored = await harness.ports.database.collection("programmes").get(harness.ports.event_id)
    assert stored is not None
    assert (await send(harness, yaml=text, completion=None, expected_version=stored["version"]))[0] == 200


def boxes(root: Element) -> dict[str, tuple[bool, bool]]:
    """Id of a day → (ticked, open)."""
    found = [one for one in root.all("input") if one.attributes.get("name") == "days"]
    return {one.attributes["value"]: ("checked" in one.attributes, "disabled" not in one.attributes) for one in found}


# --- choosing ---------------------------------------------------------------------------------------------------------------
async def test_the_form_of_an_event_of_one_day_asks_for_no_day(harness: RegistrationHarness) -> None:
    assert boxes(await page(harness, "/inscription")) == {}


async def test_the_form_offers_every_day_and_takes_those_left_ticked_without_script(symposium: RegistrationHarness) -> None:
    form = await page(symposium, "/inscription?lang=en")
    assert boxes(form) == dict.fromkeys((FIRST, SECOND, THIRD), (True, True))
    assert "In the room only" in form.text
    fields = {**FORM, "door": "in_room", "stamp": await stamp_of(symposium), "days_asked": "1"}
    await symposium.later(seconds=20)
    answer = await symposium.client.post(
        "/inscription", data=[*fields.items(), ("days", SECOND), ("days", THIRD)], headers={**SAME_SITE, **HTML}, allow_redirects=False
    )
    assert answer.status == 303
    (mail,) = await symposium.deliver_mails()
    await symposium.enter(link_in(mail))
    assert (await me(symposium))["days"] == [SECOND, THIRD]


@pytest.mark.parametrize(
    ("days", "door", "code"),
    [("", "in_room", "days_required"), ("2025-05-18", "in_room", "day_unknown"), (SECOND, "remote", "day_not_by_door")],
)
@pytest.mark.parametrize("lang", MESSAGES.languages)
async def test_a_bad_choice_is_refused_in_words_and_what_was_ticked_stays(
    symposium: RegistrationHarness, days: str, door: str, code: str, lang: str
) -> None:
    answer = await symposium.client.post("/api/registration/registrations", json={**FORM, "door": door, "days": days.split()})
    fields = (await answer.json())["fields"]
    assert (answer.status, [(one["path"], one["code"]) for one in fields]) == (422, [("days", f"registration.{code}")])
    stamp = await stamp_of(symposium)
    await symposium.later(seconds=20)
    form = {**FORM, "door": door, "stamp": stamp, "days_asked": "1", "days": days}
    answer = await post(symposium, f"/inscription?lang={lang}", form)
    root = tree_of(await answer.text())
    assert answer.status == 422
    assert MESSAGES.sentence(lang, f"registration.{code}", {}) in root.text
    assert [id for id, (ticked, _) in boxes(root).items() if ticked] == [day for day in days.split() if day in (FIRST, SECOND, THIRD)]
    assert await symposium.deliver_mails() == []


async def test_a_form_from_before_there_were_days_means_every_day(symposium: RegistrationHarness) -> None:
    await enters(symposium)
    assert (await me(symposium))["days"] == [FIRST, SECOND, THIRD]
    await enters(symposium, door="remote")
    assert (await me(symposium))["days"] == [FIRST, THIRD], "those that can be followed from afar"


async def test_somebody_kept_from_before_days_could_be_chosen_comes_every_day(symposium: RegistrationHarness) -> None:
    person = await enters(symposium)
    people = symposium.ports.database.collection("people")
    await people.update({"_id": person}, {"$unset": {"days": ""}})
    assert (await me(symposium))["days"] == [FIRST, SECOND, THIRD]
    listed = await (await symposium.client.get(PEOPLE, params={"day": SECOND}, headers=symposium.sign("operator"))).json()
    assert ([one["id"] for one in listed["people"]], listed["days"][1]["doors"]["in_room"]) == ([person], 1)


# --- changing ---------------------------------------------------------------------------------------------------------------
async def test_days_are_changed_at_ones_place_without_script(symposium: RegistrationHarness) -> None:
    await enters(symposium, days=[FIRST])
    assert boxes(await page(symposium, "/place")) == {FIRST: (True, True), SECOND: (False, True), THIRD: (False, True)}
    assert (await post(symposium, "/place", {"door": "in_room", "days_asked": "1", "days": SECOND})).status == 303
    place = await page(symposium, "/place?lang=en")
    assert "My days: Friday 16 May 2025" in place.text
    assert "When: Friday 16 May 2025, 9:15" in place.text.replace("\u202f", " ")
    assert (await post(symposium, "/place", {"door": "in_room", "days_asked": "1"})).status == 422
    assert (await post(symposium, "/place", {"door": "in_room", "language": "en"})).status == 303, "a form without days changes none"
    assert (await me(symposium))["days"] == [SECOND]


async def test_days_are_changed_through_the_interface_by_their_owner_and_nobody_else(symposium: RegistrationHarness) -> None:
    await enters(symposium)
    changed = await symposium.client.patch(ME, json={"days": [THIRD]}, headers=SAME_SITE)
    assert (changed.status, (await changed.json())["days"]) == (200, [THIRD])
    for body, code in ((["2025-01-01"], "day_unknown"), ([], "days_required")):
        refused = await symposium.client.patch(ME, json={"days": body}, headers=SAME_SITE)
        assert (refused.status, (await refused.json())["fields"][0]["code"]) == (422, f"registration.{code}")
    refused = await symposium.client.patch(ME, json={"days": [SECOND], "door": "remote"}, headers=SAME_SITE)
    assert (await refused.json())["fields"][0]["code"] == "registration.day_not_by_door"
    assert (await symposium.client.patch(ME, json={"days": [FIRST]}, headers={"Sec-Fetch-Site": "cross-site"})).status == 403
    assert (await me(symposium))["days"] == [THIRD]
    symposium.forget_cookies()
    assert (await symposium.client.patch(ME, json={"days": [FIRST]}, headers=SAME_SITE)).status == 401
    for key in ("operator", "moderator", "stage"):
        symposium.forget_cookies()
        await symposium.enter(symposium.link(key))
        assert (await symposium.client.patch(ME, json={"days": [FIRST]}, headers=SAME_SITE)).status == 403, "their links are shared"


# --- what comes of it -------------------------------------------------------------------------------------------------------
async def mailed(harness: RegistrationHarness, **changes: Any) -> tuple[str, list[Any]]:
    """The text of the mail, and the entries of its calendar."""
    harness.mailbox.messages.clear()
    await harness.register(**{"email": f"{new_id()}@example.org", "door": "in_room", **changes})
    (mail,) = harness.mailbox.messages
    body = mail.get_body(("plain",))
    assert body is not None
    attached = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    found = Calendar.from_ical(attached[0].get_content()).walk("VEVENT") if attached else []
    return body.get_content().replace("\u202f", " "), found


async def test_mail_and_calendar_hold_the_chosen_days_and_mark_the_cancelled(symposium: RegistrationHarness) -> None:
    assert (await decide(symposium, "cancel", "abschied"))[0] == 200
    text, entries = await mailed(symposium, days=[SECOND], language="en")
    assert ("When: Friday 16 May 2025, 9:15" in text, "Your days: Friday 16 May 2025\n" in text) == (True, True)
    assert [one.decoded("dtstart").date().isoformat() for one in entries] == [SECOND]
    text, entries = await mailed(symposium, language="en")
    assert "Your days: Thursday 15 May 2025 · Friday 16 May 2025 · Saturday 17 May 2025 (cancelled)" in text
    assert [one["STATUS"] for one in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert boxes(await page(symposium, "/inscription"))[THIRD] == (False, False)


async def test_ones_own_days_are_fetched_for_a_calendar_and_let_nobody_in(symposium: RegistrationHarness) -> None:
    await enters(symposium, days=[FIRST, THIRD])
    answer = await symposium.client.get("/place.ics")
    text = await answer.text()
    assert (answer.status, answer.content_type, answer.headers["Cache-Control"]) == (200, "text/calendar", "no-store")
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 2
    assert "/l/" not in text.replace("\r\n ", "")
    symposium.forget_cookies()
    assert (await symposium.client.get("/place.ics")).status == 401


async def test_operators_see_and_count_who_comes_when(symposium: RegistrationHarness) -> None:
    first, second = await enters(symposium, name="Ada", days=[FIRST]), await enters(symposium, name="Bob", days=[SECOND, THIRD])
    every, afar = await enters(symposium, name="Chloé"), await enters(symposium, name="Dai", door="remote")
    symposium.forget_cookies()
    await symposium.register(name="Eve", email="eve@example.org", door="in_room")  # nothing confirmed yet
    expected = {FIRST: ([first, every, afar], 2, 1), SECOND: ([second, every], 2, 0), THIRD: ([second, every, afar], 2, 1)}
    for day, (ids, in_room, remote) in expected.items():
        found = await (await symposium.client.get(PEOPLE, params={"day": day}, headers=symposium.sign("operator"))).json()
        assert [one["id"] for one in found["people"] if one["name"] != "Eve"] == ids
        count = next(one for one in found["days"] if one["day"] == day)
        assert count["doors"] == {"in_room": in_room, "remote": remote, "hub": 0}
    assert (await symposium.client.get(PEOPLE, headers=symposium.sign("moderator"))).status == 403
    await symposium.enter(symposium.link("operator"))
    shown = await page(symposium, f"/people?lang=en&day={SECOND}")
    assert [one.text for one in shown.all("h2") if one.attributes.get("class") == "person__name"] == ["Bob", "Chloé", "Eve"]
    assert "Friday 16 May 2025, Saturday 17 May 2025" in shown.text
    says_nothing_empty(shown)


async def test_the_days_are_counted_by_the_doors_of_the_event_and_by_those_people_come_by_all_the_same(
    database: MongoDatabase, tmp_path: Path
) -> None:
    async def columns() -> list[str]:
        heads = [one.text for one in (await page(harness, "/people?lang=en")).all("th") if one.attributes.get("scope") == "col"]
        assert (heads[0], heads[-1]) == ("Day", "Total")
        return heads[1:-1]

    async with event(database, tmp_path, THREE_DAYS) as harness:
        await enters(harness, door="remote")
        await harness.enter(harness.link("operator"))
        assert await columns() == ["In the room", "Remote"]
        await imports(harness, THREE_DAYS.replace("modes: [in_room, remote]", "modes: [in_room]"))
        assert await columns() == ["In the room", "Remote"], "somebody comes by it"
        await imports(harness, THREE_DAYS.replace("modes: [in_room, remote]", "modes: [in_room, hub]"))
        assert await columns() == ["In the room", "Remote", "Local hub"]


async def test_the_export_of_a_person_tells_their_days(symposium: RegistrationHarness) -> None:
    export = symposium.service.export_person
    assert export is not None
    for days, kept in (({"days": [SECOND]}, [SECOND]), ({}, "all")):
        exported: Any = await export(await enters(symposium, **days))
        assert exported["person"]["days"] == kept


# --- an import changes the days ---------------------------------------------------------------------------------------------
async def test_a_day_that_goes_is_said_and_comes_back_with_its_day(symposium: RegistrationHarness) -> None:
    await enters(symposium, days=[SECOND, THIRD])
    await imports(symposium, TWO_DAYS)
    place = await page(symposium, "/place?lang=en")
    assert "no longer part of the programme: Saturday 17 May 2025" in place.text
    assert ((await me(symposium))["days"], (await me(symposium))["lost_days"]) == ([SECOND], [THIRD])
    await imports(symposium, THREE_DAYS)
    assert ((await me(symposium))["days"], (await me(symposium))["lost_days"]) == ([SECOND, THIRD], [])


async def test_whoever_loses_their_only_day_keeps_their_place_and_chooses_another(symposium: RegistrationHarness) -> None:
    person = await enters(symposium, days=[THIRD])
    await imports(symposium, TWO_DAYS)
    place = await page(symposium, "/place?lang=en")
    assert "None of the days you had chosen is part of the programme any more" in place.text
    assert (await symposium.client.get("/place.ics")).status == 404
    shown = await (await symposium.client.get(PEOPLE, headers=symposium.sign("operator"))).json()
    assert [(one["id"], one["state"], one["days"]) for one in shown["people"]] == [(person, "confirmed", [THIRD])]
    assert (await post(symposium, "/place", {"door": "in_room", "days_asked": "1", "days": FIRST})).status == 303
    assert ((await me(symposium))["days"], (await me(symposium))["lost_days"]) == ([FIRST], [])


async def test_a_link_asked_for_again_says_which_day_is_gone(symposium: RegistrationHarness) -> None:
    await enters(symposium, email="ada@example.org", days=[SECOND, THIRD], language="en")
    await imports(symposium, TWO_DAYS)
    assert (await symposium.client.post("/api/registration/links", json={"email": "ada@example.org"})).status == 202
    (mail,) = await symposium.deliver_mails()
    body = mail.get_body(("plain",))
    assert body is not None
    assert "A day you had chosen is no longer part of the programme: Saturday 17 May 2025" in " ".join(body.get_content().split())


async def test_a_day_that_comes_is_for_those_who_come_every_day(database: MongoDatabase, tmp_path: Path) -> None:
    async with event(database, tmp_path, TWO_DAYS) as harness:
        await harness.enter(await harness.register(door="in_room"))
        await imports(harness, THREE_DAYS)
        assert (await me(harness))["days"] == [FIRST, SECOND, THIRD]
        await enters(harness, days=[FIRST])
        await imports(harness, TWO_DAYS)
        await imports(harness, THREE_DAYS)
        assert boxes(await page(harness, "/place"))[THIRD] == (False, True), "whoever chose is not made to come"


@pytest.mark.parametrize("lang", MESSAGES.languages)
async def test_an_event_in_a_language_from_right_to_left_is_chosen_day_by_day(database: MongoDatabase, tmp_path: Path, lang: str) -> None:
    async with event(database, tmp_path, ARABIC) as harness:
        says_nothing_empty(await page(harness, f"/inscription?lang={lang}"))
        assert len(boxes(await page(harness, "/inscription"))) == 2
        text, entries = await mailed(harness, days=["2025-09-29"], language=lang)
        assert (len(entries), "2025" in text) == (1, True)
        await enters(harness, days=["2025-09-29"], language=lang)
        says_nothing_empty(await page(harness, "/place"))
