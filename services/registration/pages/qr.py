"""Addresses as QR codes, for the screen in the room."""

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
