"""The server-rendered pages in a real browser: nothing for axe to find, no script needed, nothing foreign, nothing cut off, on paper too.

What must not be here: what the server decides (tests/services), the live pages (tests/e2e).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.support.chromium import ARGUMENTS
from tests.support.pages import CASES, application
from tests.support.paths import ROOT

AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: Final = (360, 780)
DESK: Final = (1440, 900)
PATHS: Final = [case.path for case in CASES]

# Everything a finger is meant for that is lower than 44 px, but links inside a sentence (WCAG 2.2, 2.5.8, exception "inline").
TARGETS: Final = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), label.choice')]
  .filter((one) => !one.closest('[aria-hidden=true]'))
  .filter((one) => !one.matches('.choice input, .visually-hidden, .skip, .summary a, .verbatim a, p > a:not(.button)'))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.height > 0 && box.height < 43.5)
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.height}`)"""


@asynccontextmanager
async def _browser(chromium: Path) -> AsyncIterator[tuple[Browser, str]]:
    async with TestServer(application()) as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            yield browser, str(server.make_url("")).rstrip("/")
        finally:
            await browser.close()


@pytest.fixture
async def browser(chromium: Path) -> AsyncIterator[tuple[Browser, str]]:
    async with _browser(chromium) as found:
        yield found


async def _open(
    found: tuple[Browser, str],
    path: str,
    *,
    size: tuple[int, int] = PHONE,
    scheme: Literal["light", "dark"] = "light",
    script: bool = True,
    calm: bool = True,
) -> Page:
    browser, origin = found
    page = await browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        java_script_enabled=script,
        reduced_motion="reduce" if calm else "no-preference",
    )
    await page.goto(origin + path)
    return page


async def _axe(page: Page) -> list[str]:
    await page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = await page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES)
    return [f"{one['id']}: {node['html'][:120]} — {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("lang", "scheme", "size"), [("fr", "light", PHONE), ("en", "dark", DESK)])
async def test_axe_finds_nothing_on_any_page_in_either_language_and_scheme(
    browser: tuple[Browser, str], lang: str, scheme: Literal["light", "dark"], size: tuple[int, int]
) -> None:
    if not AXE.is_file():
        pytest.fail("no axe-core: run `npm ci`")
    found = {}
    for path in PATHS:
        page = await _open(browser, f"{path}?lang={lang}", size=size, scheme=scheme)
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if findings := await _axe(page):
            found[path] = findings
        await page.close()
    assert not found


@pytest.mark.timeout(300)
async def test_every_page_fits_a_narrow_phone_and_every_target_fits_a_finger(browser: tuple[Browser, str]) -> None:
    wide, small = [], {}
    for path in PATHS:
        page = await _open(browser, path, size=(320, 640))
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
        if targets := await page.evaluate(TARGETS):
            small[path] = targets
        await page.close()
    assert not wide
    assert not small


async def test_pages_ask_nobody_else_and_break_no_rule_of_their_policy(browser: tuple[Browser, str]) -> None:
    chrome, origin = browser
    page = await chrome.new_page()
    told: list[str] = []
    answer = {"pass": "p", "expires_at": "2099-01-01T00:00:00.000Z", "questions": {}}  # no service is behind these pages
    await page.route("**/api/**", lambda route: route.fulfill(json=answer))
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: told.append(request.url) if not request.url.startswith(origin) else None)
    page.on("response", lambda response: told.append(f"{response.status} {response.url}") if response.status >= 400 else None)
    for path in PATHS:
        await page.goto(origin + path)
        assert await page.locator("[style], style, script:not([src]):not([type=importmap])").count() == 0
    assert not told


async def test_the_event_page_is_whole_without_script(browser: tuple[Browser, str]) -> None:
    page = await _open(browser, "/", script=False)
    assert await page.locator(".entry").count() == 10
    folded = page.locator("#table-ronde-3")
    speaker = folded.get_by_text("secrétaire général de Nokia France")
    assert not await speaker.is_visible()
    await folded.locator("summary").click()
    assert await speaker.is_visible()


