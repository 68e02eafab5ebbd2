"""Two halls at once: each session plays the picture of its own stage, and a session that is not broadcast shows nothing of its hall.

Both stages are sent to over RTMP, one red, one blue.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.harness import BrowserHarness
from tests.support.living_day import LOFT_STAGE, ROPES, SALT, STAGE, TIDES, LivingDay, Operator
from tests.support.sender import rtmp_push

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

SOON_MS: Final = 6_000
LIVE_MS: Final = 75_000
"""A second encoder starts and a player finds its picture, on a busy machine."""
TINT: Final = """() => { const video = document.querySelector('tablee-player video');
  if (!video || video.readyState < 2 || video.closest('[hidden]')) return 'nothing';
  const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}), pen = canvas.getContext('2d');
  pen.drawImage(video, 0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return red > 150 && blue < 90 ? 'red' : blue > 150 && red < 90 ? 'blue' : `${red},${green},${blue}`; }"""
"""What colour the picture of a page has."""


async def shows(page: Page, colour: str) -> None:
    await page.wait_for_function(f"(colour) => ({TINT})() === colour", arg=colour, timeout=LIVE_MS)


async def address_of(operator: Operator, stage: str) -> str:
    """Once the stage is there."""
    async with asyncio.timeout(LIVE_MS / 1000):
        while True:
            status, key = await operator.person.insist("GET", f"/api/streaming/stages/{stage}/key")
            if status == 200:
                return f"rtmp://127.0.0.1:{operator.person.running.rtmp_port}/live/{key['stream_key']}"
            await asyncio.sleep(0.2)


@dataclass
class Halls:
    people: BrowserHarness
    operator: Operator
    day: LivingDay
    asked: dict[Page, list[str]] = field(default_factory=dict)

    async def watch(self, session: str) -> Page:
        page = await self.people.enter(await self.people.newcomer("remote"))
        requests = self.asked[page] = []
        page.on("request", lambda request: requests.append(request.url))
        await page.goto(f"{self.people.base}/watch?session={self.day.id(session)}")
        return page

    def media_of(self, page: Page) -> list[str]:
        """What the page has asked for of any stream."""
        return [address for address in self.asked[page] if "/hls/" in address]


@pytest_asyncio.fixture(loop_scope="session")
async def halls(people: BrowserHarness, operator: Operator, ffmpeg: Path) -> AsyncIterator[Halls]:
    day = LivingDay(tag="halls", loft_stage=True).changed("salt", stage=LOFT_STAGE)
    await operator.publish(day)
    async with AsyncExitStack() as senders:
        for stage, colour in ((STAGE, "red"), (LOFT_STAGE, "blue")):
            url = await address_of(operator, stage)
            await senders.enter_async_context(rtmp_push(ffmpeg, url, picture=f"color=c={colour}:s=320x180:r=25"))
        yield Halls(people, operator, day)
    await operator.publish(LivingDay())


async def test_each_session_plays_its_own_stage_while_it_has_one_and_is_not_closed(halls: Halls) -> None:
    words = halls.people.words
    quay, loft = await halls.watch(TIDES.id), await halls.watch(SALT.id)
    await shows(quay, "red")
    await shows(loft, "blue")
    assert not [address for address in halls.media_of(quay) if LOFT_STAGE in address]

    await halls.operator.publish(halls.day.changed("salt", stream=False))
    await expect(loft.get_by_text(words("page.watch.closed"))).to_be_visible(timeout=SOON_MS)
    await expect(loft.locator("tablee-player")).to_be_hidden()
    control = await halls.people.enter(halls.people.links["operator"], "/control")
    await expect(control.locator(".stream").filter(has_text="Loft stage")).to_contain_text(words("stream.reason.closed_session"))
    late = await halls.watch(SALT.id)
    outside = await halls.watch(ROPES.id)
    await expect(late.get_by_text(words("page.watch.closed"))).to_be_visible()
    await expect(outside.get_by_text(words("page.watch.none"))).to_be_visible()
    for page in (late, outside):
        await page.wait_for_function("() => document.querySelector('tablee-connection').state === 'live'", timeout=LIVE_MS)
    assert not halls.media_of(late)
    assert not halls.media_of(outside)
    await shows(quay, "red")

    await halls.operator.publish(halls.day)
    await shows(loft, "blue")
    await shows(late, "blue")

    await halls.operator.publish(replace(halls.day.changed("salt", stage=None), loft_stage=False))
    for page in (loft, late):
        await expect(page.get_by_text(words("page.watch.none"))).to_be_visible(timeout=SOON_MS)
        await expect(page.locator("tablee-player")).to_be_hidden()
    sender = control.locator(".stream").filter(has_text="Loft stage").locator(".note")
    await expect(sender).to_contain_text(words("stream.leaves.other", n=1).partition(" 1 ")[0])
    await shows(quay, "red")
