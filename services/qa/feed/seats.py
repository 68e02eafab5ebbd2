"""Who may see what of a seat: the only place where seats are made into what leaves the service. Pure.

SEAT      what the person, those who lead and the studio read; never whose it is
AT_TABLE  what everybody reads of those who are on air
"""

from __future__ import annotations

from typing import Final

from services.qa.feed.projection import Json
from shared.events.table import SeatState

SEAT: Final = (
    "id", "session", "version", "state", "kind", "name", "title", "door", "voice_only", "no_picture", "muted", "hand", "question",
    "invited_at", "expires_at", "since", "round_trip_ms", "picture",
)  # fmt: skip
AT_TABLE: Final = ("name", "title", "door", "kind", "voice_only", "muted")


def seat_for(seat: SeatState) -> Json:
    """As those who lead and the studio read it; `undo`: the step that would be taken back first."""
    return {**_picked(seat, SEAT), "undo": seat.undo}


def own_seat(seat: SeatState) -> Json:
    """As the person reads it."""
    return _picked(seat, SEAT)


def at_table(seat: SeatState) -> Json:
    return _picked(seat, AT_TABLE)


def _picked(seat: SeatState, names: tuple[str, ...]) -> Json:
    return {name: getattr(seat, name) for name in names}
