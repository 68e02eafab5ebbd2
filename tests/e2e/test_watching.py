"""Watch and room under load: the list has room, news moves nothing that a hand is about to press, the keyboard is never out of sight, and
what people do with the list works. At the sizes of a phone, of a desk, and of a desk at 200 %.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import DESK, BrowserHarness
from tests.e2e.load import LONG, Load
from tests.e2e.page_driver import Pointer, row_of
from tests.e2e.test_axe import AXE, RULES, axe
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

PHONE: Final = (360, 740)
ZOOMED: Final = (720, 450)
"""A desk of 1440 by 900 at 200 %."""
SIDEWAYS: Final = (740, 360)
MOST_TABS: Final = 90
SEEN: Final = """(selector) => [...document.querySelectorAll(selector)].filter((one) => {
  const box = one.getBoundingClientRect();
  if (!box.width || box.top < 0 || box.bottom > innerHeight) return false;
  return [box.top + 3, (box.top + box.bottom) / 2, box.bottom - 3].every((y) => {
    const there = document.elementFromPoint(box.left + 5, y);
    return there && (one.contains(there) || there.contains(one));
  });
}).length"""
"""How many of these elements are on the screen as a whole, with nothing over them."""
TEXTS: Final = ".questions__list > .question .question__text"
FOCUSED: Final = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return null;
  const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
  const there = document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  const label = there?.tagName === 'LABEL' && there.contains(one);
  const seen = box.bottom > 0 && box.top < innerHeight && there && (one.contains(there) || label);
  const again = 'tabbed' in one.dataset;
  one.dataset.tabbed = '';
  return {name: `${one.tagName} ${one.id || one.className} ${one.textContent.trim().slice(0, 40)}`, hidden: !seen, again};
}"""
AWAY: Final = """(away) => {
  Object.defineProperty(document, 'hidden', {get: () => away, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""
SHIFTS: Final = """() => { window.shifts = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.shifts.push(one.value); }).observe({type: 'layout-shift'}); }"""


async def hidden_focus(page: Page) -> list[str]:
    """Tab through the whole page: what had the keyboard while something lay over it."""
    hidden: list[str] = []
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found: dict[str, Any] | None = await page.evaluate(FOCUSED)
        if found is None or found["again"]:
            break
        if found["hidden"]:
            hidden.append(found["name"])
    return hidden


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def load(living: Running) -> AsyncIterator[Load]:
    async with aiohttp.ClientSession() as http:
        day = await Operator(Person(living, http, "operator", door="staff")).publish(LivingDay(tag="load"))
        found = Load(living, http, day.id("tides"))
        await found.fill()
        yield found


async def comes(people: BrowserHarness, load: Load, name: str = "watch", size: tuple[int, int] | None = DESK) -> Page:
    await load.settle()
    link = await people.newcomer("remote" if name == "watch" else "in_room")
    page = await people.enter(link, f"/{name}?session={load.session}", size=size)
    await expect(page.locator(TEXTS)).to_have_count(len(load.listed))
    await expect(page.locator(".slot__text")).to_contain_text(LONG[:40])
    return page


async def test_the_list_has_room_on_every_screen(people: BrowserHarness, load: Load) -> None:
    page = await comes(people, load)
    await Pointer().ask(page, "Who comes to the house of those who cannot come here?")
    await expect(page.locator("li.mine")).to_have_count(1)
    await page.locator(".questions__title").click()
    for (width, height), least in ((DESK, 4), ((1920, 1080), 4), ((820, 1180), 1), (PHONE, 1), (ZOOMED, 1), (SIDEWAYS, 1)):
        await page.set_viewport_size({"width": width, "height": height})
        await page.reload()
        await expect(page.locator(TEXTS).first).to_be_attached()
        await expect(page.locator("li.mine")).to_have_count(1)
        assert await page.evaluate(SEEN, TEXTS) >= least, f"{width}x{height}"
        assert await page.locator(".column__foot").evaluate("(foot) => foot.offsetHeight") < 130  # the row of hands, the line that asks
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        if (width, height) != SIDEWAYS:
            assert await page.evaluate(SEEN, ".slot .badge") == 1, f"{width}x{height}"
        if height == DESK[1]:
            column, box = [await page.locator(one).bounding_box() for one in (".column", ".questions__scroll")]
            assert column
            assert box
            assert box["height"] >= column["height"] / 2
            assert await page.evaluate("document.documentElement.scrollHeight") <= height


@pytest.mark.parametrize("name", ["watch", "room"])
async def test_news_moves_nothing_under_a_pointer_and_never_the_page(people: BrowserHarness, load: Load, name: str) -> None:
    page = await comes(people, load, name)
    row = page.locator(".questions__list > .question").nth(3)
    below = await row.get_attribute("id") or ""
    await row.hover()
    place = f"() => document.getElementById({below!r}).getBoundingClientRect().top"
    before = await page.evaluate(place)
    await page.evaluate(SHIFTS)
    shown = [load.listed[str(await one.get_attribute("id"))[2:]] for one in await page.locator(".questions__list > .question").all()]
    above, second, third, last = *shown[:3], shown[20]
    await load.stage(above)
    await expect(page.locator(".slot__text")).to_contain_text(above["text"])
    await load.hide(second)
    await expect(page.locator(f"#q-{second['id']}.question--gone")).to_be_attached()
    await load.support(last, 3)
    await load.publish("Something quite new")
    await expect(page.locator(".pill")).to_have_text(people.words("questions.fresh.one", n=1))
    await load.answer()
    await expect(page.locator("li.question--answered").filter(has_text=above["text"])).to_be_attached()
    assert abs(await page.evaluate(place) - before) <= 1
    assert await page.evaluate("scrollY") == 0
    assert sum(await page.evaluate("window.shifts")) < 0.05
    await expect(row_of(page, third["text"])).to_be_visible()
    await page.mouse.move(2, 2)
    await expect(page.locator(".questions__list > .question").first).to_have_id(f"q-{last['id']}")
    await expect(page.locator(".pill")).to_have_count(0)


async def test_rows_stay_under_a_finger_and_a_line_that_is_down_is_said_where_one_reads(
    harness: NewHarness, living: Running, load: Load
) -> None:
    people = await harness(living, lang="en", touch=True, size=PHONE)
    page = await comes(people, load, size=None)
    rows = page.locator(".questions__list > .question")
    above, held = [load.listed[str(await rows.nth(n).get_attribute("id"))[2:]] for n in (0, 3)]
    row = page.locator(f"#q-{held['id']}")
    await row.evaluate("(one) => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    await page.clock.install()
    box = await row.bounding_box()
    assert box
    touch = await page.context.new_cdp_session(page)
    finger = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    await page.clock.fast_forward(10_000)
    await load.support(held, 5)
    await load.stage(above)
    await expect(page.locator(".slot__text")).to_contain_text(above["text"])
    await expect(page.locator(f"#q-{above['id']}.question--gone")).to_be_attached()
    now = await row.bounding_box()
    assert now
    assert abs(now["y"] - box["y"]) <= 1
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await page.clock.fast_forward(10_000)
    await expect(rows.first).to_have_id(f"q-{held['id']}")
    await load.stage(await load.publish(LONG))
    await rows.nth(9).evaluate("(one) => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    await page.context.set_offline(True)
    await page.clock.fast_forward(60_000)
    said = page.locator(".column__foot .connection-state")
    await expect(said).to_have_text(people.words("connection.offline"))
    assert await page.evaluate(SEEN, ".column__foot .connection-state") == 1


@pytest.mark.parametrize("name", ["watch", "room"])
@pytest.mark.parametrize("size", [DESK, ZOOMED, PHONE])
async def test_the_keyboard_is_never_out_of_sight(people: BrowserHarness, load: Load, name: str, size: tuple[int, int]) -> None:
    page = await comes(people, load, name, size)
    assert await hidden_focus(page) == []
    assert await page.locator("[data-tabbed]").count() > len(load.listed)


@pytest.mark.parametrize("size", [DESK, ZOOMED, PHONE])
async def test_the_keyboard_is_never_out_of_sight_elsewhere(people: BrowserHarness, load: Load, size: tuple[int, int]) -> None:
    viewer = await people.enter(await people.newcomer("remote"), "/place", size=size)
    moderator = await people.enter(people.links["moderator"], f"/moderate?session={load.session}", size=size)
    await expect(moderator.locator("tablee-desk li.card").first).to_be_attached()
    found = {"place": await hidden_focus(viewer), "moderate": await hidden_focus(moderator)}
    await viewer.goto(f"{people.base}/")
    found["event"] = await hidden_focus(viewer)
    assert not any(found.values()), found


async def test_questions_are_found_sorted_and_kept(people: BrowserHarness, load: Load) -> None:
    words = people.words
    await load.support(load.asked("number 7 "), 9)
    page = await comes(people, load)
    wanted = row_of(page, "village number 7 ")
    await expect(page.locator(TEXTS).first).to_contain_text("village number 7 ")
    await page.locator(".tools__search").click()
    await page.keyboard.type("VÎLLAGE numbér 12")
    await expect(page.locator(TEXTS)).to_have_count(1)
    await expect(page.locator(".tools__row [role=status]")).to_have_text(words("tools.found.one", n=1))
    await page.evaluate(AXE.read_text("utf-8"))
    assert await axe(page, RULES) == []
    await page.keyboard.press("Escape")
    await expect(page.locator(TEXTS)).to_have_count(len(load.listed))
    await page.locator(".tools__by select").select_option("time")
    newest = max(load.listed.values(), key=lambda item: str(item["asked_at"]))
    await expect(page.locator(TEXTS).first).to_contain_text(newest["text"])
    await wanted.locator("button.vote").click()
    await page.locator(".tools__by select").select_option("mine")
    await expect(page.locator(TEXTS)).to_have_count(1)
    await expect(wanted).to_be_visible()


async def test_a_question_is_said_in_other_words_while_it_waits(people: BrowserHarness, load: Load) -> None:
    words, page = people.words, await comes(people, load, size=PHONE)
    await Pointer().ask(page, "Wich desk?")
    mine = page.locator("li.mine")
    await mine.locator(".mine__line").click()
    await expect(mine.locator(".mine__state")).to_have_text(words("mine.queued"))
    await mine.get_by_role("button", name=words("mine.edit")).click()
    field = mine.get_by_role("textbox")
    await expect(field).to_be_focused()
    await field.fill("Which desk stays open?")
    await mine.get_by_role("button", name=words("mine.edit.save")).click()
    await expect(mine.locator(".question__text")).to_have_text("Which desk stays open?")
    await mine.get_by_role("button", name=words("mine.edit")).click()
    await field.fill("Typed while a moderator published it")
    asked = (await load.state())["items"].values()
    item = next(one for one in asked if one["text"] == "Which desk stays open?")
    load.listed[item["id"]] = await load.moderator.move(item, "publish")
    await expect(mine).to_contain_text(words("mine.edit.late"))
    await expect(field).to_have_value("Typed while a moderator published it")


async def test_the_wait_between_two_questions_counts_down_and_ends_in_words(people: BrowserHarness, load: Load) -> None:
    words = people.words
    page = await people.stranger()
    await page.clock.install()
    await people.press_enter(page, await people.newcomer("remote"))
    await page.goto(f"{people.base}/watch?session={load.session}")
    await Pointer().ask(page, "One question first")
    await expect(page.locator("li.mine")).to_have_count(1)
    await Pointer().ask(page, "And another one at once")
    shown = page.locator(".ask__state[aria-hidden]")
    await expect(shown).to_contain_text(words("ask.wait.other", n="").split(" s.")[0][:40])
    first = await shown.inner_text()
    heard = await page.locator("#ask-state").inner_text()
    await page.clock.run_for(5_000)
    await expect(shown).not_to_have_text(first)
    assert await page.locator("#ask-state").inner_text() == heard, "each second would be announced"
    await page.clock.run_for(30_000)
    await expect(page.locator("#ask-state")).to_have_text(words("ask.ready"))
    await expect(page.locator("#ask-text")).to_have_value("And another one at once")
    await expect(page.locator(".ask__send")).to_have_attribute("aria-disabled", "false")


async def test_the_title_counts_what_came_while_nobody_looked(people: BrowserHarness, load: Load) -> None:
    page = await comes(people, load)
    name = await page.title()
    await page.evaluate(AWAY, True)
    await load.publish("While nobody looked")
    await expect(page).to_have_title(people.words("page.news", n=1, name=name))
    await page.evaluate(AWAY, False)
    await expect(page).to_have_title(name)