async def test_the_round_table_that_is_on_now_is_named_and_unfolded(browser: tuple[Browser, str]) -> None:
    page = await _open(browser, "/")
    now = page.get_by_role("region", name="En ce moment")
    assert await now.get_by_role("link", name=re.compile("Services au public")).count() == 1
    assert await now.get_by_role("link", name=re.compile("Réconcilier")).count() == 1
    assert await page.get_by_text("sénatrice du Nord").is_visible()
    quiet = await _open(browser, "/?quiet=1")
    assert await quiet.get_by_role("region", name="En ce moment").count() == 0


async def test_everyone_stands_on_paper_with_every_title(browser: tuple[Browser, str]) -> None:
    page = await _open(browser, "/", size=(794, 1123))
    await page.emulate_media(media="print")
    titles = page.locator(".person__title")
    hidden = [await one.inner_text() for one in await titles.all() if not await one.is_visible()]
    assert await titles.count() > 22
    assert not hidden
    assert not await page.locator(".doors").is_visible()


async def test_the_form_is_filled_in_with_the_keyboard_alone(browser: tuple[Browser, str]) -> None:
    page = await _open(browser, "/inscription", size=DESK)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    reached: list[str] = []
    for _ in range(20):
        await page.keyboard.press("Tab")
        name, outline = await page.evaluate(
            """() => { const one = document.activeElement; const shown = one.closest('.choice') ?? one;
              return [one.name || one.type || '', getComputedStyle(shown).outlineStyle]; }"""
        )
        if name:
            reached.append(name)
            assert outline != "none", name
        if name == "image_rights":
            await page.keyboard.press("ArrowDown")
        if name == "submit":
            break
    assert reached == ["door", "headcount", "name", "email", "language", "image_rights", "submit"]
    assert await page.locator("input[name=image_rights]:checked").count() == 1


async def test_a_question_is_there_while_it_is_asked(browser: tuple[Browser, str]) -> None:
    page = await _open(browser, "/inscription/questions", size=DESK)
    lunch, meal = page.locator("[data-question=repas]"), page.locator("[data-question=regime]")
    await expect(lunch).to_be_hidden()
    await page.locator("input[name=door][value=in_room]").check(force=True)
    await expect(lunch).to_be_visible()
    await expect(meal).to_be_hidden()
    await lunch.get_by_text("Oui").click()
    await expect(meal).to_be_visible()
    await page.locator("input[name=door][value=remote]").check(force=True)
    await expect(meal).to_be_hidden()
    bare = await _open(browser, "/inscription/questions", script=False)
    await expect(bare.locator("[data-question=regime]")).to_contain_text("Si vous avez répondu")


async def test_nothing_is_ticked_for_image_rights_and_the_door_is_the_one_asked_for(browser: tuple[Browser, str]) -> None:
    page = await _open(browser, "/inscription")
    assert await page.locator("input[name=image_rights]:checked").count() == 0
    assert await page.locator("input[name=door]:checked").get_attribute("value") == "hub"


async def test_an_error_is_tied_to_its_field(browser: tuple[Browser, str]) -> None:
    page = await _open(browser, "/inscription/wrong")
    field = page.get_by_label("Votre adresse e-mail")
    assert await field.get_attribute("aria-invalid") == "true"
    words = [await page.inner_text(f"#{id}") for id in ((await field.get_attribute("aria-describedby")) or "").split()]
    assert words[-1] == "Cette adresse n’a pas la forme attendue."
    await page.get_by_role("alert").get_by_role("link", name="Votre adresse e-mail").click()
    assert await page.evaluate("document.activeElement.id") == "email"


async def test_nothing_moves_for_who_asks_for_calm(browser: tuple[Browser, str]) -> None:
    running = "document.getAnimations().filter((one) => one.playState === 'running').length"
    assert await (await _open(browser, "/", calm=False)).evaluate(running) > 0
    assert await (await _open(browser, "/", calm=True)).evaluate(running) == 0
