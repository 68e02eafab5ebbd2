"""The studio alone: a laptop makes the programme of a stage, cuts between what it shows, and viewers see what was cut to.

A machine without a graphics processor draws 360p15; that is what runs here.
"""

from __future__ import annotations

from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import DESK
from tests.e2e.test_axe import AXE, RULES, axe

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

LIVE_MS: Final = 60_000
"""An encoder starts and a player finds its picture, on a busy machine."""
CUT_MS: Final = 45_000
PHONE: Final = (360, 740)
SESSION: Final = "table-ronde-1"
TOLERANCE: Final = 45
CORNER: Final = """([selector, x, y]) => { const seen = document.querySelector(selector);
  if (!seen || (seen.readyState ?? 4) < 2) return null;
  const width = seen.videoWidth ?? seen.width, height = seen.videoHeight ?? seen.height;
  const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}), pen = canvas.getContext('2d');
  pen.drawImage(seen, x * width - 2, y * height - 2, 4, 4, 0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3); }"""
"""The colour at a place of a picture, in parts of its size."""
TOKEN: Final = """(name) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}), pen = canvas.getContext('2d');
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3); }"""
NEAR: Final = f"""([selector, x, y, wanted, most]) => {{ const found = ({CORNER})([selector, x, y]);
  return found !== null && found.every((one, index) => Math.abs(one - wanted[index]) <= most); }}"""
PROGRAMME: Final = ".studio__picture"
SENT: Final = "[data-seen] canvas"
"""The stage's own picture of what it sends out, every few seconds."""
SMALL: Final = "360p15"


async def shows(page: Page, selector: str, colour: list[int], at: tuple[float, float] = (0.03, 0.03), patience: int = CUT_MS) -> None:
    """Of a picture on the page: the colour at a place of it."""
    await page.wait_for_function(NEAR, arg=[selector, *at, colour, TOLERANCE], timeout=patience)


async def test_what_the_studio_cuts_to_is_what_goes_out(harness: NewHarness) -> None:
    people = await harness(lang="en")
    words = people.words
    studio = await people.enter(people.links["operator"], f"/studio?session={SESSION}")
    accent, paper = [await studio.evaluate(TOKEN, name) for name in ("--accent", "--paper")]
    await studio.get_by_label(words("studio.size")).select_option(SMALL)
    await shows(studio, PROGRAMME, accent)
    await studio.get_by_role("button", name=words("camera.open")).click()
    button = studio.get_by_role("button", name=words("camera.send"))
    await button.click()
    await expect(studio.locator(".camera__state")).to_contain_text(words("camera.state.sending"), timeout=LIVE_MS)
    room = await studio.evaluate(CORNER, [PROGRAMME, 0.5, 0.03])
    assert room[1] > room[0] + 30, f"the fake camera is green: {room}"
    await shows(studio, SENT, room, (0.5, 0.03), 2 * LIVE_MS)
    await studio.locator("h1").click()
    for key, colour in (("6", paper), ("1", room)):
        await studio.keyboard.press(key)
        await shows(studio, PROGRAMME, colour, (0.5, 0.03))
        await shows(studio, SENT, colour, (0.5, 0.03))
    await studio.get_by_label(words("studio.lower.name")).fill("Noor Haddad")
    await studio.get_by_label(words("studio.lower.title")).fill("harbour master")
    await studio.get_by_role("button", name=words("studio.lower.show")).click()
    await shows(studio, SENT, accent, (0.045, 0.92))
    await studio.get_by_role("button", name=words("camera.stop")).click()
    await expect(studio.locator(".camera__state")).to_contain_text(words("camera.state.idle"))
    assert not people.log.complaints


async def test_the_studio_is_whole_on_a_phone_and_for_the_keyboard(harness: NewHarness) -> None:
    people = await harness(lang="fr")
    words = people.words
    page = await people.enter(people.links["operator"], "/studio", size=PHONE)
    await expect(page.locator(".studio__layout")).to_have_count(8)
    await page.evaluate(AXE.read_text("utf-8"))
    assert await axe(page, RULES) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    await page.get_by_role("button", name=words("camera.open")).press("Enter")
    cut = page.locator(".studio__layout[aria-pressed=true]")
    await expect(cut).to_contain_text(words("studio.layout.room"))
    await page.keyboard.press("7")
    await expect(cut).to_contain_text(words("studio.layout.room"))
    await page.keyboard.press("m")
    await expect(page.get_by_role("button", name=words("studio.mute"))).to_have_attribute("aria-pressed", "true")
    assert await axe(page, RULES) == []
    moderator = await people.enter(people.links["moderator"])
    assert (await moderator.request.get(f"{people.base}/studio")).status == 403
