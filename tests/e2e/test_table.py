"""The table: somebody raises a hand from afar, is invited, tries camera and microphone, is seen and heard in the programme, and leaves.
How a programme reaches viewers: test_studio.py.

A machine without a graphics processor draws 360p15; that is what runs here.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright, expect

from tests.e2e.conftest import NewHarness
from tests.e2e.fake_devices import EAR, RED, launch_with
from tests.e2e.harness import BrowserHarness
from tests.e2e.test_axe import AXE, RULES, axe
from tests.e2e.test_studio import LIVE_MS, PROGRAMME, SMALL, shows
from tests.support.living_day import TIDES, LivingDay, Operator
from tests.support.paths import WEB
from tests.support.platform import Running

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

TONE: Final = 1_500
HEARS: Final = """([hertz, least]) => {
  const { context, out } = document.querySelector('tablee-studio').sound;
  if (!window.ear) {
    window.ear = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(out.stream).connect(window.ear);
  }
  const bins = new Float32Array(window.ear.frequencyBinCount), wide = context.sampleRate / window.ear.fftSize;
  window.ear.getFloatFrequencyData(bins);
  return Math.max(...bins.slice(Math.floor(hertz / wide) - 2, Math.ceil(hertz / wide) + 3)) > least; }"""
"""Whether a tone is in the sound of the programme, in dB below full scale."""
LEAST_DB: Final = -60
BUSY: Final = """{ const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (how) => (how.video ? Promise.reject(new DOMException('', 'NotReadableError')) : get(how)); }"""
ENOUGH: Final = 4
"""HAVE_ENOUGH_DATA of a video that plays."""
MINUS: Final = """async (source) => {
  const { ProgrammeSound } = await import(`data:text/javascript;base64,${source}`);
  const sound = new ProgrammeSound();
  const tone = (hertz) => {
    const out = sound.context.createMediaStreamDestination();
    const one = new OscillatorNode(sound.context, { frequency: hertz });
    one.connect(new GainNode(sound.context, { gain: 0.1 })).connect(out);
    one.start();
    return out.stream.getAudioTracks()[0];
  };
  const tones = { room: 600, a: 1500, b: 2700, c: 3900, i: 5100 };
  sound.hear(tone(tones.room));
  sound.minus('a');
  sound.minus('i', true);
  for (const id of ['a', 'b', 'c', 'i']) sound.listen(id, tone(tones[id]));
  for (const id of ['a', 'b', 'i']) sound.air(id, 1);
  sound.interpret(true);
  const ears = Object.fromEntries(['a', 'b', 'c', 'i', 'all', 'other'].map((id) => {
    const ear = new AnalyserNode(sound.context, { fftSize: 8192, smoothingTimeConstant: 0 });
    const track = id === 'all' ? sound.track : id === 'other' ? sound.translation : sound.minus(id);
    sound.context.createMediaStreamSource(new MediaStream([track])).connect(ear);
    return [id, ear];
  }));
  const settled = async () => {
    const until = sound.context.currentTime + 2;
    while (sound.context.currentTime < until) await new Promise((done) => setTimeout(done, 50));
  };
  const inside = (ear) => {
    const bins = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(bins);
    const loud = (hertz) => bins[Math.round(hertz * ear.fftSize / sound.context.sampleRate)];
    return Object.fromEntries(Object.entries(tones).map(([name, hertz]) => [name, loud(hertz)]));
  };
  await settled();
  const heard = Object.fromEntries(Object.entries(ears).map(([id, ear]) => [id, inside(ear)]));
  sound.air('i', 0);
  sound.interpret(false);
  await settled();
  heard.after = inside(ears.other);
  sound.close();
  return heard; }"""
"""Loudness of each tone in what each hears, in dB: `a` and `b` on air, `c` not, `i` interprets; `all` for the programme, `other` for the
sound of interpretation, `after` for it once nobody interprets."""
APART_DB: Final = 30
GLARE: Final = """async (source) => {
  const { Peer } = await import(`data:text/javascript;base64,${source}`);
  const late = (what) => setTimeout(what, Math.random() * 30);
  const ends = {};
  const pass = (other, said) => new Promise((done) => late(() => {
    ends[other].take(JSON.parse(JSON.stringify(said)));
    done();
  }));
  const end = (name, other, polite) => {
    const tell = (said) => { line[name] = line[name].then(() => pass(other, said)); };
    ends[name] = new Peer({ call: 'one', polite, ice: { iceServers: [] }, tell });
  };
  const line = { studio: Promise.resolve(), seat: Promise.resolve() };
  end('studio', 'seat', false);
  end('seat', 'studio', true);
  ends.studio.connection.addTransceiver('audio', { direction: 'sendrecv' });
  const seen = () => Object.values(ends).map((one) => [one.state, one.connection.signalingState, one.connection.getTransceivers().length]);
  const both = (ready) => new Promise((done, stuck) => {
    const look = () => Object.values(ends).every(ready) && (clearInterval(again), done());
    const again = setInterval(look, 50);
    setTimeout(() => stuck(new Error(JSON.stringify(seen()))), 30000);
  });
  await both((one) => one.state === 'connected');
  const settled = (one) => one.connection.signalingState === 'stable';
  for (let n = 0; n < 5; n++) {
    for (const one of Object.values(ends)) one.connection.addTransceiver('audio', { direction: 'sendrecv' });
    await new Promise((done) => setTimeout(done, 20));
    await both((one) => settled(one) && one.connection.getTransceivers().every((way) => way.mid !== null));
  }
  const found = seen();
  Object.values(ends).forEach((one) => one.close());
  return found; }"""
"""The studio calls; then both ends of the call offer at once, again and again: [state, signalling, ways] of each in the end."""


@pytest_asyncio.fixture(loop_scope="session")
async def guest(chromium: Path, living: Running, tmp_path: Path) -> AsyncIterator[BrowserHarness]:
    """Somebody with a red camera and a tone for a voice."""
    async with async_playwright() as playwright:
        browser = await launch_with(playwright, chromium, tmp_path, RED, TONE)
        people = BrowserHarness(browser, living.base, await living.links(), living.folder / "var" / "mail", lang="en")
        try:
            yield people
        finally:
            await people.close()
            await browser.close()


async def open_studio(people: BrowserHarness, session: str) -> Page:
    words = people.words
    studio = await people.enter(people.links["operator"], f"/studio?session={session}")
    await studio.get_by_label(words("studio.size")).select_option(SMALL)
    await studio.get_by_label(words("camera.sound.kind")).select_option("desk")
    await studio.get_by_role("button", name=words("camera.open")).click()
    return studio


async def open_day(operator: Operator, tag: str) -> str:
    """A day of this test's own, with the floor of one session open: its id."""
    session = (await operator.publish(LivingDay(tag=tag))).id(TIDES.id)
    await operator.person.open_floor(session)
    return session


