"""The journey: register, come in, watch, ask, vote, moderate, be asked on stage, be answered; everyone concerned sees each step at once.

It knows an address and links only, so it runs against a test's platform and against a deployment alike:

    python -m tests.e2e.journey --base http://127.0.0.1:8080 --links links.json [--mail var/mail]

Each step waits for what a person would see. The platform is started elsewhere; faults have tests of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from playwright.async_api import Error, Page, async_playwright, expect

from shared.ids import new_id
from tests.e2e.harness import DESK, PATIENCE_MS, PHONE, BrowserHarness, launch
from tests.e2e.mailbox import letter_to
from tests.e2e.page_driver import Keyboard, PageDriver, Pointer, card_of, row_of

MOST_DELAY_SECONDS: Final = 3.0
SCREEN: Final = (1280, 720)
PLAYING: Final = "(v) => v.readyState >= 3 && !v.paused && v.currentTime > 0"
DELAY: Final = """() => { const at = document.querySelector('tablee-player')?.playback?.hls?.playingDate;
  return at ? (Date.now() - at.getTime()) / 1000 : null; }"""
"""Seconds between the source's clock in the stream (EXT-X-PROGRAM-DATE-TIME) and the frame on the screen."""


@dataclass
class Journey:
    """`session` is a session's id; without one, the session on now is taken. `say` is called with each step and each figure."""

    harness: BrowserHarness
    driver: PageDriver
    session: str = ""
    say: Callable[[str], None] = print
    figures: dict[str, float] = field(default_factory=dict)
    mark: str = field(default_factory=lambda: new_id()[:8])

    async def run(self) -> None:
        """Raises AssertionError or playwright's Error at the first step that is not as it should be."""
        expect.set_options(timeout=PATIENCE_MS)
        author = await self.register()
        async with self.step("The picture plays, less than three seconds behind the source"):
            await self.watches(author)
        room, moderator, stage = await self.others_come()
        await self.ask(author, room, moderator)
        await self.publish(author, room, moderator)
        await self.vote(author, room, moderator)
        await self.take_on_stage(author, room, moderator, stage)
        await self.answer(author, room, moderator, stage)
        await self.decline(author, room, moderator, stage)

    @asynccontextmanager
    async def step(self, words: str) -> AsyncIterator[None]:
        began = time.perf_counter()
        try:
            yield
        except (AssertionError, Error):
            self.say(f"✗ {words}")
            raise
        self.say(f"✓ {words} ({time.perf_counter() - began:.1f} s)")

    @property
    def question(self) -> str:
        return f"Comment relier les communes sans fibre ? ({self.mark})"

    @property
    def refused(self) -> str:
        return f"Achetez-vous nos routeurs ? ({self.mark})"

    @property
    def note(self) -> str:
        return f"Merci de poser une question de fond {self.mark}"

    # --- coming in ----------------------------------------------------------------------------------------------------------
    async def register(self) -> Page:
        """The author's page, in the session. Without a folder of mails: through the viewer's link."""
        harness, words = self.harness, self.harness.words
        async with self.step("The event page shows every entry of the programme"):
            page = await harness.stranger()
            await page.goto(f"{harness.base}/")
            programme = await (await page.context.request.get(f"{harness.base}/api/registration/programme")).json()
            await expect(page.locator("li.entry")).to_have_count(len(programme["sessions"]))
        link = harness.links.get("viewer", "")
        if harness.mail is not None:
            address = f"{new_id()}@example.org"
            async with self.step("Somebody registers, from afar"):
                await self._fill_in(page, address)
                await expect(page.get_by_role("heading", name=words("mail.title"))).to_be_visible()
            async with self.step("The mail brings the link and the day for the calendar"):
                letter = await letter_to(harness.mail, address)
                assert letter.link.startswith(f"{harness.base}/l/"), letter.link
                assert letter.link in letter.text
                assert letter.calendar.count("BEGIN:VEVENT") >= 1, letter.calendar[:200]
                link = letter.link
        async with self.step("Opening the link twice opens nothing"):
            for _ in range(2):
                answer = await page.context.request.get(link)
                assert answer.status == 200
                assert "tablee_session" not in answer.headers.get("set-cookie", "")
            await page.goto(f"{harness.base}/watch")
            assert page.url.endswith("/link?to=%2Fwatch"), page.url
        async with self.step(f"“{words('enter.button')}” leads to the live page"):
            await harness.press_enter(page, link, self.driver)
            self.session = self.session or str(await page.locator("#live").get_attribute("data-session"))
            await page.goto(harness.base + self._path("watch"))
            await expect(page.locator("html")).to_have_attribute("lang", harness.lang)
        return page

    async def _fill_in(self, page: Page, address: str) -> None:
        words, driver = self.harness.words, self.driver
        await driver.press(page.locator("a.door[href$='door=remote']"))
        await expect(page.locator("input[name=door][value=remote]")).to_be_checked()
        await expect(page.locator("input[name=image_rights]:checked")).to_have_count(0)
        await driver.write(page.get_by_label(words("form.name")), "Nora Lefèvre")
        await driver.write(page.get_by_label(words("form.email")), address)
        await driver.choose(page.locator(f"input[name=language][value={self.harness.lang}]"))
        await driver.choose(page.locator("input[name=image_rights][value=refused]"))
        await driver.press(page.locator(".form__end button[type=submit]"))

    def _path(self, page: str) -> str:
        pinned = "&pin" if page == "stage" else ""  # the screen else goes over to what is on at its stage
        return f"/{page}?session={quote(self.session)}{pinned}"

    async def others_come(self) -> tuple[Page, Page, Page]:
        """Somebody in the room, the moderator with the questions open, the screen."""
        harness, words = self.harness, self.harness.words
        async with self.step("Somebody in the room comes in"):
            in_room = await harness.newcomer("in_room", "Ali Benhamou") if harness.mail is not None else harness.links["room"]
            room = await harness.enter(in_room, self._path("room"))
        async with self.step("The screen is on"):
            stage = await harness.enter(harness.links["stage"], self._path("stage"), size=SCREEN)
        async with self.step("The moderator opens the questions"):
            moderator = await harness.enter(harness.links["moderator"], self._path("moderate"))
            await expect(moderator.locator("tablee-connection")).to_have_text(words("connection.live"))
            open_it = moderator.locator("tablee-floor").get_by_role("button", name=words("floor.do.open"), exact=True)
            await expect(moderator.locator("tablee-floor .badge")).to_be_visible()
            if await open_it.count():
                await self.driver.press(open_it)
            await expect(moderator.locator("tablee-floor .badge")).to_have_text(words("floor.state.open"))
            for page in (room, stage):
                await expect(page.locator("tablee-ask form, .screen__way")).to_be_visible()
        return room, moderator, stage

    async def watches(self, page: Page) -> None:
        """The picture moves, and the frame on the screen is less than MOST_DELAY_SECONDS old."""
        video = page.locator("tablee-player video")
        await page.wait_for_function(f"() => {{ const v = document.querySelector('tablee-player video'); return v && ({PLAYING})(v); }}")
        before = await video.evaluate("(v) => v.currentTime")
        await page.wait_for_function("(before) => document.querySelector('tablee-player video').currentTime > before + 1", arg=before)
        await page.wait_for_function(f"(most) => {{ const it = ({DELAY})(); return it !== null && it < most; }}", arg=MOST_DELAY_SECONDS)
        delay = float(await page.evaluate(DELAY))
        assert await video.evaluate("(v) => v.videoHeight") > 0
        await expect(page.locator("tablee-player .player__status .badge")).to_have_text(self.harness.words("player.rehearsal"))
        self._figure("delay behind the source, s", delay)

    # --- the life of a question ---------------------------------------------------------------------------------------------
    async def ask(self, author: Page, room: Page, moderator: Page) -> None:
        words = self.harness.words
        async with self.step("A question waits, for its author and the moderator alone"):
            await self.driver.ask(author, self.question)
            began = time.perf_counter()
            await expect(card_of(moderator, self.question)).to_be_visible()
            self._figure("asked until on the moderator's page, s", time.perf_counter() - began)
            await self.shows(author, self.question, words("mine.queued"))
            await expect(author.locator("#ask-text")).to_have_value("")
            assert self.mark not in self.harness.log.received(room), "a waiting question reached another viewer"
            assert self.mark not in await room.locator("main").inner_text()

    async def publish(self, author: Page, room: Page, moderator: Page) -> None:
        words = self.harness.words
        async with self.step("Published, everybody reads it"):
            await self.driver.command(moderator, words, self.question, "publish")
            began = time.perf_counter()
            await expect(row_of(room, self.question)).to_be_visible()
            self._figure("published until in the room, s", time.perf_counter() - began)
            await self.shows(author, self.question, words("mine.published.zero"))
            await expect(row_of(author, self.question)).to_be_visible()
            await expect(moderator.locator("section[aria-labelledby=column-published]").filter(has_text=self.mark)).to_have_count(1)

    async def vote(self, author: Page, room: Page, moderator: Page) -> None:
        words = self.harness.words
        async with self.step("A vote counts, and is seen everywhere"):
            await self.driver.vote(room, self.question)
            await expect(row_of(room, self.question).locator("button.vote")).to_have_attribute("aria-pressed", "true")
            await expect(row_of(room, self.question).locator(".vote__count")).to_have_text("1")
            await expect(row_of(author, self.question).locator(".vote--own .vote__count")).to_have_text("1")
            await self.shows(author, self.question, words("mine.published.one"))
            await expect(card_of(moderator, self.question)).to_contain_text(words("votes.one", n=1))

    async def take_on_stage(self, author: Page, room: Page, moderator: Page, stage: Page) -> None:
        words = self.harness.words
        async with self.step("On stage, the screen shows it and its author reads so"):
            await self.driver.command(moderator, words, self.question, "stage")
            began = time.perf_counter()
            await expect(stage.locator(".screen__words").filter(has_text=self.mark)).to_be_visible()
            self._figure("taken on stage until on the screen, s", time.perf_counter() - began)
            await self.shows(author, self.question, words("mine.on_stage"), "tablee-on-stage section")
            await self.shows(room, self.question, words("question.on_stage"), "tablee-on-stage section")

    async def answer(self, author: Page, room: Page, moderator: Page, stage: Page) -> None:
        words = self.harness.words
        async with self.step("Answered, its author and everybody read so"):
            await self.driver.command(moderator, words, self.question, "answer")
            await self.shows(author, self.question, words("mine.answered"))
            for page in (author, room):
                await expect(page.locator("li.question--answered").filter(has_text=self.mark)).to_have_count(1)
                await expect(page.locator("tablee-on-stage").filter(has_text=self.mark)).to_have_count(0)
            await expect(card_of(moderator, self.question)).to_contain_text(words("status.answered"))
            await expect(stage.locator(".screen__words").filter(has_text=self.mark)).to_have_count(0)
            await expect(stage.locator(".screen__words")).to_be_visible()  # an invitation, or by the hour what comes next

    async def decline(self, author: Page, room: Page, moderator: Page, stage: Page) -> None:
        words, log = self.harness.words, self.harness.log
        async with self.step("Another one is declined; only its author learns so, with the reason"):
            await self.driver.ask(room, self.refused)
            await expect(card_of(moderator, self.refused)).to_have_count(1)
            await self.driver.decline(moderator, words, self.refused, "promotional", self.note)
            await self.shows(room, self.refused, words("mine.declined.promotional"))
            await expect(room.locator("li.mine").filter(has_text=self.mark).locator(".mine__note")).to_contain_text(self.note)
            await expect(card_of(moderator, self.refused)).to_contain_text(words("status.declined"))
            for page in (author, stage):
                assert "routeurs" not in log.received(page), "a declined question reached somebody else"
                assert self.note not in log.received(page)

    @staticmethod
    async def shows(page: Page, text: str, words: str, where: str = "li.mine") -> None:
        """The question `text` is on the page with the sentence `words` beside it."""
        place = page.locator(where).filter(has_text=text)
        await expect(place.locator(".mine__state" if where == "li.mine" else ".badge")).to_have_text(words)
        await expect(place).to_be_visible()

    def _figure(self, name: str, value: float) -> None:
        self.figures[name] = value
        self.say(f"  {name}: {value:.2f}")


