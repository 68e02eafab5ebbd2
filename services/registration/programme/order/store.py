"""The running order as it is kept: one document per event, with the decisions and what was told to others last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Final

from services.registration.programme.order.decisions import Decisions, Hand, Kept, UndoStep
from shared.events.envelope import Envelope
from shared.events.running_order import SlotRef
from shared.storage.port import Database, Document

RUNNING_ORDERS: Final = "running_orders"
OUTBOXES: Final = (RUNNING_ORDERS,)


class OrderStore:
    def __init__(self, database: Database) -> None:
        self._orders = database.collection(RUNNING_ORDERS)

    async def kept(self, event: str) -> Kept:
        """Of version 0 while nothing was kept yet."""
        document = await self._orders.get(event)
        return _kept(document) if document else Kept()

    async def save(self, event: str, kept: Kept, events: Sequence[Envelope]) -> None:
        """`kept.version` is the new version. Raises StaleVersion, Duplicate: somebody else was first."""
        if kept.version == 1:
            await self._orders.insert(_document(event, kept), events)
        else:
            await self._orders.save(_document(event, kept), expected_version=kept.version - 1, events=events)


def _document(event: str, kept: Kept) -> Document:
    steps = [
        {"command": step.command, "session": step.session, "at": step.at, "before": _hands_out(step.before)}
        for step in kept.decisions.steps
    ]
    return {
        "_id": event,
        "decided": kept.decided,
        "decided_by": kept.decided_by,
        "revision": kept.revision,
        "revised_at": kept.revised_at,
        "hands": _hands_out(kept.decisions.hands),
        "steps": steps,
        "told": [asdict(slot) for slot in kept.told],
    }


def _kept(document: Document) -> Kept:
    steps = tuple(UndoStep(one["command"], one["session"], one["at"], _hands_in(one["before"])) for one in document["steps"])
    hands = {id: hand for id, hand in _hands_in(document["hands"]).items() if hand}
    told = tuple(SlotRef(**one) for one in document["told"])
    return Kept(
        document["version"],
        document["decided"],
        document.get("decided_by", ""),
        document["revision"],
        document["revised_at"],
        Decisions(hands, steps),
        told,
    )


def _hands_out(hands: Mapping[str, Hand | None]) -> list[Document]:
    """A list: an id of the programme is no name of a field."""
    return [{"session": id, "hand": {**asdict(hand), "day": hand.day.isoformat()} if hand else None} for id, hand in hands.items()]


def _hands_in(found: Sequence[Document]) -> dict[str, Hand | None]:
    return {one["session"]: _hand(one["hand"]) if one["hand"] else None for one in found}


def _hand(stored: Document) -> Hand:
    return Hand(**{**stored, "day": date.fromisoformat(stored["day"])})
