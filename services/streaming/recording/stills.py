"""Still pictures of a recording, for whoever chooses where to go: made when somebody asks, out of the segment that stands there.

One at a time; what was made stays in memory as long as there is room, so that a crowd that wants the same one waits for one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from services.streaming.origin.delivery import Reply
from services.streaming.recording.library import MEDIA_CACHE, Library
from shared.config import SettingError
from shared.errors import NotFound, Unavailable

log = logging.getLogger("tablee.streaming.recording")

WIDTHS: Final = (320, 960)
"""Pixels: beside a chapter, and before the recording plays."""
MOST_KEPT: Final = 256
MOST_WAITING: Final = 64
"""Different ones, asked for at once."""
PICTURE_TYPE: Final = "image/jpeg"

Draw = Callable[[bytes, int], Awaitable[bytes]]
"""A beginning of fMP4 and a width → JPEG of its first picture, empty where none can be made of it. Raises SettingError."""
Key = tuple[str, str, int]
"""Session, segment, width."""


class Stills:
    def __init__(self, library: Library, draw: Draw) -> None:
        self._library, self._draw = library, draw
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._wanted: Counter[Key] = Counter()
        self._turn = asyncio.Lock()

    async def at(self, session: str, second: int, width: int) -> Reply:
        """What the recording shows there; past its end its last picture. Raises NotFound("streaming.recording_unknown" |
        "streaming.nothing_there"), Unavailable("streaming.busy")."""
        if width not in WIDTHS:
            raise NotFound("streaming.nothing_there")
        name, rendition = await self._library.picture_at(session, second)
        key = session, name, width
        picture = self._kept.get(key) or await self._made(key, rendition)
        if not picture:
            raise NotFound("streaming.nothing_there")
        return Reply(picture, PICTURE_TYPE, MEDIA_CACHE, tag=f"{width}.{name}")

    def forget(self, session: str) -> None:
        """Its recording was erased."""
        for key in [key for key in self._kept if key[0] == session]:
            del self._kept[key]

    async def _made(self, key: Key, rendition: str) -> bytes:
        if key not in self._wanted and len(self._wanted) >= MOST_WAITING:
            raise Unavailable("streaming.busy")
        self._wanted[key] += 1
        try:
            async with self._turn:
                return self._kept.get(key) or await self._make(key, rendition)
        finally:
            self._wanted -= Counter((key,))

    async def _make(self, key: Key, rendition: str) -> bytes:
        session, name, width = key
        try:
            picture = await self._draw(await self._library.beginning(session, rendition, name), width)
        except (SettingError, NotFound) as wrong:
            log.warning("no picture of the recording of %s: %s", session, wrong)
            return b""
        self._kept[key] = picture
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return picture
