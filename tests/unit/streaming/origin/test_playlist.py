"""Playlists read by a library that is not ours (m3u8): it finds what the packager holds."""

from __future__ import annotations

from datetime import datetime

import m3u8
import pytest

from services.streaming.media.ladder import STANDARD, Ladder, Track
from services.streaming.origin import playlist
from tests.support.simulated_stage import TWO_LANGUAGES, SimulatedStage


def titled(track: Track) -> str:
    return f"Words of {track.name}"


def played(ladder: Ladder = STANDARD) -> SimulatedStage:
    """Eleven seconds with a change of encoder and two seconds of slate."""
    stage = SimulatedStage(ladder)
    stage.start()
    stage.advance(6.0)
    stage.kill()
    stage.advance(2.2)
    stage.start()
    stage.advance(3.0)
    return stage


@pytest.mark.parametrize("name", [track.name for track in STANDARD.tracks])
def test_another_reader_finds_every_segment_and_part_that_the_packager_holds(name: str) -> None:
    rendition = played().packager.renditions[name]
    found = m3u8.loads(playlist.media({name: rendition}, name))
    assert found.media_sequence == rendition.window[0].sequence
    assert found.part_inf.part_target == rendition.track.part_target
    assert found.server_control.can_block_reload == "YES"
    whole = [segment for segment in found.segments if segment.uri]
    assert [segment.uri for segment in whole] == [segment.uri for segment in rendition.window]
    for read, made in zip(whole, rendition.window, strict=True):
        assert read.duration == pytest.approx(made.seconds, abs=1e-5)
        assert read.discontinuity == made.discontinuity
        assert read.init_section.uri == made.init
        assert isinstance(read.program_date_time, datetime)
        assert read.program_date_time.timestamp() == pytest.approx(made.program_time, abs=0.001)
        assert [part.uri for part in read.parts] == [part.uri for part in made.parts]
    assert any(made.discontinuity for made in rendition.window[1:]), "the encoder was changed"


@pytest.mark.parametrize("ladder", [STANDARD, TWO_LANGUAGES])
def test_another_reader_finds_every_rendition_of_the_ladder(ladder: Ladder) -> None:
    found = m3u8.loads(playlist.multivariant(played(ladder).packager.renditions, titled))
    assert [item.uri for item in found.playlists] == [f"{track.name}/index.m3u8" for track in ladder.video]
    assert [item.stream_info.resolution for item in found.playlists] == [(track.width, track.height) for track in ladder.video]
    loudest = max(track.peak for track in ladder.audio)
    assert [item.stream_info.bandwidth for item in found.playlists] == [track.peak + loudest for track in ladder.video]
    assert {item.stream_info.codecs for item in found.playlists} == {"avc1.64001F,mp4a.40.2"}
    assert [(item.name, item.uri, item.default, item.language or "") for item in found.media] == [
        (f"Words of {track.name}", f"{track.name}/index.m3u8", "NO" if number else "YES", track.language)
        for number, track in enumerate(ladder.audio)
    ]
    assert {item.group_id for item in found.media} == {item.stream_info.audio for item in found.playlists}


def test_a_title_cannot_break_out_of_its_attribute() -> None:
    text = playlist.multivariant(played().packager.renditions, lambda track: 'x",URI="https://elsewhere.example/\r\n#EXTINF:1,')
    (audio,) = m3u8.loads(text).media
    assert audio.uri == "audio/index.m3u8"
    assert text.count("\n") == len(text.splitlines())
    assert not any(line.startswith("#EXTINF") for line in text.splitlines())
