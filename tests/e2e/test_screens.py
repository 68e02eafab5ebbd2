"""The screens of the room go blank by one key of the desk, and everywhere by one button of the control room; one press brings them back."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.harness import PHONE, BrowserHarness
from tests.e2e.test_axe import AXE, RULES, SCHEME_RULES, axe
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

QUESTION = "Who mends the old pier?"
AT_ONCE_MS = 500
WATCHED = """() => { new MutationObserver(() => {
  if (document.querySelector('.screen--blank')) window.blankAt ??= Date.now(); else window.blankAt = undefined;
}).observe(document.querySelector('tablee-screen'), {childList: true, subtree: true, attributes: true}); }"""


async def clean(*pages: Page) -> None:
    for page in pages:
        await page.evaluate(AXE.read_text("utf-8"))
        assert await axe(page, RULES) == []
        await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert await axe(page, SCHEME_RULES) == []


async def _staged(living: Running, session: str) -> None:
    async with aiohttp.ClientSession() as http:
        moderator = Person(living, http, "moderator", door="staff")
        await moderator.open_floor(session)
        item = await moderator.move(await Person(living, http, "viewer").ask(QUESTION, session), "publish")
        await moderator.move(item, "stage")


async def _is_blank(screen: Page) -> None:
    await expect(screen.locator(".screen--blank")).to_be_attached()
    assert QUESTION not in await screen.content()


async def _leads_to_the_code(screen: Page) -> None:
    """What the screen says to open is there, and takes the code beside it."""
    await expect(screen.locator(".screen__code")).not_to_be_empty()
    address = await screen.locator(".screen__way strong").first.inner_text()
    answer = await screen.context.request.get(f"http://{address}")
    assert answer.status == 200
    assert 'name="code"' in await answer.text()


async def _pressed(desk: Page, screens: list[Page]) -> float:
    """The key of the desk, until the last screen is blank, in ms; and back."""
    before = float(await desk.evaluate("() => Date.now()"))
    await desk.keyboard.press("o")
    for screen in screens:
        await _is_blank(screen)
    last = max([float(await screen.evaluate("() => window.blankAt")) for screen in screens])
    await expect(desk.locator("tablee-screens .screens--blank")).to_be_visible()
    await desk.keyboard.press("o")
    for screen in screens:
        await expect(screen.locator(".screen__words")).to_contain_text(QUESTION)
    await expect(desk.locator("tablee-screens .screens--blank")).to_have_count(0)
    return last - before


async def test_every_screen_is_blank_within_half_a_second_and_back_by_one_press(
    people: BrowserHarness, operator: Operator, living: Running
) -> None:
    day, words = await operator.publish(LivingDay(tag="screens")), people.words
    session = day.id("tides")
    await _staged(living, session)
    addresses = [f"/stage?session={session}&pin", f"/stage?session={session}&pin&transparent=1"]
    screens = [await people.enter(people.links["stage"], address) for address in addresses]
    for screen in screens:
        await expect(screen.locator(".screen__words")).to_contain_text(QUESTION)
        await screen.evaluate(WATCHED)
    await _leads_to_the_code(screens[0])
    desk = await people.enter(people.links["moderator"], f"/moderate?session={session}")
    await expect(desk.locator("tablee-desk li.card").first).to_be_visible()
    times = [await _pressed(desk, screens) for _ in range(3)]
    assert min(times) <= AT_ONCE_MS, times

    await desk.keyboard.press("o")
    await _is_blank(screens[0])
    await screens[1].reload()
    await _is_blank(screens[1])
    await expect(desk.locator("tablee-screens")).to_contain_text(words("screens.restore"))
    await desk.keyboard.press("?")
    await expect(desk.get_by_role("dialog")).to_contain_text(words("command.screens"))
    await desk.keyboard.press("Escape")
    control = await people.enter(people.links["operator"], "/control")
    every = control.locator("tablee-all-screens")
    await expect(every).to_contain_text(str(await _title(desk)))
    await _all_off_and_on(every, desk, people)
    await _is_blank(screens[0])
    await desk.set_viewport_size(dict(zip(("width", "height"), PHONE, strict=True)))  # type: ignore[arg-type]
    await clean(desk, control, screens[0])
    await every.get_by_role("button", name=words("screens.restore")).click()
    for screen in screens:
        await expect(screen.locator(".screen__words")).to_contain_text(QUESTION)


async def _title(desk: Page) -> str | None:
    return await desk.locator("tablee-session h1").text_content()


async def _all_off_and_on(every: Locator, desk: Page, people: BrowserHarness) -> None:
    words = people.words
    try:
        await every.get_by_role("button", name=words("screens.all.blank")).click()
        await expect(every).to_contain_text(words("screens.all.restore"))
        await expect(desk.locator("tablee-screens")).to_contain_text(words("screens.operator"))
    finally:
        await every.get_by_role("button", name=words("screens.all.restore")).click()
    await expect(desk.locator("tablee-screens")).not_to_contain_text(words("screens.operator"))
