"""Whatever encoders do (stall, die, are replaced, lose their audio), the playlists of a stage stay lawful and go on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.streaming.media.cadence import AAC_SAMPLES, AUDIO_PART_FRAMES, PART_SECONDS
from services.streaming.media.fmp4 import read_fragment
from services.streaming.media.ladder import STANDARD, Ladder
from services.streaming.packaging.rendition import PARTS_KEPT_SECONDS, SEGMENTS_KEPT_SECONDS
from services.streaming.packaging.runs import MOST_WAITING, SLATE
from services.streaming.packaging.splicer import AUDIO_BEHIND_SECONDS, SILENCE_SECONDS
from tests.support.simulated_stage import AUDIO, MORE_SOUND, TWO_LANGUAGES, SimulatedStage, init_of, part_of

LONGEST_SILENCE = SILENCE_SECONDS + AUDIO_BEHIND_SECONDS + 2 * PART_SECONDS
"""The worst: an encoder hangs almost long enough to be given up, then goes on without its audio."""


def playing(seconds: float, ladder: Ladder = STANDARD, **how: Any) -> SimulatedStage:
    """A stage whose first encoder has sent for so long."""
    stage = SimulatedStage(ladder, **how)
    stage.start()
    stage.advance(seconds)
    return stage


def goes_on_unbroken(stage: SimulatedStage) -> None:
    """The encoder stayed on the air, and no viewer has anything to begin anew."""
    assert (stage.splicer.on_air, stage.splicer.slates) == (1, 0)
    assert not [segment for rendition in stage.packager.renditions.values() for segment in rendition.window if segment.discontinuity]


ACTIONS = st.one_of(
    st.tuples(st.just("advance"), st.floats(0.1, 6.0)),
    st.tuples(st.just("start"), st.just(0.0)),
    st.tuples(st.just("kill"), st.just(0.0)),
    st.tuples(st.just("stall"), st.floats(0.2, 4.0)),
    st.tuples(st.just("mute"), st.just(0.0)),
    st.tuples(st.just("shut"), st.just(0.0)),
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
    stage = playing(2.0)
    for action, seconds in actions:
        if action == "advance":
            stage.advance(seconds)
        elif action == "stall":
            stage.stall(seconds)
        else:
            getattr(stage, action)()
        stage.advance(0.3)
    stage.advance(2.0)
    assert stage.packager.ready
    assert stage.longest_silence < LONGEST_SILENCE


def test_a_long_day_keeps_memory_bounded_and_old_parts_available_as_long_as_promised() -> None:
    stage = SimulatedStage()
    stage.judged_each = 50
    stage.start()
    stage.advance(12.0)
    high = stage.packager.renditions["720p"]
    early = [part.uri for part in high.window[0].parts]
    stage.advance(PARTS_KEPT_SECONDS - 12.0)
    assert all(high.file(uri) for uri in early)
    stage.advance(2 * SEGMENTS_KEPT_SECONDS)
    assert not any(high.file(uri) for uri in early)
    kept = sum(len(segment.data) // len(part_of(STANDARD.leader, 0)) for segment in high.segments)
    assert kept <= (SEGMENTS_KEPT_SECONDS + 12) / PART_SECONDS


def test_a_killed_encoder_is_stood_in_for_by_the_slate_and_comes_back_at_its_first_key_frame() -> None:
    stage = playing(5.0)
    stage.kill()
    stage.advance(0.7)
    assert stage.splicer.on_air == SLATE
    stage.start()
    stage.advance(1.0)
    assert stage.splicer.on_air == 2
    stage.advance(1.0)
    assert stage.splicer.settled(2)
    assert stage.longest_silence < 0.8
    for rendition in stage.packager.renditions.values():
        assert [segment.discontinuity for segment in [*rendition.window, *filter(None, [rendition.current])]].count(True) == 2


def test_a_new_source_replaces_the_old_one_without_slate_hole_or_loss_of_step() -> None:
    for moment in (3.0, 3.3, 3.7, 4.1, 4.4, 4.9, 5.2):
        stage = playing(moment)
        stage.start()
        stage.advance(6.0)
        assert stage.splicer.settled(2)
        assert stage.splicer.slates == 0
        assert stage.longest_silence < 0.75
        sequences = {rendition.position for rendition in stage.packager.renditions.values()}
        assert max(sequences) - min(sequences) <= 1


@pytest.mark.parametrize("trouble", ["none", "slate", "dies"])
def test_a_sound_that_is_added_begins_with_a_segment_of_all_and_stays_in_step(trouble: str) -> None:
    """Whatever happens next: the slate, an encoder that dies at once, another one with the same sounds."""
    stage = playing(3.3)
    if trouble == "slate":
        stage.kill()
        stage.advance(2.2)
    stage.start(b"interpreted", ladder=MORE_SOUND)
    stage.advance(0.9 if trouble == "dies" else 4.0)
    if trouble == "dies":
        stage.kill()
    stage.advance(3.0)
    stage.start(b"next")
    stage.advance(4.0)
    added, leader = (stage.packager.renditions[name] for name in ("interpreted", "720p"))
    first = added.segments[0]
    beside = next(segment for segment in leader.segments if segment.sequence == first.sequence)
    assert abs(first.start - beside.start) < PART_SECONDS
    assert added.position == leader.position
    assert added.discontinuities == leader.discontinuities
    assert abs(added.end - leader.end) <= AUDIO_BEHIND_SECONDS
    assert stage.splicer.settled(len(stage.encoders))


@pytest.mark.parametrize(("ladder", "track"), [(STANDARD, "audio"), (TWO_LANGUAGES, "audio"), (TWO_LANGUAGES, "interpreter")])
def test_every_audio_track_follows_the_video_to_the_frame_after_every_change(ladder: Ladder, track: str) -> None:
    stage = playing(3.3, ladder)
    stage.start(b"second")
    stage.advance(4.0)
    stage.kill()
    stage.advance(2.2)
    stage.start(b"third")
    stage.advance(4.0)
    heard, high = (stage.packager.renditions[name] for name in (track, "720p"))
    starts = [[s.start for s in [*rendition.window, *filter(None, [rendition.current])] if s.discontinuity] for rendition in (heard, high)]
    assert len(starts[0]) == len(starts[1]) == 3
    frame = AAC_SAMPLES / 48_000
    firsts = [s.parts[0].data for s in [*heard.window, *filter(None, [heard.current])] if s.discontinuity]
    for index in (0, 2):  # where a run begins; a slate begins where each track stopped
        late = (starts[0][index] - starts[1][index]) / frame
        assert -1 <= late < AUDIO_PART_FRAMES
        # the first sample says which frame of its part it is; frame 1 belongs to the video's first instant
        head = firsts[index][firsts[index].index(b"mdat") + 4]
        assert (round(late) - (head - 1)) % AUDIO_PART_FRAMES == 0
    pieces = [*heard.window, *filter(None, [heard.current])]
    for before, after in pairwise(pieces):
        assert abs(before.end - after.start) < 1e-6 + AAC_SAMPLES / 48_000


def test_a_run_without_audio_is_given_up_so_that_another_may_begin() -> None:
    stage = playing(4.0)
    stage.mute()
    stage.advance(3.0)
    assert stage.splicer.lost(1)
    assert stage.splicer.on_air == SLATE


def test_a_run_whose_audio_stops_goes_on_with_silence_until_it_comes_back() -> None:
    stage = playing(6.0, slate_mark=b"")
    stage.mute()
    stage.advance(9.0)
    heard, high = (stage.packager.renditions[name] for name in ("audio", "720p"))
    goes_on_unbroken(stage)
    assert heard.current is not None
    silence = part_of(AUDIO, 0)
    assert [len(part.data) for part in heard.current.parts] == [len(silence)] * len(heard.current.parts)
    assert stage.splicer.settled(1), "nothing is waited for"
    stage.mute(False)
    stage.advance(4.0)
    goes_on_unbroken(stage)
    assert heard.position == high.position
    starts = [segment.start for segment in heard.window]
    ends = [segment.end for segment in heard.window]
    assert all(abs(end - start) < 1e-6 for end, start in zip(ends, starts[1:], strict=False)), "no hole"
    assert stage.longest_silence < AUDIO_BEHIND_SECONDS + 2 * PART_SECONDS


def test_a_run_whose_pictures_stop_goes_on_with_the_last_key_frame_and_its_sound() -> None:
    stage = playing(6.0, slate_mark=b"")
    stage.blind()
    stage.advance(9.0)
    heard, high = (stage.packager.renditions[name] for name in ("audio", "720p"))
    goes_on_unbroken(stage)
    assert high.current is not None
    assert all(part.independent and abs(part.seconds - PART_SECONDS) < 1e-6 for part in high.current.parts)
    assert abs(heard.end - high.end) < 2 * PART_SECONDS, "the sound goes on beside it"
    stage.blind(False)
    stage.advance(6.0)
    assert not all(part.independent for part in high.current.parts), "pictures move again"
    goes_on_unbroken(stage)
    assert stage.longest_silence < 1.0 + 2 * PART_SECONDS


def test_where_neither_comes_the_slate_does() -> None:
    stage = playing(6.0, slate_mark=b"")
    stage.blind()
    stage.advance(3.0)
    stage.mute()
    stage.advance(3.0)
    assert stage.splicer.on_air == SLATE


@pytest.mark.parametrize("burst", [0.0, 0.6, 1.2])
@pytest.mark.parametrize("lasts", [3.7, 6.2])
@pytest.mark.parametrize("slate", [False, True])
def test_twenty_changes_leave_viewers_where_they_were(burst: float, lasts: float, slate: bool) -> None:
    """However fast the first parts of an encoder come, the list never grows faster than the clock: who plays at one pace stays as late."""
    stage = SimulatedStage(slate_mark=b"")
    behind: list[float] = []
    for _ in range(21):
        if slate and stage.encoders:
            stage.kill()
            stage.advance(0.9)
        stage.start(ahead=burst)
        stage.advance(lasts)
        end, came_at = stage.newest["720p"]
        behind.append(came_at - end)
    assert max(behind) - min(behind) < 0.3, [round(one - behind[0], 2) for one in behind]
    for rendition in stage.packager.renditions.values():
        holes = [after.start - before.end for before, after in pairwise(rendition.window)]
        assert max(map(abs, holes)) < 1e-6, "not of half a frame: nothing marks a discontinuity"


@pytest.mark.parametrize("lasts", [0.5, 0.6, 0.7])
def test_where_both_the_old_and_the_new_encoder_die_in_a_change_the_sound_has_no_hole(lasts: float) -> None:
    stage = playing(4.5, slate_mark=b"")
    stage.start()
    stage.advance(lasts)
    stage.kill()
    stage.advance(5.0)
    for rendition in stage.packager.renditions.values():
        assert max(abs(after.start - before.end) for before, after in pairwise(rendition.window)) < 1e-6, rendition.track.name


def test_a_run_that_never_had_the_audio_it_promised_begins_with_silence() -> None:
    stage = playing(4.0, slate_mark=b"")
    stage.start()
    stage.mute()
    stage.advance(6.0)
    assert (stage.splicer.on_air, stage.splicer.slates) == (2, 0)
    positions = {rendition.position for rendition in stage.packager.renditions.values()}
    assert max(positions) - min(positions) <= 1


def test_where_nothing_but_the_source_changes_there_is_no_discontinuity() -> None:
    stage = SimulatedStage(slate_mark=b"")
    for _ in range(4):
        stage.start()
        stage.advance(3.7)
        stage.kill()
        stage.advance(2.3)
    for rendition in stage.packager.renditions.values():
        assert not [segment for segment in rendition.window if segment.discontinuity]
        assert len({segment.init for segment in rendition.window}) == 1


def test_a_stage_without_any_source_begins_with_the_slate() -> None:
    stage = SimulatedStage()
    stage.advance(4.0)
    assert stage.splicer.on_air == SLATE
    assert stage.packager.ready


def test_parts_of_a_run_that_waits_are_bounded() -> None:
    stage = playing(3.0)
    stage.splicer.want(9)
    for number in range(100):
        stage.splicer.feed(9, AUDIO.name, read_fragment(part_of(AUDIO, number), init_of(AUDIO)), stage.now)
    assert len(stage.splicer._runs[9].queues[AUDIO.name]) == MOST_WAITING


def test_nothing_that_an_encoder_made_goes_out_once_the_hall_is_shut() -> None:
    stage = playing(8.3)
    stage.start()  # a second one whose parts wait, as when a sender comes back
    for track in STANDARD.tracks:
        stage.splicer.feed(2, track.name, read_fragment(part_of(track, 1), init_of(track)), stage.now)
    stage.shut()
    before = {name: rendition.parts_made for name, rendition in stage.packager.renditions.items()}
    stage.advance(5.0)
    slate_parts = {track.name: len(part_of(track, 0)) for track in STANDARD.tracks}
    for name, rendition in stage.packager.renditions.items():
        listed = [part for segment in [*rendition.segments, *filter(None, [rendition.current])] for part in segment.parts]
        new = listed[len(listed) - (rendition.parts_made - before[name]) :]
        assert new
        assert all(part.independent and len(part.data) <= slate_parts[name] for part in new), name
    assert stage.splicer.on_air == SLATE


def test_a_stage_that_begins_shut_begins_with_the_slate_at_once() -> None:
    stage = SimulatedStage()
    stage.shut()
    stage.start()
    stage.shut()
    stage.advance(0.7)
    assert stage.packager.ready
    assert stage.splicer.on_air == SLATE
