"""What happened around a picture that stood still: when the server had each part, when the page asked for it and had it, and who waited for
a processor.

Three witnesses beside each other, all by the clock of the one machine: the page (its requests, the events of hls.js, its own beat), a
second reader of the same lists, and the kernel. What must not be here: starting the platform, loading pages (playback.py).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import aiohttp
from yarl import URL

from tests.support.hls_text import Playlist, parse
from tests.support.processes import children, command

BEAT_SECONDS: Final = 0.25
AGAIN_SECONDS: Final = 0.2
AROUND_SECONDS: Final = 1.5
"""What led to a stall is looked for so long before it."""
LATE_SECONDS: Final = 0.3
"""A step of a part's way that takes longer is named as the reason."""
KINDS: Final[Mapping[str, str]] = {"ffmpeg": "encoder", "chrom": "browser", "mongod": "database", "serve": "server"}
"""Which process it is, by a word of its command line; the first that fits."""

PAGE: Final = """
(() => {
  performance.setResourceTimingBufferSize(5000);
  const told = { events: [], beats: [] };
  window.__evidence = told;
  const clock = (at) => (performance.timeOrigin + at) / 1000;
  let beat = performance.now();
  setInterval(() => {
    const now = performance.now();
    if (now - beat > 250) told.beats.push([clock(beat), clock(now)]);
    beat = now;
  }, 50);
  const names = ['ManifestParsed', 'LevelSwitching', 'LevelLoading', 'LevelLoaded', 'LevelUpdated', 'AudioTrackLoading', 'AudioTrackLoaded',
    'FragBuffered', 'FragLoadEmergencyAborted', 'BufferFlushing', 'Error'];
  let known = null;
  const states = {};
  const attach = () => {
    const hls = document.querySelector('tablee-player')?.playback?.hls ?? null;
    if (hls && hls !== known) for (const name of names) hls.on(`hls${name}`, (_event, { frag, part, level, details, type }) => {
      const about = frag ? new URL((part ?? frag).url, location.href).pathname : '';
      const more = [level, details, type].filter((one) => ['string', 'number'].includes(typeof one)).join(' ');
      told.events.push([clock(performance.now()), name, about, frag?.type ?? '', more]);
    });
    for (const [name, of] of [['picture', hls?.streamController], ['sound', hls?.audioStreamController]]) {
      const state = of?.state ?? '';
      if (state !== states[name]) told.events.push([clock(performance.now()), `${name}:`, '', '', state]);
      states[name] = state;
    }
    known = hls;
    requestAnimationFrame(attach);
  };
  requestAnimationFrame(attach);
})();
"""
FOUND: Final = """() => {
  const clock = (at) => at ? (performance.timeOrigin + at) / 1000 : null;
  const path = (address) => { const { pathname, search } = new URL(address); return pathname + search; };
  const requests = performance.getEntriesByType('resource').filter((one) => one.name.includes('/hls/'));
  return { ...window.__evidence, requests: requests.map(
    (one) => [path(one.name), clock(one.startTime), clock(one.requestStart), clock(one.responseStart), clock(one.responseEnd)]) }; }"""


@dataclass(frozen=True)
class Request:
    """Moments of a request of the page; `sent` and `answered` are None where the browser does not tell (answered from its cache)."""

    path: str
    asked: float
    sent: float | None
    answered: float | None
    came: float | None

    @property
    def name(self) -> str:
        return "/".join(self.path.split("/")[-2:])

    @property
    def is_list(self) -> bool:
        return ".m3u8" in self.path


@dataclass(frozen=True)
class Event:
    """Of hls.js: `about` is the path of the part or fragment, `track` main or audio."""

    at: float
    name: str
    about: str
    track: str
    more: str


@dataclass(frozen=True)
class PageSide:
    requests: list[Request]
    events: list[Event]
    gaps: list[tuple[float, float]]
    """When the page's own clock did not beat: its thread had no turn."""

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> PageSide:
        """`found`: what FOUND returns: `requests` and `events` as lists in the order of the fields above, `beats` as pairs."""
        requests, events = [Request(*one) for one in found["requests"]], [Event(*one) for one in found["events"]]
        return cls(requests, events, [(begin, end) for begin, end in found["beats"]])


