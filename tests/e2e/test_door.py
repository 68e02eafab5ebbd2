"""The desk at the door in a real browser: a ticket in front of the camera, codes that are typed while the line is cut, a reload without
it, and everything at the platform once when it is back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import aiohttp
import pytest
import segno
from playwright.async_api import Page, async_playwright, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import ARGUMENTS, PHONE, BrowserHarness
from tests.e2e.test_axe import AXE, RULES, SCHEME_RULES, axe
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

WIDTH: Final = 640
HEIGHT: Final = 480
MODULE: Final = 12
DOOR: Final = "/api/registration/door"


def film_of(code: str, path: Path) -> None:
    """A picture of the code as YUV4MPEG2 (mjpegtools, yuv4mpeg(5)): what a browser takes for a camera."""
    matrix = [list(row) for row in segno.make(code, error="m", micro=False).matrix]
    left, top = (WIDTH - len(matrix) * MODULE) // 2, (HEIGHT - len(matrix) * MODULE) // 2
    rows = []
    for y in range(HEIGHT):
        row = bytearray([235]) * WIDTH
        line = (y - top) // MODULE
        if 0 <= line < len(matrix):
            for column, dark in enumerate(matrix[line]):
                if dark:
                    row[left + column * MODULE : left + (column + 1) * MODULE] = bytes([16]) * MODULE
        rows.append(bytes(row))
    chroma = bytes([128]) * (WIDTH * HEIGHT // 2)
    frame = b"FRAME\n" + b"".join(rows) + chroma
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 5)


async def ticket_of(people: BrowserHarness, name: str) -> str:
    """Somebody registers for the room and looks at their ticket: its code."""
    page = await people.enter(await people.newcomer("in_room", name), "/place/ticket")
    code = await page.locator(".ticket__text").inner_text()
    await page.context.close()
    return code


async def typed(page: Page, code: str) -> None:
    await page.locator("#door-code").fill(code)
    await page.locator("#door-code").press("Enter")


async def test_a_desk_scans_while_the_line_is_cut_and_everything_arrives_once(
    harness: NewHarness, platform: Running, chromium: Path, tmp_path: Path
) -> None:
    people = await harness(lang="en")
    words = people.words
    names = ["Ada Lovelace", "Blaise Pascal", "Chloé Zola"]
    codes = [await ticket_of(people, name) for name in names]
    film_of(codes[0], tmp_path / "ticket.y4m")
    async with async_playwright() as playwright, aiohttp.ClientSession() as http:
        camera = f"--use-file-for-fake-video-capture={tmp_path / 'ticket.y4m'}"
        browser = await playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, camera])
        desk = BrowserHarness(browser, people.base, people.links, lang="en", size=PHONE, touch=True)
        operator = Person(platform, http, "operator", door="staff")
        try:
            _, before = await operator.insist("GET", f"{DOOR}/counts")
            page = await desk.enter(people.links["door"])
            assert page.url.endswith("/door")
            result, last = page.locator("tablee-door-result"), page.locator("tablee-door-last")
            await expect(page.locator(".door-bar__line")).to_contain_text(words("door.line.up"))
            await expect(page.locator(".door-bar__line")).to_contain_text("ticket")
            await page.locator("#door-desk").fill("Desk B")

            await page.get_by_role("button", name=words("door.camera.start")).tap()
            await expect(result.locator("[data-told=in]")).to_contain_text(names[0])
            await expect(result).to_contain_text(words("door.image.refused"))
            await page.get_by_role("button", name=words("door.camera.stop")).tap()
            await expect(last).not_to_contain_text(words("door.unsent"))

            await page.wait_for_function("async () => navigator.serviceWorker.controller && await caches.match(location.href)")
            await page.context.set_offline(True)
            await typed(page, codes[1].lower().replace("-", " "))
            await expect(result.locator("[data-told=in]")).to_contain_text(names[1])
            await typed(page, codes[1])
            await expect(result.locator("[data-told=again]")).to_contain_text("Desk B")
            await typed(page, codes[2])
            await expect(result.locator("[data-told=in]")).to_contain_text(names[2])
            await typed(page, "0000-0000-0000-0000")
            await expect(result.locator("[data-told=unknown]")).to_contain_text(words("door.anyway"))
            await typed(page, "https://example.org")
            await expect(result.locator("[data-told=unreadable]")).to_be_visible()
            await page.locator("tablee-door-walk-in summary").tap()
            await page.locator("#door-guest").fill("Denis Diderot")
            await page.get_by_label(words("door.walk_in.refused")).check()
            await page.locator("tablee-door-walk-in button").tap()
            await expect(result.locator("[data-told=in]")).to_contain_text("Denis Diderot")
            await last.get_by_role("button", name=words("door.undo.of", name=names[2])).tap()
            await expect(last).to_contain_text(words("door.waiting.other", n=5))
            await page.reload()
            await expect(last).to_contain_text(words("door.waiting.other", n=5))
            await expect(page.locator(".door-bar__line--down")).to_be_visible()
            assert not [name for name in names if name in await page.evaluate("JSON.stringify({...localStorage})")]
            await typed(page, codes[1])
            await expect(result.locator("[data-told=again]")).to_contain_text(names[1])
            await typed(page, codes[0])
            await expect(result.locator("[data-told=again]")).to_contain_text("Desk B")

            await page.context.set_offline(False)
            await expect(last.locator(".door-last__waiting")).to_have_count(0)
            await expect(page.locator(".door-bar__line")).to_contain_text(words("door.line.up"))
            _, counts = await operator.insist("GET", f"{DOOR}/counts")
            assert (counts["arrived"] - before["arrived"], counts["walk_ins"] - before["walk_ins"]) == (3, 1)
            _, found = await operator.insist("GET", f"{DOOR}/people?search=Blaise Pascal")
            assert found["people"][0]["first"]["desk"] == "Desk B"
        finally:
            await desk.close()
            await browser.close()


async def test_the_platform_has_the_last_word_and_names_are_found_there(harness: NewHarness) -> None:
    people = await harness(lang="fr")
    words = people.words
    page = await people.enter(await people.newcomer("in_room", "Émilie du Châtelet"), "/place/ticket")
    code = await page.locator(".ticket__text").inner_text()
    door = await people.enter(people.links["door"])
    result = door.locator("tablee-door-result")
    await expect(door.locator(".door-bar__line")).to_contain_text("billet")
    await door.locator("tablee-door-search summary").click()
    await door.locator("#door-name").fill("chatelet")
    await door.locator("#door-name").press("Enter")
    await door.locator("tablee-door-search li").get_by_role("button").click()
    await expect(result.locator("[data-told=in]")).to_contain_text("Émilie du Châtelet")
    await door.get_by_role("button", name=words("door.way.exit"), exact=True).click()
    await typed(door, code)
    await expect(result.locator("[data-told=out]")).to_be_visible()
    await door.get_by_role("button", name=words("door.way.entry"), exact=True).click()
    changed = await page.context.request.patch(
        f"{people.base}/api/registration/me", data={"door": "remote"}, headers={"Origin": people.base}
    )
    assert changed.status == 200
    await typed(door, code)  # still in the list of this desk
    await expect(result.locator("[data-told=other_door]")).to_contain_text(words("door.comes.remote"))
    await door.locator("tablee-door-walk-in summary").click()
    await door.evaluate(AXE.read_text("utf-8"))
    assert not await axe(door, RULES)
    await door.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert not await axe(door, SCHEME_RULES)
