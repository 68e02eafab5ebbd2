"""Whatever encoders do (stall, die, are replaced, lose their audio), the playlists of a stage stay lawful and go on.

The judge is tests/support/hls_validator, which knows nothing of the code that makes the playlists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.streaming.media.fmp4 import Init, read_fragment, read_init
from services.streaming.media.ladder import AAC_SAMPLES, AUDIO, AUDIO_PART_FRAMES, LADDER, Track
from services.streaming.origin import playlist
from services.streaming.packaging.packager import MOST_SEGMENTS, PARTS_KEPT_SECONDS, SEGMENTS_KEPT_SECONDS, Packager
from services.streaming.packaging.runs import MOST_WAITING, SlateParts
from services.streaming.packaging.splicer import AUDIO_BEHIND_SECONDS, PART_SECONDS, SILENCE_SECONDS, SLATE, Splicer
from tests.support import fragments
from tests.support.hls_text import parse
from tests.support.hls_validator import check_delta, check_media_playlist

STEP = 0.1
LONGEST_SILENCE = SILENCE_SECONDS + AUDIO_BEHIND_SECONDS + 2 * PART_SECONDS
"""The worst: an encoder hangs almost long enough to be given up, then goes on without its audio."""
STARTS_IN = 0.6
"""Seconds from the start of an encoder to its first part."""


def init_of(track: Track, mark: bytes = b"") -> Init:
    return read_init(fragments.init(track.timescale, video=track.kind == "video", mark=mark))


def part_of(track: Track, number: int) -> bytes:
    if track is AUDIO:
        return fragments.fragment(number * track.part_ticks, [AAC_SAMPLES] * AUDIO_PART_FRAMES)
    return fragments.fragment(number * track.part_ticks, [512] * 15, independent=number % 4 == 0)


def slate() -> SlateParts:
    inits = {track.name: init_of(track, b"slate") for track in LADDER}
    return SlateParts(inits, {track.name: read_fragment(part_of(track, 0), inits[track.name]) for track in LADDER})


@dataclass
class Encoder:
    """Parts of one run as they come out over time."""

    run: int
    began: float
    dead: bool = False
    mute: bool = False
    sent: dict[str, int] = field(default_factory=dict)

    def due(self, now: float) -> Iterator[tuple[Track, int]]:
        for track in LADDER:
            while not self.dead and not (self.mute and track is AUDIO):
                number = self.sent.get(track.name, 0)
                if self.began + STARTS_IN + number * track.part_ticks / track.timescale > now:
                    break
                self.sent[track.name] = number + 1
                yield track, number


class World:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.packager = Packager(LADDER, prefix="x", first_sequence=1000)
        self.splicer = Splicer(self.packager, LADDER, slate(), now=self.now)
        self.encoders: list[Encoder] = []
        self.texts: dict[str, str] = {}
        self.newest: dict[str, tuple[float, float]] = {}
        self.longest_silence = 0.0
        self.steps = 0
        self.judged_each = 3

    def start(self) -> None:
        run = len(self.encoders) + 1
        self.encoders.append(Encoder(run, self.now))
        self.splicer.want(run)
        for track in LADDER:
            self.splicer.feed(run, track.name, init_of(track), self.now)

    def kill(self) -> None:
        for encoder in self.encoders:
            encoder.dead = True
            self.splicer.ended(encoder.run)

    def stall(self, seconds: float) -> None:
        """The encoder's clock stands still, as under SIGSTOP of a live source that waits."""
        for encoder in self.encoders:
            encoder.began += seconds

    def mute(self) -> None:
        for encoder in self.encoders:
            encoder.mute = True

    def advance(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now += STEP
            for encoder in self.encoders:
                for track, number in encoder.due(self.now):
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
        for name in self.packager.renditions:
            text = playlist.media(self.packager, name)
            violations = check_media_playlist(text, previous=self.texts.get(name), reports=len(LADDER) - 1)
            assert not violations, (name, violations, self.texts.get(name), text)
            short = playlist.media(self.packager, name, skip=True)
            if "EXT-X-SKIP" in short:
                assert not check_delta(text, short)
            self.everything_listed_is_there(name, text)
            self.texts[name] = text
        ends = [rendition.end for rendition in self.packager.renditions.values()]
        assert max(ends) - min(ends) < 3.0

    def everything_listed_is_there(self, name: str, text: str) -> None:
        rendition = self.packager.renditions[name]
        found = parse(text)
        for segment in found.segments:
            uris = [part.uri for part in segment.parts] + [segment.uri] * (segment.uri is not None)
            assert all(uri and rendition.file(uri) for uri in uris)
        assert len(rendition.segments) <= MOST_SEGMENTS + 1


ACTIONS = st.one_of(
    st.tuples(st.just("advance"), st.floats(0.1, 6.0)),
    st.tuples(st.just("start"), st.just(0.0)),
    st.tuples(st.just("kill"), st.just(0.0)),
    st.tuples(st.just("stall"), st.floats(0.2, 4.0)),
    st.tuples(st.just("mute"), st.just(0.0)),
)


# Without shrinking: the lists are short, and each example plays half a minute of stream.
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(ACTIONS, max_size=10))
def test_whatever_encoders_do_playlists_obey_the_rules_and_never_stand_still(actions: list[tuple[str, float]]) -> None:
    world = World()
    world.start()
    world.advance(2.0)
    for action, seconds in actions:
        if action == "advance":
            world.advance(seconds)
        elif action == "stall":
            world.stall(seconds)
        else:
            getattr(world, action)()
        world.advance(0.3)
    world.advance(2.0)
    assert world.packager.ready
    assert world.longest_silence < LONGEST_SILENCE