@dataclass
class Witness:
    """The server's lists as a second reader sees them, and how long each kind of process has waited for a processor."""

    listed: dict[str, dict[str, float]] = field(default_factory=dict)
    """By track: by part, the moment at which it was listed."""
    late: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """By track: that moment, and how much later than its own date the end of the part was listed."""
    waits: list[tuple[float, dict[tuple[str, int], float]]] = field(default_factory=list)
    """At each beat: by kind of process and its number, seconds waited since its beginning."""

    def gap(self, track: str, begin: float, end: float) -> float:
        """The longest time without a new part."""
        moments = sorted(set(self.listed.get(track, {}).values()))
        return max((later - sooner for sooner, later in pairwise(moments) if later > begin and sooner < end), default=0.0)

    def lateness(self, track: str, begin: float, end: float) -> tuple[float, float]:
        """The most in this time, and the least of all: what comes of how parts are dated, not of the machine."""
        found = self.late.get(track, [])
        return max((late for at, late in found if begin <= at <= end), default=0.0), min((late for _, late in found), default=0.0)

    def waited(self, begin: float, end: float) -> dict[str, float]:
        within = [found for at, found in self.waits if begin - BEAT_SECONDS <= at <= end + BEAT_SECONDS]
        spent: dict[str, float] = {}
        for one, seconds in within[-1].items() if within else ():
            spent[one[0]] = spent.get(one[0], 0.0) + seconds - within[0].get(one, 0.0)
        return spent


@asynccontextmanager
async def witness(address: str) -> AsyncIterator[Witness]:
    """Of the stream whose first list is at `address`, and of everything that this process has started."""
    found = Witness()
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        first = await answer.text()
        uris = [line for line in first.splitlines() if line and not line.startswith("#")]
        uris += [tag.attributes["URI"] for tag in parse(first).all("EXT-X-MEDIA")]
        lists = [URL(address).join(URL(uri)) for uri in uris]
        tasks = [asyncio.create_task(_follow(http, url, found)) for url in lists]
        tasks.append(asyncio.create_task(_beat(found)))
        try:
            yield found
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(http: aiohttp.ClientSession, url: URL, found: Witness) -> None:
    """By blocking reloads, as players do; begins again after any answer that is none."""
    wanted: dict[str, int] = {}
    while True:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with http.get(url, params=wanted, timeout=aiohttp.ClientTimeout(total=20)) as answer:
                text, good = await answer.text(), answer.status == 200
            if good:
                playlist = parse(text)
                _note(playlist, url.parts[-2], found)
                sequence, index = playlist.awaited
                wanted = {"_HLS_msn": sequence, "_HLS_part": index}
                continue
        wanted = {}
        await asyncio.sleep(AGAIN_SECONDS)


def _note(playlist: Playlist, track: str, found: Witness) -> None:
    listed, late, now = found.listed.setdefault(track, {}), found.late.setdefault(track, []), time.time()
    for segment in playlist.segments:
        end = segment.date.timestamp() if segment.date else now
        for part in segment.parts:
            end += part.duration or 0.0
            if part.uri not in listed:
                listed[part.uri] = now
                late.append((now, now - end))


async def _beat(found: Witness) -> None:
    while True:
        found.waits.append((time.time(), _waits()))
        await asyncio.sleep(BEAT_SECONDS)


def _waits() -> dict[tuple[str, int], float]:
    """Seconds that the threads of each process, all of them together, have waited for a processor (/proc/PID/task/*/schedstat)."""
    spent: dict[tuple[str, int], float] = {}
    for pid in _below(os.getpid()):
        with suppress(OSError):
            kind = next((name for word, name in KINDS.items() if word in command(pid)), None)
            for task in os.listdir(f"/proc/{pid}/task") if kind else ():
                with suppress(OSError):
                    waited = int(Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[1]) / 1e9
                    spent[str(kind), pid] = spent.get((str(kind), pid), 0.0) + waited
    return spent


