"""Back to the beginning of a session while it is on, and to live again, with the keyboard; and watched again when it is over."""

from __future__ import annotations

from typing import Any, Final

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.harness import PHONE, BrowserHarness
from tests.e2e.load import LONG, Load
from tests.e2e.test_axe import AXE, RULES, axe
from tests.support.bus.kit import eventually
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

RECORDED_SECONDS: Final = 40.0
"""Until a segment of a session is on disk and another one is begun, on a busy machine."""
BACK_MS: Final = 40_000
DRAWN: Final = "() => document.querySelector('.replay__still').naturalWidth === 320"
MOVES: Final = "(from) => { const v = document.querySelector('tablee-again video'); return v && !v.paused && v.currentTime > from; }"


async def until_recorded(person: Person, session: str, seconds: float, *, growing: bool) -> dict[str, Any]:
    async def found() -> dict[str, Any] | None:
        replay = (await person.insist("GET", f"/api/streaming/sessions/{session}/replay"))[1]
        return replay if replay["seconds"] >= seconds and replay["growing"] == growing else None

    replay = await eventually(found, RECORDED_SECONDS)
    assert replay is not None
    return replay


async def live_plays(page: Page) -> None:
    await page.wait_for_function("() => document.querySelector('tablee-player').state === 'playing'", timeout=BACK_MS)


async def test_one_goes_back_in_a_session_and_watches_it_again_when_it_is_over(
    people: BrowserHarness, operator: Operator, living: Running
) -> None:
    day = await operator.publish(LivingDay(tag="again"))
    session, words = day.id("tides"), people.words
    async with aiohttp.ClientSession() as http:
        load, viewer = Load(living, http, session), Person(living, http, "viewer")
        await load.fill(1)
        await until_recorded(viewer, session, 7.0, growing=True)

        page = await people.enter(await people.newcomer("remote"), f"/watch?session={session}")
        await live_plays(page)
        back = page.locator(".player__past")
        await expect(back).to_be_visible(timeout=BACK_MS)
        await back.focus()
        await page.keyboard.press("b")
        await expect(page.locator("tablee-player")).to_be_hidden()
        await expect(page.locator("tablee-again video")).to_be_focused()
        await page.wait_for_function(MOVES, arg=0.5, timeout=BACK_MS)
        await page.get_by_role("button", name=words("replay.live")).press("Enter")
        await expect(page.locator("tablee-again")).to_be_hidden()
        await live_plays(page)
        await expect(page.locator(".player__past")).to_be_focused()

        await operator.change("end", session)
        await until_recorded(viewer, session, 7.0, growing=False)
        for size in (None, PHONE):
            again = await people.enter(await people.newcomer("remote"), f"/watch?session={session}", size=size)
            await expect(again.locator("tablee-again video")).to_be_visible(timeout=BACK_MS)
            await expect(again.locator("tablee-player")).to_be_hidden()
            poster = await again.locator("tablee-again video").evaluate("(video) => video.poster")
            assert (await again.request.get(poster)).headers["content-type"] == "image/jpeg"
            await expect(again.locator("tablee-on-stage .badge")).to_have_text(words("question.on_stage.last"))
            await again.locator(".replay__chapters summary").press("Enter")
            chapter = again.locator(".replay__chapter")
            await expect(chapter).to_have_count(1)
            await again.wait_for_function(DRAWN, timeout=BACK_MS)
            await chapter.press("Enter")
            await again.wait_for_function(MOVES, arg=0.2, timeout=BACK_MS)
            await again.evaluate(AXE.read_text())
            assert await axe(again, RULES) == []


async def test_an_operator_keeps_a_recording_as_a_file_and_erases_it_with_the_keyboard(
    people: BrowserHarness, operator: Operator, living: Running
) -> None:
    day = await operator.publish(LivingDay(tag="kept"))
    session, words = day.id("tides"), people.words
    async with aiohttp.ClientSession() as http:
        await Load(living, http, session).fill(1)
        await until_recorded(Person(living, http, "viewer"), session, 2.0, growing=True)
        page = await people.enter(people.links["operator"], "/control")
        recording = page.locator(".recording", has_text="Who keeps the tides?").first
        await expect(recording).to_contain_text(words("recordings.growing"), timeout=BACK_MS)
        await expect(recording.get_by_role("button")).to_have_count(0)
        await operator.change("end", session)
        make = recording.get_by_role("button", name=words("recordings.video.make"))
        await make.press("Enter", timeout=BACK_MS)
        save = recording.get_by_role("link")
        await expect(save).to_be_visible(timeout=BACK_MS)
        async with page.expect_download() as coming:
            await save.press("Enter")
        file = await coming.value
        assert file.suggested_filename == f"{session}.mp4"
        assert LONG[:60].encode() in (await file.path()).read_bytes(), "the question is a chapter"
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.evaluate(AXE.read_text())
        assert await axe(page, RULES) == []
        erase = recording.get_by_role("button", name=words("recordings.erase"))
        await erase.press("Enter")
        await expect(recording).to_contain_text(words("recordings.erase.help"))
        await recording.get_by_role("button", name=words("recordings.erase.sure")).press("Enter")
        await expect(recording).to_have_count(0)
