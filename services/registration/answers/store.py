"""The documents of answers and ledgers: read models, the newest of each that was told.

answers       one per question that is answered or promised; gone with what is public of it, but for its version
ledgers       one per session
answer_mails  one per question whose author was written to
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.events.answer import AnswerRecorded
from shared.events.kind import adapter
from shared.events.ledger import LedgerCounted
from shared.storage.port import Collection, Database, Document, Duplicate, Index

MOST_SHOWN: Final = 2000
"""Answers of one session: as many as may be asked in one."""
MOST_OF_ONE: Final = 200
"""Answers to one person."""
INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    "answers": (Index("by_session", (("session", 1),)), Index("by_author", (("author", 1),))),
}


class AnswerStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers, self._ledgers = database.collection("answers"), database.collection("ledgers")
        self._mails = database.collection("answer_mails")

    async def prepare(self) -> None:
        await self._database.ensure_indexes(INDEXES)

    async def put(self, record: AnswerRecorded, seq: int) -> None:
        """An older one that comes late changes nothing. Of what is gone only the number stays, so that nothing older brings it back."""
        kept: Document = {"session": "", "author": "", "told": None}
        if record.standing != "gone":
            kept = {"session": record.session, "author": record.author, "told": _written(record)}
        await _put_newer(self._answers, record.question, seq, kept)

    async def of_session(self, session: str) -> list[AnswerRecorded]:
        """In the order in which they were put on stage or answered."""
        found = await self._answers.find({"session": session}, limit=MOST_SHOWN)
        return sorted((_read(AnswerRecorded, each["told"]) for each in found), key=_order)

    async def of_author(self, person: str) -> list[AnswerRecorded]:
        found = await self._answers.find({"author": person}, limit=MOST_OF_ONE) if person else []
        return sorted((_read(AnswerRecorded, each["told"]) for each in found), key=_order)

    async def forget(self, person: str) -> None:
        """Whose question it was goes, before the qa service says the same. Harmless to repeat."""
        for document in await self._answers.find({"author": person}, limit=MOST_SHOWN):
            nameless = {"author": "", "told.author": "", "told.name": ""}
            await self._answers.update({"_id": document["_id"], "author": person}, {"$set": nameless})

    async def newest(self, question: str) -> int:
        """The highest seq of the question that was told; 0 for none."""
        found = await self._answers.get(question)
        return 0 if found is None else int(found["seq"])

    async def put_ledger(self, counted: LedgerCounted, seq: int) -> None:
        await _put_newer(self._ledgers, counted.session, seq, {"told": _written(counted)})

    async def ledger(self, session: str) -> LedgerCounted | None:
        found = await self._ledgers.get(session)
        return None if found is None else _read(LedgerCounted, found["told"])

    async def mailed(self, question: str) -> bool:
        return await self._mails.get(question) is not None

    async def mark_mailed(self, question: str, at: datetime) -> None:
        with contextlib.suppress(Duplicate):
            await self._mails.insert({"_id": question, "at": at})


def _order(record: AnswerRecorded) -> tuple[str, str]:
    return (record.staged_at or record.answered_at or record.asked_at or "", record.question)


async def _put_newer(collection: Collection, id: str, seq: int, change: Mapping[str, Any]) -> None:
    with contextlib.suppress(Duplicate):
        await collection.update({"_id": id, "seq": {"$lt": seq}}, {"$set": {**change, "seq": seq}}, upsert=True)


def _written(event: object) -> Document:
    data: Document = adapter(type(event)).dump_python(event, mode="json")
    return data


def _read(cls: type[Any], data: Document) -> Any:
    return adapter(cls).validate_json(json.dumps(data), strict=True)
