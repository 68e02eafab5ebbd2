"""What was asked in a session that the programme has no more: moderators find it and decide, whoever asked reads it on."""

from __future__ import annotations

import re

import aiohttp
import pytest
from playwright.async_api import expect

from tests.e2e.harness import PHONE, BrowserHarness
from tests.e2e.page_driver import Pointer, card_of
from tests.e2e.test_axe import AXE, RULES, axe
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

ASKED = "Who mends the nets when the boats are out?"
WAITING = "And who pays for them?"


async def test_moderators_find_a_removed_session_and_its_author_reads_on(
    people: BrowserHarness, operator: Operator, living: Running
) -> None:
    day, words = await operator.publish(LivingDay(tag="gone")), people.words
    nets = day.id("nets")
    link = await people.newcomer("remote")
    viewer = await people.enter(link, f"/watch?session={nets}", size=PHONE)
    await Pointer().ask(viewer, ASKED)
    await expect(viewer.locator("tablee-mine")).to_contain_text(ASKED)
    async with aiohttp.ClientSession() as http:
        await Person(living, http, "viewer").ask(WAITING, nets)
    desk = await people.enter(people.links["moderator"], f"/moderate?session={day.id('tides')}")
    await operator.publish(day.without("nets"))

    await expect(viewer.locator("tablee-way")).to_contain_text(words("way.removed"))
    await expect(viewer.locator("tablee-ask")).to_contain_text(words("floor.closed"))
    await expect(viewer.locator("tablee-mine")).to_contain_text(ASKED)
    await viewer.reload()
    await expect(viewer.locator("h1")).to_have_text("Who keeps the tides?")
    await expect(viewer.locator("tablee-mine")).to_contain_text(words("mine.elsewhere", title="Nets, old and new"))
    await expect(viewer.locator("tablee-mine")).to_contain_text(ASKED)

    group = desk.locator("tablee-picker optgroup").filter(has_text="Nets, old and new").last
    await desk.locator("tablee-picker").hover()
    await expect(group).to_have_attribute("label", words("picker.removed"))
    await desk.locator("#picker").select_option(value=nets)
    await Pointer().press(desk.get_by_role("button", name=words("page.session.go")))
    await expect(desk).to_have_url(re.compile(re.escape(f"session={nets}")))
    await expect(desk.locator("h1")).to_have_text("Nets, old and new")
    await expect(desk.locator("tablee-floor")).to_contain_text(words("floor.removed"))
    await expect(card_of(desk, WAITING)).to_be_visible()
    for page in (desk, viewer):
        await page.evaluate(AXE.read_text("utf-8"))
        assert await axe(page, RULES) == []

    await Pointer().command(desk, words, ASKED, "publish")
    await expect(desk.locator("section[aria-labelledby=column-published] li.card").filter(has_text=ASKED)).to_be_visible()
    await Pointer().press(card_of(desk, ASKED).locator(".card__text"))
    on_stage = card_of(desk, ASKED).locator(".card__commands button").filter(has_text=words("command.stage"))
    await expect(on_stage).to_have_count(0)
    await Pointer().press(card_of(desk, ASKED).locator(".card__commands button").filter(has_text=words("command.hide")))
    await expect(card_of(desk, ASKED)).to_contain_text(words("status.hidden"))


async def test_a_floor_says_who_decided_and_follows_again(people: BrowserHarness, operator: Operator) -> None:
    day, words = await operator.publish(LivingDay(tag="hand")), people.words
    desk = await people.enter(people.links["moderator"], f"/moderate?session={day.id('tides')}")
    floor = desk.locator("tablee-floor")
    await expect(floor).to_contain_text(words("floor.by.programme"))
    follow = floor.get_by_role("button", name=words("floor.do.programme"))
    await expect(follow).to_have_count(0)
    await Pointer().press(floor.get_by_role("button", name=words("floor.do.closed")))
    await expect(floor).to_contain_text(words("floor.by.hand"))
    await expect(floor).to_contain_text(words("floor.state.closed"))
    await operator.change("end", day.id("tides"))
    await expect(floor).to_contain_text(words("floor.by.programme"))
    await Pointer().press(floor.get_by_role("button", name=words("floor.do.open")))
    await expect(floor).to_contain_text(words("floor.by.hand"))
    await Pointer().press(follow)
    await expect(floor).to_contain_text(words("floor.by.programme"))
    await expect(floor).to_contain_text(words("floor.state.closed"))
