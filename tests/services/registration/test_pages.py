"""The pages as a browser without script meets them: forms, who may open what, languages, headers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from typing import Final

import pytest
from aiohttp import ClientResponse

from services.registration.pages import posting
from tests.services.registration.harness import FORM, SAME_SITE, RegistrationHarness, link_in

HTML: Final = {"Accept": "text/html,application/xhtml+xml"}
MAY_OPEN: Final = {
    "viewer": {"/place", "/watch", "/room"},
    "room": {"/place", "/watch", "/room"},
    "moderator": {"/place", "/watch", "/room", "/moderate", "/chair", "/stage"},
    "chair": {"/place", "/watch", "/room", "/chair"},
    "stage": {"/place", "/watch", "/room", "/stage"},
    "door": {"/place", "/watch", "/room", "/door"},
    "operator": {"/place", "/watch", "/room", "/moderate", "/chair", "/stage", "/control", "/camera", "/studio", "/door"},
}
PAGES: Final = ("/place", "/watch", "/room", "/moderate", "/chair", "/stage", "/control", "/camera", "/studio", "/door")


async def stamp_of(harness: RegistrationHarness, path: str = "/inscription") -> str:
    page = await (await harness.client.get(path)).text()
    found = re.search(r'name="stamp"[^>]*value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="stamp"', page)
    assert found is not None
    return found[1]


async def post(harness: RegistrationHarness, path: str, fields: dict[str, str]) -> ClientResponse:
    return await harness.client.post(path, data=fields, headers={**SAME_SITE, **HTML}, allow_redirects=False)


@pytest.mark.parametrize("key", list(MAY_OPEN))
async def test_a_role_opens_its_pages_and_no_other(harness: RegistrationHarness, key: str) -> None:
    await harness.enter(harness.link(key))
    for page in PAGES:
        response = await harness.client.get(page, headers=HTML, allow_redirects=False)
        assert response.status == (200 if page in MAY_OPEN[key] else 403), page
        assert response.content_type == "text/html"


@pytest.mark.parametrize("page", PAGES)
async def test_without_a_session_a_page_leads_to_asking_for_the_link(harness: RegistrationHarness, page: str) -> None:
    response = await harness.client.get(page, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, f"/link?to=%2F{page[1:]}")
    assert (await harness.client.get("/link")).status == 200


async def test_the_form_works_without_script(harness: RegistrationHarness) -> None:
    stamp = await stamp_of(harness)
    await harness.later(seconds=20)
    response = await post(harness, "/inscription", {**FORM, "stamp": stamp, "website": ""})
    assert (response.status, response.headers["Location"]) == (303, "/inscription?sent=1")
    assert (await harness.client.get("/inscription?sent=1")).status == 200
    (message,) = await harness.deliver_mails()
    assert await harness.enter(link_in(message)) == "/watch"


async def test_nothing_is_ticked_beforehand_and_a_choice_not_made_is_asked_for(harness: RegistrationHarness) -> None:
    page = await (await harness.client.get("/inscription")).text()
    ticked = [tag for tag in re.findall(r"<input[^>]*>", page) if re.search(r"\schecked\b", tag)]
    assert not [tag for tag in ticked if "image_rights" in tag or 'name="door"' in tag]
    stamp = await stamp_of(harness)
    await harness.later(seconds=20)
    response = await post(harness, "/inscription", {"name": "Ada <b>", "email": "ada", "stamp": stamp, "website": ""})
    text = await response.text()
    assert response.status == 422
    assert "Les deux réponses conviennent" in text
    assert "camille@exemple.fr" in text
    assert "Ada &lt;b&gt;" in text, "what was typed is kept, and escaped"
    assert "Ada <b>" not in text
    assert await harness.events() == []


async def test_a_machine_that_fills_the_hidden_field_is_told_the_same_and_registers_nobody(harness: RegistrationHarness) -> None:
    stamp = await stamp_of(harness)
    await harness.later(seconds=20)
    response = await post(harness, "/inscription", {**FORM, "stamp": stamp, "website": "https://spam.example"})
    assert (response.status, response.headers["Location"]) == (303, "/inscription?sent=1")
    assert await harness.events() == []


@pytest.mark.parametrize("stamp", ["", "1622707200000.forged", "9.9.9", "é.x", "1" * 30 + ".x"])
async def test_a_form_that_comes_from_no_page_of_ours_is_not_taken(harness: RegistrationHarness, stamp: str) -> None:
    response = await post(harness, "/inscription", {**FORM, "stamp": stamp, "website": ""})
    assert response.status == 422
    assert await harness.events() == []


async def test_a_form_that_comes_back_at_once_waits_and_is_taken(harness: RegistrationHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "FASTEST_SECONDS", 0.3)
    stamp, began = await stamp_of(harness), time.monotonic()
    response = await post(harness, "/inscription", {**FORM, "stamp": stamp})
    assert response.status == 303
    assert time.monotonic() - began >= 0.3
    assert len(await harness.deliver_mails()) == 1


async def test_a_form_older_than_a_day_is_asked_for_again(harness: RegistrationHarness) -> None:
    stamp = await stamp_of(harness)
    await harness.later(hours=25)
    assert (await post(harness, "/inscription", {**FORM, "stamp": stamp})).status == 422


async def test_a_form_is_not_taken_from_another_site(harness: RegistrationHarness) -> None:
    stamp = await stamp_of(harness)
    await harness.enter(harness.link("viewer"))
    for path in ("/inscription", "/link", "/place", "/leave"):
        response = await harness.client.post(path, data={**FORM, "stamp": stamp}, headers={"Origin": "https://evil.example"})
        assert response.status == 403, path
    assert (await harness.client.get("/api/registration/me")).status == 200


@pytest.mark.parametrize(
    ("data", "media_type", "status"),
    [
        (b"name=" + b"a" * 200_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"name=%ff%fe&email=x", "application/x-www-form-urlencoded", 422),
        (b"&".join(b"a%d=1" % i for i in range(60)), "application/x-www-form-urlencoded", 413),
    ],
)
async def test_a_bad_form_is_refused(harness: RegistrationHarness, data: bytes, media_type: str, status: int) -> None:
    response = await harness.client.post("/inscription", data=data, headers={**SAME_SITE, "Content-Type": media_type})
    assert response.status == status
    assert await harness.events() == []


async def test_asking_for_the_link_without_script_answers_the_same_for_anybody(harness: RegistrationHarness) -> None:
    await harness.register()
    answers = []
    for email in (FORM["email"], "nobody@example.org"):
        stamp = await stamp_of(harness, "/link")
        await harness.later(seconds=5)
        response = await post(harness, "/link", {"email": email, "stamp": stamp})
        answers.append((response.status, response.headers["Location"]))
    assert answers == [(303, "/link?sent=1")] * 2
    assert len(await harness.deliver_mails()) == 1


async def test_a_person_changes_door_language_and_image_choice_at_their_place(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register())
    response = await post(harness, "/place", {"door": "in_room", "language": "en", "image_rights": "granted"})
    assert (response.status, response.headers["Location"]) == (303, "/place?saved=1")
    me = await (await harness.client.get("/api/registration/me")).json()
    assert (me["door"], me["duty"], me["page"], me["language"]) == ("in_room", "none", "/room", "en")
    person = await harness.ports.database.collection("people").find_one({"email": "ada@example.org"})
    assert person is not None
    assert [(one["choice"], one["channel"]) for one in person["image_rights"]] == [("refused", "form"), ("granted", "place")]
    assert 'lang="en"' in await (await harness.client.get("/place")).text()


async def test_nobody_becomes_staff_at_their_place(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register())
    assert (await post(harness, "/place", {"door": "staff"})).status == 422


@pytest.mark.parametrize("key", ["viewer", "room", "moderator", "stage", "operator"])
async def test_who_opens_a_shared_link_changes_nothing_for_the_others_but_reads_in_their_own_language(
    harness: RegistrationHarness, key: str
) -> None:
    people = harness.ports.database.collection("people")
    before = await people.find({})
    await harness.enter(harness.link(key))
    for change in ({"door": "hub"}, {"image_rights": "granted"}, {"door": "remote", "language": "en", "image_rights": "granted"}):
        assert (await post(harness, "/place", change)).status == 403
    assert (await post(harness, "/place", {"language": "en"})).status == 303
    assert 'lang="en"' in await (await harness.client.get("/place")).text()
    assert await people.find({}) == before


async def test_leaving_by_the_form_ends_the_session(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("viewer"))
    response = await post(harness, "/leave", {})
    assert (response.status, response.headers["Location"]) == (303, "/")
    assert (await harness.client.get("/api/registration/me")).status == 401


@pytest.mark.parametrize("key", ["moderator", "viewer"])
async def test_a_shared_link_opens_in_the_language_of_each_browser_and_chooses_none(harness: RegistrationHarness, key: str) -> None:
    english = {"Accept-Language": "en-GB,fr;q=0.5"}
    assert '<html lang="en"' in await (await harness.client.get(harness.link(key), headers=english)).text()
    await harness.enter(harness.link(key))
    assert harness.cookie("tablee_lang") is None
    assert '<html lang="en"' in await (await harness.client.get("/place", headers=english)).text()


async def test_pages_speak_the_language_asked_for_and_remember_it(harness: RegistrationHarness) -> None:
    assert '<html lang="fr"' in await (await harness.client.get("/")).text()
    assert '<html lang="en"' in await (await harness.client.get("/", headers={"Accept-Language": "en-GB,fr;q=0.5"})).text()
    assert '<html lang="en"' in await (await harness.client.get("/?lang=en")).text()
    assert '<html lang="en"' in await (await harness.client.get("/")).text(), "kept in a cookie"


async def test_a_link_speaks_the_language_of_its_holder(harness: RegistrationHarness) -> None:
    link = await harness.register(language="en")
    assert '<html lang="en"' in await (await harness.client.get(link)).text()


async def test_every_page_has_its_policy_and_the_import_map_is_the_only_inline_code(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("operator"))
    for path in ("/", "/inscription", "/link", harness.link("viewer"), *PAGES, "/nothing-here"):
        response = await harness.client.get(path, headers=HTML)
        text = await response.text()
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "ws://tablee.test:8081" in policy
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path
        for attributes, inline in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.S):
            if "src=" in attributes or 'type="application/ld+json"' in attributes:
                continue  # a data block is no code: browsers never run it
            assert "importmap" in attributes
            assert "'sha256-" + base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode() + "'" in policy


async def test_no_page_asks_a_third_party_for_anything(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("operator"))
    for path in ("/", "/inscription", "/link", *PAGES):
        text = await (await harness.client.get(path)).text()
        assert not re.findall(r"<(?:script|link|img|source|iframe)[^>]*(?:src|href)=\"(?:https?:)?//[^\"]*", text), path


async def test_what_a_page_loads_is_there_and_kept_for_good(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("operator"))
    wanted = set()
    for path in ("/", "/inscription", *PAGES):
        wanted |= set(re.findall(r'(?:src|href)="(/assets/[^"#]+)', await (await harness.client.get(path)).text()))
    assert wanted
    for address in wanted:
        response = await harness.client.get(address)
        assert response.status == 200, address
        assert "immutable" in response.headers["Cache-Control"]


async def test_a_refusal_is_a_page_for_people_and_a_problem_for_programs(harness: RegistrationHarness) -> None:
    page = await harness.client.get("/nothing-here", headers=HTML)
    assert (page.status, page.content_type) == (404, "text/html")
    assert "Cette adresse n’existe pas" in await page.text()
    problem = await harness.client.get("/api/registration/nothing-here", headers=HTML)
    assert (problem.status, problem.content_type) == (404, "application/problem+json")


async def test_a_live_page_is_about_the_session_asked_for_or_the_one_with_questions(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("viewer"))
    asked = await (await harness.client.get("/watch?session=table-ronde-3")).text()
    assert 'data-session="table-ronde-3"' in asked
    for query in ("", "?session=nowhere", "?session=%3Cscript%3E"):
        assert re.search(r'data-session="table-ronde-\d"', await (await harness.client.get(f"/watch{query}")).text())


async def test_moderators_may_ask_for_a_session_that_the_programme_has_no_more(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("moderator"))
    text = await (await harness.client.get("/moderate?session=retiree")).text()
    assert 'data-session="retiree"' in text
    assert "Cette session ne figure pas au programme." in text
    assert re.search(r'data-session="table-ronde-\d"', await (await harness.client.get("/moderate?session=%3Cscript%3E")).text())


async def test_robots_icon_theme_and_calendars_are_served(harness: RegistrationHarness) -> None:
    robots = await (await harness.client.get("/robots.txt")).text()
    assert "Disallow: /l/" in robots
    assert (await harness.client.get("/favicon.ico")).content_type == "image/svg+xml"
    assert "--accent" in await (await harness.client.get("/theme.css")).text()
    worker = await harness.client.get("/hub-worker.js")
    assert (worker.content_type, worker.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert worker.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    day = await harness.client.get("/calendar.ics")
    assert (day.content_type, day.headers["Access-Control-Allow-Origin"]) == ("text/calendar", "*")
    assert (await day.text()).startswith("BEGIN:VCALENDAR")
    assert "BEGIN:VEVENT" in await (await harness.client.get("/sessions/table-ronde-1.ics")).text()
    unknown = await harness.client.get("/sessions/nowhere.ics")
    assert (unknown.status, (await unknown.json())["code"]) == (404, "registration.session_unknown")


async def test_the_screen_gets_a_code_that_leads_to_the_session(harness: RegistrationHarness) -> None:
    code = await harness.client.get("/qr.svg", params={"session": "table-ronde-2"})
    assert (code.status, code.content_type) == (200, "image/svg+xml")
    assert (await code.text()).startswith("<svg")
    assert (await harness.client.get("/qr.svg", params={"session": "nulle-part"})).status == 404


async def test_the_event_page_says_to_machines_what_it_says_to_people(harness: RegistrationHarness) -> None:
    page = await (await harness.client.get("/", headers=HTML)).text()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    event = json.loads(block[1])
    assert (event["@type"], len(event["subEvent"])) == ("Event", 10)
    assert "lnk_" not in block[1]
