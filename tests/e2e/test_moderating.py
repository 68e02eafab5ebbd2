"""The desk by its keys, under the load it is for: the keyboard stays on a question, whoever decides."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import PHONE
from tests.e2e.page_driver import card_of
from tests.support.people import Person, following
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

MANY = 100
A_SCREEN = 12
ON_A_CARD = "() => document.activeElement?.closest('tablee-desk li.card') !== null"
WAITING = "section[aria-labelledby=column-waiting] li.card"
PUBLISHED = "section[aria-labelledby=column-published] li.card"
ASIDE = "[data-group=aside] li.card"
WHOLE = """(all) => {
  const box = all[0].closest('.desk__scroll').getBoundingClientRect();
  return all.map((one) => one.getBoundingClientRect()).filter((one) => one.top >= box.top - 1 && one.bottom <= box.bottom + 1).length; }"""
"""How many cards are to be seen whole."""
LOOKED_AT = """(looked) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => !looked });
  document.dispatchEvent(new Event('visibilitychange')); }"""
"""A browser without a window shows every page, so the page is told what it would be told."""


async def waiting(platform: Running, session: str, count: int, mark: str) -> Person:
    """That many questions of as many people wait. Returns a moderator."""
    async with aiohttp.ClientSession() as http:
        moderator = Person(platform, http, "moderator", door="staff")
        await moderator.open_floor(session)
        for number in range(count):
            await Person(platform, http, "viewer").ask(f"{mark} {number:03}", session)
        return moderator


async def desk(harness: NewHarness, session: str) -> Page:
    people = await harness()
    return await people.enter(people.links["moderator"], f"/moderate?session={session}")


async def reach(page: Page, text: str) -> None:
    """By the key that leads down."""
    for _ in range(MANY):
        here = await page.evaluate("() => document.activeElement?.id ?? ''")
        await page.keyboard.press("j")
        await page.wait_for_function("(here) => document.activeElement.id !== here", arg=here)
        if await card_of(page, text).evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"{text} is not reached")


async def test_a_hundred_questions_are_published_by_one_key_without_losing_the_place(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-1"
    await waiting(platform, session, MANY, "Cent fois")
    page = await desk(harness, session)
    mine = page.locator(WAITING).filter(has_text="Cent fois")
    await expect(mine).to_have_count(MANY)
    await page.locator(WAITING).first.focus()
    assert await page.locator(WAITING).evaluate_all(WHOLE) >= A_SCREEN
    before = await page.locator(WAITING).count()
    for number in range(MANY):
        await page.keyboard.press("a")
        if number < before - 1:
            assert await page.evaluate(ON_A_CARD), f"the keyboard was lost after {number + 1} decisions"
    await expect(page.locator(PUBLISHED).filter(has_text="Cent fois")).to_have_count(MANY - max(0, MANY - before))


async def test_a_colleague_who_decides_takes_no_keyboard_away(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-2"
    await waiting(platform, session, 5, "À plusieurs")
    page = await desk(harness, session)
    await expect(card_of(page, "À plusieurs 004")).to_be_visible()
    await reach(page, "À plusieurs 002")
    async with aiohttp.ClientSession() as http:
        colleague = Person(platform, http, "moderator", door="staff")
        _, state = await colleague.call("GET", f"/api/qa/sessions/{session}?view=moderator")
        (item,) = [one for one in state["items"].values() if one["text"] == "À plusieurs 002"]
        await colleague.move(item, "publish")
    await expect(page.locator("li.card--left")).to_have_count(1)
    await expect(card_of(page, "À plusieurs 003")).to_be_focused()
    await page.keyboard.press("k")
    await expect(card_of(page, "À plusieurs 001")).to_be_focused()
    await page.keyboard.press("a")
    await expect(page.locator(PUBLISHED).filter(has_text="À plusieurs 001")).to_have_count(1)
    await expect(card_of(page, "À plusieurs 003")).to_be_focused()


async def test_letters_are_no_commands_outside_the_desk_nor_where_they_are_switched_off(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-3"
    await waiting(platform, session, 2, "Sans lettre")
    page = await desk(harness, session)
    first = page.locator(WAITING).first
    await first.focus()
    await page.locator("tablee-floor button").first.focus()
    await page.keyboard.press("a")
    await first.focus()
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    await dialog.locator("input[name=letters]").uncheck()
    await dialog.locator(".button--primary").click()
    await first.focus()
    await page.keyboard.press("a")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(WAITING).nth(1)).to_be_focused()
    await expect(page.locator(PUBLISHED).filter(has_text="Sans lettre")).to_have_count(0)


async def decided(platform: Running, session: str, text: str, command: str) -> None:
    """A colleague decides."""
    async with aiohttp.ClientSession() as http:
        colleague = Person(platform, http, "moderator", door="staff")
        _, state = await colleague.call("GET", f"/api/qa/sessions/{session}?view=moderator")
        (item,) = [one for one in state["items"].values() if one["text"] == text]
        await colleague.move(item, command)


async def test_what_is_written_in_a_dialog_is_kept_and_applied_when_a_colleague_was_faster(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-2"
    await waiting(platform, session, 2, "Mieux dit")
    page = await desk(harness, session)
    await expect(card_of(page, "Mieux dit 001")).to_be_visible()
    await reach(page, "Mieux dit 000")
    await page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("textarea")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Autrement dit")
    await decided(platform, session, "Mieux dit 000", "publish")
    await expect(dialog.locator("[role=alert]")).to_be_visible()
    await expect(dialog.locator("textarea")).to_have_value("Autrement dit")
    await page.keyboard.press("Control+Enter")
    await expect(dialog).to_have_count(0)
    await expect(page.locator(PUBLISHED).filter(has_text="Autrement dit")).to_have_count(1)
    await expect(card_of(page, "Mieux dit 001")).to_be_focused()


async def test_every_step_is_undone_into_the_state_before(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-2"
    await waiting(platform, session, 3, "Sans suite")
    page = await desk(harness, session)
    places = page.locator(WAITING).filter(has_text="Sans suite")
    await expect(places).to_have_count(3)
    await reach(page, "Sans suite 001")
    await page.keyboard.press("p")
    await page.keyboard.press("z")  # also before the answer has come
    await expect(card_of(page, "Sans suite 001")).to_be_focused()
    await page.keyboard.press("f")
    await page.get_by_role("dialog").locator("input[value=unclear]").check()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(ASIDE).filter(has_text="Sans suite 001")).to_have_count(1)
    await page.keyboard.press("z")
    await expect(card_of(page, "Sans suite 001")).to_be_focused()
    assert [text[:14] for text in await places.locator(".card__text").all_text_contents()] == [f"Sans suite {n:03}" for n in range(3)]


async def test_several_are_declined_for_one_reason_and_taken_back_together(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-3"
    await waiting(platform, session, 4, "Ensemble")
    page = await desk(harness, session)
    mine = page.locator(WAITING).filter(has_text="Ensemble")
    await expect(mine).to_have_count(4)
    await page.keyboard.press("/")
    await page.keyboard.type("ENSEMBLE")
    await expect(page.locator(WAITING)).to_have_count(4)
    await page.keyboard.press("Enter")
    for _ in range(3):
        await page.keyboard.press("Shift+ArrowDown")
    await expect(mine.locator("input:checked")).to_have_count(4)
    await page.keyboard.press("x")
    await expect(mine.locator("input:checked")).to_have_count(3)
    await page.keyboard.press("f")
    own = page.get_by_role("dialog").locator("label.choice").filter(has_text="Situation personnelle")  # of the programme's completion
    await own.locator("input").check()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(ASIDE).filter(has_text="Ensemble")).to_have_count(3)
    await expect(mine).to_have_count(1)
    await expect(mine).to_be_focused()
    await page.locator(ASIDE).filter(has_text="Ensemble").first.locator(".card__text").click()
    await expect(page.locator(f"{ASIDE}.card--chosen")).to_contain_text("Situation personnelle\u00a0: écrivez aux organisateurs")
    await page.keyboard.press("z")
    await expect(mine).to_have_count(4)


async def test_one_sees_who_else_is_at_the_desk_and_which_question_they_read(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-1"
    await waiting(platform, session, 1, "À qui le tour")
    page = await desk(harness, session)
    await expect(card_of(page, "À qui le tour 000")).to_be_visible()
    async with aiohttp.ClientSession() as http:
        colleague = Person(platform, http, "moderator", door="staff")
        async with following(colleague, "moderator", session=session) as feed:
            await expect(page.locator("tablee-colleagues")).to_contain_text("Ada")
            state = await feed.until(lambda state: any(one["text"] == "À qui le tour 000" for one in state["items"].values()))
            (id,) = [one["id"] for one in state["items"].values() if one["text"] == "À qui le tour 000"]
            await colleague.insist("PUT", f"/api/qa/questions/{id}/claim")
            await expect(card_of(page, "À qui le tour 000").locator(".card__reader")).to_contain_text("Ada")
            await colleague.insist("DELETE", f"/api/qa/questions/{id}/claim")
            await expect(card_of(page, "À qui le tour 000").locator(".card__reader")).to_have_count(0)


async def test_the_title_counts_what_came_while_one_looked_elsewhere(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-1"
    await waiting(platform, session, 1, "Avant")
    page = await desk(harness, session)
    await expect(card_of(page, "Avant 000")).to_be_visible()
    before = await page.title()
    assert not before.startswith("(")
    await page.evaluate(LOOKED_AT, False)
    await waiting(platform, session, 2, "Pendant ce temps")
    await expect(page).to_have_title(f"(2) {before}")
    await page.evaluate(LOOKED_AT, True)
    await expect(page).to_have_title(before)
    await waiting(platform, session, 1, "Sous les yeux")
    await expect(card_of(page, "Sous les yeux 000")).to_be_visible()
    await expect(page).to_have_title(before)


async def test_one_column_at_a_time_is_shown_on_a_phone_and_tabs_stay_in_sight(harness: NewHarness, platform: Running) -> None:
    session = "table-ronde-3"
    await waiting(platform, session, 20, "En poche")
    people = await harness(size=PHONE)
    page = await people.enter(people.links["moderator"], f"/moderate?session={session}")
    await expect(page.locator(WAITING).filter(has_text="En poche")).to_have_count(20)
    await page.locator(WAITING).last.scroll_into_view_if_needed()
    tab = page.locator(".desk__tab[data-tab=published]")
    assert await tab.evaluate("(one) => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }")
    await tab.click()
    await expect(page.locator("#column-waiting")).to_be_hidden()
    await expect(page.locator("section[aria-labelledby=column-published]")).to_be_visible()
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
