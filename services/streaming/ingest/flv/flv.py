"""FLV, the container ffmpeg reads from us (Adobe "Video File Format Specification" 10.1, annex E), and its codec fields.

Values to bytes, and the header of an audio or video message. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.streaming.ingest.flv import amf0

AUDIO_TAG, VIDEO_TAG, SCRIPT_TAG = 8, 9, 18
TAG_HEADER_BYTES = 11
AVC, AAC = 7, 10
KEYFRAME, COMMAND_FRAME = 1, 5
EXTENDED_VIDEO_FLAG, EXTENDED_AUDIO = 0x80, 9
VIDEO_HEADER_BYTES, AUDIO_HEADER_BYTES = 5, 2

VIDEO_CODECS = {2: "Sorenson H.263", 3: "Screen Video", 4: "VP6", 5: "VP6", 6: "Screen Video", 12: "HEVC (H.265)"}
AUDIO_CODECS = {0: "PCM", 1: "ADPCM", 2: "MP3", 3: "PCM", 4: "Nellymoser", 5: "Nellymoser", 6: "Nellymoser", 7: "G.711", 11: "Speex"}
FOURCC = {
    b"av01": "AV1", b"vp08": "VP8", b"vp09": "VP9", b"hvc1": "HEVC (H.265)", b"vvc1": "VVC (H.266)", b"avc1": "Enhanced RTMP H.264",
    b"Opus": "Opus", b"ac-3": "AC-3", b"ec-3": "E-AC-3", b".mp3": "MP3", b"fLaC": "FLAC", b"mp4a": "Enhanced RTMP AAC",
}  # fmt: skip

KEPT_METADATA = (
    "width", "height", "framerate", "videocodecid", "videodatarate", "audiocodecid", "audiodatarate", "audiosamplerate", "audiosamplesize",
    "audiochannels", "stereo", "encoder",
)  # fmt: skip
"""What is passed on of the encoder's metadata; anything else could mislead the demuxer (duration, keyframe index)."""
METADATA_CHARACTERS = 128


class UnsupportedCodec(Exception):
    """Neither H.264 nor AAC. `codec` is its name for a person."""

    def __init__(self, codec: str) -> None:
        super().__init__(codec)
        self.codec = codec


@dataclass(frozen=True, slots=True)
class TagHeader:
    """What a media message is: `setup` for a decoder configuration, `key` for a picture that needs no other."""

    setup: bool
    key: bool


def parse_video_header(payload: bytes) -> TagHeader | None:
    """None when there is nothing to decode in it. Raises UnsupportedCodec."""
    if not payload:
        return None
    first = payload[0]
    if first & EXTENDED_VIDEO_FLAG:
        raise UnsupportedCodec(_fourcc(payload))
    codec, frame = first & 0x0F, first >> 4
    if frame == COMMAND_FRAME:
        return None
    if codec != AVC:
        raise UnsupportedCodec(VIDEO_CODECS.get(codec, f"video {codec}"))
    if len(payload) < VIDEO_HEADER_BYTES or payload[1] > 1:
        return None
    return TagHeader(setup=payload[1] == 0, key=payload[1] == 1 and frame == KEYFRAME)


def parse_audio_header(payload: bytes) -> TagHeader | None:
    """None when there is nothing to decode in it. Raises UnsupportedCodec."""
    if not payload:
        return None
    codec = payload[0] >> 4
    if codec == EXTENDED_AUDIO:
        raise UnsupportedCodec(_fourcc(payload))
    if codec != AAC:
        raise UnsupportedCodec(AUDIO_CODECS.get(codec, f"audio {codec}"))
    if len(payload) < AUDIO_HEADER_BYTES:
        return None
    return TagHeader(setup=payload[1] == 0, key=False)


def _fourcc(payload: bytes) -> str:
    """Enhanced RTMP v1 and v2: the four letters stand right behind the first byte."""
    return FOURCC.get(payload[1:5], "Enhanced RTMP")


def file_header(*, audio: bool, video: bool) -> bytes:
    """The file header and the size of the tag before the first, which is none."""
    return b"FLV\x01" + bytes([4 * audio | 1 * video]) + (9).to_bytes(4, "big") + bytes(4)


def tag(kind: int, timestamp: int, body: bytes) -> bytes:
    """One tag with the length that follows it. `timestamp` in ms, 32 bits: 24 low bits first, then the high 8."""
    return b"".join((
        bytes([kind]),
        len(body).to_bytes(3, "big"),
        (timestamp & 0xFFFFFF).to_bytes(3, "big"),
        bytes([timestamp >> 24 & 0xFF, 0, 0, 0]),
        body,
        (TAG_HEADER_BYTES + len(body)).to_bytes(4, "big"),
    ))  # fmt: skip


def known_metadata(values: Mapping[str, amf0.Value]) -> dict[str, float | bool | str]:
    """The entries of `onMetaData` that are kept: plain values under known names."""
    kept: dict[str, float | bool | str] = {}
    for name in KEPT_METADATA:
        value = values.get(name)
        if isinstance(value, str):
            kept[name] = value[:METADATA_CHARACTERS]
        elif isinstance(value, bool | float) and value == value and abs(value) != float("inf"):
            kept[name] = value
    return kept


def metadata_tag(values: Mapping[str, float | bool | str], timestamp: int) -> bytes:
    return tag(SCRIPT_TAG, timestamp, amf0.encode(["onMetaData", amf0.EcmaArray(values)]))
