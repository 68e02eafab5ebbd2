"""How each session stands, as pages mark it beside the printed programme: on now, next, over, moved, cancelled. Pure.

What must not be here: words, HTML.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.registration.programme.running_order import Slot
from shared.clock import to_text
from shared.events.vocabulary import Progress


@dataclass(frozen=True, slots=True)
class Mark:
    """`printed_at` and `starts_at`: the start as printed and as it is now, instants; `moved`: they differ, and it is still worth saying."""

    progress: Progress
    next: bool
    moved: bool
    printed_at: str | None
    starts_at: str | None


def marks(order: Mapping[str, Slot], coming: Collection[str]) -> dict[str, Mark]:
    """Session id → mark, in print order; `coming`: ids of what begins next."""
    return {id: _mark(slot, next=id in coming) for id, slot in order.items()}


def _mark(slot: Slot, *, next: bool) -> Mark:
    moved = slot.moved and slot.printed[0] != slot.actual[0] and slot.progress in ("upcoming", "on")
    return Mark(slot.progress, next, moved, _text(slot.printed[0]), _text(slot.actual[0]))


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None
