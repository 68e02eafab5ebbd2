"""The chair's page beside the microphone: by a finger on a phone, by keys alone on a tablet, of the same session."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.page_driver import Keyboard
from tests.e2e.test_screens import clean
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

PHONE, TABLET = (360, 740), (820, 1180)
ROOM, FAR, LONG = "Who oils the lock gates?", "Is the ferry late again?", "What of the mud? " * 10
THUMB_PX = 44
WIDE = "() => document.scrollingElement.scrollWidth > innerWidth"


async def _asked(living: Running, http: aiohttp.ClientSession, session: str) -> None:
    """Three published questions of two doors, the one of the room first on the shortlist."""
    moderator = Person(living, http, "moderator", door="staff")
    await moderator.open_floor(session)
    for text, door in ((ROOM, "in_room"), (FAR, "remote"), (LONG, "remote")):
        item = await moderator.move(await Person(living, http, "viewer", door=door).ask(text, session), "publish")
        await moderator.move(item, "shortlist")


async def _in_reach(page: Page) -> None:
    """What a thumb presses is at the bottom of the screen, large enough, and nothing is wider than the page."""
    height = page.viewport_size["height"] if page.viewport_size else 0
    for button in await page.locator(".chair__thumb").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= THUMB_PX
        assert box["y"] > height / 2
        assert box["y"] + box["height"] <= height
    assert not await page.evaluate(WIDE)


async def test_a_chair_leads_a_session_with_one_thumb_and_another_one_with_keys(
    harness: NewHarness, living: Running, operator: Operator
) -> None:
    day = await operator.publish(LivingDay(tag="lead"))
    session = day.id("tides")
    hands, keys = await harness(living, lang="en", size=PHONE, touch=True), await harness(living, lang="en", size=TABLET)
    words, keyboard = keys.words, Keyboard()
    async with aiohttp.ClientSession() as http:
        await _asked(living, http, session)
        phone = await hands.enter(hands.links["chair"], f"/chair?session={session}")
        tablet = await keys.enter(keys.links["chair"], f"/chair?session={session}")
        now, bar = phone.locator(".chair__card").first, phone.locator(".chair__bar")
        await expect(phone.locator(".chair__left")).to_contain_text("min left")
        await expect(phone.locator(".chair__row")).to_have_count(3)
        await expect(phone.locator("tablee-turn")).to_contain_text(words("turn.title"))
        await _in_reach(phone)

        far = phone.locator(".chair__row").filter(has_text=FAR)
        await far.locator("summary").tap()
        await far.get_by_role("button", name=words("command.earlier")).tap()
        await expect(tablet.locator(".chair__row").first).to_contain_text(FAR)
        await expect(far.get_by_role("button", name=words("command.earlier"))).to_have_count(0)
        await expect(far.get_by_role("button", name=words("command.defer"))).to_be_visible()
        assert not await phone.evaluate(WIDE)
        await far.locator("summary").tap()
        above = tablet.locator(".chair__row").filter(has_text=LONG[:30])
        await keyboard.press(above.locator("summary"))
        await keyboard.press(above.get_by_role("button", name=words("command.assign")))
        await keyboard.write(tablet.get_by_role("dialog").locator("input[name=theme]"), "Mud")
        await tablet.keyboard.press("Control+Enter")
        await expect(tablet.get_by_role("dialog")).to_have_count(0)

        await phone.locator(".chair__row").filter(has_text=ROOM).get_by_role("button", name=words("chair.cue")).tap()
        await expect(tablet.locator(".chair__card").nth(1)).to_contain_text(ROOM)
        await bar.get_by_role("button", name=words("chair.take")).tap()
        await expect(now).to_contain_text(ROOM)
        await _in_reach(phone)
        await expect(phone.locator("tablee-turn")).to_contain_text(words("turn.why.only", door=words("turn.door.remote")))
        await expect(phone.locator(".turn__door").filter(has_text=words("door.in_room"))).to_contain_text("100%")
        await bar.get_by_role("button", name=words("chair.pass")).tap()
        await expect(now).to_contain_text(words("chair.now.none"))
        await phone.get_by_role("button", name=words("desk.undo")).tap()
        await expect(now).to_contain_text(ROOM)
        await bar.get_by_role("button", name=words("chair.answered")).tap()
        await expect(phone.locator(".turn__door").filter(has_text=words("door.in_room"))).to_contain_text(words("turn.answered.one", n=1))

        shown = tablet.locator(".chair__card").first
        await expect(tablet.locator(".chair__row")).to_have_count(2)
        await keyboard.press(tablet.locator(".chair__row").filter(has_text=FAR).get_by_role("button", name=words("chair.cue")))
        await expect(tablet.locator(".chair__card").nth(1)).to_contain_text(words("chair.next.chosen"))
        await tablet.locator("body").press(words("key.chair.take"))
        await expect(shown).to_contain_text(FAR)
        await tablet.keyboard.press(words("key.chair.pass"))
        await expect(shown).to_contain_text(words("chair.now.none"))
        await tablet.keyboard.press(words("key.undo"))
        await expect(shown).to_contain_text(FAR)
        await tablet.keyboard.press(words("key.chair.answered"))
        await expect(tablet.locator(".chair__row")).to_have_count(1)

        desk = await keys.enter(keys.links["moderator"], f"/moderate?session={session}")
        await keyboard.press(tablet.get_by_role("button", name=words("notes.ready.chair.third")))
        await expect(tablet.locator(".notes__one--own")).to_contain_text(words("notes.unseen"))
        await expect(desk.locator(".page")).to_contain_text(words("notes.button.one", n=1))
        moderator = Person(living, http, "moderator", door="staff")
        _, state = await moderator.insist("GET", f"/api/qa/sessions/{session}?view=moderator")
        (note,) = state["notes"]
        await moderator.insist("PUT", f"/api/qa/notes/{note}/seen")
        await expect(tablet.locator(".notes__one--own")).to_contain_text("seen at")
        await moderator.insist("POST", f"/api/qa/sessions/{session}/notes", {"id": moderator.id, "text": "Two minutes."})
        news = phone.locator("tablee-notes[news]")
        await expect(news).to_contain_text("Two minutes.")
        await news.get_by_role("button", name=words("notes.see")).tap()
        await expect(news.locator("li")).to_have_count(0)
        await clean(phone, tablet)
