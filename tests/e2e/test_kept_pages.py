"""What stays of a session: its answers and its ledger, read with a finger on a phone and with keys alone at a desk."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

import aiohttp
import pytest
from playwright.async_api import expect

from tests.e2e.conftest import NewHarness
from tests.e2e.page_driver import Keyboard, PageDriver, Pointer
from tests.e2e.test_screens import clean
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

PHONE: Final = (360, 740)
TOLD, PROMISED, ANSWER = "Who repaints the buoys?", "When is the slipway open again?", "The harbour master, each spring."
TOLD_SECONDS: Final = 40.0
ASK_AGAIN_SECONDS: Final = 0.5


async def _answered(living: Running, http: aiohttp.ClientSession, session: str) -> str:
    """One question answered on stage and in writing by two pairs of eyes, another one promised; the id of the first."""
    moderator, other = (Person(living, http, "moderator", door="staff") for _ in range(2))
    await moderator.open_floor(session)
    told, later = [await moderator.move(await Person(living, http, "viewer").ask(text, session), "publish") for text in (TOLD, PROMISED)]
    told = await moderator.move(await moderator.move(told, "stage"), "answer")
    told = await other.move(await moderator.move(told, "write", text=ANSWER), "release")
    await moderator.move(later, "defer", owner="The harbour office", due=datetime.now(UTC).date().isoformat())
    return str(told["id"])


async def _says(http: aiohttp.ClientSession, address: str, *words: str) -> None:
    """Pages of another service, which is told by the bus: once they say so. Raises AssertionError."""
    missing: list[str] = []
    try:
        async with asyncio.timeout(TOLD_SECONDS):
            while True:
                async with http.get(address) as answer:
                    text = await answer.text()
                missing = [each for each in words if each not in text]
                if not missing:
                    return
                await asyncio.sleep(ASK_AGAIN_SECONDS)
    except TimeoutError:
        raise AssertionError(f"{address} ({answer.status}) never said {missing}: {text[-9000:]}") from None


async def test_the_answers_and_the_ledger_are_read_by_touch_and_by_keys(harness: NewHarness, living: Running, operator: Operator) -> None:
    day = await operator.publish(LivingDay(tag="remains"))
    session = day.id("tides")
    phones, desks = await harness(living, lang="en", size=PHONE, touch=True), await harness(living, lang="en")
    words = desks.words
    async with aiohttp.ClientSession() as http:
        id = await _answered(living, http, session)
        await _says(http, f"{living.base}/answers?session={session}", ANSWER, "The harbour office")
        await _says(http, f"{living.base}/ledger?session={session}", "kept__numbers")
    drivers: tuple[PageDriver, ...] = (Pointer(touch=True), Keyboard())
    for people, driver in zip((phones, desks), drivers, strict=True):
        page = await people.stranger()
        await page.goto(f"{people.base}/answers?session={session}")
        first = page.locator(f"#q-{id}")
        await expect(first).to_contain_text(ANSWER)
        await expect(first).to_contain_text(words("answers.moment.staged"))
        await expect(page.locator(".kept__promise")).to_contain_text("The harbour office")
        await driver.press(first.get_by_role("link", name=words("answers.permalink")))
        await page.wait_for_url(f"**/answers?session={session}#q-{id}")
        await clean(page)
        await driver.press(page.locator(".kept__ways").get_by_role("link", name=words("ledger.title")))
        await page.wait_for_url(f"**/ledger?session={session}")
        await expect(page.locator(".kept__numbers").first).to_contain_text(words("ledger.asked"))
        assert not await page.evaluate("() => document.scrollingElement.scrollWidth > innerWidth")
        await clean(page)
