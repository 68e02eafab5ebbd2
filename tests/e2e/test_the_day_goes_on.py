"""Pages that stay open while the day changes: what an operator or a programme does to a session reaches its people without a reload, with
what they typed still there; the screen in the room follows its stage.

The programme is a foreign one with two halls; each test has a day of its own.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.e2e.harness import BrowserHarness
from tests.e2e.test_axe import AXE, RULES, axe
from tests.support import living_day
from tests.support.living_day import LivingDay, Operator

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

SOON_MS: Final = 6_000
"""A second or two for a person; more on a machine that does other things besides."""
SCREEN: Final = (1280, 720)
TYPED: Final = "Half a question, not yet"


Open = Callable[..., Awaitable[Page]]


@pytest.fixture
def opened(people: BrowserHarness) -> Open:
    """Opens a page and marks it: a reload would lose the mark."""

    async def open_page(link: str, path: str, **how: object) -> Page:
        page = await people.enter(link, path, **how)
        await page.evaluate("() => { document.body.dataset.loaded = 'once'; }")
        return page

    return open_page


async def never_reloaded(*pages: Page) -> None:
    for page in pages:
        await expect(page.locator("body")).to_have_attribute("data-loaded", "once")


async def is_typing(page: Page, text: str) -> None:
    """The field has the text, and the keyboard."""
    await expect(page.locator("#ask-text")).to_have_value(text)
    await expect(page.locator("#ask-text")).to_be_focused()


async def test_two_people_read_what_becomes_of_their_session_and_keep_what_they_type(
    people: BrowserHarness, operator: Operator, opened: Open
) -> None:
    day = await operator.publish(LivingDay(tag="a"))
    nets, words = day.id("nets"), people.words
    viewer = await opened(await people.newcomer("remote"), f"/watch?session={nets}")
    room = await opened(await people.newcomer("in_room"), f"/room?session={nets}")
    for page in (viewer, room):
        await expect(page.locator("tablee-session .standing")).to_contain_text(words("standing.upcoming", time=day.hour(30)))
        await page.locator("#ask-text").click()
        await page.keyboard.type(TYPED)

    day = await operator.publish(day.changed("nets", title="Nets, mended", people=("noor", "jens")))
    for page in (viewer, room):
        await expect(page.locator("h1")).to_have_text("Nets, mended", timeout=SOON_MS)
        await expect(page).to_have_title(re.compile("Nets, mended"))
        await is_typing(page, TYPED)
    await expect(viewer.locator("tablee-people")).to_contain_text("Jens Lund", timeout=SOON_MS)

    await operator.change("slide", nets, minutes=10)
    for page in (viewer, room):
        await expect(page.locator("tablee-session .standing")).to_contain_text(words("standing.moved", time=day.hour(40)), timeout=SOON_MS)

    await operator.publish(day.without("nets"))
    for page in (viewer, room):
        await expect(page.locator("tablee-way")).to_contain_text(words("way.removed"), timeout=SOON_MS)
        await expect(page.locator(".way__link")).to_have_attribute("href", re.compile(re.escape(f"?session={day.id('tides')}")))
        await is_typing(page, TYPED)
        await page.evaluate(AXE.read_text("utf-8"))
        assert await axe(page, RULES) == []
    await never_reloaded(viewer, room)

    await viewer.reload()
    await expect(viewer.locator("tablee-way")).to_contain_text(words("way.missing"))
    await expect(viewer.locator("h1")).to_have_text("Who keeps the tides?")


async def test_whoever_sits_in_one_hall_is_led_on_in_that_hall(people: BrowserHarness, operator: Operator, opened: Open) -> None:
    day = await operator.publish(LivingDay(tag="b"))
    words = people.words
    loft = await opened(await people.newcomer("in_room"), f"/room?session={day.id('salt')}")
    quay = await opened(await people.newcomer("remote"), f"/watch?session={day.id('tides')}")
    await expect(loft.locator("tablee-session .standing")).to_contain_text(words("standing.on.until", time=day.hour(50)))
    await expect(loft.locator("tablee-way .way")).to_have_count(0)

    await operator.change("end", day.id("tides"))
    await expect(quay.locator("tablee-way")).to_contain_text(words("way.begins", time=day.hour(30)), timeout=SOON_MS)
    await expect(quay.locator(".way__link")).to_have_text("Nets, old and new")
    await expect(quay.locator("tablee-session .standing")).to_contain_text(words("standing.over"))
    await expect(loft.locator("tablee-way .way")).to_have_count(0)

    await operator.change("start", day.id("nets"))
    await expect(quay.locator("tablee-way")).to_contain_text(words("way.begun"), timeout=SOON_MS)
    await operator.change("end", day.id("salt"))
    await expect(loft.locator(".way__link")).to_have_text("Ropes and knots", timeout=SOON_MS)
    await never_reloaded(loft, quay)

    await quay.locator(".way__link").click()
    await expect(quay.locator("h1")).to_have_text("Nets, old and new")
    sessions = quay.locator("tablee-sessions")
    await expect(sessions.locator(".sessions__here")).to_have_text("Nets, old and new")
    await operator.change("slide", day.id("lamps"), minutes=20)
    await sessions.locator("summary").focus()
    await expect(sessions.locator(".sessions__panel")).to_contain_text(day.hour(125))
    await quay.keyboard.press("Enter")
    await expect(sessions.get_by_role("heading").first).to_have_text(words("picker.now"))
    now = sessions.locator(".sessions__panel ul").first.get_by_role("link")
    await expect(now).to_have_count(1)
    await expect(now).to_have_attribute("aria-current", "page")
    await expect(sessions.get_by_role("link", name="Lamps over the water")).to_contain_text("Quay hall")
    await quay.keyboard.press("Escape")
    await expect(sessions.locator(".sessions__panel")).to_be_hidden()
    await expect(sessions.locator("summary")).to_be_focused()


async def test_the_screen_follows_its_stage(people: BrowserHarness, operator: Operator, opened: Open) -> None:
    day = await operator.publish(LivingDay(tag="c"))
    words, link = people.words, people.links["stage"]
    screen = await opened(link, f"/stage?stage={living_day.STAGE}", size=SCREEN)
    pinned = await opened(link, f"/stage?session={day.id('tides')}&pin", size=SCREEN)
    for page in (screen, pinned):
        await expect(page.locator("h1")).to_have_text("Who keeps the tides?")

    await operator.change("end", day.id("tides"))
    await expect(screen.locator(".screen__words")).to_contain_text(words("screen.next", time=day.hour(30)), timeout=SOON_MS)
    await expect(screen.locator(".screen__words")).to_contain_text("Nets, old and new")
    await expect(pinned.locator(".screen__words")).to_have_text(words("screen.over"))

    await operator.change("start", day.id("nets"))
    await expect(screen.locator(".screen__words")).to_have_text(words("screen.invite.open"), timeout=SOON_MS)
    await expect(screen.locator("h1")).to_have_text("Nets, old and new")
    code = screen.locator(".screen__code")
    await expect(code).to_have_text(re.compile(r"^\S{3}\s\S{3}$"), timeout=SOON_MS)
    shown = "".join((await code.inner_text()).split())
    await expect(screen.locator(".screen__qr")).to_have_attribute("src", f"/qr.svg?session={day.id('nets')}&code={shown}")
    await expect(pinned.locator("h1")).to_have_text("Who keeps the tides?")

    day = await operator.publish(day.changed("nets", title="Nets, renamed"))
    await expect(screen.locator("h1")).to_have_text("Nets, renamed", timeout=SOON_MS)

    await operator.publish(day.without("nets"))
    await expect(screen.locator("h1")).to_have_text("Lamps over the water", timeout=SOON_MS)
    await never_reloaded(screen, pinned)
    assert not people.log.complaints


async def test_a_screen_without_a_session_says_so(people: BrowserHarness, operator: Operator, opened: Open) -> None:
    await operator.publish(LivingDay(tag="e"))
    screen = await opened(people.links["stage"], "/stage?stage=attic", size=SCREEN)
    await expect(screen.locator(".screen__words")).to_have_text(people.words("screen.nothing"))
    assert not people.log.complaints


async def test_moderators_read_the_title_and_the_hour_as_they_are(people: BrowserHarness, operator: Operator, opened: Open) -> None:
    day = await operator.publish(LivingDay(tag="d"))
    desk = await opened(people.links["moderator"], f"/moderate?session={day.id('lamps')}")
    await expect(desk.locator("tablee-session .standing")).to_contain_text(people.words("standing.upcoming", time=day.hour(105)))
    await operator.publish(day.changed("lamps", title="Lamps in the fog"))
    await expect(desk.locator("h1")).to_have_text("Lamps in the fog", timeout=SOON_MS)
    await operator.change("cancel", day.id("lamps"))
    await expect(desk.locator("tablee-session .standing")).to_contain_text(people.words("standing.cancelled"), timeout=SOON_MS)
    await never_reloaded(desk)
