"""An independent judge of Low-Latency HLS (draft-pantos-hls-rfc8216bis-22, with Apple's authoring requirements). For tests only.

It knows nothing of the code that makes the playlists. Each `Violation` carries the number of the rule it breaks:

 1 PART-INF with parts · 2 URI and DURATION · 3 DURATION ≤ PART-TARGET · 4 ≥ 85 % of it · 5 parts make up their segment ·
 6 segment tags before parts · 7 INDEPENDENT is said · 8 GAP on unavailable parts · 9 PART-HOLD-BACK · 10 HOLD-BACK ·
11 CAN-SKIP-UNTIL · 12 SKIP and VERSION · 13 a part each PART-TARGET · 14 append and remove only · 15 sequence numbers ·
16 old part tags leave, parts stay · 17 listed is available · 18-24 delivery directives · 25 after ENDLIST · 26 delta updates ·
27 preload hints · 28 PROGRAM-DATE-TIME · 29 an independent frame per segment · 30 hints always · 31 rendition reports ·
33 gzip, idempotence, renditions in step · 35 cache times · 36 PART-TARGET and round trips · 37 deltas for long windows.
0 stands for the base format of RFC 8216.

Texts alone show 0-6, 9-12, 14-16, 25-31, 37; `observe` (in `hls_observer`) sees the others by following a stream. Not seen by
either: 23 (a reload blocked for 3 target durations needs a stalled stream: its tests belong to the server's), 32 (HTTP/2 and
priorities are the front server's), 34 (merging caches), encryption keys, and date ranges beyond their version rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.hls_sequence import check_delta, succession
from tests.support.hls_text import Playlist, parse
from tests.support.hls_verdict import TINY, Violation, must, should

__all__ = ["Violation", "check_delta", "check_media_playlist", "check_multivariant"]

ROUNDING_SECONDS = 0.001
"""What writing a duration as text may lose, per part."""
SHORTEST_PART = 0.85
LONG_WINDOW_SECONDS = 120.0


def check_media_playlist(text: str, *, previous: str | None = None, reports: int | None = None) -> list[Violation]:
    """Every rule broken by a media playlist, alone and as the successor of `previous`.

    `reports` is the number of other media playlists of the same stream, when known (rule 31).
    """
    playlist = parse(text)
    found = [
        *_format(playlist),
        *_parts(playlist),
        *_segments(playlist),
        *_control(playlist),
        *_hints(playlist),
        *_reports(playlist, reports),
    ]
    if previous is not None:
        found += succession(parse(previous), playlist)
    return found


def _format(playlist: Playlist) -> Iterator[Violation]:
    if playlist.lines[:1] != ["#EXTM3U"]:
        yield must(0, "the first line is not #EXTM3U")
    if not playlist.target:
        yield must(0, "EXT-X-TARGETDURATION is missing")
    if playlist.all("EXT-X-STREAM-INF") or playlist.all("EXT-X-MEDIA"):
        yield must(0, "tags of a multivariant playlist stand in a media playlist")
    for segment in playlist.segments:
        if segment.uri is not None and segment.duration is None:
            yield must(0, f"{segment.uri} has no readable EXTINF")
        if segment.uri is None and segment.duration is not None:
            yield must(0, f"the EXTINF of segment {segment.msn} has no URI")
        if segment.map is None and playlist.skipped == 0:
            yield must(0, f"segment {segment.msn} of fragmented MP4 has no EXT-X-MAP")
    if len(playlist.all("EXT-X-SKIP")) > 1:
        yield must(12, "more than one EXT-X-SKIP")
    if playlist.all("EXT-X-SKIP") and playlist.version < 9:
        yield must(12, "EXT-X-SKIP needs EXT-X-VERSION 9")
    if any("RECENTLY-REMOVED-DATERANGES" in tag.attributes for tag in playlist.all("EXT-X-SKIP")) and playlist.version < 10:
        yield must(12, "skipped date ranges need EXT-X-VERSION 10")


def _parts(playlist: Playlist) -> Iterator[Violation]:
    listed = [part for segment in playlist.segments for part in segment.parts]
    target = playlist.part_target
    if not listed:
        return
    if target is None:
        yield must(1, "there are parts and no EXT-X-PART-INF with PART-TARGET")
        return
    for segment in playlist.segments:
        for index, part in enumerate(segment.parts):
            where = f"part {segment.msn}.{index}"
            if not part.uri or part.duration is None:
                yield must(2, f"{where} lacks URI or DURATION")
                continue
            if part.duration > target + TINY:
                yield must(3, f"{where} lasts {part.duration} s, more than PART-TARGET {target}")
            after = segment.parts[index + 1] if index + 1 < len(segment.parts) else None
            free = part.independent or part.gap or after is None or after.gap
            if not free and part.duration < SHORTEST_PART * target - TINY:
                yield must(4, f"{where} lasts {part.duration} s, less than 85 % of PART-TARGET {target}")
    yield from _old_parts(playlist)


def _old_parts(playlist: Playlist) -> Iterator[Violation]:
    behind = 0.0
    for segment in reversed(playlist.segments):
        if segment.parts and behind > 3 * playlist.target + TINY:
            yield should(16, f"segment {segment.msn} still lists parts {behind:.1f} s behind the end")
        behind += segment.length


def _segments(playlist: Playlist) -> Iterator[Violation]:
    for tag in playlist.parts_after_extinf:
        yield must(5, f"a part follows the EXTINF of its segment: {tag.value}")
    for tag in playlist.misplaced:
        yield must(6, f"#{tag.name} follows the first part of its segment")
    for segment in playlist.segments:
        if segment.duration is None:
            continue
        if int(segment.duration + 0.5) > playlist.target:
            yield must(14, f"segment {segment.msn} lasts {segment.duration} s, more than the target of {playlist.target}")
        if segment.parts:
            total = sum(part.duration or 0.0 for part in segment.parts)
            if abs(total - segment.duration) > ROUNDING_SECONDS * len(segment.parts) + TINY:
                yield must(5, f"the parts of segment {segment.msn} last {total:.5f} s, the segment {segment.duration}")
            if not segment.gap and not any(part.independent or part.gap for part in segment.parts):
                yield must(29, f"segment {segment.msn} has no independent part")
    if not any(segment.date for segment in playlist.segments):
        yield must(28, "there is no readable EXT-X-PROGRAM-DATE-TIME with a time zone")


def _control(playlist: Playlist) -> Iterator[Violation]:
    control, target, part_target = playlist.control, playlist.target, playlist.part_target
    hold_back = control.number("HOLD-BACK") if control else None
    part_hold_back = control.number("PART-HOLD-BACK") if control else None
    skip = control.number("CAN-SKIP-UNTIL") if control else None
    if part_target is not None:
        if part_hold_back is None:
            yield must(9, "PART-INF without PART-HOLD-BACK")
        elif part_hold_back < 2 * part_target - TINY:
            yield must(9, f"PART-HOLD-BACK {part_hold_back} is less than twice PART-TARGET {part_target}")
        elif part_hold_back < 3 * part_target - TINY:
            yield should(9, f"PART-HOLD-BACK {part_hold_back} is less than three times PART-TARGET {part_target}")
        if control is None or control.attributes.get("CAN-BLOCK-RELOAD") != "YES":
            yield must(18, "parts without CAN-BLOCK-RELOAD=YES")
    if hold_back is not None and hold_back < 3 * target - TINY:
        yield must(10, f"HOLD-BACK {hold_back} is less than three target durations of {target}")
    if skip is not None and skip < 6 * target - TINY:
        yield must(11, f"CAN-SKIP-UNTIL {skip} is less than six target durations of {target}")
    if control is not None and "CAN-SKIP-DATERANGES" in control.attributes and skip is None:
        yield must(11, "CAN-SKIP-DATERANGES without CAN-SKIP-UNTIL")
    window = sum(segment.length for segment in playlist.segments)
    if window > LONG_WINDOW_SECONDS and skip is None and not playlist.ended:
        yield should(37, f"a window of {window:.0f} s offers no delta updates")


def _hints(playlist: Playlist) -> Iterator[Violation]:
    for kind in ("PART", "MAP"):
        hints = playlist.hints(kind)
        if len(hints) > 1:
            yield should(27, f"more than one hint of type {kind}")
        if "" in hints:
            yield must(27, "a hint without URI")
    if playlist.ended and playlist.all("EXT-X-PRELOAD-HINT"):
        yield must(25, "a hint in a playlist that has ended")
    if playlist.part_target is not None and not playlist.ended and not playlist.hints("PART"):
        yield must(30, "the next part is not hinted")
    if set(playlist.hints("PART")) & {part.uri for segment in playlist.segments for part in segment.parts}:
        yield must(27, "the hinted part is already listed")


def _reports(playlist: Playlist, expected: int | None) -> Iterator[Violation]:
    reports = playlist.all("EXT-X-RENDITION-REPORT")
    uris = [tag.attributes.get("URI", "") for tag in reports]
    for tag in reports:
        uri, said = tag.attributes.get("URI", ""), tag.attributes
        if not uri or "://" in uri:
            yield must(31, f"a rendition report needs a relative URI, not {uri!r}")
        if tag.number("LAST-MSN") is None or (playlist.part_target is not None and tag.number("LAST-PART") is None):
            yield must(31, f"the rendition report for {uri} lacks LAST-MSN or LAST-PART: {sorted(said)}")
    if len(set(uris)) != len(uris):
        yield must(31, "two rendition reports for one playlist")
    if expected is not None and not playlist.ended and len(set(uris)) != expected:
        yield must(31, f"{len(set(uris))} rendition reports, but {expected} other playlists")


def check_multivariant(text: str) -> list[Violation]:
    """Rules of the base format that a player needs from a multivariant playlist."""
    playlist = parse(text)
    return list(_multivariant(playlist))


def _multivariant(playlist: Playlist) -> Iterator[Violation]:
    if playlist.lines[:1] != ["#EXTM3U"]:
        yield must(0, "the first line is not #EXTM3U")
    if playlist.all("EXTINF") or playlist.all("EXT-X-TARGETDURATION"):
        yield must(0, "tags of a media playlist stand in a multivariant playlist")
    variants = playlist.all("EXT-X-STREAM-INF")
    if not variants:
        yield must(0, "there is no EXT-X-STREAM-INF")
    for position, line in enumerate(playlist.lines):
        following = playlist.lines[position + 1] if position + 1 < len(playlist.lines) else "#"
        if line.startswith("#EXT-X-STREAM-INF:") and following.startswith("#"):
            yield must(0, f"a variant has no URI: {line}")
    groups = {(tag.attributes.get("TYPE"), tag.attributes.get("GROUP-ID")) for tag in playlist.all("EXT-X-MEDIA")}
    for variant in variants:
        if not variant.number("BANDWIDTH"):
            yield must(0, "a variant has no BANDWIDTH")
        if "CODECS" not in variant.attributes:
            yield should(0, "a variant has no CODECS")
        for kind in ("AUDIO", "SUBTITLES"):
            group = variant.attributes.get(kind)
            if group is not None and (kind, group) not in groups:
                yield must(0, f"a variant names the {kind} group {group!r}, which does not exist")
    names: set[tuple[str | None, ...]] = set()
    for media in playlist.all("EXT-X-MEDIA"):
        name = tuple(media.attributes.get(key) for key in ("TYPE", "GROUP-ID", "NAME"))
        if None in name or name in names:
            yield must(0, f"a rendition needs TYPE, GROUP-ID and a NAME of its own: {name}")
        names.add(name)
        if media.attributes.get("DEFAULT") == "YES" and media.attributes.get("AUTOSELECT", "YES") != "YES":
            yield must(0, f"{name} is default and not selected automatically")
