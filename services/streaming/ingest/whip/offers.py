"""What an offer must hold before anything is set up for it (RFC 8866; RFC 9725, section 4.2). Pure."""

from __future__ import annotations

import re
from typing import Final

_CODEC: Final = re.compile(r"^a=rtpmap:\d+ ([A-Za-z0-9-]+)/", re.MULTILINE)
SECURED: Final = ("a=fingerprint:", "a=ice-ufrag:", "a=ice-pwd:")
"""Without them nobody could be reached, or be sure of whom (RFC 8839, section 5.4; RFC 8122, section 5)."""
NEEDED: Final = {"video": ("h264", "H.264"), "audio": ("opus", "Opus")}


def lacking(sdp: str, *, interpreted: bool = False) -> str | None:
    """The codec that is missed in an offer, for a person; empty when it is no offer of a picture, of sound, or of both; None when all is
    there. `interpreted`: two sounds are expected, the second of whoever interprets."""
    sections = re.split(r"^m=", sdp.replace("\r\n", "\n"), flags=re.MULTILINE)[1:]
    kinds = [section.partition(" ")[0] for section in sections]
    if not kinds or not set(kinds) <= set(NEEDED) or any(line not in sdp for line in SECURED):
        return ""
    if kinds.count("video") > 1 or kinds.count("audio") > 1 + interpreted or (interpreted and kinds.count("audio") < 2):
        return ""
    for kind, section in zip(kinds, sections, strict=True):
        codec, name = NEEDED[kind]
        if codec not in {found.lower() for found in _CODEC.findall(section)}:
            return name
    return None
