"""A laptop is the only camera there is: whoever sits at it opens a page, turns the camera on and goes on the air; viewers see it."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import DESK
from tests.e2e.test_axe import AXE, RULES, axe
from tests.support.bus.kit import eventually
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

ON_AIR_SECONDS = 40.0
PHONE = (360, 740)
DENY = "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"


async def press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name)
    await button.focus()
    await page.keyboard.press("Enter")


async def test_a_laptop_broadcasts_and_says_what_it_does(harness: NewHarness, platform: Running) -> None:
    people = await harness(lang="en")
    words = people.words
    async with aiohttp.ClientSession() as http:
        operator = Person(platform, http, "operator", door="staff")
        stage = (await operator.insist("GET", "/api/streaming/stages"))[1]["stages"][0]["id"]

        async def origin() -> str:
            found = (await operator.insist("GET", "/api/streaming/stages"))[1]["stages"]
            return str(next(one["origin"] for one in found if one["id"] == stage))

        async def sends() -> bool:
            return await origin() == "whip"

        async def stands_in() -> bool:
            return await origin() != "whip"

        page = await people.enter(people.links["operator"], f"/camera?stage={stage}", size=PHONE)
        await expect(page.locator(".camera__state")).to_contain_text(words("camera.state.idle"))
        await press(page, words("camera.open"))
        await expect(page.get_by_role("button", name=words("camera.send"))).to_be_visible()
        await expect(page.locator("select").first).to_contain_text("fake_device_0")
        await page.evaluate(AXE.read_text("utf-8"))
        assert await axe(page, RULES) == []
        await press(page, words("camera.send"))
        await expect(page.locator(".camera__state")).to_contain_text(words("camera.state.sending"))
        await eventually(sends, ON_AIR_SECONDS)
        await expect(page.locator("[data-seen]")).to_contain_text(words("stream.origin.whip"))
        await expect(page.get_by_role("button", name=words("camera.stop"))).to_be_focused()
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        await press(page, words("camera.stop"))
        await expect(page.locator(".camera__state")).to_contain_text(words("camera.state.idle"))
        await eventually(stands_in, ON_AIR_SECONDS)
    assert not people.log.complaints


async def test_a_camera_that_is_refused_is_said_in_words_and_is_nobody_elses(harness: NewHarness) -> None:
    people = await harness(lang="en")
    page = await people.enter(people.links["operator"], "/camera")
    await page.evaluate(DENY)
    await press(page, people.words("camera.open"))
    await expect(page.get_by_role("alert")).to_have_text(people.words("camera.device.denied"))
    moderator = await people.enter(people.links["moderator"])
    answer = await moderator.request.get(f"{people.base}/camera")
    assert answer.status == 403
