"""What ffmpeg is told: the same three tracks from every source. That ffmpeg understands it is shown in tests/services."""

from __future__ import annotations

import pytest

from services.streaming.encoding import test_card
from services.streaming.encoding.pipeline import FlvInput, Generated, MediaFile, Slate, Source, arguments
from services.streaming.media import ladder

PIPES = {"720p": 7, "360p": 8, "audio": 9}
SOURCES = [Generated(), Slate(), MediaFile("film.mp4"), MediaFile("film.mp4", audio=False), FlvInput(), FlvInput(video=False)]


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_every_source_becomes_one_track_per_pipe(source: Source) -> None:
    told = arguments("ffmpeg", source, PIPES, progress=10)
    assert [told.count(f"pipe:{number}") for number in PIPES.values()] == [1, 1, 1]
    assert told.count("-frag_duration") == len(ladder.LADDER)
    assert told[told.index("-progress") + 1] == "pipe:10"
    assert ("-nostdin" in told) != isinstance(source, FlvInput)


def test_only_a_media_file_is_repeated_and_its_name_is_handed_over_as_it_is() -> None:
    told = arguments("ffmpeg", MediaFile("-y; rm 'x' %d.mp4"), PIPES)
    assert told[told.index("-i") + 1] == "-y; rm 'x' %d.mp4"
    assert told[told.index("-stream_loop") + 1] == "-1"
    assert "-stream_loop" not in arguments("ffmpeg", FlvInput(), PIPES)


def test_parts_and_segments_are_whole_numbers_of_frames() -> None:
    assert ladder.GOP_FRAMES % ladder.PART_FRAMES == 0
    assert ladder.SEGMENT_FRAMES % ladder.GOP_FRAMES == 0
    for track in ladder.LADDER:
        exact = track.part_ticks / track.timescale
        assert exact <= track.part_target < exact + 0.001


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


def test_the_clock_fits_into_the_picture() -> None:
    for box in test_card.boxes():
        assert box["x"] >= 0
        assert box["x"] + box["w"] <= ladder.VIDEO_HIGH.width
        assert box["y"] + box["h"] <= ladder.VIDEO_HIGH.height
