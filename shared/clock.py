"""Time as a value: the edge asks a clock and passes `now` inwards, so that rules can be tested at any instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The current instant, timezone-aware, in UTC, cut to the millisecond (what MongoDB keeps)."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def to_text(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`, e.g. `2021-06-03T07:45:00.000Z`."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The instant written by `to_text` (any RFC 3339 offset is accepted). Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without offset has no instant")
    return moment.astimezone(UTC)
