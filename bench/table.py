"""The table in figures: how late a guest is seen and heard, how soon they are on air, how soon everybody is back, what it costs the server.

A studio in one browser and a guest in another, on this machine; the guest's camera is a clock drawn fifteen times a second, the microphone
a beep in each second, so that both are read off where they come out. Programmes of 640 × 360 at 15 a second: a machine without a graphics
processor holds no more, and seconds depend on what else it does.

    python -m bench.table
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
from playwright.async_api import Page, async_playwright, expect

from bench.browsing import browsing
from bench.press import percentile
from tests.e2e.fake_devices import RED, launch_with
from tests.e2e.harness import BrowserHarness
from tests.e2e.test_table import TONE, called, open_day, open_studio
from tests.e2e.udp_wire import UdpWire
from tests.support import living_day
from tests.support.living_day import LivingDay, Operator
from tests.support.people import Person
from tests.support.platform import Running, embedded

LONGEST_SECONDS: Final = 240.0
PATIENCE_MS: Final = 60_000
WATCHED_SECONDS: Final = 8.0
CUT_SECONDS: Final = 10.0
SEATED: Final = "document.querySelector('tablee-seat')"

CLOCK: Final = """(() => {
  const BITS = 24, WIDTH = 640, HEIGHT = 360;
  const picture = document.createElement('canvas');
  Object.assign(picture, { width: WIDTH, height: HEIGHT });
  const pen = picture.getContext('2d');
  setInterval(() => {
    const now = Date.now() % 2 ** BITS;
    for (let bit = 0; bit < BITS; bit++) {
      pen.fillStyle = (now >> bit) & 1 ? '#fff' : '#000';
      pen.fillRect((bit * WIDTH) / BITS, 0, WIDTH / BITS + 1, HEIGHT);
    }
  }, 1000 / 15);
  const given = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const beeping = () => {
    const context = new AudioContext(), out = context.createMediaStreamDestination();
    const gate = new GainNode(context, { gain: 0 }), tone = new OscillatorNode(context, { frequency: 1500 });
    tone.connect(gate).connect(out);
    tone.start();
    window.beeps = [];
    setInterval(() => {
      gate.gain.value = 0.5;
      window.beeps.push(Date.now());
      setTimeout(() => { gate.gain.value = 0; }, 250);
    }, 1000);
    return out.stream;
  };
  navigator.mediaDevices.getUserMedia = async (how) => (how.video ? picture.captureStream(15) : how.audio ? beeping() : given(how));
})();"""
"""What stands in for the devices of the guest: the time in black and white, 24 bits of ms, and a beep in each second."""
SEEN: Final = """(seconds) => new Promise((done) => {
  const BITS = 24, video = document.querySelector('.projector__one video'), late = [];
  const small = Object.assign(document.createElement('canvas'), { width: BITS, height: 1 });
  const pen = small.getContext('2d', { willReadFrequently: true });
  const until = performance.now() + seconds * 1000;
  const look = () => {
    const now = Date.now() % 2 ** BITS, step = video.videoWidth / BITS;
    for (let bit = 0; bit < BITS; bit++) pen.drawImage(video, (bit + 0.4) * step, video.videoHeight / 3, step / 5, 4, bit, 0, 1, 1);
    const { data } = pen.getImageData(0, 0, BITS, 1);
    let then = 0;
    for (let bit = 0; bit < BITS; bit++) then += data[bit * 4] > 127 ? 2 ** bit : 0;
    if (now - then >= 0 && now - then < 5000) late.push(now - then);
    performance.now() < until ? video.requestVideoFrameCallback(look) : done(late);
  };
  video.requestVideoFrameCallback(look);
})"""
"""ms that each picture is late in the projector's window."""
HEARD: Final = """(seconds) => new Promise((done) => {
  const { context, out } = document.querySelector('tablee-studio').sound, at = [];
  const ear = new AnalyserNode(context, { fftSize: 256 });
  context.createMediaStreamSource(out.stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  let loud = true, last = 0;
  const end = Date.now() + seconds * 1000;
  const look = () => {
    ear.getFloatTimeDomainData(samples);
    const now = Date.now();
    if (samples.some((one) => Math.abs(one) > 0.02)) {
      if (!loud) at.push(now);
      last = now;
    }
    loud = now - last < 200; // between two beeps there is more; within one there is less
    Date.now() < end ? setTimeout(look, 4) : done(at);
  };
  look();
})"""
"""When each beep is heard in the programme, in ms."""


@dataclass(frozen=True, slots=True)
class TableFigures:
    """Seconds; `*_share`: parts of a core of the platform's process, without ffmpeg."""

    on_air: float
    seen: Sequence[float]
    heard: Sequence[float]
    reload: float
    cut: float
    idle_share: float
    seat_share: float
    whip_share: float
    load: float


@dataclass(slots=True)
class _Day:
    running: Running
    people: BrowserHarness
    studio: Page
    guest: Page
    wire: UdpWire
    session: str

    def process_seconds(self) -> float:
        """Of the platform, so far."""
        (process,) = self.running.processes.values()
        fields = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def share(self) -> float:
        before, began = self.process_seconds(), time.monotonic()
        await asyncio.sleep(WATCHED_SECONDS)
        return (self.process_seconds() - before) / (time.monotonic() - began)

    async def stands(self, state: str) -> None:
        words = self.people.words(f"seat.state.{state}")
        await expect(self.guest.locator(".seat")).to_contain_text(words, timeout=PATIENCE_MS)