async def run(options: argparse.Namespace) -> None:
    links: dict[str, Any] = json.loads(options.links.read_text("utf-8"))
    async with async_playwright() as playwright:
        browser = await launch(playwright, options.chromium)
        harness = BrowserHarness(
            browser,
            options.base.rstrip("/"),
            links,
            options.mail,
            lang=options.lang,
            size=PHONE if options.phone else DESK,
            touch=options.phone,
        )
        try:
            await Journey(harness, Keyboard() if options.keyboard else Pointer(touch=options.phone), options.session).run()
        finally:
            for complaint in harness.log.complaints:
                sys.stderr.write(f"! {complaint}\n")
            await harness.close()
            await browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.journey", description="The journey in a real browser, step by step.")
    parser.add_argument("--base", required=True, help="address of the platform")
    parser.add_argument("--links", type=Path, required=True, help="file with what `tablee links --json` prints")
    parser.add_argument("--mail", type=Path, help="its folder of mails; without it the given links are used")
    parser.add_argument("--session", default="", help="id of a session; without it, the one on now")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    parser.add_argument("--phone", action="store_true", help="on a phone of 360 × 780")
    parser.add_argument("--keyboard", action="store_true", help="asking, voting, moderating without a pointer")
    parser.add_argument("--chromium", type=Path, default=Path("/usr/bin/chromium"))
    try:
        asyncio.run(run(parser.parse_args()))
    except (AssertionError, Error) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
