"""How the picture begins: many loads of the page from afar, one after the other, each watched for some seconds.

A stall is a picture that has begun and then stands still for longer than STALL_SECONDS. Run it on a quiet machine for the page's own share,
on a busy one for what people have.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Page

from bench.browsing import browsing, fresh
from bench.pages import SESSION
from tests.e2e.harness import BrowserHarness

LOADS: Final = 60
WATCHED_SECONDS: Final = 10.0
STALL_SECONDS: Final = 0.7

WATCH: Final = """
(() => {
  const seen = { began: null, longest: 0, at: 0, rates: [] };
  let position = 0, moved = 0;
  window.__seen = seen;
  const look = () => {
    const video = document.querySelector('tablee-player video');
    const now = performance.now();
    if (video && video.currentTime !== position) {
      position = video.currentTime;
      if (seen.began === null && position > 0) seen.began = now;
      moved = now;
    } else if (seen.began !== null && now - moved > seen.longest) {
      seen.longest = now - moved;
      seen.at = moved - seen.began;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
DELAY: Final = """() => { const hls = document.querySelector('tablee-player').playback?.hls;
  return hls?.playingDate ? (Date.now() - hls.playingDate.getTime()) / 1000 : null; }"""


@dataclass(frozen=True)
class Start:
    """Seconds: until the first picture, the longest stand-still after it and when that began, behind the source at the end."""

    began: float | None
    stall: float
    stall_at: float
    delay: float | None


async def start(page: Page, address: str) -> Start:
    await page.goto(address, wait_until="commit")
    await page.wait_for_timeout(WATCHED_SECONDS * 1000)
    seen = await page.evaluate("() => window.__seen")
    began = None if seen["began"] is None else seen["began"] / 1000
    return Start(began, seen["longest"] / 1000, seen["at"] / 1000, await page.evaluate(DELAY))


async def measure(loads: int = LOADS) -> list[Start]:
    async with browsing(fresh()) as harness:
        return await _starts(harness, loads)


async def _starts(harness: BrowserHarness, loads: int) -> list[Start]:
    first = await harness.enter(harness.links["viewer"], "/place")
    await first.context.add_init_script(WATCH)
    found = []
    for _ in range(loads):
        page = await first.context.new_page()
        found.append(await start(page, f"{harness.base}/watch?session={SESSION}"))
        await page.close()
    return found


def report(starts: list[Start]) -> list[str]:
    began = [one.began for one in starts if one.began is not None]
    delays = sorted(one.delay for one in starts if one.delay is not None)
    stalls = [one for one in starts if one.stall > STALL_SECONDS]
    return [
        f"{len(starts)} loads of the page from afar: {len(starts) - len(began)} without a picture, first picture "
        f"after {statistics.median(began or [0]):.1f} s (longest {max(began or [0]):.1f} s)",
        f"  stalls over {STALL_SECONDS} s: {len(stalls)}"
        + "".join(f"; {one.stall:.1f} s after {one.stall_at:.1f} s" for one in stalls[:8]),
        f"  behind the source at the end: {statistics.median(delays or [0]):.2f} s (longest {max(delays or [0]):.2f} s)",
    ]


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LOADS
    print(f"load {os.getloadavg()[0]:.1f}")
    print("\n".join(report(asyncio.run(measure(count)))))
