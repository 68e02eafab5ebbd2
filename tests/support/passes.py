"""What tests call a caller by, in the words of a pass."""

from __future__ import annotations

from shared.auth.capabilities import DUTIES, Duty
from shared.events.vocabulary import ATTENDANCES, Attendance


def duty_of(role: str) -> Duty:
    """`moderator`, `display`, `operator` → that duty; anybody else (`viewer`, `room`, `hub`) is the audience."""
    return next((duty for duty in DUTIES if duty == role), "none")


def door_of(door: str) -> Attendance:
    return next(one for one in ATTENDANCES if one == door)
