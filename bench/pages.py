"""What pages weigh on the wire at a first visit, and when they can be used on a thin line: the real platform, a real browser.

Media are not counted. The thin line is 500 kbit/s with 300 ms to each answer, as the browser's own developer tools make it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Page

from bench.browsing import browsing, fresh
from tests.e2e.weights import READY, Weight, weigh

THIN_BYTES_PER_SECOND: Final = 500_000 / 8
THIN_LATENCY_MS: Final = 300
AIMS_KB: Final = {"event": 90, "registration": 80, "room": 100, "moderate": 110, "watch": 200}
SESSION: Final = "table-ronde-1"
PLAYS: Final = "() => {{ const video = document.querySelector('tablee-player video'); return video?.currentTime > 0 && video.{} > 0; }}"


@dataclass(frozen=True)
class ThinLine:
    """Seconds from the request of /watch."""

    questions: float
    sound: float
    picture: float


async def thin(page: Page, address: str) -> ThinLine:
    await page.goto("about:blank")
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.clearBrowserCache")
    line = {
        "offline": False,
        "latency": THIN_LATENCY_MS,
        "downloadThroughput": THIN_BYTES_PER_SECOND,
        "uploadThroughput": THIN_BYTES_PER_SECOND,
    }
    await session.send("Network.emulateNetworkConditions", line)
    began = time.perf_counter()

    async def after(what: str) -> float:
        await page.wait_for_function(what, timeout=60_000, polling=50)
        return time.perf_counter() - began

    await page.goto(address, wait_until="commit")
    return ThinLine(
        *await asyncio.gather(
            after("() => document.querySelector('tablee-ask form, tablee-ask .note')"),
            after(PLAYS.format("webkitAudioDecodedByteCount")),
            after(PLAYS.format("webkitDecodedFrameCount")),
        )
    )


async def measure() -> tuple[dict[str, Weight], ThinLine]:
    async with browsing(fresh()) as harness:
        weights = {}
        stranger = await harness.stranger()
        weights["event"] = await weigh(stranger, f"{harness.base}/", "main")
        weights["registration"] = await weigh(stranger, f"{harness.base}/inscription", "form")
        for name, link in (("room", "room"), ("watch", "viewer"), ("moderate", "moderator")):
            page = await harness.enter(harness.links[link])
            weights[name] = await weigh(page, f"{harness.base}/{name}?session={SESSION}", READY[name])
            await page.close()
        newcomer = await harness.enter(harness.links["viewer"], "/place")
        return weights, await thin(newcomer, f"{harness.base}/watch?session={SESSION}")


def report(measured: tuple[dict[str, Weight], ThinLine]) -> list[str]:
    weights, line = measured
    lines = ["pages at a first visit, without media (kB on the wire, requests, aim)"]
    lines += [f"  {name:<13}{one.bytes / 1000:7.1f} kB {one.requests:4d}   ≤ {AIMS_KB[name]} kB" for name, one in weights.items()]
    lines.append(
        f"watch at 500 kbit/s, 300 ms: questions after {line.questions:.1f} s, sound after {line.sound:.1f} s, "
        f"first picture after {line.picture:.1f} s   (aims 3, 6 and 9 s)"
    )
    return lines


if __name__ == "__main__":
    print("\n".join(report(asyncio.run(measure()))))
