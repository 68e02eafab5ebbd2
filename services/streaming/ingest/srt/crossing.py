"""One caller on its way to its receiver: the handshake is made again towards the receiver, then everything goes through as it came.

Pure and synchronous. The receiver has a cookie of its own: of what the caller says only that is exchanged.
"""

from __future__ import annotations

from services.streaming.ingest.srt import packets
from services.streaming.ingest.srt.door import LetIn


class Crossing:
    """`open`: caller and receiver speak with each other. `ended`: the caller said that it ends."""

    def __init__(self, let_in: LetIn) -> None:
        self.open = self.ended = False
        self.socket = let_in.socket
        self._conclusion = let_in.conclusion
        self._sequence = let_in.sequence
        self._cookie: int | None = None

    def knock(self) -> bytes:
        """What the receiver is to be told until it has answered; a process that has just been started may not listen yet."""
        if self._cookie is None:
            return packets.induction(self.socket, self._sequence)
        return packets.with_cookie(self._conclusion, self._cookie)

    def from_caller(self, packet: bytes) -> bytes | None:
        """What the receiver is to get of it."""
        if not self.open:
            return None  # it repeats what was understood; `knock` says it
        self.ended = self.ended or packets.is_shutdown(packet)
        if packets.read_handshake(packet) is not None:
            return self.knock()
        return packet

    def from_receiver(self, packet: bytes) -> tuple[bytes | None, bytes | None]:
        """What the caller, and what the receiver, is to get of it."""
        handshake = packets.read_handshake(packet)
        if handshake is not None and handshake.kind == packets.INDUCTION:
            if self._cookie is None:
                self._cookie = handshake.cookie
                return None, self.knock()
            return None, None
        self.open = self.open or (handshake is not None and handshake.kind == packets.CONCLUSION)
        return packet, None
