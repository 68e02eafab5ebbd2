"""One platform and one browser for all of these tests, started on first use; each test has its own people and its own session.

The folder's tests share one event loop (`pytestmark = IN_ONE_LOOP`): the browser and the platform's process belong to it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.harness import PATIENCE_MS, BrowserHarness, launch
from tests.support import living_day
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running, embedded

NewHarness = Callable[..., Awaitable[BrowserHarness]]


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def living(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A platform whose programme is a day that is going on now; tests change it, so each publishes one of its own."""
    folder = tmp_path_factory.mktemp("living-day")
    running = embedded(folder, TABLEE_EVENT=str(LivingDay().write(folder / "event")))
    running.event = living_day.EVENT
    async with running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def operator(living: Running) -> AsyncIterator[Operator]:
    async with aiohttp.ClientSession() as http:
        yield Operator(Person(living, http, "operator", door="staff"))


@pytest_asyncio.fixture(loop_scope="session")
async def people(harness: NewHarness, living: Running) -> BrowserHarness:
    return await harness(living, lang="en")


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        found = await launch(playwright, chromium)
        try:
            yield found
        finally:
            await found.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with embedded(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def harness(browser: Browser, platform: Running) -> AsyncIterator[NewHarness]:
    """Makes the harness of this test, on the shared platform; `how` as BrowserHarness."""
    made: list[BrowserHarness] = []

    async def make(running: Running = platform, **how: Any) -> BrowserHarness:
        made.append(BrowserHarness(browser, running.base, await running.links(), running.folder / "var" / "mail", **how))
        return made[-1]

    yield make
    for one in made:
        await one.close()
