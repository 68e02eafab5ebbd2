"""The host of a local hub counts the hands there and asks for one of them: on the pages of the audience, with the keyboard alone; on a page
of its own, by touch and by keys, also while the line is cut.
"""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Dialog, Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import PHONE, BrowserHarness
from tests.e2e.page_driver import Keyboard
from tests.e2e.test_screens import clean
from tests.support.living_day import LivingDay, Operator
from tests.support.messages import MESSAGES
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


async def declared(page: Page, people: BrowserHarness, operator: Person, session: str = SESSION) -> None:
    """An operator knows the hub of this page; its host says there, by keys, how many they are."""
    me = await (await page.context.request.get(f"{people.base}/api/registration/me")).json()
    headers = {"Authorization": f"Bearer {operator.pass_text}"}
    async with operator.http.post(f"{people.base}/api/registration/people/{me['person']}/hub", headers=headers) as answer:
        assert answer.status == 204, await answer.text()
    await page.goto(f"{people.base}/hub?session={session}")
    await page.locator("#hall-people").focus()
    await page.keyboard.type(str(PEOPLE))
    await page.keyboard.press("Enter")
    await expect(page.locator(".hall-bar")).to_contain_text(people.words("hub.people.other", n=PEOPLE))


async def reload(page: Page) -> list[str]:
    """What the browser asked before it did."""
    asked: list[str] = []

    async def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.on("dialog", go_on)
    await page.reload()
    page.remove_listener("dialog", go_on)
    return asked


async def test_a_hall_asks_and_counts_while_the_line_is_cut_and_keeps_its_place(harness: NewHarness, platform: Running) -> None:
    people = await harness(size=PHONE, touch=True)
    words = people.words
    page = await people.enter(await people.newcomer("hub"))
    async with aiohttp.ClientSession() as http:
        moderator = Person(platform, http, "moderator", door="staff")
        await moderator.open_floor(SESSION)
        item = await Person(platform, http, "viewer").ask("Et la fibre au bourg ?", SESSION)
        await moderator.move(item, "publish")
        await declared(page, people, Person(platform, http, "operator", door="staff"))
        row, list_ = page.locator(f"#q-{item['id']}"), page.locator("tablee-outbox")
        more = row.get_by_role("button", name=words("hub.more"))
        for _ in range(3):
            await more.tap()
        await expect(row.locator(".split")).to_contain_text(words("presence.hub.other", n=3))

        await page.wait_for_function("async () => navigator.serviceWorker.controller && await caches.match(location.href)")
        await page.context.set_offline(True)
        await more.tap()
        await page.locator("#hub-text").fill("Et nos médecins ?")
        await page.locator("#hub-name").fill("M. Le Bihan")
        await page.get_by_role("button", name=words("hub.ask.send")).tap()
        await expect(page.locator("#hub-text")).to_have_value("")
        await expect(list_).to_contain_text(words("hub.waiting.other", n=2))
        await expect(list_).to_contain_text("Et nos médecins ?")
        await expect(list_).to_contain_text(words("hub.place"))
        await row.locator("input").focus()
        await page.keyboard.type(str(HANDS))
        await page.keyboard.press("Enter")
        await expect(list_).to_contain_text(words("hub.waiting.other", n=2))
        warned = await reload(page)
        assert warned == ["beforeunload"]
        await expect(list_).to_contain_text("Et nos médecins ?")
        await expect(list_).to_contain_text(words("hub.waiting.other", n=2))
        await expect(row.locator("input")).to_have_value(str(HANDS))
        other = await Person(platform, http, "viewer").ask("Et les trains du soir ?", SESSION)

        await page.context.set_offline(False)
        await expect(page.locator("tablee-mine")).to_contain_text("Et nos médecins ?")
        await expect(row.locator(".split")).to_contain_text(words("presence.hub.other", n=HANDS))
        await expect(list_.locator("section")).to_have_count(0)
        _, state = await moderator.insist("GET", f"/api/qa/sessions/{SESSION}?view=moderator")
        asked = [each for each in state["items"].values() if each["text"] == "Et nos médecins ?"]
        assert [(each["author"], each["for_hall"]) for each in asked] == [("M. Le Bihan", True)]
        assert asked[0]["asked_at"] < other["asked_at"]
        assert state["items"][item["id"]]["by_door"] == {"hub": HANDS}


