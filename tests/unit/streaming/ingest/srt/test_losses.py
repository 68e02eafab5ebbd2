"""The loss of a line is the part of the packets that were sent again, lately."""

from __future__ import annotations

from services.streaming.ingest.srt.losses import FEWEST_PACKETS, SECONDS, Losses

FIRST = bytes.fromhex("7fa904c5e8000001") + bytes(20)
AGAIN = bytes.fromhex("7fa904c5ec000001") + bytes(20)
CONTROL = bytes.fromhex("8006000000000001") + bytes(20)


def test_nothing_is_said_of_too_few_packets_and_old_ones_are_forgotten() -> None:
    losses = Losses()
    for number in range(FEWEST_PACKETS - 1):
        losses.put(AGAIN if number % 4 == 0 else FIRST, 1.0)
    for packet in (CONTROL, b"", FIRST[:10]):
        losses.put(packet, 1.0)
    assert losses.share(1.0) is None
    losses.put(FIRST, 1.5)
    assert losses.share(2.0) == 0.25
    for _ in range(FEWEST_PACKETS):
        losses.put(FIRST, 2.0 + SECONDS)
    assert losses.share(2.0 + SECONDS) == 0.0
    assert losses.share(3.0 + 3 * SECONDS) is None
