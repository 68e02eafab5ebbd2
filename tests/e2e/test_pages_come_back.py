"""Open pages after a kill -9 of the platform and after a cut line: right again without a reload, with what was typed still there.

The platform is this module's own, and its pages reach the live feed through a line that the test can cut.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.e2e.harness import BrowserHarness
from tests.e2e.journey import Journey
from tests.e2e.page_driver import Pointer, card_of, row_of
from tests.support.people import Person
from tests.support.platform import Running, embedded
from tests.support.tcp_proxy import TcpProxy

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

BACK_MS: Final = 45_000
"""A start of the platform and the longest pause of a page before its next try, on a busy machine."""
SESSION: Final = "table-ronde-1"
TYPED: Final = "Une question commencée, puis"


@dataclass
class Line:
    running: Running
    proxy: TcpProxy


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    running = embedded(tmp_path_factory.mktemp("coming-back"))
    proxy, process = TcpProxy(running.feed_port), running.processes["all"]
    process.environment = {**process.environment, "TABLEE_FEED_URL": f"ws://127.0.0.1:{await proxy.start()}/feed"}
    try:
        await running.start()
        yield Line(running, proxy)
    finally:
        await process.end()
        await proxy.stop()


@dataclass
class Pages:
    """Opened once for this module: like pages that stay open all day."""

    harness: BrowserHarness
    viewer: Page
    room: Page
    moderator: Page
    stage: Page

    @property
    def all(self) -> tuple[Page, ...]:
        return self.viewer, self.room, self.moderator, self.stage

    async def are_live(self) -> None:
        for page in self.all:
            await page.wait_for_function(
                "() => (document.querySelector('tablee-connection')?.state ?? "
                "document.querySelector('tablee-screen').connection) === 'live'",
                timeout=BACK_MS,
            )

    async def were_never_reloaded(self) -> None:
        for page in self.all:
            await expect(page.locator("body")).to_have_attribute("data-loaded", "once")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pages(browser: Browser, line: Line) -> AsyncIterator[Pages]:
    running = line.running
    harness = BrowserHarness(browser, running.base, await running.links(), running.folder / "var" / "mail")
    journey = Journey(harness, Pointer(), SESSION)
    viewer = await harness.enter(await harness.newcomer("remote"), f"/watch?session={SESSION}")
    await journey.watches(viewer)
    opened = Pages(harness, viewer, *await journey.others_come())
    for page in opened.all:
        await page.evaluate("() => { document.body.dataset.loaded = 'once'; }")  # a reload would lose this mark
    yield opened
    await harness.close()


async def test_a_cut_line_is_said_in_words_and_loses_nothing(pages: Pages, line: Line) -> None:
    driver, words, text = Pointer(), pages.harness.words, "Posée pendant la coupure"
    await pages.viewer.locator("#ask-text").fill(TYPED)

    line.proxy.cut()
    try:
        for page in (pages.viewer, pages.room, pages.moderator):
            await expect(page.locator("tablee-connection .connection-state")).to_have_text(words("connection.offline"))
        for page in (pages.viewer, pages.room):
            await expect(page.locator(".column__foot .connection-state")).to_be_in_viewport()
        await expect(pages.stage.locator(".screen__mark")).to_have_text(words("screen.late"))
        await driver.ask(pages.room, text)  # commands take another way
        await expect(pages.room.locator("#ask-state")).to_have_text(words("ask.sent"))
    finally:
        line.proxy.mend()
    await pages.are_live()

    await expect(pages.viewer.locator("tablee-connection .connection-state")).to_have_count(0)
    await expect(card_of(pages.moderator, text)).to_have_count(1)
    await expect(pages.room.locator("li.mine")).to_have_count(1)
    await driver.command(pages.moderator, words, text, "publish")
    await expect(row_of(pages.viewer, text)).to_be_visible()
    await expect(pages.viewer.locator("#ask-text")).to_have_value(TYPED)
    await pages.were_never_reloaded()


async def test_pages_are_right_again_after_a_kill(pages: Pages, line: Line) -> None:
    driver, words = Pointer(), pages.harness.words
    accepted, later = "Posée juste avant l’arrêt, comptée une fois", "Posée après le redémarrage"
    await driver.ask(pages.viewer, accepted)
    await expect(pages.viewer.locator("#ask-state")).to_have_text(words("ask.sent"))
    await pages.room.locator("#ask-text").fill(TYPED)

    process = line.running.processes["all"]
    await process.kill()
    for page in (pages.viewer, pages.room):
        await expect(page.locator("tablee-connection .connection-state")).to_be_visible()
    await expect(pages.stage.locator(".screen__mark")).to_be_attached()
    await expect(pages.viewer.locator(".player__status .badge--waiting")).to_be_visible()
    await expect(pages.viewer.locator(".player__over")).to_have_text(any_of(words("player.stalled"), words("player.retrying")))
    await process.start()
    await pages.are_live()

    await expect(card_of(pages.moderator, accepted)).to_have_count(1)
    await expect(pages.viewer.locator("li.mine")).to_have_count(1)
    await driver.command(pages.moderator, words, accepted, "publish")
    await expect(row_of(pages.room, accepted)).to_have_count(1)
    async with aiohttp.ClientSession() as http:
        await Person(line.running, http, "viewer").ask(later, SESSION)
    await driver.command(pages.moderator, words, later, "publish")
    await expect(row_of(pages.viewer, later)).to_have_count(1)
    await driver.command(pages.moderator, words, accepted, "stage")
    await expect(pages.stage.locator(".screen__words")).to_contain_text(accepted)
    await expect(pages.room.locator("#ask-text")).to_have_value(TYPED)
    await expect(pages.viewer.locator("tablee-player .player__status .badge")).to_have_text(words("player.rehearsal"), timeout=BACK_MS)
    await Journey(pages.harness, driver, SESSION).watches(pages.viewer)
    await pages.were_never_reloaded()


def any_of(*sentences: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one) for one in sentences))
