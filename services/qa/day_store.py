"""What registration told of the day: the documents. What must not be here: rules, what follows from them, a driver.

running_orders  one per event: how the day really goes, whole, as last told
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar

from shared.events.kind import Event, adapter
from shared.events.running_order import RunningOrderChanged
from shared.storage.port import Collection, Database, Document, Duplicate

E = TypeVar("E", bound=Event)

RUNNING_ORDERS: Final = "running_orders"


class ToldOrder(NamedTuple):
    """A running order and its version."""

    version: int
    event: RunningOrderChanged


class DayStore:
    def __init__(self, database: Database) -> None:
        self._running_orders = database.collection(RUNNING_ORDERS)

    async def put_running_order(self, version: int, event: RunningOrderChanged) -> bool:
        """Keeps the highest version. False when what is there is as new or newer."""
        return await put_newer(self._running_orders, event.event_id, "version", version, {"version": version, "data": _written(event)})

    async def running_order(self, event_id: str) -> ToldOrder | None:
        found = await self._running_orders.get(event_id)
        return None if found is None else ToldOrder(found["version"], _read(RunningOrderChanged, found))


async def put_newer(collection: Collection, id: str, field: str, value: Any, change: Mapping[str, Any]) -> bool:
    """One atomic step: the change, unless `field` of what is there is as high or higher (False)."""
    with contextlib.suppress(Duplicate):
        await collection.update({"_id": id, field: {"$lt": value}}, {"$set": dict(change)}, upsert=True)
        return True
    return False


def _written(event: Event) -> Document:
    data: Document = adapter(type(event)).dump_python(event, mode="json")
    return data


def _read(cls: type[E], document: Document) -> E:
    """An event of an older release lacks what was added since, and has its defaults."""
    event: E = adapter(cls).validate_json(json.dumps(document["data"]), strict=True)
    return event
