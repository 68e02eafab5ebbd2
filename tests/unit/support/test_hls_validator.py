"""The validator can fail: for each rule a playlist that breaks it, and a good one that breaks none."""

from __future__ import annotations

import pytest

from tests.support.hls_validator import Violation, check_delta, check_media_playlist, check_multivariant

HEAD = """#EXTM3U
#EXT-X-VERSION:6
#EXT-X-TARGETDURATION:2
#EXT-X-PART-INF:PART-TARGET=0.50000
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.0,PART-HOLD-BACK=1.5,HOLD-BACK=6.0
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:1
#EXT-X-MAP:URI="init.mp4"
"""
PART = '#EXT-X-PART:DURATION=0.50000,URI="{name}.mp4"{more}\n'


def parts(number: int, count: int, first: str = ",INDEPENDENT=YES") -> str:
    return "".join(PART.format(name=f"p{number}.{index}", more=first if index == 0 else "") for index in range(count))


def segment(number: int, with_parts: bool = True) -> str:
    date = f"#EXT-X-PROGRAM-DATE-TIME:2021-06-03T08:00:{number * 2 % 60:02}.000Z\n"
    return date + (parts(number, 4) if with_parts else "") + f"#EXTINF:2.00000,\ns{number}.mp4\n"


TAIL = '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p11.2.mp4"\n#EXT-X-RENDITION-REPORT:URI="../audio/index.m3u8",LAST-MSN=11,LAST-PART=1\n'
GOOD = (
    HEAD
    + segment(7, False)
    + "".join(segment(n) for n in (8, 9, 10))
    + "#EXT-X-PROGRAM-DATE-TIME:2021-06-03T08:00:22.000Z\n"
    + parts(11, 2)
    + TAIL
)
NEXT = GOOD.replace(TAIL, PART.format(name="p11.2", more="") + TAIL.replace("p11.2", "p11.3").replace("LAST-PART=1", "LAST-PART=2"))


def rules(found: list[Violation]) -> set[int]:
    return {violation.rule for violation in found}


def test_a_good_playlist_breaks_no_rule() -> None:
    assert check_media_playlist(GOOD, reports=1) == []
    assert check_media_playlist(NEXT, previous=GOOD, reports=1) == []


def removed(text: str, start: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(start)) + "\n"


