"""The bounded queue of FLV tags between an encoder that does not wait and a reader that may be slow. Pure and synchronous.

Over its bound it drops the pictures of the oldest group up to the next keyframe and keeps the audio; only when audio alone is
too much does that go too, oldest first. It also remembers what a feed must begin with, so that a feed may begin late.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.streaming.ingest.flv import flv
from services.streaming.ingest.flv.flv import TagHeader

MOST_BYTES: Final = 16 * 1024 * 1024
MOST_TAGS: Final = 1200
"""About ten seconds of pictures and audio waiting for a slow reader."""


@dataclass(frozen=True, slots=True)
class _Tag:
    video: bool
    header: TagHeader
    data: bytes


class Backlog:
    def __init__(self, *, max_bytes: int = MOST_BYTES, max_tags: int = MOST_TAGS) -> None:
        self._max_bytes = max_bytes
        self._max_tags = max_tags
        self._tags: deque[_Tag] = deque()
        self._bytes = 0
        self._wait_for_key = True
        self._seen_key = False
        self._pictures = True
        self._metadata: Mapping[str, float | bool | str] = {}
        self._setups: dict[tuple[bool, int], bytes] = {}
        self._begun = False
        self._prologue_due = True
        self.dropped_video = 0
        self.dropped_audio = 0

    def __len__(self) -> int:
        return len(self._tags)

    @property
    def size(self) -> int:
        """Bytes waiting."""
        return self._bytes

    @property
    def ready(self) -> bool:
        return bool(self._tags)

    @property
    def wants_key(self) -> bool:
        """Whether pictures are thrown away until a keyframe comes."""
        return self._wait_for_key

    def has(self, *, video: bool, track: int = 0) -> bool:
        """Whether the decoder configuration of that kind, of that track of its kind, has come."""
        return (video, track) in self._setups

    def describe(self, metadata: Mapping[str, float | bool | str]) -> None:
        self._metadata = dict(metadata)

    def put(self, *, video: bool, timestamp: int, payload: bytes, header: TagHeader, track: int = 0) -> None:
        if header.setup:
            if self._setups.get((video, track)) == payload:
                return  # repeated with every keyframe by some encoders
            self._setups[video, track] = payload
            if not self._begun:
                return  # the prologue will bring it
        elif not self._in_sequence(video, header):
            return
        kind = flv.VIDEO_TAG if video else flv.AUDIO_TAG
        self._append(_Tag(video, header, flv.tag(kind, timestamp, payload)))

    def take(self, max_bytes: int) -> bytes:
        """At least one waiting tag, and more up to `max_bytes`; b"" when none waits. The first take brings the prologue."""
        if not self._tags:
            return b""
        out = self._prologue() if self._prologue_due else []
        taken = 0
        while self._tags and (not taken or taken + len(self._tags[0].data) <= max_bytes):
            taken += len(self._tags[0].data)
            out.append(self._popped().data)
        return b"".join(out)

    def begin_again(self, *, pictures: bool = True) -> None:
        """What is taken next is a new FLV stream: header, metadata, configurations, then from a keyframe on; at once without `pictures`."""
        self.clear()
        self._pictures = pictures
        self._begun = False
        self._prologue_due = True
        self._wait_for_key = True
        self._seen_key = False

    def clear(self) -> None:
        self._tags.clear()
        self._bytes = 0

    def _in_sequence(self, video: bool, header: TagHeader) -> bool:
        """Pictures wait for a keyframe; at the beginning of a feed audio waits with them, so that both begin together."""
        self._seen_key = self._seen_key or header.key
        if not video:
            return self._seen_key or not self._pictures or not self.has(video=True)
        self._wait_for_key = self._wait_for_key and not header.key
        if self._wait_for_key:
            self.dropped_video += 1
        return not self._wait_for_key

    def _prologue(self) -> list[bytes]:
        first = self._tags[0].data
        timestamp = int.from_bytes(first[4:7], "big") | first[7] << 24
        out = [] if self._begun else [flv.file_header(audio=self.has(video=False), video=self.has(video=True))]
        out.append(flv.metadata_tag(self._metadata, timestamp))
        out += [flv.tag(flv.VIDEO_TAG if video else flv.AUDIO_TAG, timestamp, body) for (video, _), body in sorted(self._setups.items())]
        self._begun, self._prologue_due = True, False
        return out

    def _append(self, tag: _Tag) -> None:
        self._tags.append(tag)
        self._bytes += len(tag.data)
        while self._over() and self._drop_video():
            pass  # one group of pictures per turn
        while self._over():
            self._forget(self._popped())

    def _over(self) -> bool:
        return self._bytes > self._max_bytes or len(self._tags) > self._max_tags

    def _popped(self) -> _Tag:
        tag = self._tags.popleft()
        self._bytes -= len(tag.data)
        return tag

    def _drop_video(self) -> bool:
        """Drops the oldest waiting pictures, up to a keyframe behind them; all, and those to come, if none waits. False: there are none."""
        kept: deque[_Tag] = deque()
        dropped_one = reached_key = False
        for tag in self._tags:
            reached_key = reached_key or (dropped_one and tag.video and tag.header.key)
            if reached_key or not tag.video or tag.header.setup:
                kept.append(tag)
                continue
            dropped_one = True
            self._bytes -= len(tag.data)
            self._forget(tag)
        self._tags = kept
        self._wait_for_key = self._wait_for_key or (dropped_one and not reached_key)
        return dropped_one

    def _forget(self, tag: _Tag) -> None:
        if tag.header.setup:
            self._prologue_due = True
        elif tag.video:
            self.dropped_video += 1
        else:
            self.dropped_audio += 1
