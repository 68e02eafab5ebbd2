"""Arguments for ffmpeg, as plain lists: every input becomes the tracks of a ladder, each on its own pipe, cut into half seconds.

ffmpeg-python only builds the lists here; processes are started by encoder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ffmpeg

from services.streaming.encoding import test_card
from services.streaming.media.cadence import AUDIO_RATE, FRAGMENT_MICROSECONDS, FRAME_RATE, GOP_FRAMES, VIDEO_TIMESCALE
from services.streaming.media.inputs import EncoderInput, Generated, MediaFile, Piped, Pulled, ReceiverInput, SlateLoop, SrtListener
from services.streaming.media.ladder import INTERPRETED, Ladder, Track

PROGRESS_SECONDS: Final = 0.5
SLATE_SECONDS: Final = 2
ANALYSE_MICROSECONDS: Final = 1_000_000
"""How long a receiver looks for a second kind where only pictures, or only sound, come."""
SPEECH: Final = (
    # a voice of 130 Hz that rises and falls, with two overtones, in syllables (3 a second) and phrases (pauses of about a second)
    "0.22*(0.5+0.5*sin(2*PI*3.1*t))*gt(sin(2*PI*0.37*t)+0.6,0)"
    "*(sin(2*PI*130*t+6*sin(2*PI*0.7*t))+0.5*sin(2*PI*260*t)+0.3*sin(2*PI*700*t+40*sin(2*PI*1.3*t)))"
)


def arguments(binary: str, source: EncoderInput, ladder: Ladder, pipes: Mapping[str, int], progress: int | None = None) -> list[str]:
    """`pipes`: a descriptor per track name, inherited by the process, as is `progress`."""
    video, audio, interpreted = _streams(source, ladder.leader)
    # One declared colour space, whatever came in: every run then has the very same initialisation section as the slate.
    video = video.filter("setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709")
    outputs = [_video(copy, track, ladder.leader, pipes[track.name]) for copy, track in _copies(video, "split", ladder.video)]
    apart = [track for track in ladder.audio if interpreted is not None and track.name == INTERPRETED.name]
    room = [track for track in ladder.audio if track not in apart]
    outputs += [_audio(copy, track, pipes[track.name]) for copy, track in _copies(audio, "asplit", room)]
    outputs += [_audio(interpreted, track, pipes[track.name]) for track in apart]
    everything = ffmpeg.merge_outputs(*outputs).global_args("-hide_banner", "-nostats", "-loglevel", "warning")
    if not isinstance(source, Piped):
        everything = everything.global_args("-nostdin")
    if progress is not None:
        everything = everything.global_args("-stats_period", str(PROGRESS_SECONDS), "-progress", f"pipe:{progress}")
    return list(map(str, everything.compile(cmd=binary)))


def _copies(stream: Any, splitter: str, tracks: Sequence[Track]) -> list[tuple[Any, Track]]:
    """The stream once per track."""
    if len(tracks) == 1:
        return [(stream, tracks[0])]
    copies = stream.filter_multi_output(splitter, len(tracks))
    return [(copies[index], track) for index, track in enumerate(tracks)]


def probe_arguments(binary: str, path: str) -> list[str]:
    """Lists a file's streams on standard error (and ends with status 1: no output was asked for)."""
    return [binary, "-hide_banner", "-nostdin", "-i", path]


def receiver_arguments(binary: str, source: ReceiverInput) -> list[str]:
    """What is told on standard input comes out as FLV on standard output, undecoded: the first picture track, the first sound track."""
    return [
        binary, "-hide_banner", "-nostats", "-loglevel", "warning", "-f", "concat", "-safe", "0", "-protocol_whitelist", _protocols(source),
        "-i", "pipe:0", "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize",
        "-flush_packets", "1", "pipe:1",
    ]  # fmt: skip


def receiver_script(source: ReceiverInput) -> str:
    """A list of one entry, so that no passphrase stands among the arguments of a process, where every user of the machine reads it."""
    options = {"analyzeduration": str(ANALYSE_MICROSECONDS)}
    match source:
        case SrtListener(port, passphrase):
            address = f"srt://127.0.0.1:{port}?mode=listener&passphrase={passphrase}"
        case Pulled(address, scheme):
            options |= _PULLING.get(scheme, {})
    told = "".join(f"option {name} {value}\n" for name, value in options.items())
    return f"ffconcat version 1.0\nfile '{address}'\n{told}"


def _protocols(source: ReceiverInput) -> str:
    """Nothing else is opened, whatever the other side says."""
    scheme = source.scheme if isinstance(source, Pulled) else "srt"
    return f"pipe,fd,{_BENEATH[scheme]}"


