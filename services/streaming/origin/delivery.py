"""What a player gets: playlists and files of a channel as ready bytes, waited for where the protocol lets a player wait.

Texts are rendered once per change and kept with their compressed form. Who may watch is decided before (access).
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from services.streaming.media.ladder import Track
from services.streaming.origin import playlist
from services.streaming.origin.channel import Channel
from services.streaming.packaging.rendition import TARGET_DURATION, Rendition
from shared.errors import NotFound, Unavailable

WAIT_SECONDS: Final = min(3.0 * TARGET_DURATION, 9.0)
"""Longest answer to a blocking request: three target durations (section 6.2.5.2), and before players give up after ten seconds."""
GZIP_LEVEL: Final = 5
PLAYLIST_TYPE: Final = "application/vnd.apple.mpegurl"
BLOCKING_CACHE: Final = 6 * TARGET_DURATION
PLAIN_CACHE: Final = TARGET_DURATION // 2
BLOCKING_ERROR_CACHE: Final = 4 * TARGET_DURATION
PLAIN_ERROR_CACHE: Final = TARGET_DURATION
MEDIA_CACHE: Final = 6 * TARGET_DURATION


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` to send, `packed` its gzip form where there is one, `tag` an entity tag (without quotes) where the name says it all."""

    body: bytes
    kind: str
    max_age: int
    packed: bytes | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class _Text:
    revision: int
    body: bytes
    packed: bytes


class HlsDelivery:
    def __init__(self) -> None:
        self.blocked = 0
        """Requests that had to wait, since the start."""
        self._texts: WeakKeyDictionary[Channel, dict[tuple[str, bool], _Text]] = WeakKeyDictionary()

    async def multivariant(self, channel: Channel, title: Callable[[Track], str], sound: str = "") -> Reply:
        """Waits for the first parts; `title` gives the words for an audio track, `sound` is the name of the one to play. Raises
        Unavailable("streaming.not_yet")."""
        if not await channel.wait("ready", lambda: channel.ready, WAIT_SECONDS):
            raise Unavailable("streaming.not_yet")
        body = playlist.multivariant(channel.renditions, title, sound).encode()
        return Reply(body, PLAYLIST_TYPE, PLAIN_CACHE, gzip.compress(body, GZIP_LEVEL, mtime=0))

    async def media(self, channel: Channel, name: str, query: Mapping[str, str]) -> Reply:
        """Raises NotFound, Invalid, Unavailable. At the end of the list every directive is ignored (section 6.2.5)."""
        rendition = _rendition(channel, name)
        wanted = playlist.Directives() if channel.ended else playlist.parse_directives(query)
        sequence, part = wanted.sequence, wanted.part
        if not await channel.wait("ready", lambda: channel.ready, WAIT_SECONDS):
            raise Unavailable("streaming.not_yet")
        if sequence is not None:
            playlist.check_reach(rendition, wanted)
            if not rendition.has(sequence, part):
                self.blocked += 1
            if not await channel.wait((name, sequence, part), lambda: channel.ended or rendition.has(sequence, part), WAIT_SECONDS):
                raise Unavailable("streaming.not_yet")
        text = self._text(channel, name, wanted.skip)
        return Reply(text.body, PLAYLIST_TYPE, PLAIN_CACHE if sequence is None else BLOCKING_CACHE, text.packed)

    async def file(self, channel: Channel, name: str, file: str) -> Reply:
        """A part, segment or initialisation section; the hinted next part is waited for. Raises NotFound, Unavailable."""
        rendition = _rendition(channel, name)
        body = rendition.file(file)
        if body is None and file == rendition.hint and not channel.ended:
            self.blocked += 1
            if not await channel.wait((name, file), lambda: rendition.file(file) is not None, WAIT_SECONDS):
                raise Unavailable("streaming.not_yet")
            body = rendition.file(file)
        if body is None:
            raise NotFound("streaming.nothing_there")
        return Reply(body, "audio/mp4" if rendition.track.kind == "audio" else "video/mp4", MEDIA_CACHE, tag=file)

    def _text(self, channel: Channel, name: str, skip: bool) -> _Text:
        kept = self._texts.setdefault(channel, {})
        text = kept.get((name, skip))
        if text is None or text.revision != channel.revision:
            body = playlist.media(channel.renditions, name, skip=skip, ended=channel.ended).encode()
            text = kept[name, skip] = _Text(channel.revision, body, gzip.compress(body, GZIP_LEVEL, mtime=0))
        return text


def _rendition(channel: Channel, name: str) -> Rendition:
    found = channel.renditions.get(name)
    if found is None:
        raise NotFound("streaming.nothing_there")
    return found
