"""How much each page moves by itself while it loads, at the width of a desk and of a phone: the sum of its layout shifts."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import async_playwright

from tests.e2e.harness import BrowserHarness, launch
from tests.e2e.shifts import GOOD, SIZES, Shift, busy_session, shifts
from tests.support.platform import embedded

WIDTHS: Final = tuple(width for width, _ in SIZES)


async def measure() -> dict[str, dict[int, Shift]]:
    folder = Path(tempfile.mkdtemp(prefix="tablee-bench-"))
    running = embedded(folder)
    try:
        await running.start()
        async with async_playwright() as playwright:
            browser = await launch(playwright, Path(shutil.which("chromium") or "/usr/bin/chromium"))
            harness = BrowserHarness(browser, running.base, await running.links(), running.folder / "var" / "mail")
            async with busy_session(running, harness) as links:
                found = await shifts(harness, links)
            await browser.close()
    finally:
        await running.processes["all"].end()
        shutil.rmtree(folder, ignore_errors=True)
    return found


def report(found: dict[str, dict[int, Shift]]) -> list[str]:
    lines = [f"layout shift while loading, at {WIDTHS[0]} and {WIDTHS[1]} px (aim ≤ {GOOD})"]
    return lines + [f"  {name:<26}" + "".join(f"{sizes[width].score:7.3f}" for width in WIDTHS) for name, sizes in found.items()]


if __name__ == "__main__":
    print("\n".join(report(asyncio.run(measure()))))
