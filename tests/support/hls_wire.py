"""What the observer asks over HTTP, with the instants at which the answer began and ended, and the rules about headers."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from tests.support.hls_text import Playlist, parse
from tests.support.hls_verdict import Violation, must, should

REQUEST_SECONDS = 20.0
CUT = 0
"""Stands for the status of an answer that did not come, or not whole."""
DRIBBLE_SECONDS = 0.25
"""A whole part is sent at once: more than this between its first and last byte, on a local line, is a part being made."""
PLAYLIST_TYPES = ("application/vnd.apple.mpegurl", "audio/mpegurl", "application/x-mpegurl")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: float
    first: float
    last: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def max_age(self) -> int | None:
        found = re.search(r"max-age=(\d+)", self.headers.get("Cache-Control", ""))
        return int(found[1]) if found else None


class Wire:
    """All requests of one observation. `found` counts each violation by its text."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.found: Counter[Violation] = Counter()
        self.round_trips: list[float] = []

    def blame(self, *violations: Violation, where: str = "") -> None:
        for violation in violations:
            self.found[Violation(violation.rule, violation.level, f"{where}: {violation.text}" if where else violation.text)] += 1

    async def get(self, url: URL, **directives: int | str) -> Reply:
        loop = asyncio.get_running_loop()
        asked = loop.time()
        asking = url.update_query({name: str(value) for name, value in directives.items()}) if directives else url
        first = asked
        try:
            async with self._session.get(asking, timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS)) as response:
                first = loop.time()
                body = await response.read()
                return Reply(response.status, response.headers, body, asked, first, loop.time())
        except (aiohttp.ClientError, TimeoutError):
            return Reply(CUT, {}, b"", asked, first, loop.time())

    async def playlist(self, url: URL, **directives: int | str) -> tuple[Reply, Playlist]:
        """A playlist and its judged headers. Raises OSError when it is refused."""
        reply = await self.get(url, **directives)
        if reply.status != 200:
            raise OSError(f"{url.path}?{directives} answered {reply.status}")
        playlist = parse(reply.text)
        self.judge_playlist(url, reply, playlist, blocking="_HLS_msn" in directives)
        return reply, playlist

    def judge_playlist(self, url: URL, reply: Reply, playlist: Playlist, *, blocking: bool) -> None:
        kind = reply.headers.get("Content-Type", "").partition(";")[0].lower()
        if kind not in PLAYLIST_TYPES:
            self.blame(must(0, f"a playlist has Content-Type {kind!r}"), where=url.path)
        if len(reply.body) > 1000 and reply.headers.get("Content-Encoding") not in ("gzip", "br", "zstd"):
            self.blame(should(33, "the playlist is not compressed for a client that takes gzip"), where=url.path)
        if playlist.ended or not playlist.target:
            return
        wanted = 6 * playlist.target if blocking else playlist.target / 2
        if reply.max_age is None or abs(reply.max_age - wanted) > 0.5:
            name = "blocking" if blocking else "plain"
            self.blame(should(35, f"a {name} playlist should be kept {wanted:g} s, not {reply.max_age}"), where=url.path)

    async def media(self, url: URL, target: float) -> Reply | None:
        """A listed resource: available at once, whole, cacheable. None, and blamed, otherwise."""
        reply = await self.get(url)
        if reply.status != 200:
            self.blame(must(17, f"a listed resource answered {reply.status}"), where=url.path)
            return None
        if reply.max_age is None or reply.max_age < 6 * target:
            self.blame(should(35, f"media should be kept {6 * target:g} s, not {reply.max_age}"), where=url.parent.path)
        return reply

    async def hinted(self, url: URL) -> bytes | None:
        """A hinted resource: requestable at once, answered when it is whole, then sent at line speed (rule 27)."""
        reply = await self.get(url)
        if reply.status != 200:
            self.blame(must(27, f"a hinted part answered {reply.status}"), where=url.parent.path)
            return None
        if reply.last - reply.first > DRIBBLE_SECONDS:
            self.blame(must(27, f"a hinted part dribbled for {reply.last - reply.first:.2f} s"), where=url.parent.path)
        return reply.body
