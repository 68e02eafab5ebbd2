"""The documents of what protects sessions.

guards  one per session in which something was ever done, and one for all of them (EVERYWHERE), each with its log
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import asdict, fields
from typing import Final

from services.qa.guard.domain import Act, Blank, Guard, Muted, Slow
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

    async def each(self, sessions: Set[str]) -> dict[str, Guard]:
        """Those of these sessions; their logs are not read."""
        found = await self._guards.find({"_id": {"$in": list(sessions)}}, limit=len(sessions), fields=_TOLD)
        return {guard.session: guard for guard in map(_guard, found)}

    async def passing(self) -> list[Guard]:
        """Those in which something ends with the session; their logs are not read."""
        holds = {"$or": [{"slow": {"$ne": None}}, {"muted.0": {"$exists": True}}]}
        return [_guard(found) async for found in pages(self._guards, holds, _TOLD)]

    async def of_person(self, person: str) -> list[str]:
        """The sessions in which the person did something, or is muted."""
        theirs = {"$or": [{"acts.person": person}, {"muted.person": person}]}
        return [found["_id"] async for found in pages(self._guards, theirs, ("_id",))]

    async def muted_in(self, person: str) -> list[str]:
        return sorted([found["_id"] async for found in pages(self._guards, {"muted.person": person}, ("_id",))])

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


_TOLD: Final = ("version", "blank", "slow", "muted", "words")
_ACT: Final = tuple(field.name for field in fields(Act))


def _guard(document: Document) -> Guard:
    """A field that came later than the document has its default."""
    blank, slow = document.get("blank"), document.get("slow")
    muted = tuple(Muted(**each) for each in document.get("muted", ()))
    acts = tuple(Act(**{name: act[name] for name in _ACT if name in act}) for act in document.get("acts", ()))
    words = {language: tuple(each) for language, each in document.get("words", {}).items()}
    return Guard(
        document["_id"], document["version"], None if blank is None else Blank(**blank), None if slow is None else Slow(**slow), muted,
        words, acts,
    )  # fmt: skip
