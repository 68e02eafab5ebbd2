"""The documents of messages to many.

mailings         one message: to whom, its words, how it stands
mailing_mails    one mail of it to one person, from before it leaves: whoever writes it first sends it, nobody else does
mailings_told    what people were told last of how the event stands
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from services.registration.mailings.domain import LEAVING, Audience, Mailing, MailingProgress, MailingWords
from shared.storage.port import Database, Document, Duplicate, Index, StaleVersion

MAILINGS: Final = "mailings"
MAILS: Final = "mailing_mails"
TOLD: Final = "mailings_told"
MOST_SHOWN: Final = 50
MOST_OF_ONE: Final = 200
INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    MAILINGS: (Index("newest", (("event", 1), ("made_at", -1))), Index("running", (("event", 1), ("state", 1)))),
    MAILS: (Index("by_mailing", (("mailing", 1), ("state", 1))), Index("by_person", (("person", 1),))),
}


class MailingStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._mailings, self._mails, self._told = (database.collection(name) for name in (MAILINGS, MAILS, TOLD))

    async def prepare(self) -> None:
        await self._database.ensure_indexes(INDEXES)

    # --- mailings ---------------------------------------------------------------------------------------------------------
    async def add(self, mailing: Mailing) -> bool:
        """False where it was there already."""
        document = asdict(mailing)
        document["_id"] = document.pop("id")
        try:
            await self._mailings.insert(document)
        except Duplicate:
            return False
        return True

    async def mailing(self, id: str) -> Mailing | None:
        found = await self._mailings.get(id)
        return None if found is None else _to_mailing(found)

    async def newest(self, event: str) -> list[Mailing]:
        found = await self._mailings.find({"event": event}, sort=[("made_at", -1), ("_id", 1)], limit=MOST_SHOWN)
        return [_to_mailing(one) for one in found]

    async def running(self, event: str) -> list[Mailing]:
        found = await self._mailings.find({"event": event, "state": "running"}, sort=[("made_at", 1)], limit=MOST_SHOWN)
        return [_to_mailing(one) for one in found]

    async def is_running(self, id: str) -> bool:
        found = await self._mailings.get(id)
        return found is not None and found["state"] == "running"

    async def stand(self, before: Mailing, after: Mailing) -> bool:
        """Change how it stands; False where it stood otherwise meanwhile."""
        return await self._mailings.update({"_id": before.id, "state": before.state}, {"$set": {"state": after.state}}) is not None

    # --- the mails of one ---------------------------------------------------------------------------------------------------
    async def has(self, mailing: str, people: Collection[str]) -> set[str]:
        """Whose mail was begun already."""
        ids = [_mail_id(mailing, person) for person in people]
        return {one["person"] for one in await self._mails.find({"_id": {"$in": ids}}, limit=len(ids) or 1)}

    async def begin(self, mailing: str, person: str, at: datetime) -> bool:
        """False where somebody else did."""
        try:
            await self._mails.insert({"_id": _mail_id(mailing, person), "mailing": mailing, "person": person, "state": "leaving", "at": at})
        except Duplicate:
            return False
        return True

    async def left(self, mailing: str, person: str, state: str, at: datetime) -> None:
        """`sent` or `refused`."""
        await self._mails.update({"_id": _mail_id(mailing, person)}, {"$set": {"state": state, "at": at}})

    async def give_back(self, mailing: str, person: str) -> None:
        """It did not leave: it may be begun again."""
        await self._mails.delete({"_id": _mail_id(mailing, person)})

    async def give_back_unsure(self, mailing: str, now: datetime) -> int:
        return await self._mails.delete({"mailing": mailing, "state": "leaving", "at": {"$lt": now - LEAVING}})

    async def progress(self, mailing: str, now: datetime) -> MailingProgress:
        sent, refused = [await self._mails.count({"mailing": mailing, "state": state}) for state in ("sent", "refused")]
        unsure = await self._mails.count({"mailing": mailing, "state": "leaving", "at": {"$lt": now - LEAVING}})
        return MailingProgress(sent, refused, unsure)

    async def of_person(self, person: str) -> list[tuple[Mailing, datetime]]:
        """What was sent to somebody, and when."""
        mails = await self._mails.find({"person": person, "state": "sent"}, sort=[("at", 1)], limit=MOST_OF_ONE)
        found = []
        for mail in mails:
            mailing = await self.mailing(mail["mailing"])
            if mailing is not None:
                found.append((mailing, mail["at"]))
        return found

    async def forget(self, person: str) -> None:
        """Harmless to repeat."""
        await self._mails.delete({"person": person})

    # --- what was told last -------------------------------------------------------------------------------------------------
    async def told(self, event: str) -> Mapping[str, str] | None:
        found = await self._told.get(event)
        return None if found is None else dict(found["facts"])

    async def tell(self, event: str, facts: Mapping[str, str], *, only_first: bool = False) -> None:
        pairs = [[name, value] for name, value in facts.items()]
        with suppress(Duplicate, StaleVersion):
            await self._told.update({"_id": event}, {"$setOnInsert" if only_first else "$set": {"facts": pairs}}, upsert=True)


def _mail_id(mailing: str, person: str) -> str:
    return f"{mailing}/{person}"


def _to_mailing(found: Mapping[str, Any]) -> Mailing:
    names = ("event", "kind", "state", "made_at", "made_by", "total")
    words: Document = found["words"]
    return Mailing(
        id=found["_id"],
        audience=Audience(**found["audience"]),
        words={language: MailingWords(**one) for language, one in words.items()},
        **{name: found[name] for name in names},
    )
