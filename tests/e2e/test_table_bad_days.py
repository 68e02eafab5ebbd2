"""What viewers get of the table, and what goes wrong there on a bad day: a studio that is loaded again or killed, a camera that is taken
away, a tab that is closed, a network that is cut. One studio and one guest go through them all; what the service does of it:
tests/services/qa/test_table.py.

A second device and a camera that is in use elsewhere: test_table.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Page, async_playwright, expect

from tests.e2e.fake_devices import EAR, RED, launch_with
from tests.e2e.harness import BrowserHarness, launch
from tests.e2e.test_axe import AXE, RULES, axe
from tests.e2e.test_studio import LIVE_MS, NEAR, PROGRAMME, TOLERANCE, shows
from tests.e2e.test_table import ENOUGH, HEARS, LEAST_DB, TONE, called, open_day, open_studio
from tests.e2e.udp_wire import UdpWire
from tests.support.bus.kit import eventually
from tests.support.living_day import Operator
from tests.support.people import Person
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

NAME: Final = "Ines Roca"
PLAYED: Final = "tablee-player video"
CUT_SECONDS: Final = 10
TAKEN_AWAY: Final = """() => {
  const { tracks } = document.querySelector('tablee-seat').inputs, camera = tracks.room;
  camera.stop();
  camera.dispatchEvent(new Event('ended')); }"""
"""As when a cable is pulled: a browser says so of a device, never of one that the page stopped."""
NO_PICTURE: Final = """() => {
  const { table, people } = document.querySelector('tablee-studio');
  return people.length === 1 && people.every(({ id }) => table.stream(id) === null); }"""
"""Whoever is on air has their name for a picture: none that stands still."""
FAILS: Final = """(name) => {
  const { mediaDevices } = navigator;
  window.given ??= mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = (how) => (name ? Promise.reject(new DOMException('', name)) : window.given(how)); }"""
FAILURES: Final = {
    "NotAllowedError": "camera.device.denied",
    "NotFoundError": "camera.device.none",
    "NotReadableError": "camera.device.busy",
    "OtherError": "camera.device.other",
}


@dataclass
class Table:
    people: BrowserHarness
    guests: BrowserHarness
    session: str
    studio: Page
    page: Page
    wire: UdpWire
    """That the guest's media pass through."""

    def button(self, step: str) -> str:
        words = self.people.words
        return words("seats.act.whose", act=words(f"seats.act.{step}"), name=NAME)

    async def take(self) -> None:
        """From ready to on air."""
        await self.studio.get_by_role("button", name=self.button("take")).click()
        await self.says("seat.state.on_air")

    async def off(self) -> None:
        await self.studio.get_by_role("button", name=self.button("off_air")).click()
        await self.says("seat.state.ready")

    async def says(self, key: str, **how: object) -> None:
        """On the guest's page."""
        await expect(self.page.locator(".seat")).to_contain_text(self.people.words(key), timeout=LIVE_MS)

    async def clean(self) -> None:
        await self.page.evaluate(AXE.read_text("utf-8"))
        assert await axe(self.page, RULES) == []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def table(browser: Browser, chromium: Path, living: Running, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Table]:
    """A studio, and a guest who is ready."""
    mails = living.folder / "var" / "mail"
    people = BrowserHarness(browser, living.base, await living.links(), mails, lang="en")
    async with async_playwright() as playwright, aiohttp.ClientSession() as http:
        other = await launch_with(playwright, chromium, tmp_path_factory.mktemp("guest"), RED, TONE)
        guests = BrowserHarness(other, living.base, people.links, mails, lang="en")
        wire = UdpWire()
        try:
            session = await open_day(Operator(Person(living, http, "operator", door="staff")), "bad-day")
            studio = await open_studio(people, session)
            studio.on("dialog", lambda dialog: dialog.accept())
            link = await guests.newcomer("remote", NAME, image_rights="granted")
            page = await guests.stranger()
            await wire.lay(page.context)
            await guests.press_enter(page, link)
            await page.goto(f"{living.base}/watch?session={session}")
            await called(people, page, session)
            yield Table(people, guests, session, studio, page, wire)
        finally:
            wire.close()
            await guests.close()
            await people.close()
            await other.close()


async def test_each_failure_of_a_device_is_said_in_words_before_anybody_is_on_air(table: Table) -> None:
    page, words = table.page, table.people.words
    await page.get_by_role("button", name=words("seat.accept")).wait_for()
    await table.clean()
    await page.evaluate(FAILS, "NotAllowedError")
    await page.get_by_role("button", name=words("seat.accept")).click()
    for name, key in FAILURES.items():
        await page.evaluate(FAILS, name)
        await page.get_by_role("button", name=words("seat.again")).click()
        await expect(page.locator(".seat [role=alert]")).to_have_text(words(key))
        await expect(page.get_by_role("button", name=words("seat.ready"))).to_be_disabled()
    await table.clean()
    await page.evaluate(FAILS, "")
    await page.get_by_role("button", name=words("seat.again")).click()
    await page.get_by_role("button", name=words("seat.ready")).click(timeout=LIVE_MS)
    await table.says("seat.state.ready")


