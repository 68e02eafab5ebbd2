"""How fast a desk at the door answers without a line: from a code that is read to the result on the screen, with 3,000 tickets on the
device and with 30, in the same browser.
"""

from __future__ import annotations

import asyncio
import base64
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from playwright.async_api import Page, Route, async_playwright

from services.registration.door.tickets import Tickets
from services.registration.people.domain import walk_in
from services.registration.people.draft import ImageChoice
from shared.auth.keys import Secrets
from tests.e2e.harness import PHONE, BrowserHarness, launch
from tests.support.platform import embedded

MANY: Final = 3_000
FEW: Final = 30
SCANS: Final = 100
MOST_MS: Final = 100.0
CHROMIUM: Final = Path("/usr/bin/chromium")
SCAN: Final = """async (codes) => {
  const camera = document.querySelector('tablee-door-camera');
  const result = document.querySelector('tablee-door-result');
  const times = [];
  for (const [code, name] of codes) {
    const began = performance.now();
    const shown = new Promise((done) => {
      const watch = new MutationObserver(() => {
        if (result.querySelector('[data-told=in] .door-result__name')?.textContent === name) { watch.disconnect(); done(); }
      });
      watch.observe(result, { childList: true, subtree: true, characterData: true, attributes: true });
    });
    camera.dispatchEvent(new CustomEvent('code', { detail: code }));
    await shown;
    times.push(performance.now() - began);
  }
  return times;
}"""


class Answered(NamedTuple):
    """Milliseconds."""

    tickets: int
    median: float
    slowest_of_twenty: float


async def measure(scans: int = SCANS) -> list[Answered]:
    with tempfile.TemporaryDirectory() as folder:
        async with embedded(Path(folder)) as running, async_playwright() as playwright:
            browser = await launch(playwright, CHROMIUM)
            found = []
            for tickets in (FEW, MANY):
                harness = BrowserHarness(browser, running.base, await running.links(), size=PHONE)
                found.append(await _answered(harness, running.event, tickets, scans))
                await harness.close()
            await browser.close()
            return found


async def _answered(harness: BrowserHarness, event: str, tickets: int, scans: int) -> Answered:
    sealed, codes = _list(event, tickets)
    page = await harness.stranger()
    await page.route("**/api/registration/door/list", lambda route: _give(route, sealed))
    await harness.press_enter(page, harness.links["door"])
    await page.wait_for_function("() => document.querySelector('.door-bar__line')?.textContent.match(/[0-9]/)")
    await page.context.set_offline(True)
    times = await _scan(page, codes[:scans])
    return Answered(tickets, times[len(times) // 2], times[len(times) * 19 // 20])


async def _give(route: Route, sealed: dict[str, Any]) -> None:
    await route.fulfill(json=sealed)


async def _scan(page: Page, codes: list[tuple[str, str]]) -> list[float]:
    times: list[float] = await page.evaluate(SCAN, codes)
    return sorted(times)


def _list(event: str, number: int) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """As SealedListAnswer; and (code, name) of each."""
    now = datetime.now(UTC)
    tickets, lines, codes = Tickets(Secrets(stream_secret=b"s" * 32, link_key=b"k" * 32), event), {}, []
    for one in range(number):
        id, choice = f"00000000-0000-4000-8000-{one:012}", ImageChoice("granted", "v", "0", now, "form")
        person, _ = walk_in(id, event, f"Guest {one}", "fr", choice)
        index, sealed = tickets.line(person, [])
        lines[index] = sealed
        codes.append((tickets.code_of(person.id), person.name))
    salt = base64.b64encode(tickets.salt).decode()
    day = now.date().isoformat()
    made_at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"event": event, "day": day, "made_at": made_at, "salt": salt, "places": [], "people": lines, "inside": []}, codes


def report(found: list[Answered]) -> list[str]:
    few, many = found
    lines = [
        f"a scan without a line, {one.tickets} tickets: median {one.median:.1f} ms, 95 % {one.slowest_of_twenty:.1f} ms" for one in found
    ]
    kept = "within" if many.slowest_of_twenty <= MOST_MS else "over"
    times = f"{many.median / few.median:.2f} times as long as {few.tickets}"
    return [*lines, f"  {many.tickets} tickets take {times}; {kept} the {MOST_MS:.0f} ms promised"]


if __name__ == "__main__":
    print("\n".join(report(asyncio.run(measure()))))
