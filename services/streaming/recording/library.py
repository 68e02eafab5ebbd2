"""Recorded sessions for those who ask: as replays to play, as a list for operators, and to be erased. Files are read in threads."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from services.streaming.media.ladder import Track
from services.streaming.origin.delivery import GZIP_LEVEL, PLAYLIST_TYPE, Reply
from services.streaming.recording import replay as lists
from services.streaming.recording.replay import Replay
from services.streaming.recording.takes import Take, TakeFacts
from shared.clock import Clock
from shared.errors import Conflict, NotFound

log = logging.getLogger("tablee.streaming.recording")

MOST_KEPT: Final = 32
"""Sessions whose indexes stay in memory."""
LOOK_SECONDS: Final = 1.0
"""A recording that grows is looked at again after so long."""
EXPIRY_SECONDS: Final = 3600.0
MEDIA_CACHE: Final = 3600
"""Short enough that what is erased is soon gone from browsers too."""


class Shelf(Protocol):
    """Where takes lie. Everything blocks."""

    def sessions(self) -> list[str]: ...

    def takes(self, session: str) -> list[Take]: ...

    def read_on(self, take: Take) -> None: ...

    def bytes_of(self, take: TakeFacts, rendition: str, offset: int, length: int) -> bytes: ...

    def erase(self, session: str) -> None: ...


class EmptyShelf:
    """Of an installation that records nothing."""

    def sessions(self) -> list[str]:
        return []

    def takes(self, session: str) -> list[Take]:
        return []

    def read_on(self, take: Take) -> None:
        raise NotFound("streaming.recording_unknown")

    def bytes_of(self, take: TakeFacts, rendition: str, offset: int, length: int) -> bytes:
        raise NotFound("streaming.recording_unknown")

    def erase(self, session: str) -> None:
        raise NotFound("streaming.recording_unknown")


@dataclass(frozen=True, slots=True)
class Recording:
    """For operators. `began` in seconds since 1970; `growing`: it is being recorded."""

    session: str
    stage: str
    began: float
    seconds: float
    bytes: int
    growing: bool


@dataclass(slots=True)
class _Kept:
    replay: Replay
    growing: frozenset[str]
    looked_at: float
    texts: dict[str, Reply] = field(default_factory=dict)


class Library:
    """`shelf` None: nothing is recorded here. `growing` tells session and id of the takes that are being written."""

    def __init__(self, shelf: Shelf | None, growing: Callable[[], Iterable[tuple[str, str]]]) -> None:
        self._shelf, self._takes_written = shelf or EmptyShelf(), growing
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    async def replay(self, session: str) -> Replay:
        """As it is now; without pieces where nothing was recorded."""
        return (await self._look(session)).replay

    def grows(self, session: str) -> bool:
        return bool(self._growing(session))

    async def recordings(self) -> list[Recording]:
        found = []
        for session in await asyncio.to_thread(self._shelf.sessions):
            replay = await self.replay(session)
            if replay.takes:
                first = replay.takes[0].facts
                found.append(Recording(session, first.stage, first.began, round(replay.seconds, 3), replay.bytes, self.grows(session)))
        return found

    async def erase(self, session: str) -> None:
        """For good. Raises NotFound("streaming.recording_unknown"), Conflict("streaming.recording_running")."""
        replay = await self.replay(session)
        if not replay.takes:
            raise NotFound("streaming.recording_unknown")
        if self.grows(session):
            raise Conflict("streaming.recording_running")
        await asyncio.to_thread(self._shelf.erase, session)
        self._kept.pop(session, None)

    async def keep_for(self, days: int, clock: Clock) -> None:
        """For ever: erase what has been kept for so many days; 0: nothing."""
        while True:
            if days:
                await self.expire((clock() - timedelta(days=days)).timestamp())
            await asyncio.sleep(EXPIRY_SECONDS)

    async def expire(self, before: float) -> None:
        """Erase what began before that instant (seconds since 1970). One that cannot be erased keeps none of the others."""
        for one in await self.recordings():
            if one.began >= before or one.growing:
                continue
            try:
                await self.erase(one.session)
                log.info("the recording of %s has been kept long enough: erased", one.session)
            except (OSError, Conflict, NotFound) as wrong:
                log.error("the recording of %s has been kept long enough, but cannot be erased: %s", one.session, wrong)

    async def multivariant(self, session: str, title: Callable[[Track], str]) -> Reply:
        """Raises NotFound("streaming.recording_unknown")."""
        replay = await self._playable(session)
        return _text(lists.multivariant(replay, title))

    async def media(self, session: str, rendition: str, *, ended: bool) -> Reply:
        """Raises NotFound."""
        replay = await self._playable(session)
        if rendition not in {track.name for track in replay.tracks}:
            raise NotFound("streaming.nothing_there")
        texts = self._kept[session].texts
        key = f"{rendition} {ended}"
        if key not in texts:
            texts[key] = await asyncio.to_thread(lambda: _text(lists.media(replay, rendition, ended=ended)))
        return texts[key]

    async def file(self, session: str, rendition: str, file: str) -> Reply:
        """Raises NotFound."""
        replay = await self._playable(session)
        place = replay.place(rendition, file)
        if place is None:
            raise NotFound("streaming.nothing_there")
        try:
            data = await asyncio.to_thread(self._shelf.bytes_of, place[0], rendition, place[1], place[2])
        except OSError:
            raise NotFound("streaming.nothing_there") from None
        kind = next(track.kind for track in replay.tracks if track.name == rendition)
        return Reply(data, f"{kind}/mp4", MEDIA_CACHE, tag=file)

    async def picture_at(self, session: str, second: float) -> tuple[str, str]:
        """The segment that is shown there, and the rendition it is of. Raises NotFound("streaming.recording_unknown")."""
        replay = await self._playable(session)
        return replay.shown_at(second), replay.leader

    async def beginning(self, session: str, rendition: str, file: str) -> bytes:
        """A segment with the initialisation section before it. Raises NotFound."""
        init = (await self._playable(session)).init_of(rendition, file)
        return b"".join([(await self.file(session, rendition, one)).body for one in (init, file)])

    async def _playable(self, session: str) -> Replay:
        replay = await self.replay(session)
        if not replay.pieces:
            raise NotFound("streaming.recording_unknown")
        return replay

    async def _look(self, session: str) -> _Kept:
        """One look at a time; what does not grow is looked at once."""
        async with self._locks.setdefault(session, asyncio.Lock()):
            now, growing = asyncio.get_running_loop().time(), self._growing(session)
            kept = self._kept.get(session)
            if kept is not None and kept.growing == growing and (not growing or now - kept.looked_at < LOOK_SECONDS):
                return kept
            fresh = await asyncio.to_thread(self._read, session, kept, growing, now)
            if fresh.replay.takes:
                self._keep(session, fresh)
            return fresh

    def _growing(self, session: str) -> frozenset[str]:
        return frozenset(take for of, take in self._takes_written() if of == session)

    def _read(self, session: str, kept: _Kept | None, growing: frozenset[str], now: float) -> _Kept:
        """In a thread."""
        known = {} if kept is None else {take.facts.id: take for take in kept.replay.takes}
        takes = [known.get(take.facts.id, take) for take in self._shelf.takes(session)]
        for take in takes:
            self._shelf.read_on(take)
        return _Kept(Replay(takes, growing), growing, now)

    def _keep(self, session: str, fresh: _Kept) -> None:
        self._kept[session] = fresh
        self._kept.move_to_end(session)
        while len(self._kept) > MOST_KEPT:
            gone, _ = self._kept.popitem(last=False)
            self._locks.pop(gone, None)


def _text(text: str) -> Reply:
    body = text.encode()
    return Reply(body, PLAYLIST_TYPE, 0, gzip.compress(body, GZIP_LEVEL, mtime=0))
