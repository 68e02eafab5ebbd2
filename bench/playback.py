"""How the picture begins: many loads of the page from afar, one after the other, each watched for some seconds.

A stall is a picture that has begun and then stands still for longer than STALL_SECONDS. Run it on a quiet machine for the page's own share,
on a busy one for what people have. What happened around each stall is printed (stall_evidence.py).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Page

from bench.browsing import browsing, fresh
from bench.pages import SESSION
from bench.stall_evidence import FOUND, PAGE, PageSide, Witness, explain, witness
from tests.e2e.harness import BrowserHarness

LOADS: Final = 60
WATCHED_SECONDS: Final = 10.0
STALL_SECONDS: Final = 0.7

WATCH: Final = """
(() => {
  const seen = { began: null, longest: 0, at: 0, from: 0, ahead: 0 };
  let position = 0, moved = 0, ahead = 0;
  const left = ({ buffered }) => {
    for (let n = 0; n < buffered.length; n++) {
      if (buffered.start(n) <= position + 0.1 && position <= buffered.end(n)) return buffered.end(n) - position;
    }
    return 0;
  };
  window.__seen = seen;
  const look = () => {
    const video = document.querySelector('tablee-player video');
    const now = performance.now();
    if (video && video.currentTime !== position) {
      position = video.currentTime;
      if (seen.began === null && position > 0) seen.began = now;
      moved = now;
      ahead = left(video);
    } else if (seen.began !== null && now - moved > seen.longest) {
      Object.assign(seen, { longest: now - moved, at: moved - seen.began, from: (performance.timeOrigin + moved) / 1000, ahead });
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
    """Seconds: until the first picture, the longest stand-still after it and when that began, behind the source at the end; the machine's
    load then. `evidence`: lines about a stall."""

    began: float | None
    stall: float
    stall_at: float
    delay: float | None
    load: float
    evidence: list[str] = field(default_factory=list)


async def start(page: Page, address: str, server: Witness) -> Start:
    await page.goto(address, wait_until="commit")
    await page.wait_for_timeout(WATCHED_SECONDS * 1000)
    seen = await page.evaluate("() => window.__seen")
    began, stall, load = None if seen["began"] is None else seen["began"] / 1000, seen["longest"] / 1000, os.getloadavg()[0]
    evidence = []
    if stall > STALL_SECONDS:
        evidence = explain(PageSide.of(await page.evaluate(FOUND)), server, seen["from"], seen["from"] + stall, seen["ahead"])
    return Start(began, stall, seen["at"] / 1000, await page.evaluate(DELAY), load, evidence)


async def measure(loads: int = LOADS) -> list[Start]:
    async with browsing(fresh()) as harness:
        return await _starts(harness, loads)


async def _starts(harness: BrowserHarness, loads: int) -> list[Start]:
    first = await harness.enter(harness.links["viewer"], "/place")
    await first.context.add_init_script(WATCH + PAGE)
    found = []
    async with witness(harness.links["hls"]) as server:
        for number in range(loads):
            page = await first.context.new_page()
            found.append(await start(page, f"{harness.base}/watch?session={SESSION}", server))
            print(f"  {number + 1}/{loads}: {found[-1].stall:.2f} s", file=sys.stderr)
            await page.close()
    return found


def report(starts: list[Start]) -> list[str]:
    began = [one.began for one in starts if one.began is not None]
    delays = sorted(one.delay for one in starts if one.delay is not None)
    stalls = [one for one in starts if one.stall > STALL_SECONDS]
    stills, loads = [one.stall for one in starts], [one.load for one in starts]
    return [
        f"{len(starts)} loads of the page from afar: {len(starts) - len(began)} without a picture, first picture "
        f"after {statistics.median(began or [0]):.1f} s (longest {max(began or [0]):.1f} s)",
        f"  longest stand-still of a load: half within {statistics.median(stills):.2f} s, all within {max(stills):.2f} s; "
        f"load of the machine {min(loads):.1f} to {max(loads):.1f}",
        f"  behind the source at the end: {statistics.median(delays or [0]):.2f} s (longest {max(delays or [0]):.2f} s)",
        f"  stalls over {STALL_SECONDS} s: {len(stalls)}",
        *(line for one in stalls for line in _told(one)),
    ]


def _told(one: Start) -> list[str]:
    return [f"  {one.stall:.1f} s, {one.stall_at:.1f} s after the first picture, at a load of {one.load:.1f}", *one.evidence]


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LOADS
    print("\n".join(report(asyncio.run(measure(count)))))
