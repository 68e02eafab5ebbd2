"""A session slowed down and a person muted from the desk; the phone of that person says so, and lets them speak again. Words that an
operator lists mark a question on the desk."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import expect

from tests.e2e.harness import PHONE, BrowserHarness
from tests.e2e.page_driver import Pointer, card_of
from tests.e2e.test_screens import clean
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

QUESTION = "Who pays for the new ropes?"


async def test_a_session_is_slowed_and_a_person_muted_and_each_of_them_is_told(people: BrowserHarness, operator: Operator) -> None:
    day, words = await operator.publish(LivingDay(tag="guard")), people.words
    session = day.id("tides")
    phone = await people.enter(await people.newcomer("in_room"), f"/room?session={session}", size=PHONE)
    desk = await people.enter(people.links["moderator"], f"/moderate?session={session}")
    await desk.locator(".house__button").click()
    house = desk.locator("#house")
    await house.get_by_role("button", name="2 min", exact=True).click()
    await expect(house.get_by_role("button", name="2 min", exact=True)).to_have_attribute("aria-pressed", "true")
    await phone.locator("#ask-text").focus()
    await expect(phone.locator("#ask-help")).to_have_text(words("ask.slow.other", n="2"))
    await Pointer().ask(phone, QUESTION)
    await expect(card_of(desk, QUESTION)).to_be_visible()
    await expect(phone.locator("#ask-text")).to_have_value("")
    await Pointer().ask(phone, "And who splices them?")
    await expect(phone.locator(".ask__state").first).to_contain_text("Your text is safe")

    await desk.keyboard.press("Escape")
    await card_of(desk, QUESTION).locator(".card__text").click()
    await card_of(desk, QUESTION).locator(".card__more summary").click()
    await card_of(desk, QUESTION).locator("button[data-command=mute]").click()
    await expect(card_of(desk, QUESTION)).to_contain_text(words("card.muted"))
    await expect(phone.locator("tablee-ask")).to_contain_text(words("ask.muted"))
    await desk.locator(".house__button").click()
    await expect(house).to_contain_text("Nora Lefèvre")
    await expect(house.locator(".house__log")).to_contain_text(words("act.mute"))
    await clean(desk, phone)
    await house.get_by_role("button", name=words("house.unmute")).press("Enter")
    await expect(house).to_contain_text(words("house.muted.none"))
    await expect(phone.locator("#ask-text")).to_be_visible()


async def test_a_listed_word_marks_a_question_on_the_desk_and_the_desk_finds_it(
    people: BrowserHarness, operator: Operator, living: Running
) -> None:
    day, words = await operator.publish(LivingDay(tag="flags")), people.words
    session = day.id("tides")
    control = await people.enter(people.links["operator"], "/control")
    lists = control.locator("tablee-flag-words")
    await lists.locator("textarea[name=en]").fill("scurvy\nold barnacle")
    await lists.get_by_role("button").press("Enter")
    await expect(lists).to_contain_text(words("control.words.saved"))
    async with aiohttp.ClientSession() as http:
        await Person(living, http, "moderator", door="staff").open_floor(session)
        for text in ("Why listen to that Old Barnacle?", "When is the harbour dredged?"):
            await Person(living, http, "viewer").ask(text, session)
    desk = await people.enter(people.links["moderator"], f"/moderate?session={session}")
    marked, other = card_of(desk, "Old Barnacle"), card_of(desk, "dredged")
    await expect(marked).to_contain_text(words("card.flag.word", words="old barnacle"))
    await expect(other).to_be_visible()
    await desk.locator("select[name=flag]").select_option("word")
    await expect(other).to_have_count(0)
    await expect(marked).to_be_visible()
    await clean(desk, control)
