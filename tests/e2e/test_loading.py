"""What a page does before its scripts have come: it does not move when they come; and where none ever come, it says so and stays whole."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import DESK, BrowserHarness
from tests.e2e.shifts import GOOD, SESSION, SIZES, busy_session, shifts
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

WITHOUT_SCRIPTS = (("viewer", "watch"), ("room", "room"), ("moderator", "moderate"), ("operator", "control"), ("stage", "stage"))


async def test_no_page_moves_while_it_loads(harness: NewHarness, platform: Running) -> None:
    people = await harness()
    async with busy_session(platform, people) as links:
        found = await shifts(people, links)
    moved = [(name, width, one) for name, sizes in found.items() for width, one in sizes.items() if one.score > GOOD]
    assert not moved, "\n".join(f"{name} at {width} px: {one.score:.3f}\n  " + "\n  ".join(one.moved) for name, width, one in moved)


async def _without_scripts(people: BrowserHarness, link: str) -> Page:
    """Who has come in, in a browser without scripts."""
    entered = await people.enter(people.links[link], "/place")
    context = await people.browser.new_context(java_script_enabled=False, locale=people.lang)
    people.contexts.append(context)
    await context.add_cookies(await entered.context.cookies())  # type: ignore[arg-type]
    return await context.new_page()


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_without_scripts_a_page_says_so_and_what_is_left_to_do(harness: NewHarness, lang: str) -> None:
    people = await harness(lang=lang)
    for link, name in WITHOUT_SCRIPTS:
        page = await _without_scripts(people, link)
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            await page.goto(f"{people.base}/{name}?session={SESSION}")
            await expect(page.locator(".noscript p")).to_have_text(people.words("page.noscript"))
            await expect(page.locator(".noscript p")).to_be_visible()
            assert people.words("page.loading") not in await page.locator("main").inner_text()
            await expect(page.locator(".noscript a[href='/']")).to_be_visible()
            note = await page.locator(".noscript").bounding_box()
            assert note is not None
            assert note["x"] >= 0, name
            assert note["x"] + note["width"] <= width, name
            assert note["y"] < height / 2, f"{name}: below what cannot be shown"


async def test_without_scripts_people_are_found_and_withdrawn(harness: NewHarness) -> None:
    people = await harness(lang="en", size=DESK)
    page = await _without_scripts(people, "operator")
    await page.goto(f"{people.base}/people")
    await expect(page.locator("noscript p")).to_have_text(people.words("people.noscript"))
    await page.get_by_role("searchbox").fill("nobody is called that")
    await page.get_by_role("search").get_by_role("button").click()
    await expect(page.get_by_text(people.words("people.none"))).to_be_visible()
