"""The platform in a process of its own, and a browser before it: where the measurements of pages begin, and nothing of it is left."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import async_playwright

from tests.e2e.harness import BrowserHarness, launch
from tests.support.platform import Running, embedded


def fresh() -> Running:
    """Not started yet, in a folder that `browsing` removes."""
    return embedded(Path(tempfile.mkdtemp(prefix="tablee-bench-")))


@asynccontextmanager
async def browsing(running: Running, base: str = "") -> AsyncIterator[BrowserHarness]:
    """`base`: where people reach it, if not directly."""
    try:
        async with running, async_playwright() as playwright:
            browser = await launch(playwright, Path(shutil.which("chromium") or "/usr/bin/chromium"))
            harness = BrowserHarness(browser, base or running.base, await running.links(), running.folder / "var" / "mail")
            yield harness
            await harness.close()
            await browser.close()
    finally:
        shutil.rmtree(running.folder, ignore_errors=True)
