"""What an offer lacks, said before anything is set up for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.streaming.ingest.whip.offers import lacking
from services.streaming.ingest.whip.place import Place, place_of
from shared.config import SettingError

AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n"
VIDEO = "m=video 9 UDP/TLS/RTP/SAVPF 96 102\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:102 H264/90000\r\n"
SECURED = "a=ice-ufrag:x\r\na=ice-pwd:y\r\na=fingerprint:sha-256 00\r\n"
HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


@pytest.mark.parametrize(
    ("sections", "lacks"),
    [
        (AUDIO + VIDEO, None), (VIDEO, None), (AUDIO, None), ("", ""), (VIDEO + VIDEO, ""),
        ("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", ""),
        (VIDEO.replace("H264", "AV1"), "H.264"), (AUDIO.replace("opus", "PCMU"), "Opus"),
    ],
)  # fmt: skip
def test_an_offer_has_a_picture_we_can_read_or_sound_or_both(sections: str, lacks: str | None) -> None:
    assert lacking(HEAD + SECURED + sections) == lacks
    assert lacking((HEAD + SECURED + sections).replace("\r\n", "\n")) == lacks


@pytest.mark.parametrize("line", SECURED.splitlines(keepends=True))
def test_an_offer_that_cannot_be_reached_or_trusted_is_none(line: str) -> None:
    assert lacking(HEAD + SECURED.replace(line, "") + AUDIO + VIDEO) == ""


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    assert lacking(text) in (None, "", "H.264", "Opus")


def test_media_comes_to_the_address_the_process_listens_on() -> None:
    assert place_of("", "", "") == place_of("0.0.0.0", "", "") == Place()
    assert place_of("localhost", "", "").addresses == place_of("127.0.0.1", "", "").addresses == ("127.0.0.1",)
    assert place_of("", "203.0.113.7", "40000-40049") == Place((), "203.0.113.7", (40_000, 40_049))


@pytest.mark.parametrize(("public", "ports"), [("stage.example", ""), ("", "40000"), ("", "40049-40000"), ("", "0-10"), ("", "1-70000")])
def test_a_place_that_nobody_could_reach_is_refused_at_the_start(public: str, ports: str) -> None:
    with pytest.raises(SettingError, match="TABLEE_WHIP_"):
        place_of("", public, ports)
