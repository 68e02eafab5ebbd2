"""Follows a live LL-HLS stream as a player would, and judges what only time and bytes can show (see `hls_validator`)."""

from __future__ import annotations

import asyncio
import statistics
import struct
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import aiohttp
from yarl import URL

from tests.support.hls_boxes import Fragment, Track, read_init, read_part
from tests.support.hls_directives import put_to_question
from tests.support.hls_report import Report
from tests.support.hls_text import Part, Playlist, Segment, parse
from tests.support.hls_validator import check_media_playlist, check_multivariant
from tests.support.hls_verdict import must, should
from tests.support.hls_wire import Wire

LATE_SECONDS = 0.3
"""How much later than one PART-TARGET a part may be seen, for a busy machine."""
SETTLED_SECONDS = 1.5
"""After the crowd of first requests; times mean something from here on."""
CLOCK_SECONDS = 0.00101
REPORT_LAG_PARTS = 1


@dataclass
class Rendition:
    """What was seen of one media playlist."""

    url: URL
    text: str = ""
    latest: Playlist = field(default_factory=lambda: parse(""))
    updates: int = 0
    intervals: list[float] = field(default_factory=list)
    parts: dict[str, bytes] = field(default_factory=dict)
    hinted: dict[str, asyncio.Task[bytes | None]] = field(default_factory=dict)
    fragments: dict[tuple[int, int], tuple[int, Fragment]] = field(default_factory=dict)
    left: dict[str, float] = field(default_factory=dict)


async def observe(base_url: str, *, seconds: float, headers: Mapping[str, str] | None = None) -> Report:
    """Follows every rendition of the multivariant playlist at `base_url` for `seconds`. Raises OSError when it cannot begin."""
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=0)) as session:
        observer = _Observer(Wire(session), URL(base_url), seconds)
        try:
            return await observer.run()
        finally:
            await observer.cancel()