def _streams(source: EncoderInput, leader: Track) -> tuple[Any, Any, Any]:
    """Video at the leader's size, the frame rate and pixel format of the ladder; audio at its rate; the voice of whoever interprets, or
    None."""
    first, interpreted = "a", None
    match source:
        case Generated():
            made = _generated()
            return _clock(made.video, leader), _resampled(made.audio), None
        case MediaFile(path, has_video, has_audio):
            decoded = ffmpeg.input(path, stream_loop=-1, **_AT_ITS_OWN_PACE)
        case Piped(container, has_video, has_audio, language):
            decoded = ffmpeg.input("pipe:0", f=container, probesize=100_000, analyzeduration=500_000)
            if language and has_audio:
                first, interpreted = "a:0", _resampled(decoded["a:1"])
        case SlateLoop():
            seconds = {"t": SLATE_SECONDS}
            card = ffmpeg.input(_color_source(test_card.INK), f="lavfi", **seconds).video
            return _slate_video(card, leader), _resampled(_silence(seconds)), None
    if has_video:
        video = _letterboxed(decoded.video, leader)
    else:
        video = _clock(ffmpeg.input(_color_source(test_card.PAPER), f="lavfi", **_AT_ITS_OWN_PACE).video, leader)
    return video, _resampled(decoded[first] if has_audio else _silence(_AT_ITS_OWN_PACE)), interpreted


def _color_source(color: str) -> str:
    return f"color=c={color}:s={test_card.WIDTH}x{test_card.HEIGHT}:r={FRAME_RATE}"


def _generated() -> Any:
    """Video and audio in one input, so that they can only be late together."""
    speech = SPEECH.replace(",", "\\,")
    return ffmpeg.input(f"{_color_source(test_card.PAPER)}[out0];aevalsrc={speech}:s=16000[out1]", f="lavfi", **_AT_ITS_OWN_PACE)


def _clock(frame: Any, leader: Track) -> Any:
    # The clock is read when the frame is made and carried in its timestamp, so that all segments of all digits agree.
    frame = frame.filter("settb", "1/1000").filter("setpts", f"floor(1000*mod(time(0),{test_card.DAY}))")
    for box in test_card.boxes():
        frame = frame.filter("drawbox", **box)
    return _card(frame.filter("settb", f"1/{FRAME_RATE}").filter("setpts", "N"), leader)


def _card(frame: Any, leader: Track) -> Any:
    """A drawn card in the leader's size."""
    if (leader.width, leader.height) != (test_card.WIDTH, test_card.HEIGHT):
        frame = frame.filter("scale", leader.width, leader.height, flags="bilinear")
    return frame.filter("format", "yuv420p")


def _slate_video(frame: Any, leader: Track) -> Any:
    for place in range(3):  # three quiet marks: please wait
        frame = frame.filter("drawbox", x=568 + 64 * place, y=352, w=16, h=16, color=test_card.PAPER, t="fill")
    return _card(frame, leader)


def _letterboxed(video: Any, leader: Track) -> Any:
    size = {"w": leader.width, "h": leader.height}
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
    # Starts at zero like the video, holes are filled: what the packager joins later stays in step.
    return audio.filter("aresample", AUDIO_RATE, **{"async": 1, "first_pts": 0})


def _video(stream: Any, track: Track, leader: Track, pipe: int) -> Any:
    if (track.width, track.height) != (leader.width, leader.height):
        stream = stream.filter("scale", track.width, track.height, flags="bilinear")
    return ffmpeg.output(
        stream, f"pipe:{pipe}",
        **{"c:v": "libx264", "profile:v": "high", "level:v": track.level, "video_track_timescale": VIDEO_TIMESCALE},
        preset="superfast", tune="zerolatency", threads=1, crf=track.quality, maxrate=track.peak, bufsize=track.peak,
        g=GOP_FRAMES, keyint_min=GOP_FRAMES, sc_threshold=0, force_key_frames=f"expr:gte(t,n_forced*{GOP_FRAMES // FRAME_RATE})",
        **_CONTAINER,
    )  # fmt: skip


def _audio(stream: Any, track: Track, pipe: int) -> Any:
    return ffmpeg.output(stream, f"pipe:{pipe}", **{"c:a": "aac", "b:a": track.bitrate}, ac=track.channels, **_CONTAINER)


_AT_ITS_OWN_PACE: Final[Mapping[str, Any]] = {"re": None}
_BENEATH: Final = {"srt": "srt,udp", "rtsp": "rtsp,tcp,udp,rtp", "rtmp": "rtmp,tcp", "rtmps": "rtmps,tls,tcp"}
_PULL_MICROSECONDS: Final = "8000000"
"""A line that gives nothing for so long is given up by ffmpeg."""
_PULLING: Final[Mapping[str, Mapping[str, str]]] = {
    "rtsp": {"rtsp_transport": "tcp", "timeout": _PULL_MICROSECONDS},
    "rtmp": {"rw_timeout": _PULL_MICROSECONDS},
    "rtmps": {"rw_timeout": _PULL_MICROSECONDS},
}
_CONTAINER: Final[Mapping[str, Any]] = {
    "f": "mp4",
    "movflags": "+frag_keyframe+empty_moov+default_base_moof+skip_trailer",
    "frag_duration": FRAGMENT_MICROSECONDS,
    "flush_packets": 1,
    "map_metadata": -1,
}
