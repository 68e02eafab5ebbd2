"""A stage without processes: encoders that write parts by the clock, the splicer and packager under test, and a judge of each playlist.

The judge is hls_validator, which knows nothing of the code that makes the playlists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from services.streaming.media.cadence import AAC_SAMPLES, AUDIO_PART_FRAMES
from services.streaming.media.fmp4 import Init, read_fragment, read_init
from services.streaming.media.ladder import STANDARD, Ladder, Track, audio
from services.streaming.origin import playlist
from services.streaming.packaging.packager import Packager
from services.streaming.packaging.rendition import MOST_SEGMENTS
from services.streaming.packaging.runs import SlateParts
from services.streaming.packaging.segments import PartMade
from services.streaming.packaging.splicer import Splicer
from tests.support import fragments
from tests.support.hls_text import parse
from tests.support.hls_validator import check_delta, check_media_playlist

STEP = 0.1
TWO_LANGUAGES = Ladder(
    STANDARD.video, (*STANDARD.audio, audio("interpreter", bitrate=64_000, peak=72_000, average=66_000, title="", language="en"))
)
MORE_SOUND = STANDARD.interpreted("en")
AUDIO = STANDARD.audio[0]
STARTS_IN = 0.6
"""Seconds from the start of an encoder to its first part."""


def init_of(track: Track, mark: bytes = b"") -> Init:
    return read_init(fragments.init(track.timescale, video=track.kind == "video", mark=mark))


def part_of(track: Track, number: int) -> bytes:
    if track.kind == "audio":
        return fragments.fragment(number * track.part_ticks, [AAC_SAMPLES] * AUDIO_PART_FRAMES)
    return fragments.fragment(number * track.part_ticks, [512] * 15, independent=number % 4 == 0)


def slate(ladder: Ladder, mark: bytes = b"slate") -> SlateParts:
    inits = {track.name: init_of(track, mark) for track in ladder.tracks}
    return SlateParts(inits, {track.name: read_fragment(part_of(track, 0), inits[track.name]) for track in ladder.tracks})


@dataclass
class Encoder:
    """Parts of one run as they come out over time."""

    run: int
    began: float
    ladder: Ladder
    dead: bool = False
    mute: bool = False
    blind: bool = False
    ahead: float = 0.0
    sent: dict[str, int] = field(default_factory=dict)

    def due(self, now: float) -> Iterator[tuple[Track, int]]:
        for track in self.ladder.tracks:
            while not self.dead:
                number = self.sent.get(track.name, 0)
                made = number * track.part_ticks / track.timescale
                if self.began + STARTS_IN + max(0.0, made - self.ahead) > now:
                    break
                self.sent[track.name] = number + 1
                yield track, number


NOON: Final = 1_700_000_000.0
"""Of most stages, in seconds since 1970."""


class SimulatedStage:
    """`slate_mark`: b"" where the slate has the initialisation section of every run, as with a real encoder."""

    def __init__(self, ladder: Ladder = STANDARD, *, made: PartMade | None = None, slate_mark: bytes = b"slate", now: float = NOON) -> None:
        self.ladder = ladder
        self.now = now
        self.packager = Packager(ladder, prefix="x", first_sequence=1000, made=made)
        self.splicer = Splicer(self.packager, ladder, slate(MORE_SOUND if ladder is STANDARD else ladder, slate_mark), now=self.now)
        self.encoders: list[Encoder] = []
        self.texts: dict[str, str] = {}
        self.newest: dict[str, tuple[float, float]] = {}
        self.longest_silence = 0.0
        self.steps = 0
        self.judged_each = 3

    def start(self, mark: bytes = b"", *, ahead: float = 0.0, ladder: Ladder | None = None) -> None:
        """`mark`: an initialisation section of its own; `ahead`: seconds of its first parts that come at once; `ladder`: with more sound
        than there was."""
        run = len(self.encoders) + 1
        self.ladder = ladder or self.ladder
        self.encoders.append(Encoder(run, self.now, self.ladder, ahead=ahead))
        self.splicer.want(run, self.ladder)
        for track in self.ladder.tracks:
            self.splicer.feed(run, track.name, init_of(track, mark), self.now)

    def kill(self) -> None:
        for encoder in self.encoders:
            encoder.dead = True
            self.splicer.ended(encoder.run)

    def stall(self, seconds: float) -> None:
        """The encoder's clock stands still, as under SIGSTOP of a live source that waits."""
        for encoder in self.encoders:
            encoder.began += seconds

    def mute(self, mute: bool = True) -> None:
        for encoder in self.encoders:
            encoder.mute = mute

    def blind(self, blind: bool = True) -> None:
        for encoder in self.encoders:
            encoder.blind = blind

    def shut(self) -> None:
        """The encoders go on sending."""
        self.splicer.shut(self.now)

    def advance(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now += STEP
            for encoder in self.encoders:
                for track, number in encoder.due(self.now):
                    if (encoder.mute and track.kind == "audio") or (encoder.blind and track.kind == "video"):
                        continue
                    fragment = read_fragment(part_of(track, number), init_of(track))
                    self.splicer.feed(encoder.run, track.name, fragment, self.now)
            self.splicer.tick(self.now)
            self.steps += 1
            self.listen()
            if self.packager.ready and self.steps % self.judged_each == 0:
                self.judge()

    def listen(self) -> None:
        for name, rendition in self.packager.renditions.items():
            end, since = self.newest.get(name, (-1.0, self.now))
            if rendition.end > end:
                self.longest_silence = max(self.longest_silence, self.now - since)
                self.newest[name] = (rendition.end, self.now)

    def judge(self) -> None:
        for name in [name for name, rendition in self.packager.renditions.items() if rendition.last is not None]:
            text = playlist.media(self.packager.renditions, name)
            violations = check_media_playlist(text, previous=self.texts.get(name), reports=self.listed() - 1)
            assert not violations, (name, violations, self.texts.get(name), text)
            short = playlist.media(self.packager.renditions, name, skip=True)
            if "EXT-X-SKIP" in short:
                assert not check_delta(text, short)
            self.everything_listed_is_there(name, text)
            self.texts[name] = text
        ends = [rendition.end for rendition in self.packager.renditions.values()]
        assert max(ends) - min(ends) < 3.0

    def listed(self) -> int:
        return sum(rendition.last is not None for rendition in self.packager.renditions.values())

    def everything_listed_is_there(self, name: str, text: str) -> None:
        rendition = self.packager.renditions[name]
        found = parse(text)
        for segment in found.segments:
            uris = [part.uri for part in segment.parts] + [segment.uri] * (segment.uri is not None)
            assert all(uri and rendition.file(uri) for uri in uris)
        assert len(rendition.segments) <= MOST_SEGMENTS + 1
