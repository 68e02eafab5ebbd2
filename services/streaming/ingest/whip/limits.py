"""The bounds of what comes by WHIP, by name. Plain values: bytes and seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WhipLimits:
    offer_bytes: int = 64 * 1024
    """A browser's offer has about 6 kB."""
    answer_seconds: float = 10.0
    connect_seconds: float = 15.0
    """From the answer to the first frame; then a sender that could not reach us is gone."""
    idle_seconds: float = 20.0
    """A publisher that sends nothing this long is gone."""
    takeover_seconds: float = 3.0
    """How long the present publisher of a stage must be silent before another replaces it."""
    join_seconds: float = 2.5
    """How long the first frames wait for the sender to say how its clocks belong together."""
    pending: int = 8
    """Connections that are being made at once."""
    key_every_seconds: float = 1.0
    """Between two pictures asked for that need no other."""


LIMITS = WhipLimits()
