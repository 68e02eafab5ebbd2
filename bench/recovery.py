"""How soon the page from afar is back at its delay, and at its quality, after the line was away.

Cut: connections break and none can be made. Frozen: they stay, nothing passes, and then all of it comes. The line is a relay in front
of the platform; the live feed has a port of its own and stays. All six cases last about five minutes, each is printed when it has ended;
`python -m bench.recovery frozen 8` is one of them.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Page

from bench.browsing import browsing, fresh
from bench.pages import SESSION
from bench.playback import WATCHED_SECONDS
from tests.support.tcp_proxy import TcpProxy

WAYS: Final = ("cut", "frozen")
AWAY_SECONDS: Final = (2.0, 8.0, 20.0)
BACK_WITHIN: Final = 1.0
"""Seconds beyond the delay that the stream asks for."""
LONGEST_SECONDS: Final = 60.0
CLIMB_SECONDS: Final = 20.0
"""Until so long after the line is back, the quality may climb."""
CASE_SECONDS: Final = 2 * LONGEST_SECONDS + 30.0
"""Longer than a case can last beside the time its line is away: its page does not answer."""
EXCESS: Final = """() => { const player = document.querySelector('tablee-player'), { hls, video } = player.playback ?? {};
  return player.state === 'playing' && hls?.latency && !video.paused ? hls.latency - hls.targetLatency : null; }"""
LINES: Final = "() => document.querySelector('tablee-player').playback?.lines() ?? 0"


@dataclass(frozen=True)
class Recovery:
    """After the line was away in this way for `away` seconds: seconds until the delay was within BACK_WITHIN, None: not in time; the
    lines of the picture before, and CLIMB_SECONDS after the line was back."""

    how: str
    away: float
    back: float | None
    lines: tuple[int, int]


async def recovery(page: Page, address: str, line: TcpProxy, how: str, away: float) -> Recovery:
    await page.goto(address, wait_until="commit")
    await page.wait_for_function(f"() => (({EXCESS})() ?? 99) < {BACK_WITHIN}", timeout=LONGEST_SECONDS * 1000, polling=250)
    await page.wait_for_timeout(WATCHED_SECONDS * 1000)
    before = await page.evaluate(LINES)
    (line.cut if how == "cut" else line.freeze)()
    await asyncio.sleep(away)
    line.mend()
    began = time.perf_counter()
    back = await _back(page, began)
    await page.wait_for_timeout(max(0.0, CLIMB_SECONDS - (time.perf_counter() - began)) * 1000)
    return Recovery(how, away, back, (before, await page.evaluate(LINES)))


async def _back(page: Page, began: float) -> float | None:
    """Twice in a row: one look may fall between two lists."""
    held = 0
    while (passed := time.perf_counter() - began) < LONGEST_SECONDS:
        excess = await page.evaluate(EXCESS)
        held = held + 1 if excess is not None and excess <= BACK_WITHIN else 0
        if held == 2:
            return passed
        await page.wait_for_timeout(250)
    return None


async def measure(ways: Sequence[str] = WAYS, aways: Sequence[float] = AWAY_SECONDS) -> AsyncIterator[Recovery]:
    """Each as soon as it is known. Raises TimeoutError when a page does not get that far."""
    running = fresh()
    line, process = TcpProxy(running.ports["registration"]), running.processes["all"]
    base = f"http://127.0.0.1:{await line.start()}"
    process.environment = {**process.environment, "TABLEE_PUBLIC_URL": base, "TABLEE_FEED_URL": running.feed}
    try:
        async with browsing(running, base) as harness:
            for how in ways:
                for away in aways:
                    async with asyncio.timeout(CASE_SECONDS + away):
                        page = await harness.enter(harness.links["viewer"], "/place")
                        found = await recovery(page, f"{base}/watch?session={SESSION}", line, how, away)
                        await page.context.close()
                    yield found
    finally:
        await line.stop()


def report(one: Recovery) -> str:
    return (
        f"line {one.how} for {one.away:.0f} s: {'not back' if one.back is None else f'back after {one.back:.1f} s'}, "
        f"picture of {one.lines[0]} lines before, of {one.lines[1]} {CLIMB_SECONDS:.0f} s after"
    )


async def show(ways: Sequence[str] = WAYS, aways: Sequence[float] = AWAY_SECONDS) -> None:
    async for one in measure(ways, aways):
        print(report(one), flush=True)


if __name__ == "__main__":
    print(f"load {os.getloadavg()[0]:.1f}", flush=True)
    asyncio.run(show(sys.argv[1:2] or WAYS, [float(one) for one in sys.argv[2:]] or AWAY_SECONDS))
