"""How long a moderator waits from a key to what they see of it, with hundreds of questions on the desk: the real platform, a real browser.

From the key's own time stamp to the second frame after it, when its effect has been painted. The processor is the machine's own.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from playwright.async_api import Page

from bench.browsing import browsing, fresh
from tests.support.people import Person
from tests.support.platform import Running

MANY: Final = 500
KEYS: Final = 40
AT_ONCE: Final = 16
"""Questions asked beside each other."""
AIM_MS: Final = 100
SESSION: Final = "table-ronde-1"
WATCH: Final = """() => { window.spent = []; addEventListener('keydown', (event) => {
  requestAnimationFrame(() => requestAnimationFrame(() => window.spent.push(performance.now() - event.timeStamp))); }, true); }"""
PAINTED: Final = "(count) => window.spent.length >= count"


@dataclass(frozen=True)
class Waits:
    """Milliseconds from a key to its paint; `first` from the page's request to its first card."""

    moving: list[float]
    deciding: list[float]
    finding: list[float]
    first: float


async def measure(count: int = MANY) -> Waits:
    """With so many questions waiting."""
    running = fresh()
    async with browsing(running) as harness:
        await _ask(running, count)
        page = await harness.enter(harness.links["moderator"], "/place")
        return await _waits(page, f"{running.base}/moderate?session={SESSION}", count)


async def _ask(running: Running, count: int) -> None:
    async with aiohttp.ClientSession() as http:
        moderator = Person(running, http, "moderator", door="staff")
        state: dict[str, Any] = {}
        while not state:
            status, answer = await moderator.call("GET", f"/api/qa/sessions/{SESSION}?view=moderator")
            state = answer if status == 200 else {}
        if state["floor"]["state"] != "open":
            body = {"state": "open", "expected_version": state["floor"]["version"]}
            await moderator.insist("POST", f"/api/qa/sessions/{SESSION}/floor", body)
        for first in range(0, count, AT_ONCE):
            some = range(first, min(count, first + AT_ONCE))
            await asyncio.gather(*(Person(running, http, "viewer").ask(f"Une question parmi {count}, la {n}", SESSION) for n in some))


async def _waits(page: Page, address: str, count: int) -> Waits:
    began = time.perf_counter()
    await page.goto(address, wait_until="commit")
    await page.wait_for_function("(count) => document.querySelectorAll('tablee-desk li.card').length >= count", arg=count)
    first = (time.perf_counter() - began) * 1000
    await page.evaluate(WATCH)
    moving = await _press(page, ["j"] * KEYS)
    deciding = await _press(page, ["p"] * KEYS)
    await page.keyboard.press("/")
    finding = await _press(page, list("parmi 500")[:KEYS])
    return Waits(moving, deciding, finding, first)


async def _press(page: Page, keys: list[str]) -> list[float]:
    await page.evaluate("() => { window.spent = []; }")
    for count, key in enumerate(keys, 1):
        await page.keyboard.press(key)
        await page.wait_for_function(PAINTED, arg=count)
    found: list[float] = await page.evaluate("window.spent")
    return found


def report(waits: Waits) -> list[str]:
    kinds = {"to the next question": waits.moving, "publishing": waits.deciding, "finding": waits.finding}
    lines = [f"a desk with {MANY} questions waiting: usable after {waits.first / 1000:.1f} s; from a key to its paint (aim {AIM_MS} ms)"]
    for name, spent in kinds.items():
        lines.append(f"  {name:<22}{statistics.median(spent):6.0f} ms, 19 of 20 within {statistics.quantiles(spent, n=20)[-1]:.0f} ms")
    return lines


if __name__ == "__main__":
    print(f"load {os.getloadavg()[0]:.1f}")
    print("\n".join(report(asyncio.run(measure()))))
