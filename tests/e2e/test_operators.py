"""What operators read of people and of mail."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Route, expect

from tests.e2e.conftest import NewHarness
from tests.support.messages import MESSAGES
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

SESSION = "table-ronde-1"


async def test_the_list_of_people_says_how_much_each_of_them_asked(harness: NewHarness, platform: Running) -> None:
    people = await harness()
    name = f"Aïcha {people.base[-4:]} Benali"
    for door in ("remote", "in_room"):
        page = await people.enter(await people.newcomer(door, name))
    me = await (await page.context.request.get(f"{people.base}/api/registration/me")).json()
    async with aiohttp.ClientSession() as http:
        operator = Person(platform, http, "operator", door="staff")
        await operator.open_floor(SESSION)
        await Person(platform, http, "viewer", id=me["person"]).ask("Combien de communes ?", SESSION)
    list_page = await people.enter(people.links["operator"], f"/people?search={name}")
    rows = list_page.locator("li.person")
    await expect(rows).to_have_count(2)
    await expect(rows.filter(has_text=people.words("people.questions.one", n=1))).to_have_count(1)
    await expect(rows.filter(has_text=people.words("people.questions.zero"))).to_have_count(1)
    assert not people.log.complaints


async def test_the_control_page_says_whether_mails_leave_and_whose_will_not(harness: NewHarness) -> None:
    people = await harness(lang="en")
    page = await people.enter(people.links["operator"], "/control")
    await expect(page.locator("[data-mail]")).to_have_text(people.words("control.mail.good"))

    async def troubled(route: Route) -> None:
        lost = {"id": "1", "person": "2", "name": "Ali Benhamou", "at": "2021-06-03T12:00:00.000Z"}
        await route.fulfill(json={"troubled_since": "2021-06-03T12:00:00.000Z", "given_up": [lost]})

    await page.route("**/api/registration/mail", troubled)
    await expect(page.locator("[data-mail]")).to_contain_text(people.words("control.mail.troubled"))
    await expect(page.locator("[data-mail]")).to_contain_text("Ali Benhamou")


async def test_an_address_to_fetch_from_is_refused_in_words_kept_and_given_up(harness: NewHarness) -> None:
    people = await harness(lang="en", size=(360, 740))
    page = await people.enter(people.links["operator"], "/control")
    await page.get_by_role("button", name=people.words("stream.reveal")).first.click()
    form = page.locator("tablee-stream-pull").first
    address = form.get_by_label(people.words("stream.pull"), exact=True)
    for wrong, code in (("http://example.org/live.m3u8", "address"), ("rtsp://169.254.169.254/", "host")):
        await address.fill(wrong)
        await address.press("Enter")
        await expect(form.get_by_role("alert")).to_contain_text(MESSAGES.text("en", f"streaming.pull.{code}"))

    async def kept(route: Route) -> None:  # nothing is to be fetched from a real host here
        await route.fulfill(json=route.request.post_data_json)

    await page.route("**/pull", kept)
    await address.fill("rtsp://camera.example/stream")
    await address.press("Enter")
    await expect(form.get_by_role("status")).to_have_text(people.words("stream.pull.on"))
    await form.get_by_role("button", name=people.words("stream.pull.stop")).click()
    await expect(form.get_by_role("status")).to_have_text(people.words("stream.pull.off"))
