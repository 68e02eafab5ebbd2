"""The pages without script in a browser that runs none: a whole visit by mouse and keyboard, its weight on the wire, nothing for axe."""

from __future__ import annotations

from typing import Any, Final

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.harness import PHONE
from tests.e2e.test_axe import AXE, RULES, axe
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

SESSION: Final = "table-ronde-2"
FIRST_BYTES: Final = 20_000
MINUTE_BYTES: Final = 3_000
"""Once more each minute, headers and all, with eight questions on the page."""
TEXTS: Final = (
    "Quand la fibre arrivera-t-elle dans les hameaux de la vallée de la Drôme, où le cuivre s’éteint déjà ?",
    "Qui forme les aidants numériques des mairies, et qui paie leurs heures quand ils accompagnent une démarche ?",
    "Les maisons France services resteront-elles ouvertes le samedi matin dans les communes de montagne ?",
    "Comment une commune de deux cents habitants peut-elle peser dans le choix d’un opérateur ?",
    "Que deviennent les données des personnes âgées que l’on aide à remplir leur dossier de retraite en ligne ?",
    "Pourquoi les lycées agricoles n’ont-ils pas le même équipement que ceux de la métropole voisine ?",
    "Le télétravail peut-il rouvrir une école, et qu’a-t-on appris des villages qui l’ont essayé ?",
    "Combien coûte un tiers-lieu qui tient cinq ans, et qui en a fait le compte jusqu’au bout ?",
    "Peut-on garder un guichet où quelqu’un répond, à côté de chaque service qui passe en ligne ?",
    "La carte des zones blanches dit que tout est couvert chez nous : à qui dire que rien ne passe ?",
    "Faut-il un numéro unique pour signaler une ligne coupée, et qui en rend compte publiquement ?",
)


async def published(running: Running) -> list[dict[str, Any]]:
    async with aiohttp.ClientSession() as http:
        moderator = Person(running, http, "moderator", door="staff")
        await moderator.open_floor(SESSION)
        return [await moderator.move(await Person(running, http, "viewer").ask(text, SESSION), "publish") for text in TEXTS]


async def bytes_of(page: Page, go: Any) -> int:
    """On the wire: what came until the page had loaded."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    found = 0

    def counted(length: float) -> None:
        nonlocal found
        found += int(length)

    session.on("Network.loadingFinished", lambda event: counted(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: counted(event.get("redirectResponse", {}).get("encodedDataLength", 0)))
    await go()
    await page.wait_for_load_state("networkidle")
    await session.detach()
    return found


async def test_somebody_without_scripts_takes_part(harness: NewHarness, platform: Running) -> None:
    people = await harness()
    await published(platform)
    context = await people.browser.new_context(java_script_enabled=False, viewport={"width": PHONE[0], "height": PHONE[1]}, locale="fr")
    people.contexts.append(context)
    page = await context.new_page()
    await people.press_enter(page, await people.newcomer("remote"))
    await page.goto(f"{people.base}/watch?session={SESSION}")
    link = page.locator(".noscript a[href^='/lite']")
    first = await bytes_of(page, link.click)
    await expect(page).to_have_url(f"{people.base}/lite/{SESSION}?renewed=1")
    again = await bytes_of(page, lambda: page.goto(f"{people.base}/lite/{SESSION}"))
    assert first < FIRST_BYTES
    assert again < MINUTE_BYTES, f"{again} bytes each minute"

    await page.get_by_role("button", name="Soutenir", exact=True).first.click()
    await expect(page.get_by_role("status")).to_have_text("Votre soutien est compté.")
    await expect(page.get_by_role("button", name="Ne plus soutenir", exact=True)).to_have_count(1)
    await page.get_by_role("link", name="Poser une question").press("Enter")
    await page.get_by_label("Ma question").fill("Et les lignes de ceux qui nous lisent ici ?")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="Envoyer").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("bien arrivée")
    await expect(page.get_by_text("la modération va la lire")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    await page.get_by_role("button", name="Applaudir", exact=True).press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("compté pendant quelques secondes")
    await expect(page.get_by_text("personne connectée").or_(page.get_by_text("personnes connectées"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(harness: NewHarness, platform: Running, scheme: Any) -> None:
    people = await harness()
    page = await people.stranger(size=PHONE, scheme=scheme)
    await people.press_enter(page, people.links["room"])
    for rest in ("", "/ask"):
        await page.goto(f"{people.base}/lite?session={SESSION}")
        await page.goto(f"{people.base}/lite/{SESSION}{rest}")
        await page.evaluate(AXE.read_text("utf-8"))
        assert await axe(page, RULES) == []