def test_a_long_day_keeps_memory_bounded_and_old_parts_available_as_long_as_promised() -> None:
    world = World()
    world.judged_each = 50
    world.start()
    world.advance(12.0)
    high = world.packager.renditions["720p"]
    early = [part.uri for part in high.window[0].parts]
    world.advance(PARTS_KEPT_SECONDS - 12.0)
    assert all(high.file(uri) for uri in early)
    world.advance(2 * SEGMENTS_KEPT_SECONDS)
    assert not any(high.file(uri) for uri in early)
    kept = sum(len(segment.data) // len(part_of(LADDER[0], 0)) for segment in high.segments)
    assert kept <= (SEGMENTS_KEPT_SECONDS + 12) / PART_SECONDS


def test_a_killed_encoder_is_stood_in_for_by_the_slate_and_comes_back_at_its_first_key_frame() -> None:
    world = World()
    world.start()
    world.advance(5.0)
    world.kill()
    world.advance(0.7)
    assert world.splicer.on_air == SLATE
    world.start()
    world.advance(1.0)
    assert world.splicer.on_air == 2
    world.advance(1.0)
    assert world.splicer.settled(2)
    assert world.longest_silence < 0.8
    for rendition in world.packager.renditions.values():
        assert [segment.discontinuity for segment in [*rendition.window, *filter(None, [rendition.current])]].count(True) == 3


def test_a_new_source_replaces_the_old_one_without_slate_hole_or_loss_of_step() -> None:
    for moment in (3.0, 3.3, 3.7, 4.1, 4.4, 4.9, 5.2):
        world = World()
        world.start()
        world.advance(moment)
        world.start()
        world.advance(6.0)
        assert world.splicer.settled(2)
        assert world.splicer.slates == 0
        assert world.longest_silence < 0.75
        sequences = {rendition.position for rendition in world.packager.renditions.values()}
        assert max(sequences) - min(sequences) <= 1


def test_audio_follows_the_picture_to_the_frame_after_every_change() -> None:
    world = World()
    world.start()
    world.advance(3.3)
    world.start()
    world.advance(4.0)
    world.kill()
    world.advance(2.2)
    world.start()
    world.advance(4.0)
    audio, high = (world.packager.renditions[name] for name in ("audio", "720p"))
    starts = [[s.start for s in [*rendition.window, *filter(None, [rendition.current])] if s.discontinuity] for rendition in (audio, high)]
    assert len(starts[0]) == len(starts[1]) == 4
    frame = AAC_SAMPLES / 48_000
    firsts = [s.parts[0].data for s in [*audio.window, *filter(None, [audio.current])] if s.discontinuity]
    for index in (1, 3):  # where a run begins; a slate begins where each track stopped
        late = (starts[0][index] - starts[1][index]) / frame
        assert -1 <= late < AUDIO_PART_FRAMES
        # the first sample says which frame of its part it is; frame 1 belongs to the picture's first instant
        head = firsts[index][firsts[index].index(b"mdat") + 4]
        assert (round(late) - (head - 1)) % AUDIO_PART_FRAMES == 0
    pieces = [*audio.window, *filter(None, [audio.current])]
    for before, after in pairwise(pieces):
        assert abs(before.end - after.start) < 1e-6 + AAC_SAMPLES / 48_000


def test_a_run_without_audio_is_given_up_so_that_another_may_begin() -> None:
    world = World()
    world.start()
    world.advance(4.0)
    world.mute()
    world.advance(3.0)
    assert world.splicer.lost(1)
    assert world.splicer.on_air == SLATE


def test_a_stage_without_any_source_begins_with_the_slate() -> None:
    world = World()
    world.advance(4.0)
    assert world.splicer.on_air == SLATE
    assert world.packager.ready


def test_parts_of_a_run_that_waits_are_bounded() -> None:
    world = World()
    world.start()
    world.advance(3.0)
    world.splicer.want(9)
    for number in range(100):
        world.splicer.feed(9, AUDIO.name, read_fragment(part_of(AUDIO, number), init_of(AUDIO)), world.now)
    assert len(world.splicer._runs[9].queues[AUDIO.name]) == MOST_WAITING