async def test_what_the_platform_refuses_comes_back_with_its_words(harness: NewHarness, platform: Running) -> None:
    people = await harness(lang="en")
    words = people.words
    page = await people.enter(await people.newcomer("hub"))
    async with aiohttp.ClientSession() as http:
        moderator = Person(platform, http, "moderator", door="staff")
        await moderator.open_floor(SESSION)
        await declared(page, people, Person(platform, http, "operator", door="staff"))
        await page.context.set_offline(True)
        await page.locator("#hub-text").fill("And our school?")
        await page.keyboard.press("Control+Enter")
        await moderator.change_floor(SESSION, "closed")
        await page.context.set_offline(False)
        refused = page.locator(".outbox--refused")
        await expect(refused).to_contain_text("And our school?")
        await expect(page.locator("tablee-outbox")).not_to_contain_text(words("hub.waiting.one", n=1))
        await moderator.open_floor(SESSION)
        await refused.get_by_role("button", name=words("hub.change")).press("Enter")
        await expect(page.locator("#hub-text")).to_have_value("And our school?")
        await expect(page.locator("#hub-text")).to_be_focused()
        await page.keyboard.press("End")
        await page.keyboard.type(" And our bus?")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("tablee-mine")).to_contain_text("And our school? And our bus?")
        await expect(refused).to_have_count(0)


async def test_phones_of_a_hall_come_in_by_the_code_on_its_hosts_page_and_count_by_its_door(
    harness: NewHarness, living: Running, operator: Operator
) -> None:
    day = await operator.publish(LivingDay(tag="phones"))
    session = day.id("tides")
    people = await harness(living, lang="en", size=PHONE, touch=True)
    words, keyboard = people.words, Keyboard()
    page = await people.enter(await people.newcomer("hub"))
    await declared(page, people, operator.person, session)
    await page.locator(".hall-phones summary").tap()
    await expect(page.locator(".hall-phones__qr")).to_be_visible()
    assert await page.locator(".hall-phones__qr").evaluate("async (one) => { await one.decode(); return one.naturalWidth; }")
    await expect(page.locator(".masthead__ring")).to_contain_text(words("presence.hub.other", n=PEOPLE))
    code = "".join((await page.locator(".hall-phones__code").inner_text()).split())
    guest = await people.stranger()
    await guest.goto(f"{people.base}/code")
    await keyboard.write(guest.locator("input[name=code]"), code)
    await guest.keyboard.press("Enter")
    await guest.wait_for_url("**/room?session=*")
    async with aiohttp.ClientSession() as http:
        moderator = Person(living, http, "moderator", door="staff")
        await moderator.open_floor(session)
        item = await moderator.move(await Person(living, http, "viewer").ask("Who lights the lamps?", session), "publish")
        await guest.locator(f"#q-{item['id']}").locator("xpath=ancestor-or-self::li").locator("button.vote").tap()
        await expect(page.locator(f"#q-{item['id']} .split")).to_contain_text(words("presence.hub.one", n=1))
        _, state = await moderator.insist("GET", f"/api/qa/sessions/{session}?view=moderator")
    assert state["presence"]["hub"] == PEOPLE, "who is in the hall is counted already"
    await clean(page)


async def test_whoever_hosts_no_hall_is_told_where_to_say_so(harness: NewHarness) -> None:
    people = await harness()
    page = await people.enter(await people.newcomer("remote"), "/hub")
    await expect(page.locator("h1")).to_have_text(MESSAGES.text("fr", "registration.not_a_host"))
    await page.goto(f"{people.base}/place")
    await expect(page.locator(".place__pages a[href='/hub']")).to_have_count(0)
