"""What a line loses on its way here, told by what the sender has to send again (draft-sharabayko-srt-01, section 3.1). Pure."""

from __future__ import annotations

from collections import deque
from typing import Final

from services.streaming.ingest.srt.packets import HEADER_BYTES

SECONDS: Final = 10
"""What the share is measured over."""
FEWEST_PACKETS: Final = 200
"""Before so many have come nothing is said."""
_CONTROL, _AGAIN = 0x80, 0x04
"""Bits of the first byte of a packet, and of the fifth, which begins the message number."""


class Losses:
    def __init__(self) -> None:
        self._seconds: deque[list[int]] = deque(maxlen=SECONDS)
        """[second, packets, those sent again]."""

    def put(self, packet: bytes, now: float) -> None:
        if len(packet) < HEADER_BYTES or packet[0] & _CONTROL:
            return
        if not self._seconds or self._seconds[-1][0] != int(now):
            self._seconds.append([int(now), 0, 0])
        self._seconds[-1][1] += 1
        self._seconds[-1][2] += bool(packet[4] & _AGAIN)

    def share(self, now: float) -> float | None:
        """The part of the packets that came only when they were sent again; None while too little is known."""
        recent = [one for one in self._seconds if now - one[0] <= SECONDS]
        packets = sum(count for _, count, _ in recent)
        return sum(again for _, _, again in recent) / packets if packets >= FEWEST_PACKETS else None
