"""What encoders have delivered and is not sent yet: the parts of one run, and the parts of the slate. Pure. When anything is sent is
decided in splicer."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.streaming.media.fmp4 import Fragment, Init
from services.streaming.media.ladder import Ladder

SLATE: Final = 0
"""The number of the slate where runs are numbered: real ones begin at 1."""
MOST_WAITING: Final = 16
"""Parts per track of a run that is not on the air yet; older ones are dropped."""


@dataclass(frozen=True, slots=True)
class SlateParts:
    """One full part per track, all independent, to be sent again and again."""

    inits: Mapping[str, Init]
    fragments: Mapping[str, Fragment]


class EncoderRun:
    """One encoder process, from its first byte to its last. `offset`: seconds to add to its own times."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder
        self.inits: dict[str, Init] = {}
        self.queues: dict[str, deque[Fragment]] = {track.name: deque(maxlen=MOST_WAITING) for track in ladder.tracks}
        self.alive = True
        self.offset = 0.0
        self._video = [self.queues[track.name] for track in ladder.video]

    def aligned(self) -> list[Fragment] | None:
        """The video fragments of one instant, one per rendition, once all are there; what has no match is dropped."""
        while all(self._video):
            latest = max(queue[0].time for queue in self._video)
            if all(queue[0].time == latest for queue in self._video):
                return [queue[0] for queue in self._video]
            for queue in self._video:
                if queue[0].time < latest:
                    queue.popleft()
        return None

    def drop_aligned(self) -> None:
        for queue in self._video:
            queue.popleft()
