"""Who may not: a page that explains the refusal, the end of access while watching, and that a colleague was faster."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.page_driver import Pointer, card_of
from tests.support.messages import MESSAGES
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

SESSION = "table-ronde-2"


async def test_a_viewer_is_refused_the_pages_of_others_in_words(harness: NewHarness) -> None:
    people = await harness()
    page = await people.enter(people.links["viewer"])
    for path in ("/moderate", "/control", "/stage"):
        answer = await page.goto(people.base + path)
        assert answer is not None
        assert answer.status == 403
        await expect(page.locator("h1")).to_have_text(MESSAGES.text("fr", "registration.page_not_yours"))
        await expect(page.get_by_role("link", name=people.words("event.already.place"))).to_be_visible()


async def test_a_stranger_is_led_to_asking_for_a_link(harness: NewHarness) -> None:
    people = await harness()
    page = await people.stranger()
    for path in ("/watch", "/room", "/moderate", "/control", "/stage", "/place"):
        await page.goto(people.base + path)
        assert page.url.startswith(f"{people.base}/link")
    await expect(page.locator("h1")).to_have_text(people.words("hint.title"))


async def test_a_revoked_person_reads_that_it_is_over_and_gets_nothing_more(harness: NewHarness, platform: Running) -> None:
    people = await harness()
    page = await people.enter(await people.newcomer("in_room"), f"/room?session={SESSION}")
    await expect(page.locator("tablee-questions h2")).to_be_visible()
    stream = f"{people.base}/hls/grande-salle/index.m3u8"
    assert (await page.context.request.get(stream)).status == 200
    id = (await (await page.context.request.get(f"{people.base}/api/registration/me")).json())["person"]
    async with aiohttp.ClientSession() as http:
        operator = Person(platform, http, "operator", door="staff")
        headers = {"Authorization": f"Bearer {operator.pass_text}"}
        address = f"{people.base}/api/registration/people/{id}/revocation"
        async with http.post(address, json={"reason": "essai"}, headers=headers) as answer:
            assert answer.status == 204, await answer.text()
    await expect(page.locator("tablee-connection [role=alert]")).to_have_text(MESSAGES.text("fr", "access.revoked"))
    refused = await page.context.request.post(f"{people.base}/api/registration/pass", headers={"Origin": people.base})
    assert refused.status == 401
    assert (await page.context.request.get(stream)).status in (401, 403)
    await page.goto(f"{people.base}/room")
    assert page.url.startswith(f"{people.base}/link")


async def test_a_moderator_who_was_too_late_reads_who_was_faster_and_sees_the_question_as_it_is(
    harness: NewHarness, platform: Running
) -> None:
    people, driver = await harness(), Pointer()
    text = "Deux personnes la publient"
    async with aiohttp.ClientSession() as http:
        colleague = Person(platform, http, "moderator", door="staff")
        await colleague.open_floor(SESSION)
        item = await Person(platform, http, "viewer").ask(text, SESSION)
        page = await people.enter(people.links["moderator"], f"/moderate?session={SESSION}")
        await expect(card_of(page, text)).to_be_visible()
        on_its_way, go = await _slow(page, f"**/api/qa/questions/{item['id']}/decline")
        await driver.decline(page, people.words, text, "unclear", "")
        await on_its_way.wait()
        await colleague.move(item, "publish")
        go.set()
    notice = people.words("dialog.meanwhile", who="Ada", status=people.words("status.published"))
    await expect(page.get_by_role("dialog").locator("[role=alert]")).to_have_text(notice)
    await expect(page.locator("section[aria-labelledby=column-published] li.card").filter(has_text=text)).to_be_visible()
    await expect(page.locator("section[aria-labelledby=column-waiting] li.card").filter(has_text=text)).to_have_count(0)


async def _slow(page: Page, address: str) -> tuple[asyncio.Event, asyncio.Event]:
    """A slow line for one command: (it is on its way, let it arrive)."""
    on_its_way, go = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        on_its_way.set()
        await go.wait()
        await route.continue_()

    await page.route(address, hold)
    return on_its_way, go
