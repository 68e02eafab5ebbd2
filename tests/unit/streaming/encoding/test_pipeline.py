"""The command line of ffmpeg: the tracks of the ladder from every input. That ffmpeg understands it is shown in tests/services."""

from __future__ import annotations

import pytest

from services.streaming.encoding import test_card
from services.streaming.encoding.pipeline import arguments
from services.streaming.media import cadence
from services.streaming.media.inputs import EncoderInput, Generated, MediaFile, Piped, SlateLoop
from services.streaming.media.ladder import STANDARD, Ladder, Track, audio, video

PIPES = {"720p": 7, "360p": 8, "audio": 9}
SOURCES = [
    Generated(),
    SlateLoop(),
    MediaFile("film.mp4"),
    MediaFile("film.mp4", audio=False),
    Piped("flv"),
    Piped("flv", video=False),
    Piped("mpegts"),
]


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_every_source_becomes_one_track_per_pipe(source: EncoderInput) -> None:
    told = arguments("ffmpeg", source, STANDARD, PIPES, progress=10)
    assert [told.count(f"pipe:{number}") for number in PIPES.values()] == [1, 1, 1]
    assert told.count("-frag_duration") == len(STANDARD.tracks)
    assert told[told.index("-progress") + 1] == "pipe:10"
    assert ("-nostdin" in told) != isinstance(source, Piped)


def test_only_a_media_file_is_repeated_and_its_name_is_handed_over_as_it_is() -> None:
    told = arguments("ffmpeg", MediaFile("-y; rm 'x' %d.mp4"), STANDARD, PIPES)
    assert told[told.index("-i") + 1] == "-y; rm 'x' %d.mp4"
    assert told[told.index("-stream_loop") + 1] == "-1"
    assert "-stream_loop" not in arguments("ffmpeg", Piped("flv"), STANDARD, PIPES)


def test_parts_and_segments_are_whole_numbers_of_frames() -> None:
    assert cadence.GOP_FRAMES % cadence.PART_FRAMES == 0
    assert cadence.SEGMENT_FRAMES % cadence.GOP_FRAMES == 0
    for track in STANDARD.tracks:
        exact = track.part_ticks / track.timescale
        assert exact <= track.part_target < exact + 0.001


def test_a_ladder_of_its_own_has_as_many_video_and_audio_tracks_as_it_says() -> None:
    ladder = Ladder(
        (video("1080p", width=1920, height=1080, peak=5_000_000, average=4_000_000, quality=23, level="4.0"), *STANDARD.video),
        tuple(audio(name, bitrate=24_000, peak=30_000, average=26_000, title="", language=name) for name in ("fr", "en")),
    )
    told = arguments("ffmpeg", Generated(), ladder, {track.name: 7 + number for number, track in enumerate(ladder.tracks)})
    assert [told.count(f"pipe:{number}") for number in range(7, 12)] == [1] * 5
    assert told.count("24000") == 2
    filters = told[told.index("-filter_complex") + 1]
    assert "split=3" in filters
    assert "asplit=2" in filters
    assert "scale=1920:1080" in filters, "the card is drawn smaller than this ladder's leader"


@pytest.mark.parametrize(("with_video", "with_audio"), [((), STANDARD.audio), (STANDARD.video, ()), (STANDARD.video, STANDARD.video)])
def test_a_ladder_without_video_or_audio_or_with_a_name_twice_is_no_ladder(
    with_video: tuple[Track, ...], with_audio: tuple[Track, ...]
) -> None:
    with pytest.raises(ValueError, match="a ladder needs"):
        Ladder(with_video, with_audio)


def digit_at(place: int, boxes: list[test_card.Box], second: float) -> int:
    """Reads a digit off its seven expressions, as ffmpeg would compute them."""
    lit = 0
    for segment, box in enumerate(boxes[place * 7 : place * 7 + 7]):
        expression = box["enable"].replace("mod(", "_mod(").replace("floor(", "_floor(")
        names = {"_mod": lambda a, b: a % b, "_floor": lambda a: a // 1, "pow": pow, "t": second}
        lit |= int(eval(expression, {"__builtins__": {}}, names)) << segment
    return test_card._DIGITS.index(lit)


@pytest.mark.parametrize(
    ("second", "digits"), [(0.0, "000000000"), (45_296.789, "123456789"), (86_399.999, "235959999"), (3_661.04, "010101040")]
)
def test_the_clock_shows_the_time_of_day_to_the_millisecond(second: float, digits: str) -> None:
    segments = [box for box in test_card.boxes() if "pow" in box.get("enable", "")]
    assert "".join(str(digit_at(place, segments, second)) for place in range(9)) == digits


def test_the_clock_fits_onto_the_card() -> None:
    for box in test_card.boxes():
        assert box["x"] >= 0
        assert box["x"] + box["w"] <= test_card.WIDTH
        assert box["y"] + box["h"] <= test_card.HEIGHT
