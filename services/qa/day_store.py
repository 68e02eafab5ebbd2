"""What registration told of the day: the documents. What must not be here: rules, what follows from them, a driver.

programmes      one per event: the programme in force, whole, as last told
running_orders  one per event: how the day really goes, whole, as last told
sessions        one per session that ever was in a programme: its life (sessions.py) and what was last told of it
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from services.qa.facts import ToldOrder, ToldProgramme
from services.qa.paging import pages
from services.qa.sessions import Life
from shared.events.kind import adapter
from shared.events.programme import ProgrammePublished, SessionRef
from shared.events.running_order import RunningOrderChanged
from shared.storage.port import Collection, Database, Document, Duplicate

T = TypeVar("T")


class DayStore:
    """Of one event."""

    def __init__(self, database: Database, event_id: str) -> None:
        self._event_id = event_id
        self._programmes = database.collection("programmes")
        self._running_orders = database.collection("running_orders")
        self._sessions = database.collection("sessions")

    # --- as told -------------------------------------------------------------------------------------------------------------------
    async def put_programme(self, version: int, event: ProgrammePublished) -> None:
        """Keeps the highest version."""
        await put_newer(self._programmes, self._event_id, "version", version, {"version": version, "data": _written(event)})

    async def put_running_order(self, version: int, event: RunningOrderChanged) -> None:
        """Keeps the highest version."""
        await put_newer(self._running_orders, self._event_id, "version", version, {"version": version, "data": _written(event)})

    async def programme(self) -> ToldProgramme | None:
        found = await self._programmes.get(self._event_id)
        return None if found is None else ToldProgramme(found["version"], _read(ProgrammePublished, found["data"]))

    async def running_order(self) -> ToldOrder | None:
        found = await self._running_orders.get(self._event_id)
        return None if found is None else ToldOrder(found["version"], _read(RunningOrderChanged, found["data"]))

    # --- lives of sessions ---------------------------------------------------------------------------------------------------------
    async def lives(self) -> dict[str, Life]:
        return {found["_id"]: _life(found) async for found in pages(self._sessions, {})}

    async def life(self, session: str) -> Life | None:
        found = await self._sessions.get(session)
        return None if found is None else _life(found)

    async def put_life(self, life: Life, version: int) -> None:
        """Unless a newer programme has written it. `version`: the programme's."""
        change = {"programme": version, "since": life.since, "removed": life.removed, "ref": _written(life.ref)}
        not_newer = {"_id": life.id, "programme": {"$lte": version}}
        with contextlib.suppress(Duplicate):
            await self._sessions.update(not_newer, {"$set": change}, upsert=True)


async def put_newer(collection: Collection, id: str, field: str, value: Any, change: Mapping[str, Any]) -> None:
    """One atomic step: the change, unless `field` of what is there is as high or higher."""
    with contextlib.suppress(Duplicate):
        await collection.update({"_id": id, field: {"$lt": value}}, {"$set": dict(change)}, upsert=True)


def _life(document: Document) -> Life:
    """The first release kept no more of a session than its title, its stage and whether it takes questions."""
    if "ref" not in document:
        ref = SessionRef(document["_id"], "", "", document["title"], None, None, None, document["stage"], document["questions"])
        return Life(ref, since=document["programme"])
    return Life(_read(SessionRef, document["ref"]), document["since"], document["removed"])


def _written(value: object) -> Document:
    data: Document = adapter(type(value)).dump_python(value, mode="json")
    return data


def _read(cls: type[T], data: Document) -> T:
    """What an older release wrote lacks what was added since, and has its defaults."""
    value: T = adapter(cls).validate_json(json.dumps(data), strict=True)
    return value
