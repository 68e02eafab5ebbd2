"""The desk by its keys, under the load it is for: the keyboard stays on a question, whoever decides."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.page_driver import card_of
from tests.support.bus.kit import eventually
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

MANY = 100
ON_A_CARD = "() => document.activeElement?.closest('tablee-desk li.card') !== null"
WAITING = "section[aria-labelledby=column-waiting] li.card"
PUBLISHED = "section[aria-labelledby=column-published] li.card"


async def waiting(platform: Running, session: str, count: int, mark: str) -> Person:
    """That many questions of as many people wait. Returns a moderator."""
    async with aiohttp.ClientSession() as http:
        moderator = Person(platform, http, "moderator", door="staff")

        async def known() -> dict[str, Any] | None:
            status, state = await moderator.call("GET", f"/api/qa/sessions/{session}?view=moderator")
            return state if status == 200 else None

        state = await eventually(known)
        assert state is not None
        if state["floor"]["state"] != "open":
            body = {"state": "open", "expected_version": state["floor"]["version"]}
            await moderator.insist("POST", f"/api/qa/sessions/{session}/floor", body)
        for number in range(count):
            await Person(platform, http, "viewer").ask(f"{mark} {number:03}", session)
        return moderator


async def desk(harness: NewHarness, session: str) -> Page:
    people = await harness()
    return await people.enter(people.links["moderator"], f"/moderate?session={session}")


async def reach(page: Page, text: str) -> None:
    """By the key that leads down."""
    for _ in range(MANY):
        here = await page.evaluate("() => document.activeElement?.id ?? ''")
        await page.keyboard.press("j")
        await page.wait_for_function("(here) => document.activeElement.id !== here", arg=here)
        if await card_of(page, text).evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"{text} is not reached")


async def test_a_hundred_questions_are_published_by_one_key_without_losing_the_place(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-1"
    await waiting(platform, session, MANY, "Cent fois")
    page = await desk(harness, session)
    mine = page.locator(WAITING).filter(has_text="Cent fois")
    await expect(mine).to_have_count(MANY)
    await page.locator(WAITING).first.focus()
    before = await page.locator(WAITING).count()
    for number in range(MANY):
        await page.keyboard.press("a")
        if number < before - 1:
            assert await page.evaluate(ON_A_CARD), f"the keyboard was lost after {number + 1} decisions"
    await expect(page.locator(PUBLISHED).filter(has_text="Cent fois")).to_have_count(MANY - max(0, MANY - before))


async def test_a_colleague_who_decides_takes_no_keyboard_away(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-2"
    await waiting(platform, session, 5, "À plusieurs")
    page = await desk(harness, session)
    await expect(card_of(page, "À plusieurs 004")).to_be_visible()
    await reach(page, "À plusieurs 002")
    async with aiohttp.ClientSession() as http:
        colleague = Person(platform, http, "moderator", door="staff")
        _, state = await colleague.call("GET", f"/api/qa/sessions/{session}?view=moderator")
        (item,) = [one for one in state["items"].values() if one["text"] == "À plusieurs 002"]
        await colleague.move(item, "publish")
    await expect(page.locator("li.card--left")).to_have_count(1)
    await expect(card_of(page, "À plusieurs 003")).to_be_focused()
    await page.keyboard.press("k")
    await expect(card_of(page, "À plusieurs 001")).to_be_focused()
    await page.keyboard.press("a")
    await expect(page.locator(PUBLISHED).filter(has_text="À plusieurs 001")).to_have_count(1)
    await expect(card_of(page, "À plusieurs 003")).to_be_focused()


async def test_letters_are_no_commands_outside_the_desk_nor_where_they_are_switched_off(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-3"
    await waiting(platform, session, 2, "Sans lettre")
    page = await desk(harness, session)
    first = page.locator(WAITING).first
    await first.focus()
    await page.locator("tablee-floor button").first.focus()
    await page.keyboard.press("a")
    await first.focus()
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    await dialog.locator("input[name=letters]").uncheck()
    await dialog.locator(".button--primary").click()
    await first.focus()
    await page.keyboard.press("a")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(WAITING).nth(1)).to_be_focused()
    await expect(page.locator(PUBLISHED).filter(has_text="Sans lettre")).to_have_count(0)
