"""What an encoder can be fed with, as plain descriptions. The arguments that make ffmpeg take each are in encoding/pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Container = Literal["flv", "mpegts"]


@dataclass(frozen=True, slots=True)
class Generated:
    """The test card with its clock, and audio like somebody speaking."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file played at its own pace, over and over. What it lacks (video or audio) is filled in."""

    path: str
    video: bool = True
    audio: bool = True


@dataclass(frozen=True, slots=True)
class Piped:
    """A stream in a container on standard input. What it lacks (video or audio) is filled in. `interpreted`: the language (BCP 47) of a
    second sound track, the voice of whoever interprets; empty without one."""

    container: Container
    video: bool = True
    audio: bool = True
    interpreted: str = ""

    def lacks(self, other: EncoderInput) -> bool:
        """Whether `other` holds a kind that this one does not."""
        return isinstance(other, Piped) and ((other.video and not self.video) or (other.audio and not self.audio))


@dataclass(frozen=True, slots=True)
class SlateLoop:
    """Two seconds of a quiet card and silence, made as fast as possible."""


EncoderInput = Generated | MediaFile | Piped | SlateLoop


@dataclass(frozen=True, slots=True)
class SrtListener:
    """One caller of SRT on a UDP port of this machine that nobody else reaches. `passphrase`: 10 to 64 URL-safe characters."""

    port: int
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pulled:
    """A stream that is fetched. `url`: without blanks, quotes and backslashes; `scheme`: its first part, one of rtsp, rtmp, rtmps, srt."""

    url: str = field(repr=False)
    scheme: str


ReceiverInput = SrtListener | Pulled
"""What a receiver takes in: protocols that we do not speak ourselves."""