class _Observer:
    def __init__(self, wire: Wire, base: URL, seconds: float) -> None:
        self.wire, self.base = wire, base
        self.deadline = asyncio.get_running_loop().time() + seconds
        self.renditions: dict[str, Rendition] = {}
        self.inits: dict[URL, asyncio.Task[dict[int, Track]]] = {}
        self.fetches: set[asyncio.Task[None]] = set()
        self.spreads: list[float] = []

    async def run(self) -> Report:
        reply, playlist = await self.wire.playlist(self.base)
        self.wire.blame(*check_multivariant(reply.text), where=self.base.path)
        uris = [line for line in playlist.lines if not line.startswith("#")]
        uris += [tag.attributes["URI"] for tag in playlist.all("EXT-X-MEDIA") if "URI" in tag.attributes]
        for url in dict.fromkeys(self.base.join(URL(uri, encoded=True)) for uri in uris):
            self.renditions[url.path] = Rendition(url)
        async with asyncio.TaskGroup() as group:
            for rendition in self.renditions.values():
                group.create_task(self.follow(rendition))
                group.create_task(put_to_question(self.wire, rendition.url))
            group.create_task(self.compare_ends())
        while self.fetches:
            done, self.fetches = self.fetches, set()
            await asyncio.gather(*done)
        for rendition in self.renditions.values():
            await self.conclude(rendition)
        return self.report()

    async def cancel(self) -> None:
        """Leaves no request behind, whatever happened."""
        tasks = [
            *self.fetches,
            *self.inits.values(),
            *(task for rendition in self.renditions.values() for task in rendition.hinted.values()),
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def follow(self, rendition: Rendition) -> None:
        loop = asyncio.get_running_loop()
        reply, playlist = await self.wire.playlist(rendition.url)
        self.take(rendition, reply.text, playlist, first=True)
        arrived = 0.0
        while loop.time() < self.deadline and not playlist.ended:
            self.ask_for_hints(rendition, playlist)
            msn, part = playlist.awaited
            known = {path: other.latest for path, other in self.renditions.items()}
            reply = await self.wire.get(rendition.url, _HLS_msn=msn, _HLS_part=part)
            if reply.status != 200:
                self.wire.blame(must(19, f"part {msn}.{part} was asked for and answered {reply.status}"), where=rendition.url.path)
                reply, playlist = await self.wire.playlist(rendition.url)
                continue
            playlist = parse(reply.text)
            self.wire.judge_playlist(rendition.url, reply, playlist, blocking=True)
            if playlist.awaited <= (msn, part) and not playlist.ended:
                self.wire.blame(must(19, f"part {msn}.{part} was asked for and is not there"), where=rendition.url.path)
            self.time(rendition, playlist, reply.first - arrived if arrived else 0.0)
            arrived = reply.first
            self.judge_reports(rendition, playlist, known)
            self.take(rendition, reply.text, playlist)

    def time(self, rendition: Rendition, playlist: Playlist, interval: float) -> None:
        rendition.updates += 1
        rendition.intervals.append(interval)
        if playlist.part_target is not None and interval > playlist.part_target + LATE_SECONDS:
            self.wire.blame(must(13, f"no new part for more than PART-TARGET {playlist.part_target} s"), where=rendition.url.path)

    def take(self, rendition: Rendition, text: str, playlist: Playlist, *, first: bool = False) -> None:
        """Judges a new text and asks for what is new in it."""
        others = len(self.renditions) - 1
        found = check_media_playlist(text, previous=None if first else rendition.text, reports=others)
        self.wire.blame(*found, where=rendition.url.path)
        now = asyncio.get_running_loop().time()
        before = {part.uri for segment in rendition.latest.segments for part in segment.parts}
        for uri in before - {part.uri for segment in playlist.segments for part in segment.parts}:
            rendition.left[uri] = now
        rendition.text, rendition.latest = text, playlist
        for segment in playlist.segments:
            for index, part in enumerate(segment.parts):
                if part.uri not in rendition.parts and not part.gap:
                    rendition.parts[part.uri] = b""
                    self.start(self.examine(rendition, segment, index, part))
            if segment.uri is not None and segment.parts and segment.uri not in rendition.parts:
                rendition.parts[segment.uri] = b""
                self.start(self.compare_segment(rendition, segment))

    def start(self, work: Coroutine[None, None, None]) -> None:
        self.fetches.add(asyncio.create_task(work))

    def ask_for_hints(self, rendition: Rendition, playlist: Playlist) -> None:
        for uri in playlist.hints("PART"):
            if uri and uri not in rendition.hinted:
                url = rendition.url.join(URL(uri, encoded=True))
                rendition.hinted[uri] = asyncio.create_task(self.wire.hinted(url))

    async def tracks(self, rendition: Rendition, segment: Segment) -> dict[int, Track]:
        url = rendition.url.join(URL(segment.map or "", encoded=True))
        if url not in self.inits:
            self.inits[url] = asyncio.create_task(self._init(url, rendition.latest.target))
        return await self.inits[url]

    async def _init(self, url: URL, target: float) -> dict[int, Track]:
        reply = await self.wire.media(url, target)
        try:
            return read_init(reply.body if reply else b"")
        except (ValueError, struct.error) as error:
            self.wire.blame(must(5, f"the initialisation cannot be read: {error}"), where=url.path)
            return {}

    async def examine(self, rendition: Rendition, segment: Segment, index: int, part: Part) -> None:
        """One listed part: there, the same as hinted, and what its tag says of it is true."""
        where, url = rendition.url.path, rendition.url.join(URL(part.uri, encoded=True))
        reply = await self.wire.media(url, rendition.latest.target)
        if reply is None:
            self.wire.blame(must(8, f"part {segment.msn}.{index} is not available and not marked GAP"), where=where)
            return
        rendition.parts[part.uri] = reply.body
        if part.uri in rendition.hinted and await rendition.hinted[part.uri] not in (reply.body, None):
            self.wire.blame(must(27, "the hinted bytes are not those of the part"), where=where)
        try:
            fragment = read_part(reply.body, await self.tracks(rendition, segment))
        except (ValueError, struct.error) as error:
            self.wire.blame(must(5, f"part {segment.msn}.{index}: {error}"), where=where)
            return
        rendition.fragments[segment.msn, index] = segment.discontinuity, fragment
        if part.duration is not None and abs(fragment.duration - part.duration) > CLOCK_SECONDS:
            self.wire.blame(must(5, f"part {segment.msn}.{index} lasts {fragment.duration:.5f} s, said {part.duration}"), where=where)
        if part.independent and not fragment.independent:
            self.wire.blame(must(7, f"part {segment.msn}.{index} is said to be independent and is not"), where=where)
        if fragment.any_independent and not part.independent:
            self.wire.blame(should(7, f"part {segment.msn}.{index} holds an independent frame and does not say so"), where=where)

    async def compare_segment(self, rendition: Rendition, segment: Segment) -> None:
        reply = await self.wire.media(rendition.url.join(URL(segment.uri or "", encoded=True)), rendition.latest.target)
        pieces = [await self.wire.get(rendition.url.join(URL(part.uri, encoded=True))) for part in segment.parts if not part.gap]
        whole = b"".join(piece.body for piece in pieces)
        if reply is not None and reply.body != whole:
            text = f"segment {segment.msn} has {len(reply.body)} bytes, its parts {len(whole)}, or others"
            self.wire.blame(must(5, text), where=rendition.url.path)

    def judge_reports(self, rendition: Rendition, playlist: Playlist, known: Mapping[str, Playlist]) -> None:
        """A report may lag what that playlist had shown before this one was asked for by one part, no more (rule 31)."""
        for tag in playlist.all("EXT-X-RENDITION-REPORT"):
            path = rendition.url.join(URL(tag.attributes.get("URI", ""), encoded=True)).path
            if path not in self.renditions:
                self.wire.blame(must(31, f"a report is about {path}, which is not in the multivariant playlist"), where=rendition.url.path)
                continue
            said = int(tag.number("LAST-MSN") or 0), int(tag.number("LAST-PART") or 0)
            listed = [(segment.msn, index) for segment in known[path].segments for index in range(len(segment.parts))]
            newer = [place for place in listed if place > said]
            if len(newer) > REPORT_LAG_PARTS:
                text = f"the report on {path} is {len(newer)} parts behind what was shown before"
                self.wire.blame(must(31, text), where=rendition.url.path)
            self.start(self.confirm_report(rendition.url.path, path, said))

    async def confirm_report(self, where: str, path: str, said: tuple[int, int]) -> None:
        if self.renditions[path].latest.awaited > said:
            return
        _, playlist = await self.wire.playlist(self.renditions[path].url)
        if playlist.awaited <= said:
            self.wire.blame(must(31, f"the report on {path} says {said}, which is not there yet"), where=where)

    async def compare_ends(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(min(SETTLED_SECONDS, max(0.0, self.deadline - loop.time() - SETTLED_SECONDS)))
        while loop.time() < self.deadline - 0.5:
            await asyncio.sleep(0.37)  # an odd step, so as to look at every phase of a part
            seen = await asyncio.gather(*(self.wire.playlist(rendition.url) for rendition in self.renditions.values()))
            self.wire.round_trips += [reply.first - reply.asked for reply, _ in seen]
            ends = [playlist.end for _, playlist in seen]
            known = [end for end in ends if end is not None]
            if len(known) > 1:
                self.spreads.append((max(known) - min(known)).total_seconds())
            if any(playlist.ended for _, playlist in seen):
                return

    async def conclude(self, rendition: Rendition) -> None:
        """What can be judged only afterwards: the line of decode times, and parts that left the playlist."""
        for task in rendition.hinted.values():
            task.cancel()
        await asyncio.gather(*rendition.hinted.values(), return_exceptions=True)
        places = sorted(rendition.fragments)
        for before, after in pairwise(places):
            (line_before, a), (line_after, b) = rendition.fragments[before], rendition.fragments[after]
            follows = after == (before[0], before[1] + 1) or (after[0] == before[0] + 1 and after[1] == 0)
            if follows and line_before == line_after and abs(a.begin + a.duration - b.begin) > CLOCK_SECONDS:
                text = f"part {after[0]}.{after[1]} begins {b.begin - a.begin - a.duration:+.4f} s off the end of the part before"
                self.wire.blame(must(5, text), where=rendition.url.path)
        now, target = asyncio.get_running_loop().time(), rendition.latest.target
        recent = [uri for uri, moment in rendition.left.items() if now - moment < 2.5 * target]
        for uri in recent[:3]:
            reply = await self.wire.get(rendition.url.join(URL(uri, encoded=True)))
            if reply.status != 200:
                text = f"a part that left the playlist less than 3 target durations ago answers {reply.status}"
                self.wire.blame(must(16, text), where=rendition.url.path)
            elif rendition.parts.get(uri) not in (reply.body, b"", None):
                self.wire.blame(must(33, "the same part was answered with other bytes"), where=rendition.url.path)

    def report(self) -> Report:
        renditions = self.renditions
        spread = statistics.median(self.spreads) if self.spreads else 0.0
        allowed = max((rendition.latest.part_target or 0.0 for rendition in renditions.values()), default=0.0)
        trips = sorted(self.wire.round_trips)
        p95 = trips[int(len(trips) * 0.95)] if trips else 0.0
        if spread > allowed + CLOCK_SECONDS:
            self.wire.blame(must(33, f"the renditions are {spread:.2f} s apart, more than one PART-TARGET"))
        if p95 > allowed > 0:
            self.wire.blame(must(36, f"PART-TARGET {allowed} is less than the round trip of {p95:.3f} s"))
        elif 3 * p95 > allowed > 0:
            self.wire.blame(should(36, f"PART-TARGET {allowed} is less than three round trips of {p95:.3f} s"))
        return Report(
            Counter(self.wire.found),
            {path: rendition.updates for path, rendition in renditions.items()},
            {path: len(rendition.fragments) for path, rendition in renditions.items()},
            {path: max(rendition.intervals, default=0.0) for path, rendition in renditions.items()},
            spread,
            p95,
        )
