"""What a page weighs on the wire at a first visit: bytes as they came, headers and all, media left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Page

READY: Final[Mapping[str, str]] = {
    "room": "tablee-ask form, tablee-ask .note",
    "watch": "tablee-ask form, tablee-ask .note",
    "moderate": "tablee-floor .badge",
}
"""What shows that a page can be used."""
QUIET_MS: Final = 1_500
"""What a page loads after it is ready is part of its weight."""


@dataclass
class Weight:
    """Bytes on the wire and requests of one page, media left out."""

    bytes: int = 0
    requests: int = 0


async def weigh(page: Page, address: str, ready: str) -> Weight:
    await page.goto("about:blank")
    found = Weight()
    media: set[str] = set()
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def asked(event: dict[str, Any]) -> None:
        if "/hls/" in event["request"]["url"]:
            media.add(event["requestId"])
        else:
            found.requests += 1

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in media:
            found.bytes += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", finished)
    await page.goto(address)
    await page.locator(ready).first.wait_for(state="attached")
    await page.evaluate("document.fonts.ready.then(() => true)")
    await page.wait_for_timeout(QUIET_MS)
    await session.detach()
    return found
