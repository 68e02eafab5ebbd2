"""The line is thin: what pages weigh, and that a page which says its weight says the truth."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import NewHarness
from tests.e2e.weights import READY, weigh

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

SESSION = "table-ronde-1"


async def test_the_event_page_weighs_what_it_says(harness: NewHarness) -> None:
    people = await harness()
    page = await people.stranger()
    weight = await weigh(page, f"{people.base}/", "main")
    said = re.search(r"moins de (\d+)\s+ko", await page.inner_text("footer"))
    assert said is not None
    assert weight.bytes <= int(said[1]) * 1000 <= weight.bytes * 1.2
    assert weight.bytes <= 90_000


async def test_the_form_is_light(harness: NewHarness) -> None:
    people = await harness()
    assert (await weigh(await people.stranger(), f"{people.base}/inscription", "form")).bytes <= 80_000


@pytest.mark.parametrize(("name", "link", "kilobytes"), [("room", "room", 100), ("moderate", "moderator", 110), ("watch", "viewer", 200)])
async def test_a_page_of_questions_is_light(harness: NewHarness, name: str, link: str, kilobytes: int) -> None:
    people = await harness()
    page = await people.enter(people.links[link])
    assert (await weigh(page, f"{people.base}/{name}?session={SESSION}", READY[name])).bytes <= kilobytes * 1000
