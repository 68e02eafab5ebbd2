"""The host of a local hub counts the hands there and asks for one of them, with the keyboard alone."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

SESSION = "table-ronde-2"
PEOPLE = 30
HANDS = 12


async def confirmed(page: Page, base: str, operator: Person) -> None:
    """An operator knows their hub, and they say how many they are."""
    origin = {"Origin": base}
    me = await (await page.context.request.get(f"{base}/api/registration/me")).json()
    said = await page.context.request.patch(f"{base}/api/registration/me", data={"headcount": PEOPLE}, headers=origin)
    assert said.status == 200, await said.text()
    headers = {"Authorization": f"Bearer {operator.pass_text}"}
    async with operator.http.post(f"{base}/api/registration/people/{me['person']}/hub", headers=headers) as answer:
        assert answer.status == 204, await answer.text()


async def test_a_host_counts_hands_and_asks_for_somebody_with_the_keyboard_alone(harness: NewHarness, platform: Running) -> None:
    people = await harness()
    page = await people.enter(await people.newcomer("hub"))
    async with aiohttp.ClientSession() as http:
        await confirmed(page, people.base, Person(platform, http, "operator", door="staff"))
        moderator = Person(platform, http, "moderator", door="staff")
        await moderator.open_floor(SESSION)
        item = await Person(platform, http, "viewer").ask("Et la fibre au hameau ?", SESSION)
        await moderator.move(item, "publish")
        await page.goto(f"{people.base}/watch?session={SESSION}")
        row = page.locator(f"#q-{item['id']}")
        await row.get_by_label(people.words("hall.hands.other", n=PEOPLE)).focus()
        await page.keyboard.press("Control+a")
        await page.keyboard.type(str(HANDS))
        await page.keyboard.press("Enter")
        await expect(row.locator(".split")).to_contain_text(people.words("presence.hub.other", n=HANDS))
        await expect(row.locator(".vote__count")).to_have_text(str(HANDS))
        await page.locator("#ask-text").focus()
        await page.keyboard.type("Et nos écoles ?")
        await page.get_by_label(people.words("hall.ask")).focus()
        await page.keyboard.press("Space")
        await page.get_by_label(people.words("hall.name")).focus()
        await page.keyboard.type("Mme Le Goff")
        await page.keyboard.press("Enter")
        await expect(page.locator("tablee-mine")).to_contain_text("Et nos écoles ?")
        _, state = await moderator.insist("GET", f"/api/qa/sessions/{SESSION}?view=moderator")
        asked = [each for each in state["items"].values() if each["text"] == "Et nos écoles ?"]
        assert [(each["author"], each["for_hall"]) for each in asked] == [("Mme Le Goff", True)]