BROKEN = {
    "no first line": (0, GOOD.replace("#EXTM3U\n", "")),
    "no target duration": (0, removed(GOOD, "#EXT-X-TARGETDURATION")),
    "a segment without EXTINF": (0, GOOD.replace("#EXTINF:2.00000,\ns9.mp4", "s9.mp4")),
    "no initialisation": (0, removed(GOOD, "#EXT-X-MAP")),
    "parts without PART-INF": (1, removed(GOOD, "#EXT-X-PART-INF")),
    "a part without URI": (2, GOOD.replace(',URI="p11.1.mp4"', "")),
    "a part without DURATION": (2, GOOD.replace('DURATION=0.50000,URI="p11.1.mp4"', 'URI="p11.1.mp4"')),
    "a long part": (3, GOOD.replace('DURATION=0.50000,URI="p11.1', 'DURATION=0.50100,URI="p11.1')),
    "a short part": (4, GOOD.replace('DURATION=0.50000,URI="p9.1', 'DURATION=0.40000,URI="p9.1')),
    "parts that do not fill their segment": (5, GOOD.replace('DURATION=0.50000,URI="p9.3', 'DURATION=0.40000,URI="p9.3')),
    "a part behind EXTINF": (5, GOOD.replace("#EXTINF:2.00000,\ns9.mp4", "#EXTINF:2.00000,\n" + PART.format(name="x", more="") + "s9.mp4")),
    "a date behind parts": (
        6,
        GOOD.replace("#EXTINF:2.00000,\ns9", "#EXT-X-PROGRAM-DATE-TIME:2021-06-03T08:00:18.000Z\n#EXTINF:2.00000,\ns9"),
    ),
    "a discontinuity behind parts": (6, GOOD.replace("#EXTINF:2.00000,\ns9", "#EXT-X-DISCONTINUITY\n#EXTINF:2.00000,\ns9")),
    "no PART-HOLD-BACK": (9, GOOD.replace("PART-HOLD-BACK=1.5,", "")),
    "PART-HOLD-BACK below twice": (9, GOOD.replace("PART-HOLD-BACK=1.5", "PART-HOLD-BACK=0.9")),
    "PART-HOLD-BACK below three times": (9, GOOD.replace("PART-HOLD-BACK=1.5", "PART-HOLD-BACK=1.2")),
    "a short HOLD-BACK": (10, GOOD.replace(",HOLD-BACK=6.0", ",HOLD-BACK=5.0")),
    "a short skip boundary": (11, GOOD.replace("CAN-SKIP-UNTIL=12.0", "CAN-SKIP-UNTIL=11.0")),
    "CAN-SKIP-DATERANGES alone": (11, GOOD.replace("CAN-SKIP-UNTIL=12.0", "CAN-SKIP-DATERANGES=YES")),
    "SKIP in an old version": (12, GOOD.replace("#EXT-X-MAP", "#EXT-X-SKIP:SKIPPED-SEGMENTS=1\n#EXT-X-MAP")),
    "SKIP twice": (12, GOOD.replace("VERSION:6", "VERSION:9").replace("#EXT-X-MAP", "#EXT-X-SKIP:SKIPPED-SEGMENTS=1\n" * 2 + "#EXT-X-MAP")),
    "skipped date ranges in version 9": (
        12,
        GOOD.replace("VERSION:6", "VERSION:9").replace(
            "#EXT-X-MAP", '#EXT-X-SKIP:SKIPPED-SEGMENTS=1,RECENTLY-REMOVED-DATERANGES="a"\n#EXT-X-MAP'
        ),
    ),
    "a segment longer than the target": (14, GOOD.replace("#EXTINF:2.00000,\ns7", "#EXTINF:2.50000,\ns7")),
    "old parts still listed": (16, GOOD.replace("#EXTINF:2.00000,\ns7", parts(7, 4) + "#EXTINF:2.00000,\ns7")),
    "no blocking reload": (18, GOOD.replace("CAN-BLOCK-RELOAD=YES,", "")),
    "a hint after the end": (25, GOOD + "#EXT-X-ENDLIST\n"),
    "two hints of a kind": (27, GOOD + '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="other.mp4"\n'),
    "a hint for what is there": (27, GOOD.replace('PART,URI="p11.2', 'PART,URI="p11.1')),
    "no date": (28, removed(GOOD, "#EXT-X-PROGRAM")),
    "a date without zone": (28, GOOD.replace("000Z", "000")),
    "a segment without independent part": (29, GOOD.replace('p9.0.mp4",INDEPENDENT=YES', 'p9.0.mp4"')),
    "no hint": (30, removed(GOOD, "#EXT-X-PRELOAD")),
    "no report": (31, removed(GOOD, "#EXT-X-RENDITION")),
    "an absolute report": (31, GOOD.replace("../audio", "https://example.org/audio")),
    "a report without LAST-PART": (31, GOOD.replace(",LAST-PART=1", "")),
    "a report told twice": (31, GOOD + TAIL.splitlines()[1] + "\n"),
    "a long window without deltas": (
        37,
        GOOD.replace("CAN-SKIP-UNTIL=12.0,", "").replace(
            segment(7, False), "#EXT-X-PROGRAM-DATE-TIME:2021-06-03T08:00:14Z\n" + "#EXTINF:2.0,\nx.mp4\n" * 60
        ),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_playlist_breaks_its_rule(name: str) -> None:
    rule, text = BROKEN[name]
    assert text != GOOD
    assert rule in rules(check_media_playlist(text, reports=1)), name


SUCCESSION = {
    "a changed target": (14, NEXT.replace("TARGETDURATION:2", "TARGETDURATION:3")),
    "a changed part target": (14, NEXT.replace("PART-TARGET=0.50000", "PART-TARGET=0.60000")),
    "a changed duration": (14, NEXT.replace("#EXTINF:2.00000,\ns9", "#EXTINF:1.90000,\ns9")),
    "a changed name": (14, NEXT.replace("s9.mp4", "other.mp4")),
    "a changed part": (14, NEXT.replace('p10.1.mp4"', 'other.mp4"')),
    "a part that vanished": (14, NEXT.replace(PART.format(name="p11.1", more=""), "")),
    "a changed date": (14, NEXT.replace("08:00:18.000Z", "08:00:18.500Z")),
    "an end that went back": (
        14,
        removed(removed(NEXT, '#EXT-X-PART:DURATION=0.50000,URI="p11'), "#EXT-X-PROGRAM-DATE-TIME:2021-06-03T08:00:22"),
    ),
    "numbers that went back": (15, NEXT.replace("MEDIA-SEQUENCE:7", "MEDIA-SEQUENCE:6")),
    "a removal that is not counted": (15, NEXT.replace(segment(7, False), "")),
    "discontinuities counted anew": (15, NEXT.replace("DISCONTINUITY-SEQUENCE:1", "DISCONTINUITY-SEQUENCE:2")),
    "a promise not kept": (27, NEXT.replace("p11.2.mp4", "surprise.mp4")),
    "another part first in the next segment than promised": (
        27,
        GOOD.replace(TAIL, "#EXTINF:1.00000,\ns11.mp4\n" + parts(12, 1) + TAIL.replace("p11.2", "p12.1")),
    ),
    "an initialisation not promised": (
        30,
        GOOD.replace(TAIL, '#EXTINF:1.00000,\ns11.mp4\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="slate.mp4"\n' + parts(12, 1) + TAIL),
    ),
}


@pytest.mark.parametrize("name", SUCCESSION)
def test_each_broken_successor_breaks_its_rule(name: str) -> None:
    rule, text = SUCCESSION[name]
    assert text != NEXT
    assert rule in rules(check_media_playlist(text, previous=GOOD)), name


def test_a_stream_that_ended_does_not_go_on() -> None:
    ended = removed(GOOD, "#EXT-X-PRELOAD") + "#EXT-X-ENDLIST\n"
    assert check_media_playlist(ended) == []
    assert 25 in rules(check_media_playlist(NEXT, previous=ended))


def test_removing_the_oldest_segment_and_its_discontinuity_is_fine_when_counted() -> None:
    before = GOOD.replace(segment(7, False), "#EXT-X-DISCONTINUITY\n" + segment(7, False))
    after = before.replace("#EXT-X-DISCONTINUITY\n" + segment(7, False), "").replace("MEDIA-SEQUENCE:7", "MEDIA-SEQUENCE:8")
    assert 15 in rules(check_media_playlist(after, previous=before))
    counted = after.replace("DISCONTINUITY-SEQUENCE:1", "DISCONTINUITY-SEQUENCE:2")
    assert check_media_playlist(counted, previous=before) == []


def test_a_slate_that_was_promised_is_fine() -> None:
    hint = TAIL.replace("p11.2", "p12.0") + '#EXT-X-PRELOAD-HINT:TYPE=MAP,URI="slate.mp4"\n'
    slate = '#EXTINF:1.00000,\ns11.mp4\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="slate.mp4"\n' + parts(12, 1) + TAIL.replace("p11.2", "p12.1")
    assert check_media_playlist(GOOD.replace(TAIL, slate), previous=GOOD.replace(TAIL, hint)) == []


def test_short_last_parts_and_parts_before_a_gap_are_allowed() -> None:
    last = GOOD.replace('DURATION=0.50000,URI="p9.3', 'DURATION=0.10000,URI="p9.3').replace("#EXTINF:2.00000,\ns9", "#EXTINF:1.60000,\ns9")
    assert check_media_playlist(last) == []
    gap = GOOD.replace('DURATION=0.50000,URI="p11.0', 'DURATION=0.20000,URI="p11.0').replace('p11.1.mp4"', 'p11.1.mp4",GAP=YES')
    assert check_media_playlist(gap) == []


LONG = GOOD.replace(segment(7, False), "".join(segment(n, False) for n in range(3, 8))).replace("MEDIA-SEQUENCE:7", "MEDIA-SEQUENCE:3")
SKIP = "#EXT-X-SKIP:SKIPPED-SEGMENTS={n}\n"
DELTA = (
    LONG.replace("".join(segment(n, False) for n in (3, 4)), SKIP.format(n=2))
    .replace("VERSION:6", "VERSION:9")
    .replace('#EXT-X-MAP:URI="init.mp4"\n', "")
)


def test_a_good_delta_says_the_same_as_the_whole() -> None:
    assert check_delta(LONG, DELTA) == []


DELTAS = {
    "no skip": (26, DELTA.replace(SKIP.format(n=2), "")),
    "an old version": (12, DELTA.replace("VERSION:9", "VERSION:6")),
    "a wrong count": (26, DELTA.replace(SKIP.format(n=2), SKIP.format(n=1))),
    "too much skipped": (26, DELTA.replace("".join(segment(n, False) for n in (5, 6)), "").replace(SKIP.format(n=2), SKIP.format(n=4))),
    "another sequence number": (26, DELTA.replace("MEDIA-SEQUENCE:3", "MEDIA-SEQUENCE:4")),
    "a changed segment": (26, DELTA.replace("s9.mp4", "other.mp4")),
    "a missing report": (26, removed(DELTA, "#EXT-X-RENDITION")),
    "a missing control tag": (26, removed(DELTA, "#EXT-X-SERVER-CONTROL")),
}


@pytest.mark.parametrize("name", DELTAS)
def test_each_broken_delta_breaks_its_rule(name: str) -> None:
    rule, text = DELTAS[name]
    assert text != DELTA
    assert rule in rules(check_delta(LONG, text)), name


MULTIVARIANT = """#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Salle",LANGUAGE="fr",DEFAULT=YES,AUTOSELECT=YES,URI="audio/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2500000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,AUDIO="audio"
high/index.m3u8
"""


def test_a_good_multivariant_playlist_breaks_no_rule() -> None:
    assert check_multivariant(MULTIVARIANT) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#EXTM3U\n", ""),
        ("BANDWIDTH=2500000,", ""),
        ('CODECS="avc1.64001f,mp4a.40.2",', ""),
        (',AUDIO="audio"', ',AUDIO="other"'),
        ("high/index.m3u8\n", ""),
        ('NAME="Salle",', ""),
        ("AUTOSELECT=YES", "AUTOSELECT=NO"),
        ("#EXT-X-VERSION:6", "#EXT-X-TARGETDURATION:2"),
        (MULTIVARIANT.splitlines()[3], MULTIVARIANT.splitlines()[3] + "\n" + MULTIVARIANT.splitlines()[3]),
    ],
)
def test_each_broken_multivariant_playlist_is_seen(old: str, new: str) -> None:
    assert old in MULTIVARIANT
    assert check_multivariant(MULTIVARIANT.replace(old, new))
