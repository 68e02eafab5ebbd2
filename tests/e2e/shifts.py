"""How much a page moves by itself while it loads: the layout shifts that the browser counts (CLS, https://web.dev/articles/cls)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
from playwright.async_api import Page

from shared.ids import new_id
from tests.e2e.harness import DESK, PHONE, BrowserHarness
from tests.support.people import Person
from tests.support.platform import Running

GOOD: Final = 0.1
"""More than that is felt, say those who made the measure."""
SIZES: Final = (DESK, (360, PHONE[1]))
QUIET_MS: Final = 1_500
"""What a page moves after it can be used still counts."""
SESSION: Final = "table-ronde-3"
PUBLISHED: Final = 8
WAITING: Final = 12
COUNT: Final = """
(() => {
  if (window.__shifts) return;
  const name = (node) => !node ? '?' : node.nodeType === 3 ? name(node.parentNode) : node.localName + '.' + node.getAttribute('class');
  const box = (rect) => [rect.x, rect.y, rect.width, rect.height].map(Math.round).join(' ');
  const moved = (one) => `${name(one.node)} ${box(one.previousRect)} → ${box(one.currentRect)}`;
  window.__shifts = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (!one.hadRecentInput) window.__shifts.push([one.value, Math.round(one.startTime), one.sources.map(moved)]);
    }
  }).observe({type: 'layout-shift', buffered: true});
})();
"""
ASK: Final = """async ([session, id, text]) => {
  const { pass } = await (await fetch('/api/registration/pass', {method: 'POST'})).json();
  const answer = await fetch(`/api/qa/sessions/${session}/questions`, {method: 'POST',
    headers: {'Content-Type': 'application/json', Authorization: `Bearer ${pass}`}, body: JSON.stringify({id, text, language: 'fr'})});
  return answer.status;
}"""


@dataclass(frozen=True)
class Place:
    """A page: the link one comes by ("": nobody's), its address, what shows that it is there."""

    link: str
    path: str
    ready: str


PLACES: Final[Mapping[str, Place]] = {
    "event": Place("", "/", "main"),
    "registration": Place("", "/inscription", "form"),
    "link": Place("", "/link", "form"),
    "place": Place("author", "/place", "main"),
    "watch with own questions": Place("author", f"/watch?session={SESSION}", "tablee-mine .mine"),
    "watch": Place("viewer", f"/watch?session={SESSION}", "tablee-questions li"),
    "room": Place("room", f"/room?session={SESSION}", "tablee-questions li"),
    "moderate": Place("moderator", f"/moderate?session={SESSION}", "tablee-desk li.card"),
    "control": Place("operator", "/control", "tablee-show .show-row"),
    "people": Place("operator", "/people", "main"),
    "stage": Place("stage", f"/stage?session={SESSION}&pin", ".screen"),
}


@dataclass(frozen=True)
class Shift:
    """`score`: the sum, for a load is one window of it; `moved` says what moved, for people."""

    score: float
    moved: list[str]


async def shift(page: Page, address: str, ready: str) -> Shift:
    """Of a first visit to `address`."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.clearBrowserCache")
    await page.add_init_script(COUNT)
    await page.goto(address)
    await page.locator(ready).first.wait_for()
    await page.evaluate("() => document.fonts.ready.then(() => true)")
    await page.wait_for_timeout(QUIET_MS)
    found = await page.evaluate("() => window.__shifts")
    return Shift(sum(one[0] for one in found), [f"{value:.3f} at {at} ms: {'; '.join(moved)}" for value, at, moved in found])


@asynccontextmanager
async def busy_session(running: Running, people: BrowserHarness) -> AsyncIterator[Mapping[str, str]]:
    """The links of PLACES, with questions in every place; who comes by `author` has asked one that waits. The stage is free afterwards."""
    async with aiohttp.ClientSession() as http:
        moderator = Person(running, http, "moderator", door="staff")
        await moderator.open_floor(SESSION)
        texts = (f"Que change la fibre pour les écoles de nos villages, cas {n} ?" for n in range(1 + PUBLISHED + WAITING))
        items = [await Person(running, http, "viewer").ask(text, SESSION) for text in texts]
        published = [await moderator.move(item, "publish") for item in items[: 1 + PUBLISHED]]
        staged = await moderator.move(published[0], "stage")
        author = await people.newcomer("remote")
        page = await people.enter(author, "/place")
        assert await page.evaluate(ASK, [SESSION, new_id(), "Et qui paie l’entretien de la ligne, une fois posée ?"]) in (200, 201)
        await page.close()
        yield {**people.links, "author": author}
        await moderator.move(staged, "answer")


async def shifts(people: BrowserHarness, links: Mapping[str, str]) -> dict[str, dict[int, Shift]]:
    """Of every page: at each width."""
    found: dict[str, dict[int, Shift]] = {name: {} for name in PLACES}
    for link in dict.fromkeys(place.link for place in PLACES.values()):
        page = await people.enter(links[link], "/place") if link else await people.stranger()
        for name, place in PLACES.items():
            if place.link != link:
                continue
            for width, height in SIZES:
                await page.set_viewport_size({"width": width, "height": height})
                found[name][width] = await shift(page, people.base + place.path, place.ready)
        await page.context.close()
    return found