async def called(people: BrowserHarness, guest: Page, session: str, *, come: bool = True) -> Page:
    """Ines Roca raises a hand, is invited, and wants to come: the moderator's page."""
    words = people.words
    moderator = await people.enter(people.links["moderator"], f"/moderate?session={session}")
    await moderator.locator(".note-desk__button").click()
    await guest.get_by_role("button", name=words("hand.raise")).click()
    await moderator.get_by_role("button", name=words("hand.invite.whose", name="Ines Roca")).click()
    if come:
        await guest.get_by_role("button", name=words("seat.come")).click()
    return moderator


async def test_a_raised_hand_comes_to_the_table_is_seen_and_heard_in_the_programme_and_leaves(
    people: BrowserHarness, guest: BrowserHarness, operator: Operator
) -> None:
    session, words = await open_day(operator, "table"), people.words
    studio = await open_studio(people, session)
    link = await guest.newcomer("remote", "Ines Roca", image_rights="granted")
    page = await guest.enter(link, f"/watch?session={session}")
    moderator = await called(people, page, session)
    await page.get_by_label(words("seat.as")).fill("keeper of tides")
    await page.get_by_role("button", name=words("seat.accept")).click()
    await page.get_by_role("button", name=words("seat.ready")).click(timeout=LIVE_MS)
    await expect(page.locator(".seat")).to_contain_text(words("seat.state.ready"))
    await expect(page.locator("tablee-player")).to_have_js_property("src", "")
    await page.evaluate(AXE.read_text("utf-8"))
    assert await axe(page, RULES) == []

    await expect(studio.locator(".studio__seat--ready")).to_contain_text("Ines Roca")
    await expect(studio.locator(".studio__preview")).to_have_js_property("readyState", ENOUGH)
    await studio.locator("h1").click()
    await studio.keyboard.press("t")
    await expect(page.locator(".seat")).to_contain_text(words("seat.state.on_air"))
    assert await page.evaluate("document.documentElement.dataset.table") == "on_air"
    red = [254, 0, 0]
    await shows(studio, PROGRAMME, red, (0.75, 0.4))
    await shows(page, ".seat__programme", red, (0.75, 0.4))
    async with studio.expect_popup() as opened:
        await studio.get_by_role("button", name=words("studio.projector")).click()
    projector = await opened.value
    await shows(projector, ".projector__one video", red, (0.5, 0.4))
    await projector.close()
    await studio.wait_for_function(HEARS, arg=[TONE, LEAST_DB])
    await expect(moderator.locator(".seat-line")).to_contain_text(words("seats.state.on_air"))

    await studio.keyboard.press("o")
    await expect(page.locator(".seat")).to_contain_text(words("seat.state.ready"))
    await page.get_by_role("button", name=words("seat.leave")).click()
    await expect(page.locator(".seat")).to_contain_text(words("seat.over.left"))
    await expect(studio.locator(".studio__seat")).to_have_count(0)
    assert await page.evaluate("'table' in document.documentElement.dataset") is False
    await expect(page.locator("tablee-player")).not_to_have_js_property("src", "")
    assert not people.log.complaints
    assert not guest.log.complaints


