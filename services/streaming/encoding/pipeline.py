"""Arguments for ffmpeg, as plain lists: every source becomes the same three tracks, each on its own pipe, cut into half seconds.

ffmpeg-python builds the lists and nothing else; what must not be here: processes, files that are opened, settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ffmpeg

from services.streaming.encoding import test_card
from services.streaming.media.ladder import (
    AUDIO,
    AUDIO_BITRATE,
    AUDIO_RATE,
    FRAGMENT_MICROSECONDS,
    FRAME_RATE,
    GOP_FRAMES,
    LADDER,
    VIDEO_HIGH,
    VIDEO_TIMESCALE,
    Track,
)

PROGRESS_SECONDS: Final = 0.5
SLATE_SECONDS: Final = 2
SPEECH: Final = (
    # a voice of 130 Hz that rises and falls, with two overtones, in syllables (3 a second) and phrases (pauses of about a second)
    "0.22*(0.5+0.5*sin(2*PI*3.1*t))*gt(sin(2*PI*0.37*t)+0.6,0)"
    "*(sin(2*PI*130*t+6*sin(2*PI*0.7*t))+0.5*sin(2*PI*260*t)+0.3*sin(2*PI*700*t+40*sin(2*PI*1.3*t)))"
)


@dataclass(frozen=True, slots=True)
class Generated:
    """The calm picture with a clock, and audio like somebody speaking."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file played at its own pace, over and over. What it lacks (picture or audio) is filled in."""

    path: str
    video: bool = True
    audio: bool = True


@dataclass(frozen=True, slots=True)
class FlvInput:
    """FLV on standard input, as an RTMP publisher sent it."""

    video: bool = True
    audio: bool = True


@dataclass(frozen=True, slots=True)
class Slate:
    """Two seconds of a quiet picture and silence, made as fast as possible."""


Source = Generated | MediaFile | FlvInput | Slate


def arguments(binary: str, source: Source, pipes: Mapping[str, int], progress: int | None = None) -> list[str]:
    """`pipes`: a descriptor per track name, inherited by the process, as is `progress`."""
    picture, audio = _streams(source)
    # One declared colour space, whatever came in: every run then has the very same initialisation section as the slate.
    picture = picture.filter("setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709")
    halves = picture.filter_multi_output("split", len(LADDER) - 1)
    outputs = [_video(halves[index], track, pipes[track.name]) for index, track in enumerate(LADDER[:-1])]
    outputs.append(_audio(audio, pipes[AUDIO.name]))
    everything = ffmpeg.merge_outputs(*outputs).global_args("-hide_banner", "-nostats", "-loglevel", "warning")
    if not isinstance(source, FlvInput):
        everything = everything.global_args("-nostdin")
    if progress is not None:
        everything = everything.global_args("-stats_period", str(PROGRESS_SECONDS), "-progress", f"pipe:{progress}")
    return list(map(str, everything.compile(cmd=binary)))


def probe_arguments(binary: str, path: str) -> list[str]:
    """Lists a file's streams on standard error (and ends with status 1: no output was asked for)."""
    return [binary, "-hide_banner", "-nostdin", "-i", path]


def _streams(source: Source) -> tuple[Any, Any]:
    """Picture at full size, frame rate and pixel format; audio at its rate."""
    match source:
        case Generated():
            made = _generated()
            return _clock(made.video), _resampled(made.audio)
        case MediaFile(path, video, audio):
            decoded = ffmpeg.input(path, stream_loop=-1, **_AT_ITS_OWN_PACE)
        case FlvInput(video, audio):
            decoded = ffmpeg.input("pipe:0", f="flv", probesize=100_000, analyzeduration=500_000)
        case Slate():
            seconds = {"t": SLATE_SECONDS}
            return _slate_video(ffmpeg.input(_color_source(test_card.INK), f="lavfi", **seconds).video), _resampled(_silence(seconds))
    picture = (
        _letterboxed(decoded.video) if video else _clock(ffmpeg.input(_color_source(test_card.PAPER), f="lavfi", **_AT_ITS_OWN_PACE).video)
    )
    return picture, _resampled(decoded.audio if audio else _silence(_AT_ITS_OWN_PACE))


