"""The slate: a quiet picture and silence, encoded once with the ladder's own settings and kept as one part per track. When it is shown is
decided in splicer."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from services.streaming.encoding.encoder import Encoder
from services.streaming.media.fmp4 import Fragment, Init
from services.streaming.media.inputs import SlateLoop
from services.streaming.media.ladder import Ladder
from services.streaming.packaging.runs import SlateParts
from shared.config import SettingError

log = logging.getLogger("tablee.streaming.slate")

SECONDS: Final = 20.0
"""Making it takes a fraction of a second; a machine where it takes longer than this cannot carry a stage."""


async def make_slate(binary: str, ladder: Ladder) -> SlateParts:
    """Raises SettingError when this ffmpeg cannot encode the ladder."""
    inits: dict[str, Init] = {}
    found: dict[str, list[Fragment]] = {track.name: [] for track in ladder.tracks}

    def take(name: str, item: Init | Fragment) -> None:
        if isinstance(item, Init):
            inits[name] = item
        else:
            found[name].append(item)

    encoder = Encoder(binary, SlateLoop(), ladder, take)
    try:
        async with asyncio.timeout(SECONDS):
            await encoder.run()
    except (OSError, TimeoutError) as wrong:
        raise SettingError(f"ffmpeg at {binary} cannot be used: {wrong or 'too slow'}") from None
    fragments = {}
    for track in ladder.tracks:
        # The first part of audio holds the encoder's start; any later one is plain silence. Pictures are independent only at the start.
        wanted = 0 if track.kind == "video" else 1
        parts = [part for part in found[track.name] if part.duration == track.part_ticks and part.timescale == track.timescale]
        if len(parts) <= wanted or not parts[wanted].independent:
            raise SettingError(f"ffmpeg at {binary} cannot encode {track.name}: {' | '.join(list(encoder.tail)[-2:]) or 'no parts came'}")
        fragments[track.name] = parts[wanted]
    return SlateParts(inits, fragments)
