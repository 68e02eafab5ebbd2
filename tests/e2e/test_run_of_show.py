"""The control page as the run of show: the day moved by keyboard alone and by hand, what moves read before it does, a colleague who was
faster, two hundred sessions."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.harness import PHONE, BrowserHarness
from tests.e2e.test_axe import AXE, RULES, SCHEME_RULES, axe
from tests.support.living_day import LivingDay, Operator, crowd

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

MOST_OPENING_MS: Final = 4_000
"""From the order's arrival until two hundred sessions can be used, on a busy machine."""
TRIED_MS: Final = 60_000
"""All tries of one reading, and the pause before the next."""


def row(page: Page, id: str) -> Locator:
    return page.locator(f"#slot-{id}")


async def control(people: BrowserHarness) -> Page:
    page = await people.enter(people.links["operator"], "/control")
    await expect(page.locator("tablee-show .show-row").first).to_be_visible()
    return page


async def tab_to_the_show(page: Page) -> None:
    for _ in range(40):
        if await page.evaluate("Boolean(document.activeElement.closest('.show-row'))"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("Tab never leads into the run of show")


async def confirmed(page: Page, *moved: str) -> None:
    """The preview names what moves; Enter confirms it; the keyboard is back on a session."""
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    for words in moved:
        await expect(dialog).to_contain_text(words)
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)


async def test_a_day_is_run_with_the_keyboard_alone(people: BrowserHarness, operator: Operator) -> None:
    day = await operator.publish(LivingDay(tag="keys"))
    words, page = people.words, await control(people)
    tides, nets = (row(page, day.id(one)) for one in ("tides", "nets"))
    await expect(tides).to_contain_text("Who keeps the tides?")
    await tab_to_the_show(page)
    await expect(tides).to_be_focused()

    await page.keyboard.press("+")
    await confirmed(page, "Who keeps the tides?", "Nets, old and new", day.hour(40))
    await expect(tides).to_contain_text(f"{day.hour(-20)} – {day.hour(40)}")
    await expect(nets).to_contain_text(f"{day.hour(40)} – {day.hour(85)}")
    await expect(nets).to_contain_text(words("show.late.other", n=10))
    await expect(nets.locator("s")).to_contain_text(f"{day.hour(30)} – {day.hour(75)}")
    await expect(tides).to_be_focused()

    await page.keyboard.press("j")
    await expect(nets).to_be_focused()
    await page.keyboard.press(words("show.letter.move"))
    await page.keyboard.type("99")
    await page.keyboard.press("Enter")
    await expect(page.locator("#show-hour-error")).to_have_text(words("show.hour.wrong", typed="99"))
    await page.keyboard.type(day.hour(50).replace(":", "h"))
    await page.keyboard.press("Enter")
    await confirmed(page, day.hour(50))
    await expect(nets).to_contain_text(f"{day.hour(50)} – {day.hour(95)}")
    await expect(nets).to_be_focused()

    await page.keyboard.press(words("show.letter.cancel"))
    await confirmed(page, words("show.moves.closes"))
    await expect(nets.locator(".badge").first).to_have_text(words("show.progress.cancelled"))
    await expect(nets).to_be_focused()
    await page.keyboard.press(words("show.letter.restore"))
    await confirmed(page, words("show.moves.opens"))
    await expect(nets.locator(".badge").first).to_have_text(words("show.progress.upcoming"))

    await page.keyboard.press(words("show.letter.start"))
    await confirmed(page, "Who keeps the tides?")
    await expect(nets.locator(".badge").first).to_have_text(words("show.progress.on"))
    await expect(tides.locator(".badge").first).to_have_text(words("show.progress.over"))
    await expect(nets).to_be_focused()
    await page.keyboard.press(words("show.letter.undo"))
    await confirmed(page)
    await expect(nets.locator(".badge").first).to_have_text(words("show.progress.upcoming"))
    await expect(nets).to_be_focused()

    await page.keyboard.press("+")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(nets).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog").locator("kbd")).not_to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(nets).to_be_focused()
    assert not people.log.complaints


async def test_a_colleague_who_was_faster_is_told_and_the_order_is_read_anew(people: BrowserHarness, operator: Operator) -> None:
    day = await operator.publish(LivingDay(tag="stale"))
    words, page = people.words, await control(people)
    tides = row(page, day.id("tides"))
    await tides.click()
    await tides.get_by_role("button", name=words("show.act.later")).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await operator.change("slide", day.id("tides"), minutes=5)
    await page.get_by_role("dialog").get_by_role("button", name=words("show.confirm")).click()
    await expect(tides.locator("[role=alert]")).to_contain_text(
        words("show.stale.slot", title="Who keeps the tides?", hours=f"{day.hour(-20)} – {day.hour(35)}", how=words("show.progress.on"))
    )
    await expect(tides).to_contain_text(f"{day.hour(-20)} – {day.hour(35)}")
    await expect(tides).to_be_focused()