def _below(pid: int) -> Iterable[int]:
    with suppress(OSError):
        for child in children(pid):
            yield child
            yield from _below(child)


@dataclass(frozen=True)
class Way:
    """One part that came about when the picture went on: the moments of its way, None where it is not known."""

    track: str
    part: str
    listed: float | None
    asked: float
    answered: float | None
    came: float | None
    put: float | None
    """Into the buffer of the video."""


def ways(page: PageSide, server: Witness, begin: float, end: float) -> list[Way]:
    """Of the parts and segments that were on their way during the stall, in the order of being asked for."""
    put = {one.about: one.at for one in page.events if one.name == "FragBuffered"}
    found = []
    for one in page.requests:
        if not one.is_list and one.asked < end and (one.came is None or one.came > begin - LATE_SECONDS):
            track, part = one.path.split("?")[0].split("/")[-2:]
            found.append(Way(track, part, server.listed.get(track, {}).get(part), one.asked, one.answered, one.came, put.get(one.path)))
    return sorted(found, key=lambda way: way.asked)


def reason(page: PageSide, server: Witness, begin: float, end: float) -> str:
    """What took longest on the way of the parts that the picture waited for, in words."""
    last: dict[str, Way] = {}
    for way in ways(page, server, begin, end):
        if way.listed is not None and (way.put is None or way.put > begin):
            last.setdefault(way.track, way)
    late = []
    for way in last.values():
        had = way.listed or way.answered or way.asked
        steps = {
            "the server had it late": had - begin,
            "the page asked for it late": way.asked - max(had, begin - LATE_SECONDS),
            "the server answered late": (way.answered or end) - max(way.asked, had),
            "it came slowly": (way.came or end) - (way.answered or way.asked),
            "the page took it up late": (way.put or end) - (way.came or end),
        }
        late += [
            (seconds, f"{way.track} {way.part}: {step}, by {seconds:.2f} s") for step, seconds in steps.items() if seconds > LATE_SECONDS
        ]
    return max(late)[1] if late else "no part was on its way for long" if last else "no part was asked for"


def explain(page: PageSide, server: Witness, begin: float, end: float, ahead: float) -> list[str]:
    """Lines for people. Times are seconds from the moment the picture stopped; `ahead`: what was in the buffer then."""

    def at(moment: float | None) -> str:
        return "    – " if moment is None else f"{moment - begin:+6.2f}"

    since = begin - AROUND_SECONDS
    waited = ", ".join(f"{kind} {seconds:.2f} s" for kind, seconds in server.waited(since, end).items())
    gaps = ", ".join(f"{track} {server.gap(track, since, end):.2f} s" for track in server.listed)
    lates = ", ".join("{} {:.2f} s ({:.2f} at best)".format(track, *server.lateness(track, since, end)) for track in server.late)
    silent = max((later - sooner for sooner, later in page.gaps if later > since and sooner < end), default=0.0)
    lines = [
        f"    {reason(page, server, begin, end)}; in the buffer when it stopped: {ahead:.2f} s",
        f"    longest time without a new part at the server: {gaps}; without a turn for the page: {silent:.2f} s",
        f"    latest of them behind their own dates: {lates}",
        f"    all threads waited for a processor from {-AROUND_SECONDS} s on: {waited}",
    ]
    for way in ways(page, server, begin, end):
        lines.append(
            f"    {way.track + ' ' + way.part:<24} listed {at(way.listed)} asked {at(way.asked)} answered {at(way.answered)} "
            f"came {at(way.came)} put {at(way.put)}"
        )
    for one in page.requests:
        if one.is_list and one.asked < end and (one.came is None or one.came > since):
            lines.append(f"    list {one.name:<60} asked {at(one.asked)} answered {at(one.answered)} came {at(one.came)}")
    told = [one for one in page.events if since < one.at < end and one.name != "FragBuffered"]
    lines.append("    hls.js: " + "; ".join(f"{one.at - begin:+.2f} {one.name} {one.more}".rstrip() for one in told))
    return lines