def _color_source(color: str) -> str:
    return f"color=c={color}:s={VIDEO_HIGH.width}x{VIDEO_HIGH.height}:r={FRAME_RATE}"


def _generated() -> Any:
    """Picture and audio in one input, so that they can only be late together."""
    speech = SPEECH.replace(",", "\\,")
    return ffmpeg.input(f"{_color_source(test_card.PAPER)}[out0];aevalsrc={speech}:s=16000[out1]", f="lavfi", **_AT_ITS_OWN_PACE)


def _clock(frame: Any) -> Any:
    # The clock is read when the frame is made and carried in its timestamp, so that all segments of all digits agree.
    frame = frame.filter("settb", "1/1000").filter("setpts", f"floor(1000*mod(time(0),{test_card.DAY}))")
    for box in test_card.boxes():
        frame = frame.filter("drawbox", **box)
    return frame.filter("settb", f"1/{FRAME_RATE}").filter("setpts", "N").filter("format", "yuv420p")


def _slate_video(frame: Any) -> Any:
    for place in range(3):  # three quiet marks: please wait
        frame = frame.filter("drawbox", x=568 + 64 * place, y=352, w=16, h=16, color=test_card.PAPER, t="fill")
    return frame.filter("format", "yuv420p")


def _letterboxed(video: Any) -> Any:
    size = {"w": VIDEO_HIGH.width, "h": VIDEO_HIGH.height}
    return (
        video.filter("fps", fps=FRAME_RATE, start_time=0)
        .filter("scale", **size, force_original_aspect_ratio="decrease", flags="bilinear")
        .filter("pad", **size, x=-1, y=-1)
        .filter("setsar", 1)
        .filter("format", "yuv420p")
    )


def _silence(pace: Mapping[str, Any]) -> Any:
    return ffmpeg.input(f"anullsrc=r={AUDIO_RATE}:cl=mono", f="lavfi", **pace).audio


def _resampled(audio: Any) -> Any:
    # Starts at zero like the picture, holes are filled: what the packager joins later stays in step.
    return audio.filter("aresample", AUDIO_RATE, **{"async": 1, "first_pts": 0})


def _video(stream: Any, track: Track, pipe: int) -> Any:
    if track is not VIDEO_HIGH:
        stream = stream.filter("scale", track.width, track.height, flags="bilinear")
    return ffmpeg.output(
        stream, f"pipe:{pipe}",
        **{"c:v": "libx264", "profile:v": "high", "level:v": track.level, "video_track_timescale": VIDEO_TIMESCALE},
        preset="superfast", tune="zerolatency", threads=1, crf=track.quality, maxrate=track.peak, bufsize=track.peak,
        g=GOP_FRAMES, keyint_min=GOP_FRAMES, sc_threshold=0, force_key_frames=f"expr:gte(t,n_forced*{GOP_FRAMES // FRAME_RATE})",
        **_CONTAINER,
    )  # fmt: skip


def _audio(stream: Any, pipe: int) -> Any:
    return ffmpeg.output(stream, f"pipe:{pipe}", **{"c:a": "aac", "b:a": AUDIO_BITRATE}, ac=1, **_CONTAINER)


_AT_ITS_OWN_PACE: Final[Mapping[str, Any]] = {"re": None}
_CONTAINER: Final[Mapping[str, Any]] = {
    "f": "mp4",
    "movflags": "+frag_keyframe+empty_moov+default_base_moof+skip_trailer",
    "frag_duration": FRAGMENT_MICROSECONDS,
    "flush_packets": 1,
    "map_metadata": -1,
}
