"""The bounds of what comes by SRT, by name. Plain values: bytes, seconds, counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SrtLimits:
    stream_id_bytes: int = 512
    """As libsrt has it."""
    sessions: int = 32
    """Encoders at once, those that are being let in among them."""
    checks: int = 40
    checks_per_second: float = 20.0
    """Passphrases tried by everybody together: each costs about a millisecond."""
    checks_per_address: int = 10
    checks_per_address_per_second: float = 1.0
    addresses: int = 1024
    """Callers remembered at once; the longest silent are forgotten first."""
    answers: int = 256
    """Refusals that are remembered, so that a repeated question costs nothing and is told once."""
    connect_seconds: float = 15.0
    """From the proof of the key to the first picture or sound that is understood."""
    idle_seconds: float = 20.0
    """A publisher that sends nothing this long is gone."""
    takeover_seconds: float = 3.0
    """How long the present publisher of a stage must be silent before another replaces it."""


LIMITS = SrtLimits()
