"""The longer ways of a question at the desk, by its keys and by hand: merged, shortlisted and put in order, next, assigned, taken back."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.page_driver import card_of
from tests.e2e.words import Words
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

SESSION = "table-ronde-2"
SHORTLIST = "[data-group=shortlist] li.card"
PUBLISHED = "[data-group=published] li.card"
WORDS = Words("fr")


async def published(platform: Running, *texts: str) -> None:
    """Each asked by somebody else."""
    async with aiohttp.ClientSession() as http:
        moderator = Person(platform, http, "moderator", door="staff")
        await moderator.open_floor(SESSION)
        for text in texts:
            await moderator.move(await Person(platform, http, "viewer").ask(text, SESSION), "publish")


async def desk(harness: NewHarness, find: str) -> Page:
    """A moderator's page that shows what holds these words alone."""
    people = await harness()
    page = await people.enter(people.links["moderator"], f"/moderate?session={SESSION}")
    await expect(card_of(page, find).first).to_be_visible()
    await page.locator("#desk-find").fill(find)
    return page


def key(word: str) -> str:
    return WORDS(f"key.{word}")[0]


async def chosen(page: Page, text: str) -> Locator:
    card = card_of(page, text)
    await card.locator(".card__text").click()
    await expect(card).to_have_attribute("aria-current", "true")
    await card.focus()
    return card


async def dragged(page: Page, text: str, onto: Locator, down: float) -> None:
    """By its grip; `down`: how far down on the other card it is let go, 0 to 1."""
    card = card_of(page, text)
    await card.hover()
    await card.locator(".card__grip").hover()
    await page.mouse.down()
    box = await onto.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * down, steps=4)
    await expect(page.locator("[data-drop]")).to_have_count(1)
    await page.mouse.up()


async def test_a_shortlist_is_made_ordered_and_announced_by_keys(harness: NewHarness, platform: Running) -> None:
    await published(platform, "Au clavier un", "Au clavier deux", "Au clavier trois")
    page = await desk(harness, "Au clavier")
    listed = page.locator(SHORTLIST).locator(".card__text")
    for text in ("Au clavier un", "Au clavier deux", "Au clavier trois"):
        await chosen(page, text)
        await page.keyboard.press(key("shortlist"))
        await expect(page.locator(SHORTLIST).filter(has_text=text)).to_have_count(1)
    await expect(listed).to_have_text(["Au clavier un", "Au clavier deux", "Au clavier trois"])
    card = await chosen(page, "Au clavier trois")
    await page.keyboard.press("Alt+ArrowUp")
    await expect(listed).to_have_text(["Au clavier un", "Au clavier trois", "Au clavier deux"])
    await expect(card).to_be_focused()
    await page.keyboard.press(key("undo"))
    await expect(listed).to_have_text(["Au clavier un", "Au clavier deux", "Au clavier trois"])
    await expect(card).to_be_focused()
    await page.keyboard.press(key("cue"))
    await expect(listed.first).to_have_text("Au clavier trois")
    await expect(card).to_contain_text(WORDS("card.next"))
    await chosen(page, "Au clavier un")
    await page.keyboard.press(key("shortlist"))
    await expect(page.locator(PUBLISHED).filter(has_text="Au clavier un")).to_have_count(1)


async def test_a_duplicate_is_merged_and_a_question_assigned_in_dialogs_by_keys_alone(harness: NewHarness, platform: Running) -> None:
    await published(platform, "Qui paiera la rocade ?", "Rocade : qui la paiera ?")
    page = await desk(harness, "rocade")
    await chosen(page, "Rocade : qui la paiera ?")
    await page.keyboard.press(key("merge"))
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("input[type=search]")).to_be_focused()
    await page.keyboard.type("qui paiera")
    await expect(dialog.locator("label.choice").filter(has_text="Qui paiera la rocade ?")).to_have_count(1)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Control+Enter")
    await expect(dialog).to_have_count(0)
    kept = card_of(page, "Qui paiera la rocade ?").filter(has_text=WORDS("card.merged.one", n=1))
    await expect(kept).to_have_count(1)
    await page.keyboard.press(key("undo"))
    double = page.locator(PUBLISHED).filter(has=page.locator(".card__text", has_text="Rocade : qui la paiera ?"))  # the other one quotes it
    await expect(double).to_be_focused()
    await page.keyboard.press(key("assign"))
    await expect(dialog.locator("input:checked")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    speaker = await dialog.locator("input[name=speaker]:checked").get_attribute("value")
    assert speaker
    await page.keyboard.press("Control+Enter")
    await expect(double.locator(".card__tags")).to_contain_text(WORDS("card.speaker", who=speaker))
    await expect(dialog).to_have_count(0)
    await expect(double).to_be_focused()
    await page.keyboard.press(key("history"))
    await expect(dialog.locator(".history__line")).to_have_count(5)
    await page.keyboard.press("Escape")
    await expect(double).to_be_focused()


async def test_by_hand_questions_are_merged_and_ordered_and_a_second_moderator_sees_the_same_order(
    harness: NewHarness, platform: Running
) -> None:
    await published(platform, "À la main un", "À la main deux", "À la main trois", "À la main quatre")
    page, other = await desk(harness, "À la main"), await desk(harness, "À la main")
    for one in (page, other):
        await expect(one.locator(PUBLISHED)).to_have_count(4)
    await dragged(page, "À la main quatre", card_of(page, "À la main trois"), 0.5)
    await expect(page.locator(PUBLISHED).filter(has_text=WORDS("card.merged.one", n=1))).to_have_count(1)
    for text in ("À la main un", "À la main deux"):
        await chosen(page, text)
        await page.keyboard.press(key("shortlist"))
        await expect(page.locator(SHORTLIST).filter(has_text=text)).to_have_count(1)
    listed = page.locator(SHORTLIST)
    await dragged(page, "À la main trois", listed.first, 0.1)
    await expect(listed.locator(".card__text")).to_have_text(["À la main trois", "À la main un", "À la main deux"])
    await expect(other.locator(SHORTLIST).locator(".card__text")).to_have_text(["À la main trois", "À la main un", "À la main deux"])