async def test_a_camera_that_is_taken_away_in_mid_sentence_leaves_the_voice_and_a_name(table: Table) -> None:
    words = table.people.words
    await table.take()
    await shows(table.studio, PROGRAMME, [254, 0, 0], (0.75, 0.4))
    await table.page.evaluate(TAKEN_AWAY)
    await table.says("camera.gone.video")
    await table.says("seat.state.on_air")
    await table.clean()
    await table.studio.wait_for_function(NO_PICTURE)
    await table.studio.wait_for_function(HEARS, arg=[TONE, LEAST_DB])
    await table.page.locator(".seat__more summary").click()
    await table.page.locator(".seat").get_by_label(words("camera.from.video")).select_option(index=0)
    await shows(table.studio, PROGRAMME, [254, 0, 0], (0.75, 0.4))
    await table.off()


async def test_viewers_see_and_hear_a_guest_on_air_and_nothing_of_them_afterwards(table: Table) -> None:
    """In what LL-HLS brings them, some seconds later. The guest comes in four beeps a second: a look that finds none was long enough."""
    words, red, place = table.people.words, [254, 0, 0], (0.75, 0.4)
    await table.studio.get_by_role("button", name=words("camera.send")).click()
    viewer = await table.people.enter(await table.people.newcomer("remote", "Ada Berg"), f"/watch?session={table.session}")
    await table.take()
    await shows(viewer, PLAYED, red, place, 2 * LIVE_MS)
    await viewer.wait_for_function(EAR, arg=[TONE, LEAST_DB], timeout=LIVE_MS)
    await table.off()
    await viewer.wait_for_function(f"(how) => !({NEAR})(how)", arg=[PLAYED, *place, red, TOLERANCE], timeout=LIVE_MS)
    for _ in range(10):
        await viewer.wait_for_timeout(100)
        assert not await viewer.evaluate(EAR, [TONE, LEAST_DB])
    await viewer.context.close()
    await table.studio.get_by_role("button", name=words("camera.stop")).click()


async def test_a_studio_that_is_loaded_again_has_everybody_back_and_nobody_on_air_but_by_hand(table: Table) -> None:
    await table.take()
    await table.studio.reload()
    await expect(table.studio.locator(".studio__seat--ready")).to_contain_text(NAME, timeout=LIVE_MS)
    await expect(table.studio.locator(".studio__preview")).to_have_js_property("readyState", ENOUGH)
    await table.says("seat.state.ready")
    await table.take()
    await table.off()


async def test_a_network_that_is_cut_for_ten_seconds_loses_the_seat_and_gives_it_back_ready(table: Table) -> None:
    await table.take()
    table.wire.loss = 1
    await table.page.context.set_offline(True)
    await expect(table.studio.locator(".studio__seat--lost")).to_contain_text(NAME, timeout=LIVE_MS)
    await table.page.wait_for_timeout(CUT_SECONDS * 1000)
    table.wire.loss = 0
    await table.page.context.set_offline(False)
    await table.says("seat.state.ready")
    await expect(table.studio.locator(".studio__seat--ready")).to_contain_text(NAME, timeout=LIVE_MS)


async def test_a_tab_that_is_closed_leaves_the_seat_for_a_while_and_another_one_goes_on(table: Table) -> None:
    words = table.people.words
    await table.page.close()
    await expect(table.studio.locator(".studio__seat--lost")).to_contain_text(NAME, timeout=LIVE_MS)
    context = table.guests.contexts[0]
    table.page = await context.new_page()
    await table.page.goto(f"{table.people.base}/watch?session={table.session}")
    await table.says("seat.elsewhere")
    await table.clean()
    await table.page.get_by_role("button", name=words("seat.here")).click()
    await table.says("seat.state.ready")


async def test_a_line_that_loses_much_is_called_thin_and_the_voice_can_go_on_alone(table: Table) -> None:
    table.wire.loss = 0.3
    await table.page.get_by_role("button", name=table.people.words("seat.voice_alone")).click()
    table.wire.loss = 0
    await expect(table.page.locator(".seat__own")).to_be_hidden()
    await table.says("seat.by_voice")


async def test_a_host_who_leaves_is_said_to_have_left_and_a_browser_that_is_too_old_to_be_so(table: Table) -> None:
    words = table.people.words
    await table.studio.close(run_before_unload=False)
    await expect(table.page.locator(".seat")).to_contain_text(words("seat.line.no_studio"), timeout=LIVE_MS)
    await table.page.get_by_role("button", name=words("seat.leave")).click()
    await table.says("seat.over.left")
    await table.page.add_init_script("delete window.RTCPeerConnection")
    await table.page.reload()
    await called(table.people, table.page, table.session, come=False)
    await table.says("seat.unable")
    await table.clean()


async def test_the_stage_of_a_studio_whose_browser_is_killed_falls_to_what_comes_next(
    table: Table, living: Running, chromium: Path
) -> None:
    async with async_playwright() as playwright, aiohttp.ClientSession() as http:
        operator = Person(living, http, "operator", door="staff")

        async def origin() -> str:
            return str((await operator.insist("GET", "/api/streaming/stages"))[1]["stages"][0]["origin"])

        async def sends() -> bool:
            return await origin() == "whip"

        async def stands_in() -> bool:
            return await origin() == "generated"

        browser = await launch(playwright, chromium)
        people = BrowserHarness(browser, living.base, table.people.links, lang="en")
        studio = await open_studio(people, table.session)
        await studio.get_by_role("button", name=people.words("camera.send")).click()
        await eventually(sends, LIVE_MS / 1000)
        with suppress(Error):
            await (await browser.new_browser_cdp_session()).send("Browser.crash")
        await eventually(stands_in, LIVE_MS / 1000)
