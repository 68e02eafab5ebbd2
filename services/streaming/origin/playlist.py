"""HLS playlists as text, and what a client may ask about them (RFC 8216bis, draft 22). Only text: nothing here waits or sends."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from services.streaming.media.cadence import FRAME_RATE
from services.streaming.media.ladder import Track
from services.streaming.packaging.rendition import CAN_SKIP, TARGET_DURATION, Rendition, Segment
from shared.clock import to_text
from shared.errors import Invalid

VERSION: Final = 9
"""EXT-X-SKIP needs it (section 8)."""
HOLD_BACK: Final = 3.0 * TARGET_DURATION
PART_HOLD_BACK: Final = 1.5
"""Three parts of half a second: what Apple's authoring rules ask for at least."""
SEQUENCES_AHEAD: Final = 2
PARTS_AHEAD: Final = 6
"""Advance Part Limit: three seconds of parts (section 6.2.5.2)."""
AUDIO_GROUP: Final = "audio"

_NUMBER = re.compile(r"\d{1,18}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Directives:
    """Delivery directives (section 6.2.5). `sequence` None: answer at once."""

    sequence: int | None = None
    part: int | None = None
    skip: bool = False


def parse_directives(query: Mapping[str, str]) -> Directives:
    """Raises Invalid("streaming.bad_directive"). Other parameters are no directives and are ignored."""
    sequence, part, skip = (query.get(name) for name in ("_HLS_msn", "_HLS_part", "_HLS_skip"))
    for text in (sequence, part):
        if text is not None and not _NUMBER.match(text):
            raise Invalid("streaming.bad_directive")
    if (part is not None and sequence is None) or skip not in (None, "YES", "v2"):
        raise Invalid("streaming.bad_directive")
    return Directives(None if sequence is None else int(sequence), None if part is None else int(part), skip is not None)


def check_reach(rendition: Rendition, wanted: Directives) -> None:
    """Raises Invalid("streaming.too_far_ahead") for what no honest client asks for yet."""
    if wanted.sequence is None or rendition.last is None:
        return
    sequence, index = rendition.last
    open_parts = index if rendition.current else -1
    reach = open_parts + PARTS_AHEAD if wanted.sequence == rendition.position else PARTS_AHEAD
    past_parts = wanted.part is not None and wanted.sequence >= rendition.position and wanted.part > reach
    if wanted.sequence > sequence + SEQUENCES_AHEAD or past_parts:
        raise Invalid("streaming.too_far_ahead")


def media(renditions: Mapping[str, Rendition], name: str, *, skip: bool = False, ended: bool = False) -> str:
    """One media playlist; with `skip` as a delta update where that leaves something out, else whole. `ended`: nothing will follow
    (section 4.4.3.4), so that no part is hinted at."""
    rendition = renditions[name]
    window = rendition.window
    first = window[0].sequence if window else rendition.position
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        f"#EXT-X-TARGETDURATION:{TARGET_DURATION}",
        f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={PART_HOLD_BACK},HOLD-BACK={HOLD_BACK},CAN-SKIP-UNTIL={CAN_SKIP}",
        f"#EXT-X-PART-INF:PART-TARGET={rendition.track.part_target}",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{rendition.discontinuity_sequence}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    skipped = _skippable(rendition, window) if skip else 0
    if skipped:
        lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}")
    init = ""  # after a skip the initialisation section in force is stated again: a client may have joined behind it
    for segment in window[skipped:]:
        lines += _segment(rendition, segment, init)
        lines += [f"#EXTINF:{segment.seconds:.5f},", segment.uri]
        init = segment.init
    if rendition.current is not None:
        lines += _segment(rendition, rendition.current, init)
    lines += ["#EXT-X-ENDLIST"] if ended else _hints(rendition)
    lines += _reports(renditions, name)
    return "\n".join(lines) + "\n"


def multivariant(renditions: Mapping[str, Rendition], title: Callable[[Track], str], sound: str = "") -> str:
    """The ladder, as far as it has begun. `title`: the words for an audio track, as a player's menu shows them; `sound`: the name of the
    one that is played unless another is chosen."""
    tracks = [rendition.track for rendition in renditions.values() if rendition.last is not None]
    audio = sorted((track for track in tracks if track.kind == "audio"), key=lambda track: track.name != sound)
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [audio_media(track, title(track), default=track is audio[0]) for track in audio]
    peak, average = max(track.peak for track in audio), max(track.average for track in audio)
    for track in tracks:
        if track.kind == "video":
            codecs = ",".join(_codecs(renditions, (track.name, *(other.name for other in audio))))
            lines += [
                f"#EXT-X-STREAM-INF:BANDWIDTH={track.peak + peak},AVERAGE-BANDWIDTH={track.average + average},"
                f'CODECS="{codecs}",RESOLUTION={track.width}x{track.height},FRAME-RATE={FRAME_RATE:.3f},AUDIO="{AUDIO_GROUP}"',
                f"{track.name}/index.m3u8",
            ]
    return "\n".join(lines) + "\n"


def audio_media(track: Track, title: str, *, default: bool) -> str:
    """Section 4.4.6.1: NAME is unique within the group; a quoted string holds neither quotes nor line ends (section 4.2)."""
    name = "".join(" " if char in '"\r\n' else char for char in title)
    language = f',LANGUAGE="{track.language}"' if track.language else ""
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{AUDIO_GROUP}",NAME="{name}"{language},DEFAULT={"YES" if default else "NO"},AUTOSELECT=YES,'
        f'CHANNELS="{track.channels}",URI="{track.name}/index.m3u8"'
    )


def _codecs(renditions: Mapping[str, Rendition], names: Iterable[str]) -> list[str]:
    """Each once, in the order of `names`."""
    inits = [renditions[name].init for name in names]
    return list(dict.fromkeys(init.codec for init in inits if init is not None))


def _skippable(rendition: Rendition, window: Sequence[Segment]) -> int:
    """How many segments end before the skip boundary (section 4.4.3.8), by the durations that are listed."""
    behind, kept = rendition.current.seconds if rendition.current else 0.0, 0
    for segment in reversed(window):
        if behind > CAN_SKIP:
            break
        behind, kept = behind + segment.seconds, kept + 1
    return len(window) - kept


def _segment(rendition: Rendition, segment: Segment, init_before: str) -> list[str]:
    """Everything of a segment that precedes its EXTINF."""
    lines = ["#EXT-X-DISCONTINUITY"] if segment.discontinuity else []
    if segment.init != init_before:
        lines.append(f'#EXT-X-MAP:URI="{segment.init}"')
    lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{dated(segment.program_time)}")
    if rendition.lists_parts(segment):
        for part in segment.parts:
            independent = ",INDEPENDENT=YES" if part.independent else ""
            lines.append(f'#EXT-X-PART:DURATION={part.seconds:.5f},URI="{part.uri}"{independent}')
    return lines


def _hints(rendition: Rendition) -> list[str]:
    lines = [f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{rendition.hint}"']
    if rendition.init_hint is not None:
        lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="{rendition.init_hint}"')
    return lines


def _reports(renditions: Mapping[str, Rendition], name: str) -> list[str]:
    lines = []
    for other, rendition in renditions.items():
        if other != name and rendition.last is not None:
            sequence, part = rendition.last
            lines.append(f'#EXT-X-RENDITION-REPORT:URI="../{other}/index.m3u8",LAST-MSN={sequence},LAST-PART={part}')
    return lines


def dated(seconds: float) -> str:
    """Rounded down: no part is dated later than it was made."""
    return to_text(datetime.fromtimestamp(math.floor(seconds * 1000) / 1000, UTC))
