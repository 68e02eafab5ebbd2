"""A poll from its preparation to the screen in the room: by keys and by touch, answered by the three doors."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.harness import PHONE, BrowserHarness
from tests.e2e.test_axe import AXE, RULES, SCHEME_RULES, axe
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

QUESTION = "Which boat first?"
LATE_SECONDS, ABOUT_SECONDS = 8, 1
"""How far behind the stage a page says to be; and by how much what it measures may differ from its timer."""
TIMED = """(late) => {
  const poll = document.querySelector('tablee-poll');
  poll.delay = () => late;
  new MutationObserver(() => {
    if (Object.values(poll.live.polls)[0].status !== 'open') poll.announced ??= performance.now();
    if (poll.announced && !poll.querySelector('form')) poll.ended ??= performance.now();
  }).observe(poll, {childList: true, subtree: true, characterData: true});
}"""
ANSWERABLE = "() => { const { announced, ended } = document.querySelector('tablee-poll'); return (ended - announced) / 1000; }"
"""Seconds from the end that was announced until this page took no more answers."""


async def _clean(*pages: Page) -> None:
    for page in pages:
        await page.evaluate("() => scrollTo(0, 0)")  # what a sticky part covers by half elsewhere is reached by scrolling
        await page.evaluate(AXE.read_text("utf-8"))
        assert await axe(page, RULES) == []
        await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert await axe(page, SCHEME_RULES) == []


async def test_a_poll_is_prepared_answered_by_three_doors_and_shown_on_the_screen(
    people: BrowserHarness, operator: Operator, living: Running
) -> None:
    day, words = await operator.publish(LivingDay(tag="poll")), people.words
    session = day.id("tides")
    desk = await people.enter(people.links["moderator"], f"/moderate?session={session}")
    panel, button = desk.locator("#poll-desk"), desk.locator(".poll-desk__button")
    await expect(desk.locator("tablee-desk")).to_be_visible()
    await button.focus()
    await desk.keyboard.press("Enter")
    await panel.get_by_role("button", name=words("poll.desk.new")).focus()
    await desk.keyboard.press("Enter")
    dialog = desk.locator("dialog[open]")
    await dialog.locator("[name=question]").fill(QUESTION)
    options, save = dialog.locator("[name=options]"), dialog.get_by_role("button", name=words("poll.desk.save"))
    await options.fill("The red one\nThe red one")
    await save.press("Enter")
    await expect(dialog.get_by_role("alert")).to_have_text(words("qa.poll_options_same"))
    await expect(options).to_have_value("The red one\nThe red one")
    await expect(dialog.locator("[name=question]")).to_have_value(QUESTION)
    await _clean_dialog(desk)
    await options.fill("The red one\nThe blue one\nThe old one")
    await save.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(panel).to_contain_text(QUESTION)
    await panel.get_by_role("button", name=words("poll.do.open"), exact=True).press("Enter")
    await expect(panel).to_contain_text(words("poll.status.open"))

    phone = await people.enter(await people.newcomer("remote"), f"/watch?session={session}", size=PHONE)
    poll = phone.locator("tablee-poll")
    await poll.get_by_text("The blue one").click()
    await poll.get_by_role("button", name=words("poll.send")).click()
    await expect(poll).to_contain_text(words("poll.kept"))
    room = await people.enter(await people.newcomer("in_room"), f"/room?session={session}")
    radios = room.locator("tablee-poll input[type=radio]")
    await radios.first.focus()
    for key in ("Space", "ArrowDown", "Enter"):
        await room.keyboard.press(key)
    await expect(room.locator("tablee-poll")).to_contain_text(words("poll.kept"))
    async with aiohttp.ClientSession() as http:
        host = Person(living, http, "viewer", door="hub", people=20)
        _, state = await host.insist("GET", f"/api/qa/sessions/{session}")
        (id,) = state["polls"]
        counted = {"counts": {"1": 9, "2": 3}, "people": 14}
        assert (await host.insist("PUT", f"/api/qa/polls/{id}/hall", counted))[0] == 200
    await expect(panel).to_contain_text("14 answers")

    screen = await people.enter(people.links["stage"], f"/stage?session={session}&pin")
    await expect(screen.locator(".screen-poll")).to_contain_text(QUESTION)
    assert "64" not in await screen.locator(".screen-poll").inner_text()
    await phone.evaluate(TIMED, LATE_SECONDS)
    await panel.get_by_role("button", name=words("poll.do.close"), exact=True).press("Enter")
    await expect(panel).to_contain_text(words("poll.status.closing"))
    await panel.get_by_role("button", name=words("poll.do.show")).press("Enter")
    await expect(screen.locator(".screen-poll")).to_contain_text("9 · 64%")
    await expect(poll).to_contain_text("9 · 64%")
    await expect(panel).to_contain_text(words("poll.status.closed"), timeout=30_000)
    await expect(poll).to_contain_text(words("poll.mine", answer="The blue one"))
    assert float(await phone.evaluate(ANSWERABLE)) >= LATE_SECONDS - ABOUT_SECONDS
    await _clean(desk, phone, room, screen)


async def _clean_dialog(desk: Page) -> None:
    await desk.evaluate(AXE.read_text("utf-8"))
    assert await axe(desk, RULES) == []