async def test_a_seat_goes_on_at_a_second_window_and_the_first_lets_go(
    people: BrowserHarness, guest: BrowserHarness, operator: Operator
) -> None:
    """The second window finds its camera in use: that is said, and the microphone, which can be had, does not hide it."""
    session, words = await open_day(operator, "second"), people.words
    studio = await open_studio(people, session)
    link = await guest.newcomer("remote", "Ines Roca", image_rights="granted")
    first = await guest.enter(link, f"/watch?session={session}")
    await called(people, first, session)
    await first.get_by_role("button", name=words("seat.accept")).click()
    await first.get_by_role("button", name=words("seat.ready")).click(timeout=LIVE_MS)
    await studio.get_by_role("button", name=words("seats.act.whose", act=words("seats.act.take"), name="Ines Roca")).click()
    await expect(first.locator(".seat")).to_contain_text(words("seat.state.on_air"))

    second = await guest.stranger()
    await second.add_init_script(BUSY)
    await guest.press_enter(second, link)
    await second.goto(f"{people.base}/watch?session={session}")
    await second.get_by_role("button", name=words("seat.here")).click()
    await expect(second.locator(".seat__programme")).to_have_js_property("readyState", ENOUGH, timeout=LIVE_MS)
    await expect(second.locator(".seat")).to_contain_text(words("camera.device.busy"))
    await expect(first.locator(".seat")).to_contain_text(words("seat.elsewhere"))
    assert await first.evaluate("document.querySelector('tablee-seat').inputs") is None


async def by_link(studio: Page, guest: BrowserHarness, name: str, kind: str) -> Page:
    """Somebody comes by a link that is made for them, and is ready: their page."""
    words = guest.words
    await studio.get_by_text(words("studio.links"), exact=True).click()
    await studio.get_by_label(words("studio.links.name"), exact=True).fill(name)
    await studio.locator("[name=kind]").select_option(kind)
    await studio.get_by_role("button", name=words("studio.links.make")).click()
    address = await studio.get_by_label(words("studio.links.made", name=name)).input_value()
    page = await guest.enter(await guest.newcomer("remote", name, image_rights="granted"))
    await page.goto(address)
    await page.get_by_role("button", name=words("seat.try")).click()
    await page.get_by_role("button", name=words("seat.accept")).click()
    await page.get_by_role("button", name=words("seat.ready")).click(timeout=LIVE_MS)
    return page


