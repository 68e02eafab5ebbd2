"""What registration does for the pages without script: a pass for them alone, and back; their one sheet of styles."""

from __future__ import annotations

import gzip
from typing import Final

import pytest

from shared.auth import cookies
from shared.auth.passes import Verifier
from shared.errors import Unauthenticated
from tests.services.registration.harness import SAME_SITE, RegistrationHarness
from tests.services.registration.test_pages import HTML

TABLE: Final = "/lite?session=table-ronde-1"
QUESTION: Final = "0f9d4b52-6a35-4d0e-9c0e-0a0f5be7a7b1"


async def asked(harness: RegistrationHarness, path: str) -> tuple[int, str, str]:
    """(status, where it leads, the cookie of the pages as it was set)."""
    answer = await harness.client.get(path, headers=HTML, allow_redirects=False)
    kept = [each for each in answer.headers.getall("Set-Cookie", []) if each.startswith(f"{cookies.LITE}=")]
    return answer.status, answer.headers.get("Location", ""), "".join(kept)


async def test_whoever_entered_gets_a_pass_that_is_good_for_these_pages_alone(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register(door="in_room"))
    status, where, cookie = await asked(harness, TABLE)
    assert (status, where) == (303, "/lite/table-ronde-1?renewed=1")
    assert {"Path=/lite/", "HttpOnly", "SameSite=Lax", "Max-Age=600"} <= set(cookie.split("; "))
    text = cookie.partition("=")[2].partition(";")[0]
    verifier = Verifier([harness.key.public_key()], event=harness.ports.event_id)
    holder = verifier.verify(text, now=harness.now, purpose="lite")
    assert (holder.name, holder.door, holder.duty) == ("Ada Lovelace", "in_room", "none")
    with pytest.raises(Unauthenticated):
        verifier.verify(text, now=harness.now)


@pytest.mark.parametrize(
    ("path", "where"),
    [
        (f"{TABLE}&to=ask", "/lite/table-ronde-1/ask?renewed=1"),
        (f"{TABLE}&to=poll/{QUESTION}", f"/lite/table-ronde-1/poll/{QUESTION}?renewed=1"),
        (f"{TABLE}&to=//evil.example", "/lite/table-ronde-1?renewed=1"),
        (f"{TABLE}&to=ask/../../leave", "/lite/table-ronde-1?renewed=1"),
        ("/lite?session=//evil.example", "/lite/table-ronde-1?renewed=1"),
        ("/lite?session=left-the-programme", "/lite/left-the-programme?renewed=1"),
        ("/lite", "/lite/table-ronde-1?renewed=1"),
    ],
)
async def test_it_leads_to_a_page_without_script_and_nowhere_else(harness: RegistrationHarness, path: str, where: str) -> None:
    await harness.enter(harness.link("viewer"))
    assert (await asked(harness, path))[:2] == (303, where)


async def test_a_stranger_is_asked_for_their_link_and_comes_back_without_any_script(harness: RegistrationHarness) -> None:
    status, where, cookie = await asked(harness, f"{TABLE}&to=ask")
    assert (status, cookie) == (303, "")
    assert where.startswith("/link?to=")
    await harness.client.get(where, headers=HTML)
    origin = harness.settings.origin
    answer = await harness.client.post(harness.link("room"), headers={"Referer": f"{origin}/l/x"}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/lite?session=table-ronde-1&to=ask"), "a browser of text sends no Origin"
    for foreign in ({"Referer": "https://evil.example/"}, {"Referer": f"{origin}.evil.example/"}, {"Referer": "//"}, {}):
        answer = await harness.client.post(harness.link("room"), headers=foreign, allow_redirects=False)
        assert answer.status == 403, foreign


async def test_a_screen_has_no_such_page_and_leaving_forgets_the_pass(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("stage"))
    assert (await asked(harness, TABLE))[0] == 403
    answer = await harness.client.post("/leave", headers=SAME_SITE, allow_redirects=False)
    gone = [each for each in answer.headers.getall("Set-Cookie") if each.startswith(cookies.LITE)]
    assert len(gone) == 2
    assert all("Max-Age=0" in each and "Path=/lite/" in each for each in gone)


async def test_the_sheet_is_one_small_file_in_the_colours_of_the_event_that_is_kept(harness: RegistrationHarness) -> None:
    answer = await harness.client.get("/lite.css")
    text = await answer.text()
    assert "@import" not in text
    assert "prefers-color-scheme" in text
    assert "--accent" in text
    assert "max-age=86400" in answer.headers["Cache-Control"]
    assert len(gzip.compress(text.encode())) < 4_000


async def test_pages_that_need_scripts_name_the_one_that_does_not(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("viewer"))
    for path in ("/watch", "/room"):
        page = await (await harness.client.get(f"{path}?session=table-ronde-2")).text()
        assert page.partition("<noscript><div")[2].partition("</noscript>")[0].count("/lite?session=table-ronde-2") == 1
    assert 'href="/lite"' in await (await harness.client.get("/place")).text()