async def test_the_keyboard_is_not_lost_when_a_colleague_takes_away_the_button_it_is_on(people: BrowserHarness, operator: Operator) -> None:
    day = await operator.publish(LivingDay(tag="button"))
    words, page = people.words, await control(people)
    tides = row(page, day.id("tides"))
    await tab_to_the_show(page)
    await page.keyboard.press("Tab")
    await expect(tides.get_by_role("button", name=words("show.act.end"))).to_be_focused()
    await operator.change("end", day.id("tides"))
    await expect(tides.locator(".badge").first).to_have_text(words("show.progress.over"))
    await expect(tides).to_be_focused()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_lost_line_is_said_in_words_and_the_clock_goes_on(people: BrowserHarness, operator: Operator) -> None:
    day = await operator.publish(LivingDay(tag="line"))
    words, page = people.words, await control(people)
    cut = asyncio.Event()

    async def nothing(route: Route) -> None:
        cut.set()
        await route.abort()

    await page.route("**/api/**", nothing)
    await cut.wait()
    clock = row(page, day.id("tides")).locator(".show-row__clock")
    before = await clock.inner_text()
    await expect(clock).not_to_have_text(before)
    await expect(page.locator("tablee-connection")).to_have_text(words("connection.late"))
    await expect(page.locator("tablee-show .note--error")).to_contain_text(words("net.unreachable"), timeout=TRIED_MS)
    await page.unroute("**/api/**")
    await expect(page.locator("tablee-show .note--error")).to_have_count(0, timeout=TRIED_MS)


async def test_floors_are_opened_and_closed_from_the_run_of_show(people: BrowserHarness, operator: Operator) -> None:
    day = await operator.publish(LivingDay(tag="floor"))
    words, page = people.words, await control(people)
    tides = row(page, day.id("tides"))
    await expect(tides).to_contain_text(words("show.floor.until", state=words("floor.state.open"), time=day.hour(30)))
    await tides.click()
    await tides.locator("tablee-floor").get_by_role("button", name=words("floor.do.paused")).click()
    await expect(tides.locator("tablee-floor .badge")).to_have_text(words("floor.state.paused"))
    await expect(tides).to_contain_text(words("show.floor.hand", state=words("floor.state.paused")))


async def test_one_press_closes_the_questions_of_one_session_and_opens_those_of_the_next(
    people: BrowserHarness, operator: Operator
) -> None:
    day = await operator.publish(LivingDay(tag="over"))
    words, page = people.words, await control(people)
    tides, nets = (row(page, day.id(one)) for one in ("tides", "nets"))
    await expect(tides).to_contain_text(words("control.queued.other", n=0))
    await tides.get_by_role("button", name=words("show.over_to", title="Nets, old and new")).click()
    await expect(tides).to_contain_text(words("show.floor.hand", state=words("floor.state.closed")))
    await expect(nets).to_contain_text(words("show.floor.hand", state=words("floor.state.open")))


async def test_two_hundred_sessions_remain_usable_on_a_phone(people: BrowserHarness, operator: Operator) -> None:
    day = await operator.publish(crowd(LivingDay(tag="crowd"), 200))
    page = await people.enter(people.links["operator"], "/control", size=PHONE)
    await expect(page.locator("tablee-show .show-row").first).to_be_visible()
    days = page.locator("details.show__day")
    await expect(days).to_have_count(3)
    assert await days.evaluate_all("(all) => all.filter((one) => one.open).length") == 1
    await expect(row(page, day.id("tides"))).to_be_visible()
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    spent = await page.evaluate(
        "async () => { const show = document.querySelector('tablee-show'); const began = performance.now();"
        " show.order = {...show.order}; await show.updateComplete; return performance.now() - began; }"
    )
    assert spent < MOST_OPENING_MS
    await days.last.locator("summary").first.click()
    await expect(days.last.locator(".show-row").first).to_be_visible()


@pytest.mark.parametrize(("lang", "size"), [("fr", (1440, 900)), ("en", PHONE)])
async def test_axe_finds_nothing_in_the_run_of_show(people: BrowserHarness, operator: Operator, lang: str, size: tuple[int, int]) -> None:
    day = await operator.publish(LivingDay(tag=f"axe{lang}"))
    await operator.change("slide", day.id("tides"), minutes=10)
    await operator.change("cancel", day.id("lamps"))
    people.lang, people.size = lang, size
    page = await control(people)
    await row(page, day.id("tides")).click()
    await expect(row(page, day.id("tides")).locator("tablee-floor .badge")).to_be_visible()
    await page.evaluate(AXE.read_text("utf-8"))
    problems = await axe(page, RULES)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    problems += await axe(page, SCHEME_RULES)
    await page.keyboard.press("+")
    await expect(page.get_by_role("dialog")).to_be_visible()
    problems += await axe(page, RULES)
    assert not problems, "\n".join(problems)
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
