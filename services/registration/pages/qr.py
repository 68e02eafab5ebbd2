"""Addresses and tickets as QR codes: for the screen in the room, pages, paper, mails."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

import segno

QUIET_MODULES: Final = 2
"""White around the code; the screen's paper adds the rest of the four that ISO/IEC 18004 section 9.1 asks for."""
KEPT: Final = 64


@lru_cache(maxsize=KEPT)
def svg_of(address: str) -> bytes:
    """An SVG document without a size of its own, error correction M: about 15 % of it may be hidden."""
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="svg", border=QUIET_MODULES, dark="#1c1b19", light="#ffffff", xmldecl=False, omitsize=True, nl=False)
    return drawn.getvalue()


PIXELS: Final = 8
"""Of a module's side."""
WHOLE_QUIET: Final = 4
"""White modules around a code that stands by itself: what ISO/IEC 18004, section 9.1 asks for."""


def png_of(text: str) -> bytes:
    """For mails, whose readers show no SVG."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", border=WHOLE_QUIET, scale=PIXELS, dark="#1c1b19", light="#ffffff")
    return drawn.getvalue()
