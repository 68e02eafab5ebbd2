"""An HLS playlist as the validator reads it: RFC 8216bis text to plain values. No rule is judged here, no production code is used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)(?:,|$)')
SEGMENT_TAGS = frozenset((
    "EXTINF", "EXT-X-BYTERANGE", "EXT-X-DISCONTINUITY", "EXT-X-KEY", "EXT-X-MAP", "EXT-X-PROGRAM-DATE-TIME", "EXT-X-GAP",
    "EXT-X-BITRATE", "EXT-X-PART",
))  # fmt: skip
HELD_BY_PARTS = frozenset(["EXT-X-DISCONTINUITY", "EXT-X-KEY", "EXT-X-MAP", "EXT-X-PROGRAM-DATE-TIME"])
"""Tags that must stand before the first part of their segment."""


@dataclass(frozen=True)
class Tag:
    name: str
    value: str

    @property
    def attributes(self) -> dict[str, str]:
        return {name: value.strip('"') for name, value in ATTRIBUTE.findall(self.value)}

    def number(self, attribute: str) -> float | None:
        return number(self.attributes.get(attribute))


@dataclass(frozen=True)
class Part:
    uri: str
    duration: float | None
    independent: bool
    gap: bool


@dataclass
class Segment:
    """`msn` and `discontinuity` are absolute sequence numbers. A segment without `uri` is still growing."""

    msn: int
    discontinuity: int
    map: str | None
    uri: str | None = None
    duration: float | None = None
    begins_discontinuity: bool = False
    gap: bool = False
    date: datetime | None = None
    parts: list[Part] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)

    @property
    def length(self) -> float:
        """Seconds, announced or so far."""
        return self.duration if self.duration is not None else sum(part.duration or 0.0 for part in self.parts)


@dataclass
class Playlist:
    lines: list[str]
    tags: list[Tag]
    header: list[Tag] = field(default_factory=list)
    trailer: list[Tag] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    misplaced: list[Tag] = field(default_factory=list)
    """Tags of a segment that came after one of its parts."""
    parts_after_extinf: list[Tag] = field(default_factory=list)
    media_sequence: int = 0
    skipped: int = 0

    def all(self, name: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name == name]

    def one(self, name: str) -> Tag | None:
        return next(iter(self.all(name)), None)

    def value(self, name: str) -> float | None:
        tag = self.one(name)
        return number(tag.value) if tag else None

    @property
    def version(self) -> float:
        return self.value("EXT-X-VERSION") or 1

    @property
    def target(self) -> float:
        return self.value("EXT-X-TARGETDURATION") or 0.0

    @property
    def part_target(self) -> float | None:
        tag = self.one("EXT-X-PART-INF")
        return tag.number("PART-TARGET") if tag else None

    @property
    def control(self) -> Tag | None:
        return self.one("EXT-X-SERVER-CONTROL")

    @property
    def ended(self) -> bool:
        return self.one("EXT-X-ENDLIST") is not None

    @property
    def last(self) -> tuple[int, int]:
        """(msn, part) of the newest part; part -1 when the newest segment lists none."""
        newest = self.segments[-1] if self.segments else None
        return (newest.msn, len(newest.parts) - 1) if newest else (self.media_sequence + self.skipped - 1, -1)

    @property
    def awaited(self) -> tuple[int, int]:
        """(msn, part) that comes next."""
        newest = self.segments[-1] if self.segments else None
        if newest is None or newest.uri is not None:
            return (newest.msn + 1 if newest else self.media_sequence, 0)
        return newest.msn, len(newest.parts)

    @property
    def end(self) -> datetime | None:
        """The instant at which the newest media ends, by PROGRAM-DATE-TIME."""
        moment: datetime | None = None
        for segment in self.segments:
            moment = segment.date or moment
            moment = moment + timedelta(seconds=segment.length) if moment else None
        return moment

    def hints(self, kind: str) -> list[str]:
        return [tag.attributes.get("URI", "") for tag in self.all("EXT-X-PRELOAD-HINT") if tag.attributes.get("TYPE") == kind]


def number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def parse(text: str) -> Playlist:
    """Never raises: what cannot be read is left out, for the rules to miss."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    tags = [Tag(*_split(line)) for line in lines if line.startswith("#EXT")]
    playlist = Playlist(lines, tags)
    playlist.media_sequence = int(playlist.value("EXT-X-MEDIA-SEQUENCE") or 0)
    skip = playlist.one("EXT-X-SKIP")
    playlist.skipped = int((skip.number("SKIPPED-SEGMENTS") if skip else None) or 0)
    _Builder(playlist).build()
    return playlist


def _split(line: str) -> tuple[str, str]:
    name, _, value = line[1:].partition(":")
    return name, value


def _date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


class _Builder:
    def __init__(self, playlist: Playlist) -> None:
        self.playlist = playlist
        self.discontinuity = int(playlist.value("EXT-X-DISCONTINUITY-SEQUENCE") or 0)
        self.map: str | None = None
        self.open: Segment | None = None

    def build(self) -> None:
        for line in self.playlist.lines:
            if not line.startswith("#"):
                segment = self.segment()
                segment.uri = line
                self.open = None
            elif line.startswith("#EXT"):
                self.tag(Tag(*_split(line)))
        if self.open is not None and not self.open.parts:
            self.playlist.segments.pop()  # tags for a segment of which nothing has come yet

    def segment(self) -> Segment:
        if self.open is None:
            msn = self.playlist.media_sequence + self.playlist.skipped + len(self.playlist.segments)
            self.open = Segment(msn, self.discontinuity, self.map)
            self.playlist.segments.append(self.open)
        return self.open

    def tag(self, tag: Tag) -> None:
        if tag.name not in SEGMENT_TAGS:
            (self.playlist.trailer if self.playlist.segments else self.playlist.header).append(tag)
            return
        segment = self.segment()
        segment.tags.append(tag)
        if tag.name in HELD_BY_PARTS and segment.parts:
            self.playlist.misplaced.append(tag)
        match tag.name:
            case "EXTINF":
                segment.duration = number(tag.value.partition(",")[0])
            case "EXT-X-DISCONTINUITY":
                self.discontinuity += 1
                segment.discontinuity, segment.begins_discontinuity = self.discontinuity, True
            case "EXT-X-MAP":
                self.map = segment.map = tag.attributes.get("URI")
            case "EXT-X-PROGRAM-DATE-TIME":
                segment.date = _date(tag.value)
            case "EXT-X-GAP":
                segment.gap = True
            case "EXT-X-PART":
                if segment.duration is not None:
                    self.playlist.parts_after_extinf.append(tag)
                said = tag.attributes
                segment.parts.append(
                    Part(said.get("URI", ""), tag.number("DURATION"), said.get("INDEPENDENT") == "YES", said.get("GAP") == "YES")
                )
