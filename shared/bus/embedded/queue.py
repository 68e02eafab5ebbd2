"""The queues of the embedded bus, as documents: what waits, what was given up, who is bound to what.

    groups:      {_id: group name, topics: […], owner: id of the bus instance that works on it, or None}
    deliveries:  {_id, group, state: "waiting" | "dead", n: position, due, attempt, deliveries, event: JSON text, reason, died_at}

Positions are nanoseconds of the clock, made strictly rising within a process and over restarts. What is added, claimed and done within a
few milliseconds is one write each (shared.group_commit).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection as Many
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from shared.bus.port import DeadLetter, Group
from shared.clock import Clock
from shared.events.envelope import Envelope, Unreadable
from shared.group_commit import GroupCommit
from shared.ids import new_id
from shared.storage.port import Database, Index, Insert, Transaction, Update

DEAD_SECONDS: Final = 30 * 24 * 3600
"""Dead letters are kept this long."""

_INDEXES: Final = (
    Index("waiting", (("group", 1), ("state", 1), ("n", 1))),
    Index("dead", (("died_at", 1),), partial={"died_at": {"$exists": True}}, expire_after=DEAD_SECONDS),
)


@dataclass(frozen=True, slots=True)
class QueuedEvent:
    id: str
    group: str
    attempt: int
    text: str


class LocalQueue:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._groups = database.collection("groups")
        self._deliveries = database.collection("deliveries")
        self._position = 0
        self._adds = GroupCommit(self._add)
        self._claims = GroupCommit(self._claim)
        self._ends = GroupCommit(self._end)

    async def start(self) -> None:
        await self._database.ensure_indexes({"deliveries": _INDEXES})
        last = await self._deliveries.find_one({}, sort=[("n", -1)])
        self._position = last["n"] if last else 0

    async def ping(self) -> None:
        await self._database.ping()

    # --- groups -----------------------------------------------------------------------------------------------------------------
    async def bind(self, group: Group) -> None:
        await self._groups.update({"_id": group.name}, {"$set": {"topics": list(group.topics)}}, upsert=True)

    async def groups(self) -> dict[str, Group]:
        return {found["_id"]: Group(found["_id"], tuple(found["topics"])) for found in await self._groups.find({})}

    async def own(self, group: str, owner: str) -> None:
        """The newest instance takes over: the one before it is dead, or about to notice."""
        await self._groups.update({"_id": group}, {"$set": {"owner": owner}})

    async def owns(self, group: str, owner: str) -> bool:
        """Whether this instance works on the group, after taking it if nobody does."""
        found = await self._groups.update({"_id": group, "owner": {"$in": [None, owner]}}, {"$set": {"owner": owner}})
        return found is not None

    async def disown(self, group: str, owner: str) -> None:
        await self._groups.update({"_id": group, "owner": owner}, {"$set": {"owner": None}})

    # --- deliveries -------------------------------------------------------------------------------------------------------------
    async def add(self, groups: Sequence[str], text: str) -> None:
        """One event for each of these groups, for all or for none."""
        self._position = position = max(self._position + 1, time.time_ns())
        await self._adds.submit([Insert(self._row(group, text, position)) for group in groups])

    async def _add(self, events: Sequence[Sequence[Insert]]) -> Sequence[None]:
        rows = [row for event in events for row in event]

        async def work(transaction: Transaction) -> None:
            await self._deliveries.write(rows, transaction=transaction)

        await self._database.transact(work)
        return [None] * len(events)

    def _row(self, group: str, text: str, position: int) -> dict[str, Any]:
        queued = {"state": "waiting", "n": position, "due": self._clock(), "attempt": 1, "deliveries": 0}
        return {"_id": new_id(), "group": group, "event": text, **queued}

    async def due(self, group: str, *, besides: Many[str], limit: int) -> list[QueuedEvent]:
        """The oldest that may be delivered now and are not among `besides`."""
        ready = {"group": group, "state": "waiting", "due": {"$lte": self._clock()}, "_id": {"$nin": list(besides)}}
        rows = await self._deliveries.find(ready, sort=[("n", 1)], limit=limit)
        return [QueuedEvent(row["_id"], row["group"], row["attempt"], row["event"]) for row in rows]

    async def claim(self, id: str) -> int | None:
        """Count one more delivery of this attempt; None when it is not waiting any more."""
        return await self._claims.submit(id)

    async def _claim(self, ids: Sequence[str]) -> Sequence[int | None]:
        """One process owns a group, so nobody counts in between."""
        waiting = {"_id": {"$in": list(ids)}, "state": "waiting"}
        await self._deliveries.write([Update({"_id": id, "state": "waiting"}, {"$inc": {"deliveries": 1}}) for id in ids])
        rows = await self._deliveries.find(waiting, limit=len(ids), fields=("deliveries",))
        counted = {row["_id"]: int(row["deliveries"]) for row in rows}
        return [counted.get(id) for id in ids]

    async def done(self, id: str) -> None:
        await self._ends.submit(id)

    async def _end(self, ids: Sequence[str]) -> Sequence[None]:
        await self._deliveries.delete({"_id": {"$in": list(ids)}})
        return [None] * len(ids)

    async def again(self, id: str, attempt: int, delay: float) -> None:
        due = self._clock() + timedelta(seconds=delay)
        await self._deliveries.update({"_id": id}, {"$set": {"attempt": attempt, "due": due, "deliveries": 0}})

    async def dead(self, id: str, reason: str) -> None:
        await self._deliveries.update({"_id": id}, {"$set": {"state": "dead", "reason": reason, "died_at": self._clock()}})

    async def dead_letters(self, groups: Sequence[str], limit: int) -> list[DeadLetter]:
        found = await self._deliveries.find({"group": {"$in": list(groups)}, "state": "dead"}, sort=[("died_at", 1)], limit=limit)
        return [DeadLetter(row["_id"], row["group"], row["reason"], row["attempt"], row["died_at"], _parsed(row["event"])) for row in found]

    async def drop_dead(self, words: str) -> int:
        return await self._deliveries.delete({"state": "dead", "event": {"$regex": re.escape(words)}})

    async def revive(self, id: str) -> str | None:
        """The group that got it back, at the end of its queue; None when there is no such dead letter."""
        self._position = position = max(self._position + 1, time.time_ns())
        change = {
            "$set": {"state": "waiting", "attempt": 1, "deliveries": 0, "due": self._clock(), "n": position},
            "$unset": {"died_at": "", "reason": ""},
        }
        row = await self._deliveries.update({"_id": id, "state": "dead"}, change)
        return None if row is None else str(row["group"])


def parse(text: str) -> Envelope:
    """Raises Unreadable."""
    try:
        return Envelope.from_json(json.loads(text))
    except (json.JSONDecodeError, RecursionError):
        raise Unreadable("not JSON") from None


def _parsed(text: str) -> Envelope | None:
    try:
        return parse(text)
    except Unreadable:
        return None
