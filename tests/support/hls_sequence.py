"""The rules that compare two playlists of one stream: a successor with what came before, a delta update with the whole."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.hls_text import Playlist, Segment, parse
from tests.support.hls_verdict import TINY, Violation, must


def succession(old: Playlist, new: Playlist) -> Iterator[Violation]:
    """What `new` may not say after `old` (rules 14, 15, 25, 27, 30). Neither may be a delta update."""
    for name, before, after in (
        ("TARGETDURATION", old.target, new.target),
        ("PART-TARGET", old.part_target, new.part_target),
        ("PLAYLIST-TYPE", getattr(old.one("EXT-X-PLAYLIST-TYPE"), "value", None), getattr(new.one("EXT-X-PLAYLIST-TYPE"), "value", None)),
    ):
        if before != after:
            yield must(14, f"{name} changed from {before} to {after}")
    if new.media_sequence < old.media_sequence:
        yield must(15, f"MEDIA-SEQUENCE went back from {old.media_sequence} to {new.media_sequence}")
    if old.ended and not new.ended:
        yield must(25, "a playlist that had ended goes on")
    if new.last < old.last and new.awaited < old.awaited:
        yield must(14, f"the end went back from {old.last} to {new.last}")
    known = {segment.msn: segment for segment in new.segments}
    for before_segment in old.segments:
        after_segment = known.get(before_segment.msn)
        if after_segment is not None:
            yield from _same_segment(before_segment, after_segment)
    moved = {segment.uri: segment.msn for segment in old.segments if segment.uri}
    for segment in new.segments:
        if segment.uri and moved.get(segment.uri, segment.msn) != segment.msn:
            yield must(15, f"{segment.uri} was number {moved[segment.uri]} and is now {segment.msn}")
    yield from _kept_promises(old, new)


def _same_segment(old: Segment, new: Segment) -> Iterator[Violation]:
    if old.uri is not None and (new.uri, new.duration) != (old.uri, old.duration):
        yield must(14, f"segment {old.msn} was {old.uri} of {old.duration} s and is now {new.uri} of {new.duration} s")
    shared = min(len(old.parts), len(new.parts))
    if old.parts[:shared] != new.parts[:shared] or (new.parts and shared < len(old.parts)):
        yield must(14, f"the parts of segment {old.msn} changed")
    if old.uri is not None and len(new.parts) > len(old.parts):
        yield must(14, f"segment {old.msn} was complete and got more parts")
    if (old.map, old.date) != (new.map, new.date) and None not in (new.map, new.date):
        yield must(14, f"MAP or PROGRAM-DATE-TIME of segment {old.msn} changed")
    if old.discontinuity != new.discontinuity:
        yield must(15, f"segment {old.msn} had discontinuity number {old.discontinuity} and now has {new.discontinuity}")


def _kept_promises(old: Playlist, new: Playlist) -> Iterator[Violation]:
    """The hinted part is the one that came, and a new initialisation was announced."""
    hints = old.hints("PART")
    come = _first_new_part(old, new)
    if come is None or not hints:
        return
    segment, uri = come
    before = old.segments[-1].map if old.segments else None
    if uri not in hints:
        yield must(27, f"{hints[0]} was hinted and {uri} came")
    if segment.map != before and segment.map not in old.hints("MAP") and before is not None:
        yield must(30, f"the new initialisation {segment.map} was not hinted")


def _first_new_part(old: Playlist, new: Playlist) -> tuple[Segment, str] | None:
    """What came behind the last part of `old`: in the same segment, or first in the next."""
    msn, index = old.awaited
    for segment in new.segments:
        if segment.msn == msn and index < len(segment.parts):
            return segment, segment.parts[index].uri
        if segment.msn == msn + 1 and segment.parts and index > 0:
            return segment, segment.parts[0].uri
    return None


def check_delta(full: str, delta: str) -> list[Violation]:
    """Whether `delta` says the same as `full`, a playlist of the same instant, with only old segments skipped (rule 26)."""
    whole, part = parse(full), parse(delta)
    found: list[Violation] = []
    if part.skipped and part.version < 9:
        found.append(must(12, "EXT-X-SKIP needs EXT-X-VERSION 9"))
    skip = part.one("EXT-X-SKIP")
    if skip is None or not part.skipped:
        return [*found, must(26, "a delta update without EXT-X-SKIP and SKIPPED-SEGMENTS")]
    until = whole.control.number("CAN-SKIP-UNTIL") if whole.control else None
    kept = [segment for segment in whole.segments if segment.msn >= whole.media_sequence + part.skipped]
    if until is None:
        found.append(must(26, "a delta update of a playlist without CAN-SKIP-UNTIL"))
    elif sum(segment.length for segment in kept) < until - TINY:
        found.append(must(26, f"segments younger than the skip boundary of {until} s are skipped"))
    if whole.media_sequence != part.media_sequence:
        found.append(must(26, "MEDIA-SEQUENCE differs"))
    found += [must(26, f"segment {a.msn} differs") for a, b in zip(kept, part.segments, strict=False) if not _told_alike(a, b)]
    if len(kept) != len(part.segments):
        found.append(must(26, f"{len(part.segments)} segments stand behind the skip, not {len(kept)}"))
    for name in {tag.name for tag in (*whole.header, *whole.trailer)} - {"EXTM3U", "EXT-X-VERSION", "EXT-X-DATERANGE"}:
        if whole.all(name) != part.all(name):
            found.append(must(26, f"#{name} differs"))
    return found


def _told_alike(whole: Segment, part: Segment) -> bool:
    """The map and the date of an unskipped segment may be repeated, because the skip removed their tags."""
    same = (whole.msn, whole.uri, whole.duration, whole.parts) == (part.msn, part.uri, part.duration, part.parts)
    return (
        same
        and part.begins_discontinuity == whole.begins_discontinuity
        and part.date in (None, whole.date)
        and part.map in (None, whole.map)
    )