async def test_an_interpreter_comes_by_a_link_is_seen_in_every_layout_and_is_off_when_it_is_revoked(
    people: BrowserHarness, guest: BrowserHarness, operator: Operator
) -> None:
    session, words = await open_day(operator, "link"), people.words
    studio = await open_studio(people, session)
    page = await by_link(studio, guest, "Ivo Lund", "signer")
    await studio.get_by_role("button", name=words("seats.act.whose", act=words("seats.act.take"), name="Ivo Lund")).click()
    await expect(page.locator(".seat")).to_contain_text(words("seat.state.on_air"))
    red, corner = [254, 0, 0], (0.845, 0.8)
    await studio.locator("h1").click()
    for layout in ("1", "6", "8"):
        await studio.keyboard.press(layout)
        await shows(studio, PROGRAMME, red, corner)
    await studio.get_by_label(words("studio.signing")).fill("0.45")
    await shows(studio, PROGRAMME, red, (0.6, 0.6))
    await studio.evaluate(AXE.read_text("utf-8"))
    assert await axe(studio, RULES) == []
    async with studio.expect_popup() as opened:
        await studio.get_by_role("button", name=words("studio.projector")).click()
    projector = await opened.value
    await shows(projector, ".projector__signer video", red, (0.5, 0.4))
    await projector.close()
    await studio.get_by_role("button", name=words("studio.links.revoke.whose", name="Ivo Lund")).click()
    await expect(page.locator(".seat")).to_contain_text(words("seat.over.removed"))
    await page.evaluate(AXE.read_text("utf-8"))
    assert await axe(page, RULES) == []
    await expect(studio.locator(".studio__seat")).to_have_count(0)
    assert not people.log.complaints
    assert not guest.log.complaints


@pytest.mark.timeout(420)
async def test_an_interpreter_by_voice_is_heard_by_who_chooses_it_and_by_nobody_else_until_they_leave(
    people: BrowserHarness, guest: BrowserHarness, operator: Operator
) -> None:
    session, words, name = await open_day(operator, "voice"), people.words, "Ana Sousa"
    studio = await open_studio(people, session)
    await studio.get_by_text(words("studio.devices"), exact=True).click()
    await studio.locator("[name=interpreted]").select_option("en")
    await studio.get_by_role("button", name=words("camera.send")).click()
    page = await by_link(studio, guest, name, "voice_interpreter")
    viewer = await people.enter(await people.newcomer("remote", "Ada Berg"), f"/watch?session={session}")
    await expect(viewer.locator(".player__sounds")).to_have_count(0)
    await studio.get_by_role("button", name=words("seats.act.whose", act=words("seats.act.take"), name=name)).click(timeout=LIVE_MS)
    await expect(page.locator(".seat")).to_contain_text(words("seat.state.on_air"), timeout=LIVE_MS)
    await expect(studio.locator(".studio__seat")).to_contain_text(words("studio.interprets", language="English"))
    choice = viewer.get_by_role("group", name=words("player.sounds"))
    await expect(choice.get_by_role("button", name=words("player.room"))).to_have_attribute("aria-pressed", "true", timeout=LIVE_MS)
    await choice.get_by_role("button", name=words("player.interpreted")).press("Enter")
    await viewer.wait_for_function(EAR, arg=[TONE, LEAST_DB], timeout=2 * LIVE_MS)
    await viewer.evaluate(AXE.read_text("utf-8"))
    assert await axe(viewer, RULES) == []
    assert not await studio.evaluate(HEARS, [TONE, LEAST_DB]), "nothing of them is in the programme"
    await page.get_by_role("button", name=words("seat.leave")).click()
    await expect(viewer.locator(".player__sounds")).to_have_count(0, timeout=2 * LIVE_MS)
    assert not people.log.complaints


async def test_everybody_hears_the_room_and_the_others_but_not_themselves_nor_who_interprets(harness: NewHarness) -> None:
    page = await (await harness()).stranger()
    source = base64.b64encode((WEB / "js" / "ui" / "programme_sound.js").read_bytes()).decode()
    heard: dict[str, dict[str, Any]] = await page.evaluate(MINUS, source)
    for who, there, away in (
        ("all", ("room", "a", "b"), ("c", "i")),
        ("a", ("room", "b"), ("a", "c", "i")),
        ("b", ("room", "a"), ("b", "c", "i")),
        ("c", ("room", "a", "b"), ("c", "i")),
        ("i", ("room", "a", "b"), ("c", "i")),
        ("other", ("i",), ("room", "a", "b", "c")),
        ("after", ("room", "a", "b"), ("c", "i")),
    ):
        loudest = max(heard[who][name] or -200 for name in away)
        assert min(heard[who][name] for name in there) >= loudest + APART_DB, (who, heard[who])


async def test_two_ends_that_call_at_the_same_moment_are_connected_all_the_same(harness: NewHarness) -> None:
    page = await (await harness()).stranger()
    source = base64.b64encode((WEB / "js" / "net" / "peer.js").read_bytes()).decode()
    found = await page.evaluate(GLARE, source)
    assert [end[:2] for end in found] == [["connected", "stable"]] * 2
    assert found[0][2] == found[1][2]
