"""A recording as one file: what ffmpeg is told to join, without encoding anything anew. Pure.

Each stretch without a hole is a list of byte ranges (RFC 8216bis, section 4.4.4.2) per rendition; the stretches are put one after the
other, as the replay does, and chapters are named by the hour at which they were on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from services.streaming.recording.replay import Replay, ReplayPiece, Span
from services.streaming.recording.takes import TakeFacts

FileKind = Literal["video", "sound"]
KINDS: Final[tuple[FileKind, ...]] = get_args(FileKind)
ENDINGS: Final[dict[FileKind, str]] = {"video": "mp4", "sound": "m4a"}
Where = Callable[[TakeFacts, str], str]
"""The path of the file of a rendition of a take."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """`at`: when it was on, in seconds since 1970."""

    at: float
    title: str


def renditions(replay: Replay, kind: FileKind) -> list[str]:
    """The largest picture, the best sound."""
    wanted = ("video", "audio") if kind == "video" else ("audio",)
    return [next(track.name for track in replay.tracks if track.kind == each) for each in wanted]


def stretches(replay: Replay) -> list[list[ReplayPiece]]:
    found: list[list[ReplayPiece]] = []
    for piece in replay.pieces:
        if found and piece.joins:
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def playlist(stretch: Sequence[ReplayPiece], rendition: str, where: Where) -> str:
    """Of one stretch, which has one initialisation section."""
    first = stretch[0].segments[rendition]
    path, init = where(stretch[0].take.facts, rendition), stretch[0].take.tracks[rendition].inits[first.init]
    longest = max(piece.segments[rendition].seconds for piece in stretch)
    lines = [
        "#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{int(longest) + 1}",
        f'#EXT-X-MAP:URI="{path}",BYTERANGE="{init.length}@{init.offset}"',
    ]  # fmt: skip
    for piece in stretch:
        segment = piece.segments[rendition]
        lines += [f"#EXTINF:{segment.seconds:.6f},", f"#EXT-X-BYTERANGE:{segment.length}@{segment.offset}", path]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def sequence(paths: Sequence[str], spans: Sequence[Span]) -> str:
    """The stretches one after the other, each as long as its picture, so that picture and sound stay together (ffmpeg, concat demuxer)."""
    lines = ["ffconcat version 1.0"]
    for path, span in zip(paths, spans, strict=True):
        lines += [f"file {_quoted(path)}", f"duration {span.seconds:.6f}"]
    return "\n".join(lines) + "\n"


def marks(title: str, chapters: Sequence[Chapter], spans: Sequence[Span]) -> str:
    """Title and chapters as ffmpeg reads them (ffmetadata), in the order of the recording; what was on in no stretch has none. Where there
    are some, the first begins with the recording: players expect that."""
    end = spans[-1].at + spans[-1].seconds
    placed = sorted((place, chapter.title) for chapter in chapters if (place := _place(chapter.at, spans)) is not None)
    if placed and placed[0][0] > 0.0:
        placed.insert(0, (0.0, title))
    lines = [";FFMETADATA1", f"title={_escaped(title)}"]
    for index, (start, title) in enumerate(placed):
        stop = placed[index + 1][0] if index + 1 < len(placed) else end
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={round(start * 1000)}", f"END={round(stop * 1000)}", f"title={_escaped(title)}"]
    return "\n".join(lines) + "\n"


def _place(at: float, spans: Sequence[Span]) -> float | None:
    return next((span.at + at - span.began for span in spans if span.began <= at < span.began + span.seconds), None)


def arguments(sequences: Sequence[str], chapters: str) -> list[str]:
    """For ffmpeg, before the path of the file to be made: paths of one sequence per rendition and of the chapters. The file's index stands
    at its beginning, so that players begin before they have all of it."""
    opened = [word for path in sequences for word in ("-f", "concat", "-safe", "0", "-i", path)]
    mapped = [word for index in range(len(sequences)) for word in ("-map", f"{index}:0")]
    last = len(sequences)
    return [
        "-hide_banner", "-nostdin", "-v", "warning", "-protocol_whitelist", "file", *opened, "-f", "ffmetadata", "-i", chapters, *mapped,
        "-map_metadata", str(last), "-map_chapters", str(last), "-c", "copy", "-movflags", "+faststart", "-f", "mp4",
    ]  # fmt: skip


def _quoted(path: str) -> str:
    return "'" + path.replace("'", "'\\''") + "'"


def _escaped(text: str) -> str:
    one_line = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "=;#\\" else letter for letter in one_line)
