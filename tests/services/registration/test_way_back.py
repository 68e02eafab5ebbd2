"""Whoever asked for a page before they had a session is led back to it, and nobody to anywhere else."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import pytest
from yarl import URL

from services.registration.people.access import way_back
from services.registration.people.cookies import WAY_BACK
from tests.services.registration.harness import SAME_SITE, RegistrationHarness, link_in
from tests.services.registration.test_pages import HTML, post, stamp_of
from tests.support.html_tree import tree_of
from tests.support.messages import MESSAGES

WANTED: Final = "/watch?session=table-ronde-2"
ELSEWHERE: Final = (
    "//evil.example", "//evil.example/watch", "https://evil.example/watch", "/\\evil.example", "\\\\evil.example", "/watch@evil.example",
    "/watch//evil.example", "/watch/../../x", "/%2f%2fevil.example", "\t//evil.example", " /watch", "/watch\r\nSet-Cookie: a=b", "/watch#x",
    "javascript:alert(1)", "/leave", "/withdraw", "/api/qa/sessions", "/l/abc", "/", "", "watch", "/watchman", "/watch;x?y=1",
    "/watch?" + "x" * 400, "/watch?" + "a=1&" * 20 + "b=1", "http:/watch", "/watch?\x00",
)  # fmt: skip


async def asks_from(harness: RegistrationHarness, wanted: str) -> str:
    """Where a browser without a session lands that asks for `wanted`; it looks at that page."""
    harness.forget_cookies()
    answer = await harness.client.get(wanted, headers=HTML, allow_redirects=False)
    assert answer.status == 303
    where = answer.headers["Location"]
    assert (await harness.client.get(URL(where, encoded=True), headers=HTML)).status == 200
    return where


@pytest.mark.parametrize("text", ELSEWHERE)
def test_nothing_but_a_page_of_ours_is_a_way_back(text: str) -> None:
    assert way_back(text) == ""


@pytest.mark.parametrize(
    "text", ["/watch", "/room?session=a", "/stage?stage=halle", "/people?search=%C3%A9+b&day=2025-05-16", "/place?saved="]
)
def test_a_page_of_ours_is_its_own_way_back(text: str) -> None:
    assert way_back(text) == text


def test_what_could_end_a_header_or_an_attribute_is_written_anew() -> None:
    assert way_back("/watch?session=a\r\nX: y") == ""
    assert way_back('/watch?session="><script>') == "/watch?session=%22%3E%3Cscript%3E"


@pytest.mark.parametrize("lang", MESSAGES.languages)
async def test_the_page_of_the_link_says_why_one_lands_there(harness: RegistrationHarness, lang: str) -> None:
    where = await asks_from(harness, WANTED)
    text = tree_of(await (await harness.client.get(URL(f"{where}&lang={lang}", encoded=True))).text()).text
    assert MESSAGES.text(lang, "hint.why") in text
    harness.forget_cookies()
    assert MESSAGES.text(lang, "hint.why") not in await (await harness.client.get(f"/link?lang={lang}")).text()


async def test_a_link_that_lies_in_the_mailbox_already_leads_back_in_the_same_browser_and_once(harness: RegistrationHarness) -> None:
    path = await harness.register()
    await asks_from(harness, WANTED)
    assert await harness.enter(path) == WANTED
    assert await harness.enter(path) == "/watch", "the next time it is the page of their door"


async def test_the_link_that_is_asked_for_there_leads_back_in_any_browser(harness: RegistrationHarness) -> None:
    await harness.register()
    where = await asks_from(harness, WANTED)
    fields = {"email": "ada@example.org", "stamp": await stamp_of(harness, where), "to": WANTED}
    await harness.later(seconds=20)
    assert (await post(harness, "/link", fields)).status == 303
    (mail,) = await harness.deliver_mails()
    harness.forget_cookies()
    path = link_in(mail)
    assert await harness.enter(path) == WANTED
    page = tree_of(await (await harness.client.get(path)).text())
    assert next(one.attributes["action"] for one in page.all("form")) == path


@pytest.mark.parametrize("to", [one for one in ELSEWHERE if "\x00" not in one])
async def test_no_link_leads_away_from_here(harness: RegistrationHarness, to: str) -> None:
    path = await harness.register()
    answer = await harness.client.post("/api/registration/links", json={"email": "ada@example.org", "to": to[:400]})
    assert answer.status == 202
    (mail,) = await harness.deliver_mails()
    assert "?" not in link_in(mail)
    for cookies in ({}, {WAY_BACK: to.encode("unicode_escape").decode()}):
        target = f"{path}?{urlencode({'to': to})}" if not cookies else path
        answer = await harness.client.post(URL(target, encoded=True), headers=SAME_SITE, cookies=cookies, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/watch")


async def test_a_page_of_another_role_is_no_way_back(harness: RegistrationHarness) -> None:
    path = await harness.register()
    for page in ("/control", "/people?search=a", "/moderate"):
        assert await harness.enter(f"{path}?{urlencode({'to': page})}") == "/watch"
    assert await harness.enter(f"{harness.link('operator')}?{urlencode({'to': '/people?search=a'})}") == "/people?search=a"


async def test_suppositions_are_marked_for_the_organisers_alone(harness: RegistrationHarness) -> None:
    marks = [MESSAGES.text("fr", f"event.assumed.{what}") for what in ("date", "venue", "contact")]
    for key in (None, "viewer", "moderator"):
        harness.forget_cookies()
        if key:
            await harness.enter(harness.link(key))
        for path in ("/", "/inscription"):
            text = await (await harness.client.get(path)).text()
            assert not [mark for mark in marks if mark in text], (key, path)
    await harness.enter(harness.link("operator"))
    text = await (await harness.client.get("/")).text()
    assert marks[0] in text
