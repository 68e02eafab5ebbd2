"""Any event in a real browser: nothing cut off on screen and paper, nothing for axe to find; own hours; "now" that moves by itself."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import indent
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from services.registration.programme.day import whole_day
from services.registration.programme.format.parsing import parse
from shared.storage.mongo import MongoStore
from tests.services.registration.harness import RegistrationHarness
from tests.services.registration.test_any_event import TEXTS, event
from tests.services.registration.test_order import decide
from tests.services.registration.test_programme import send
from tests.support.chromium import ARGUMENTS
from tests.support.messages import MESSAGES
from tests.web.test_pages import DESK, PHONE, RULES, _axe

pytestmark = pytest.mark.timeout(240)

SHOWN: Final = ("symposium", "arabic", "congress", "minimal", "two_halls")
TWO_AT_ONCE: Final = datetime.fromisoformat("2025-10-03T16:05:00+00:00")
"""10:05 in Mexico City: both halls are at work until 11:00."""
PAPER: Final = {"width": 660, "height": 980}
"""A4 within its margins, at 96 dots per inch."""
HIDDEN: Final = "[...document.querySelectorAll('.person__name, .entry__title')].filter((one) => !one.checkVisibility()).length"
OVERFLOW: Final = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            yield found
        finally:
            await found.close()


@asynccontextmanager
async def halls(store: MongoStore, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    async with event(store.database("halls"), tmp_path, TEXTS["two_halls"], now=TWO_AT_ONCE) as harness:
        yield harness


def address(harness: RegistrationHarness, path: str) -> str:
    return str(harness.client.make_url(path))


async def test_any_event_fits_every_screen_and_paper(browser: Browser, store: MongoStore, tmp_path: Path) -> None:
    assert RULES
    problems: dict[str, Any] = {}
    for number, name in enumerate(SHOWN):
        folder = tmp_path / name
        folder.mkdir()
        async with event(store.database(f"screen{number}"), folder, TEXTS[name]) as harness:
            for size, scheme, lang in ((PHONE, "dark", "en"), (DESK, "light", "fr")):
                where = f"{name} {size[0]} {lang}"
                page = await browser.new_page(
                    viewport={"width": size[0], "height": size[1]},
                    color_scheme="dark" if scheme == "dark" else "light",
                    reduced_motion="reduce",
                )
                for path in ("/", "/inscription"):
                    await page.goto(address(harness, f"{path}?lang={lang}"))
                    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                    if await page.evaluate(OVERFLOW) > 0:
                        problems[f"{where} {path} is too wide"] = await page.evaluate(OVERFLOW)
                    # the congress is a hundred times the same: what axe could find there it finds in the others
                    found = [] if name == "congress" else await _axe(page)
                    problems |= {f"{where} {path}": found} if found else {}
                await page.close()
            paper = await browser.new_page(viewport={"width": PAPER["width"], "height": PAPER["height"]})
            await paper.emulate_media(media="print")
            await paper.goto(address(harness, "/?lang=fr"))
            if await paper.evaluate(OVERFLOW) > 0:
                problems[f"{name} on paper"] = await paper.evaluate(OVERFLOW)
            hidden = await paper.evaluate(HIDDEN)
            assert not hidden, f"{name}: {hidden} names or titles are not on paper"
            await paper.close()
    assert not problems


async def test_a_word_as_long_as_a_phone_is_wide_is_broken_wherever_a_session_is_named(
    browser: Browser, store: MongoStore, tmp_path: Path
) -> None:
    text = TEXTS["symposium"].replace("title: Begrüßung", f"title: {'Wirtschaftlichkeitsuntersuchung' * 2}")
    start = whole_day(parse(text), datetime(2025, 1, 1, tzinfo=UTC))[0]
    assert start is not None
    async with event(store.database("long"), tmp_path, text, now=start.astimezone(UTC) + timedelta(minutes=1)) as harness:
        page = await browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
        await page.goto(address(harness, "/?lang=en"))
        await expect(page.locator(".moment__now .moment__title")).to_contain_text("Wirtschaft")
        assert await page.evaluate(OVERFLOW) <= 0
        await page.close()


async def test_who_is_elsewhere_reads_their_own_hours(browser: Browser, store: MongoStore, tmp_path: Path) -> None:
    async with halls(store, tmp_path) as harness:
        far = await browser.new_context(timezone_id="Europe/Paris", locale="fr")
        page = await far.new_page()
        await page.goto(address(harness, "/?lang=fr"))
        await expect(page.locator("#programme .own-hour")).to_have_text("17 h 00 chez vous")
        await expect(page.locator(".facts__zone")).to_have_text("heure de Mexico")
        await harness.enter(await harness.register())
        cookies = [{"name": one.key, "value": one.value, "url": address(harness, "/")} for one in harness.client.session.cookie_jar]
        await far.add_cookies(cookies)  # type: ignore[arg-type]
        await page.goto(address(harness, "/place?lang=fr"))
        await expect(page.locator(".place__head .own-hour")).to_have_text("16 h 30 chez vous")
        later = await browser.new_context(timezone_id="Pacific/Auckland", locale="en")
        page = await later.new_page()
        await page.goto(address(harness, "/?lang=en"))
        await expect(page.locator("#programme .own-hour")).to_have_text("Sat 4:00 for you")


@pytest.mark.parametrize("how", [{"timezone_id": "America/Mexico_City"}, {"timezone_id": "Europe/Paris", "java_script_enabled": False}])
async def test_on_the_same_clock_or_without_script_the_zone_stands_alone(
    browser: Browser, store: MongoStore, tmp_path: Path, how: dict[str, Any]
) -> None:
    async with halls(store, tmp_path) as harness:
        page = await (await browser.new_context(**how)).new_page()
        await page.goto(address(harness, "/?lang=fr"))
        await expect(page.locator(".facts__zone")).to_have_text("heure de Mexico")
        assert await page.locator(".own-hour").count() == 0


async def test_a_live_page_that_waits_for_its_connection_has_words(browser: Browser, store: MongoStore, tmp_path: Path) -> None:
    """The feed of this service is at an address that nobody answers."""
    async with halls(store, tmp_path) as harness:
        await harness.enter(await harness.register())
        cookies = [{"name": one.key, "value": one.value, "url": address(harness, "/")} for one in harness.client.session.cookie_jar]
        context = await browser.new_context()
        await context.add_cookies(cookies)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(address(harness, "/watch?session=mesa&lang=fr"))
        await expect(page.locator("tablee-connection")).to_contain_text(MESSAGES.text("fr", "connection.connecting"))
        assert not re.findall(r"\b(?:connection|presence|floor|player|questions)\.\w+", await page.inner_text("body"))


async def _hears(harness: RegistrationHarness, page: Page) -> None:
    """The clock of the house brought a change; the page, which waits for one, has fetched it."""
    assert harness.service.start is not None
    async with page.expect_response("**/moment?*"):
        await harness.service.start()


async def test_now_moves_by_itself_and_takes_no_focus(browser: Browser, store: MongoStore, tmp_path: Path) -> None:
    async with halls(store, tmp_path) as harness:
        page = await (await browser.new_context(timezone_id="America/Mexico_City", reduced_motion="reduce")).new_page()
        await page.goto(address(harness, "/?lang=en"))
        band = page.get_by_role("region", name="Happening now")
        await expect(band.locator(".moment__title")).to_have_text(["La milpa y el mercado", "Seeds: a field guide"])
        harness.now += timedelta(minutes=60)
        await _hears(harness, page)
        await expect(band.locator(".moment__title")).to_have_text(["Seeds: a field guide"])
        await expect(page.locator("#mesa [data-standing] .badge")).to_have_text("Over")
        await expect(page.locator("#mesa")).to_have_attribute("data-progress", "over")
        await expect(page.locator("#seeds .badge--live")).to_be_visible()
        link = band.get_by_role("link", name=re.compile("Seeds"))
        await link.focus()
        assert (await decide(harness, "end", "seeds"))[0] == 200
        await expect(page.locator("#seeds")).to_have_attribute("data-progress", "over")
        await expect(link).to_be_focused()
        await page.keyboard.press("Tab")
        await page.locator("#programme").get_by_role("link").first.focus()
        await expect(band.get_by_role("link", name=re.compile("Seeds"))).to_have_count(0)


async def test_what_moves_and_what_falls_out_is_marked_on_open_pages(browser: Browser, store: MongoStore, tmp_path: Path) -> None:
    async with halls(store, tmp_path) as harness:
        harness.now -= timedelta(minutes=90)
        page = await (await browser.new_context(timezone_id="Europe/Paris", reduced_motion="reduce")).new_page()
        await page.goto(address(harness, "/?lang=fr"))
        await page.evaluate("window.stays = true")
        assert (await decide(harness, "slide", "programme", minutes=10))[0] == 200
        assert (await decide(harness, "cancel", "seeds"))[0] == 200
        moved = page.locator("#programme [data-standing]")
        await expect(moved).to_contain_text("Déplacé à 9 h 10")
        await expect(moved).to_contain_text("17 h 10 chez vous")
        await expect(page.locator("#programme .entry__start")).to_have_text("9 h 00")
        await expect(page.locator("#seeds [data-standing] .badge")).to_have_text("Annulé")
        await expect(page.locator("#seeds .entry__watch")).to_be_hidden()
        assert await page.evaluate("window.stays"), "the page was not loaded again"


async def test_an_open_page_closes_its_doors_when_the_event_is_over(browser: Browser, store: MongoStore, tmp_path: Path) -> None:
    async with halls(store, tmp_path) as harness:
        page = await (await browser.new_context(reduced_motion="reduce")).new_page()
        await page.goto(address(harness, "/?lang=en"))
        await page.evaluate("window.stays = true")
        way_in, doors = page.locator(".opening__register a"), page.locator(".door")
        await expect(way_in).to_be_visible()
        assert await doors.count() >= 1
        harness.now += timedelta(hours=30)
        await _hears(harness, page)
        await expect(doors).to_have_count(0)
        await expect(way_in).to_have_count(0)
        await expect(page.locator("[data-part=standing]")).to_contain_text(MESSAGES.text("en", "event.state.over"))
        assert await page.evaluate("window.stays"), "the page was not loaded again"


@pytest.mark.parametrize("status", ["cancelled", "postponed", "moved_online"])
async def test_an_open_page_has_the_doors_that_there_still_are(browser: Browser, store: MongoStore, tmp_path: Path, status: str) -> None:
    async with halls(store, tmp_path) as harness:
        page = await (await browser.new_context(reduced_motion="reduce")).new_page()
        await page.goto(address(harness, "/?lang=en"))
        await page.evaluate("window.stays = true")
        await expect(page.locator(".door")).to_have_count(2)
        text = (harness.settings.event / "programme.yaml").read_text("utf-8").replace("status: published", f"status: {status}")
        assert (await send(harness, yaml=text, completion=None, expected_version=1))[0] == 200
        left = ["/inscription?door=remote"] if status == "moved_online" else []
        await expect(page.locator(".door")).to_have_count(len(left))
        assert [await one.get_attribute("href") for one in await page.locator(".door").all()] == left
        await expect(page.locator(".opening__register a")).to_have_count(len(left))
        await expect(page.locator("[data-part=standing]")).to_contain_text(MESSAGES.text("en", f"event.state.{status}"))
        assert await page.evaluate("window.stays"), "the page was not loaded again"


async def test_an_open_page_takes_another_programme_and_keeps_what_was_unfolded(
    browser: Browser, store: MongoStore, tmp_path: Path
) -> None:
    async with halls(store, tmp_path) as harness:
        page = await (await browser.new_context(timezone_id="Europe/Paris", reduced_motion="reduce")).new_page()
        await page.goto(address(harness, "/?lang=en"))
        await page.evaluate("window.stays = true")
        people = page.locator("#mesa details")
        await people.evaluate("one => { one.open = false; }")
        await page.locator("#programme .entry__title").click()
        text = (harness.settings.event / "programme.yaml").read_text("utf-8")
        changed = text.replace("La milpa y el mercado", "La milpa y la plaza").replace('start: "10:00"', 'start: "10:15"', 1)
        begins, ends = changed.index("  - id: seeds"), changed.index("people:\n  luz")
        after = changed.find("  - id:", begins + 8)
        without = changed[:begins] + changed[ends if after < 0 or after > ends else after :]
        assert (await send(harness, yaml=without, completion=None, expected_version=1))[0] == 200
        await expect(page.locator("#mesa .entry__title")).to_have_text("La milpa y la plaza")
        await expect(page.locator("#mesa .entry__start")).to_have_text("10:15")
        await expect(page.locator("#mesa .own-hour").first).to_have_text("18:15 for you")
        await expect(page.locator("#seeds")).to_have_count(0)
        await page.locator("#mesa summary").click()
        assert (await send(harness, yaml=without.replace("y la plaza", "y la calle"), completion=None, expected_version=2))[0] == 200
        await expect(page.locator("#mesa .entry__title")).to_have_text("La milpa y la plaza")  # the keyboard is on its people
        await page.locator("h1").click()
        await expect(page.locator("#mesa .entry__title")).to_have_text("La milpa y la calle")
        await expect(people).to_have_attribute("open", "")
        assert await page.evaluate("window.stays"), "the page was not loaded again"


async def test_a_long_essay_is_folded_on_a_phone_and_unfolds_by_key(browser: Browser, store: MongoStore, tmp_path: Path) -> None:
    async with halls(store, tmp_path) as harness:
        long = "\n\n".join(["Una frase larga sobre el maíz y la ciudad. " * 12] * 6)
        edito = f"edito:\n  label: Editorial\n  title: Por qué\n  body: |-\n{indent(long, '    ')}\nsessions:\n"
        text = (harness.settings.event / "programme.yaml").read_text("utf-8").replace("sessions:\n", edito, 1)
        assert (await send(harness, yaml=text, completion=None, expected_version=1))[0] == 200
        for width, folded in ((360, True), (1440, False)):
            page = await (await browser.new_context(viewport={"width": width, "height": 740}, java_script_enabled=False)).new_page()
            await page.goto(address(harness, "/?lang=en"))
            words = page.locator(".essay__words")
            hidden = "one => one.scrollHeight - one.clientHeight"
            assert (await words.evaluate(hidden) > 100) is folded
            more = page.get_by_role("checkbox", name=MESSAGES.text("en", "event.edito.all"))
            await expect(more).to_have_count(1 if folded else 0)
            if folded:
                await more.press("Space")
                assert await words.evaluate(hidden) <= 1