async def measure() -> TableFigures:
    """Bounded by LONGEST_SECONDS."""
    folder = Path(tempfile.mkdtemp(prefix="tablee-bench-"))
    running = embedded(folder, TABLEE_EVENT=str(LivingDay().write(folder / "event")))
    running.event = living_day.EVENT
    async with asyncio.timeout(LONGEST_SECONDS), browsing(running) as people, async_playwright() as playwright:
        people.lang = "en"
        other = await launch_with(playwright, Path(shutil.which("chromium") or "/usr/bin/chromium"), folder, RED, TONE)
        guests, wire = BrowserHarness(other, running.base, people.links, people.mail, lang="en"), UdpWire()
        try:
            return await _measured(running, people, guests, wire)
        finally:
            wire.close()
            await guests.close()
            await other.close()


async def _measured(running: Running, people: BrowserHarness, guests: BrowserHarness, wire: UdpWire) -> TableFigures:
    async with aiohttp.ClientSession() as http:
        session = await open_day(Operator(Person(running, http, "operator", door="staff")), "bench")
    studio = await open_studio(people, session)
    studio.on("dialog", lambda dialog: dialog.accept())
    guest = await guests.stranger()
    await wire.lay(guest.context)
    await guest.add_init_script(CLOCK)
    await guests.press_enter(guest, await guests.newcomer("remote", "Ines Roca", image_rights="granted"))
    await guest.goto(f"{running.base}/watch?session={session}")
    day = _Day(running, people, studio, guest, wire, session)
    idle = await day.share()
    on_air = await _on_air(day)
    seat = await day.share()
    async with studio.expect_popup() as opened:
        await studio.get_by_role("button", name=people.words("studio.projector")).click()
    projector = await opened.value
    await projector.wait_for_function("document.querySelector('.projector__one video')?.readyState === 4", timeout=PATIENCE_MS)
    seen = [late / 1000 for late in await projector.evaluate(SEEN, WATCHED_SECONDS)]
    heard = _delays(await studio.evaluate(HEARD, WATCHED_SECONDS), await guest.evaluate("window.beeps"))
    await projector.close()
    await studio.get_by_role("button", name=people.words("camera.send")).click()
    await expect(studio.locator(".camera__state")).to_contain_text(people.words("camera.state.sending"), timeout=PATIENCE_MS)
    whip = await day.share()
    await studio.get_by_role("button", name=people.words("camera.stop")).click()
    return TableFigures(on_air, seen, heard, await _reloaded(day), await _cut(day), idle, seat, whip, os.getloadavg()[0])


async def _on_air(day: _Day) -> float:
    """From the hand that is raised and invited, by a person who accepts at once."""
    words = day.people.words
    began = time.monotonic()
    await called(day.people, day.guest, day.session)
    await day.guest.get_by_role("button", name=words("seat.accept")).click()
    await day.guest.get_by_role("button", name=words("seat.ready")).click(timeout=PATIENCE_MS)
    take = words("seats.act.whose", act=words("seats.act.take"), name="Ines Roca")
    await day.studio.get_by_role("button", name=take).click()
    await day.stands("on_air")
    return time.monotonic() - began


async def _reloaded(day: _Day) -> float:
    began = time.monotonic()
    await day.studio.reload()
    await expect(day.studio.locator(".studio__seat--ready .studio__preview")).to_have_js_property("readyState", 4, timeout=PATIENCE_MS)
    return time.monotonic() - began


async def _cut(day: _Day) -> float:
    """From when the line is whole again."""
    day.wire.loss = 1
    await day.guest.context.set_offline(True)
    await asyncio.sleep(CUT_SECONDS)
    await expect(day.studio.locator(".studio__seat--lost")).to_have_count(1, timeout=PATIENCE_MS)
    day.wire.loss = 0
    await day.guest.context.set_offline(False)
    began = time.monotonic()
    await expect(day.studio.locator(".studio__seat--ready")).to_have_count(1, timeout=PATIENCE_MS)
    return time.monotonic() - began


def _delays(heard: list[Any], sent: list[Any]) -> list[float]:
    """Each onset after the beep before it."""
    return [(at - max(before)) / 1000 for at in heard if (before := [one for one in sent if one <= at])]


def report(found: TableFigures) -> list[str]:
    def three(values: Sequence[float]) -> str:
        if not values:
            return "nothing came"
        return f"p50 {percentile(values, 50) * 1000:5.0f} ms   p95 {percentile(values, 95) * 1000:5.0f} ms   ({len(values)})"

    return [
        f"the table, one guest, programme 640 × 360 at 15 a second, load {found.load:.1f}",
        f"  guest's camera → projector window     {three(found.seen)}",
        f"  guest's voice → programme, one way    {three(found.heard)}",
        f"  hand raised, invited → on air         {found.on_air:5.1f} s",
        f"  studio loaded again → seat back       {found.reload:5.1f} s",
        f"  line cut {CUT_SECONDS:.0f} s → ready after its return {found.cut:4.1f} s",
        f"  server, parts of a core: idle {found.idle_share:.1%}, one seat {found.seat_share - found.idle_share:+.1%}, "
        f"programme by WHIP {found.whip_share - found.seat_share:+.1%}",
    ]


if __name__ == "__main__":
    print("\n".join(report(asyncio.run(measure()))))
