"""The documents of what protects sessions.

guards  one per session in which something was ever done, and one for all of them (EVERYWHERE), each with its log
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Final

from services.qa.guard.domain import Act, Blank, Guard
from services.qa.paging import pages
from shared.events.envelope import Envelope
from shared.events.guard import EVERYWHERE, GuardState
from shared.storage.port import Database, Document


class GuardStore:
    def __init__(self, database: Database) -> None:
        self._guards = database.collection("guards")

    async def guard(self, session: str) -> Guard:
        """At version 0 where nothing was ever done."""
        found = await self._guards.get(session)
        return Guard(session) if found is None else _guard(found)

    async def states(self, session: str = "") -> list[GuardState]:
        """Of every session, or of one and of all together; their logs are not read."""
        of = {"_id": {"$in": [session, EVERYWHERE]}} if session else {}
        return [_guard(found).state() async for found in pages(self._guards, of, _TOLD)]

    async def of_actor(self, person: str) -> list[str]:
        """The sessions in which the person did something."""
        return [found["_id"] async for found in pages(self._guards, {"acts.person": person}, ("_id",))]

    async def save(self, guard: Guard, event: Envelope) -> None:
        """Raises StaleVersion, Duplicate when somebody else was faster."""
        document = _document(guard)
        if guard.version == 1:
            await self._guards.insert({**document, "version": 1}, [event])
        else:
            await self._guards.save(document, expected_version=guard.version - 1, events=[event])


def _document(guard: Guard) -> Document:
    """All but the version, which the store moves."""
    document = asdict(guard)
    document["_id"] = document.pop("session")
    del document["version"]
    return document


_TOLD: Final = ("version", "blank")
_ACT: Final = tuple(field.name for field in fields(Act))


def _guard(document: Document) -> Guard:
    """A field that came later than the document has its default."""
    blank = document.get("blank")
    acts = tuple(Act(**{name: act[name] for name in _ACT if name in act}) for act in document.get("acts", ()))
    return Guard(document["_id"], document["version"], None if blank is None else Blank(**blank), acts)
