"""axe finds nothing on the live pages, with questions in every place on them, in both languages and both schemes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import PHONE
from tests.support.paths import ROOT
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEME_RULES: Final = ["color-contrast", "link-in-text-block"]
"""What a dark scheme can break that was whole in the light one."""
SESSION: Final = "table-ronde-3"
PAGES: Final = (("viewer", "watch"), ("room", "room"), ("moderator", "moderate"), ("stage", "stage"), ("operator", "control"))


@asynccontextmanager
async def _questions(platform: Running) -> AsyncIterator[None]:
    """One question on stage, one published, one declined, one waiting; the stage is free again afterwards."""
    async with aiohttp.ClientSession() as http:
        moderator = Person(platform, http, "moderator", door="staff")
        await moderator.open_floor(SESSION)
        texts = [f"Que change la fibre pour nos écoles, cas {number} ?" for number in range(4)]
        items = [await Person(platform, http, "viewer").ask(text, SESSION) for text in texts]
        staged = await moderator.move(await moderator.move(items[0], "publish"), "stage")
        await moderator.move(items[1], "publish")
        await moderator.move(items[2], "decline", reason="unclear", note="Dites-le autrement.")
        yield
        await moderator.move(staged, "answer")


async def _shown(page: Page, name: str) -> None:
    """What the page is for has come."""
    await expect(
        page.locator(
            {"control": "tablee-show .show-row", "stage": ".screen--question", "moderate": "tablee-desk li.card"}.get(
                name, "tablee-questions li.question"
            )
        ).first
    ).to_be_visible()


async def axe(page: Page, rules: list[str]) -> list[str]:
    found: dict[str, Any] = await page.evaluate("(rules) => axe.run(document, {runOnly: rules})", rules)
    return [f"{one['id']}: {node['html'][:160]} — {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize(("lang", "size"), [("fr", (1440, 900)), ("en", PHONE)])
async def test_axe_finds_nothing_on_any_live_page(harness: NewHarness, platform: Running, lang: str, size: tuple[int, int]) -> None:
    if not AXE.is_file():
        pytest.fail("no axe-core: run `npm ci`")
    people = await harness(lang=lang, size=size)
    problems: list[str] = []
    async with _questions(platform):
        for link, name in PAGES:
            page = await people.enter(people.links[link], f"/{name}?session={SESSION}{'&pin' if name == 'stage' else ''}")
            await _shown(page, name)
            await page.evaluate(AXE.read_text("utf-8"))
            problems += [f"{name} {lang} light: {one}" for one in await axe(page, RULES)]
            await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            problems += [f"{name} {lang} dark: {one}" for one in await axe(page, SCHEME_RULES)]
            await people.close()
    assert not problems, "\n".join(problems)
