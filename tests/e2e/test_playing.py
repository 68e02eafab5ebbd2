"""The picture is heard and shown as a person chose: by hand, and by keys."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.journey import PLAYING

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

SESSION: Final = "table-ronde-1"
PLAYS: Final = f"() => {{ const video = document.querySelector('tablee-player video'); return video && ({PLAYING})(video); }}"
FLOATS: Final = "() => document.pictureInPictureElement === document.querySelector('tablee-player video')"


async def watching(harness: NewHarness) -> Page:
    people = await harness(lang="en")
    page = await people.enter(people.links["viewer"], f"/watch?session={SESSION}")
    await page.wait_for_function(PLAYS)
    return page


async def test_the_player_has_a_volume_that_is_kept_keys_while_it_has_the_keyboard_and_a_window_of_its_own(harness: NewHarness) -> None:
    page = await watching(harness)
    video = page.locator("tablee-player video")
    await page.locator(".player__volume").fill("0.3")
    await expect(video).to_have_js_property("volume", 0.3)
    await page.reload()
    await page.wait_for_function(PLAYS)
    await expect(video).to_have_js_property("volume", 0.3)
    await page.keyboard.press("s")
    await expect(video).to_have_js_property("muted", False)
    await page.locator(".player__toggle").focus()
    await page.keyboard.press("s")
    await expect(video).to_have_js_property("muted", True)
    await page.keyboard.press("i")
    await page.wait_for_function(FLOATS)
    await page.keyboard.press("p")
    await expect(video).to_have_js_property("paused", True)


@pytest.mark.parametrize(("lost", "asked"), [(0, 1), (1, 2)])
async def test_the_list_of_the_stage_is_asked_for_once_before_its_player_is_there_and_again_if_it_does_not_come(
    harness: NewHarness, lost: int, asked: int
) -> None:
    people = await harness(lang="en")
    page = await people.enter(people.links["viewer"], "/place")
    kinds: list[str] = []

    async def lose(route: Route) -> None:
        kinds.append(route.request.resource_type)
        await (route.abort() if len(kinds) <= lost else route.continue_())

    await page.route("**/hls/*/index.m3u8", lose)
    await page.goto(f"{people.base}/watch?session={SESSION}")
    await page.wait_for_function(PLAYS)
    assert kinds == ["fetch", "xhr"][:asked]
