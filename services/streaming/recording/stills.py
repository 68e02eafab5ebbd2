"""Still pictures of a recording, for whoever chooses where to go: made when somebody asks, out of the segment that stands there.

One at a time, whoever waits for the same one waits for one; what was made stays in memory as long as there is room.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
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
PICTURE_TYPE: Final = "image/jpeg"

Draw = Callable[[bytes, int], Awaitable[bytes]]
"""A beginning of fMP4 and a width → JPEG of its first picture, empty where none can be made of it. Raises SettingError."""
Key = tuple[str, str, int]
"""Session, segment, width."""


class Stills:
    def __init__(self, library: Library, draw: Draw) -> None:
        self._library, self._draw = library, draw
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._making: dict[Key, asyncio.Task[bytes]] = {}
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
        task = self._making.get(key)
        if task is None:
            if len(self._making) >= MOST_WAITING:
                raise Unavailable("streaming.busy")
            task = self._making[key] = asyncio.create_task(self._make(key, rendition), name="still")
            task.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(task)

    async def _make(self, key: Key, rendition: str) -> bytes:
        session, name, width = key
        async with self._turn:
            try:
                picture = await self._draw(await self._library.beginning(session, rendition, name), width)
            except (SettingError, NotFound) as wrong:
                log.warning("no picture of the recording of %s: %s", session, wrong)
                return b""
        self._kept[key] = picture
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return picture
