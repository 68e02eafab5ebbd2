"""Queries of a question's life that touch more than one document: the shortlist of a session, votes that follow a merged question, what
moderators leave behind. What must not be here: rules, a driver.

A ballot that came by merging has `via`, the merged question, and `via_rev`, its rev then: as long as the two revs are the same nobody
touched it since, and undoing the merge takes it away again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence, Set
from datetime import datetime
from typing import Any, Final, NamedTuple

from services.qa.documents import ballot_of, document_of, held_of, question_of, weighed
from services.qa.life import MERGEABLE_INTO
from services.qa.paging import pages
from services.qa.question import Question
from shared.events.envelope import Envelope
from shared.events.votes import Ballot
from shared.storage.port import Database, Document, Transaction, Update

MOST_SHORTLISTED: Final = 1000
MOST_MOVED: Final = 20_000
"""Ballots of one question."""
_ACTORS: Final = ("log.person", "draft_by", "judged_by")


class NotMergeable(Exception):
    """The other question is gone, elsewhere, or in a state that takes no more votes."""


class Moved(NamedTuple):
    """The question that votes were moved to or from, and the ballots that changed."""

    into: Question
    ballots: tuple[Ballot, ...]


class LifeStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._questions = database.collection("questions")
        self._votes = database.collection("votes")

    async def save(self, question: Question, *events: Envelope, transaction: Transaction | None = None) -> Question:
        """Votes stay as stored. Raises StaleVersion, and Duplicate where another question of the session is on stage or next."""
        document = document_of(question)
        for counted in ("votes", "votes_rev", "by_door"):
            del document[counted]
        saved = await self._questions.save(document, expected_version=question.version - 1, events=events, transaction=transaction)
        return question_of(saved)

    async def of_session(self, session: str) -> AsyncIterator[Question]:
        async for found in pages(self._questions, {"session": session}):
            yield question_of(found)

    async def last_asked(self, session: str, authors: Set[str]) -> dict[str, datetime]:
        """Author → when they asked last there; who never did is left out."""
        theirs = {"author": {"$in": list(authors)}, "session": session}
        last: dict[str, datetime] = {}
        async for found in pages(self._questions, theirs, ("author", "asked_at")):
            last[found["author"]] = max(found["asked_at"], last.get(found["author"], found["asked_at"]))
        return last

    async def shortlist(self, session: str) -> list[tuple[str, str]]:
        """(place, question), in order."""
        listed = {"session": session, "status": "published", "place": {"$gt": ""}}
        found = await self._questions.find(listed, limit=MOST_SHORTLISTED, fields=("place",))
        return sorted((each["place"], each["_id"]) for each in found)

    async def merge(self, question: Question, event: Envelope, now: datetime) -> tuple[Question, Moved]:
        """One vote for each voter of the two, in one transaction. Raises NotMergeable, StaleVersion."""

        async def work(transaction: Transaction) -> tuple[Question, Moved]:
            saved = await self.save(question, event, transaction=transaction)  # first: from here on nobody votes for it
            fits = {"_id": question.merged_into, "session": question.session, "status": {"$in": sorted(MERGEABLE_INTO)}}
            into = await self._recount(fits, (), 1, transaction)
            known = {ballot["voter"] for ballot in await self._cast({"question": into.id}, transaction)}
            cast = await self._cast({"question": question.id}, transaction)
            new = [ballot for ballot in cast if ballot["voter"] not in known and _counts(ballot, into)]
            into = await self._recount(fits, new, 1, transaction)
            await self._votes.write([_given(ballot, question.id, into, now) for ballot in new], transaction=transaction)
            return saved, Moved(into, tuple(ballot_of(ballot, into) for ballot in new))

        return await self._database.transact(work)

    async def part(self, question: Question, merged_into: str, event: Envelope, now: datetime) -> tuple[Question, Moved]:
        """The merge undone: what came by it goes. Raises NotMergeable, StaleVersion."""

        async def work(transaction: Transaction) -> tuple[Question, Moved]:
            saved = await self.save(question, event, transaction=transaction)
            into = await self._recount({"_id": merged_into}, (), 1, transaction)
            came = await self._cast({"question": merged_into, "via": question.id}, transaction)
            untouched = [ballot for ballot in came if ballot["rev"] == ballot["via_rev"]]
            into = await self._recount({"_id": merged_into}, untouched, -1, transaction)
            await self._votes.write([_taken(ballot, into, now) for ballot in untouched], transaction=transaction)
            return saved, Moved(into, tuple(Ballot(into.id, ballot["voter"], False, into.votes_rev) for ballot in untouched))

        return await self._database.transact(work)

    async def forget_actor(self, person: str, forget: Callable[[Question], Question]) -> None:
        """In every question that the person decided on; what was saved meanwhile is looked at again. Harmless to repeat."""
        for name in _ACTORS:
            async for found in pages(self._questions, {name: person}):
                await self._forget_in(found, forget)

    async def _forget_in(self, found: Document, forget: Callable[[Question], Question]) -> None:
        held: Document | None = found
        while held is not None:  # ends with the first try that no step overtakes
            document = document_of(forget(question_of(held)))
            change = {"$set": {name: document[name] for name in ("log", "draft_by", "judged_by")}}
            if await self._questions.update({"_id": held["_id"], "version": held["version"]}, change) is not None:
                return
            held = await self._questions.get(held["_id"])

    # --- inside ----------------------------------------------------------------------------------------------------------------------
    async def _recount(self, fits: dict[str, Any], ballots: Sequence[Document], sign: int, transaction: Transaction) -> Question:
        """With these ballots more (`sign` 1) or fewer (-1)."""
        by = weighed(map(held_of, ballots), sign)
        counted = await self._questions.update(fits, {"$inc": by}, transaction=transaction)
        if counted is None:
            raise NotMergeable
        return question_of(counted)

    async def _cast(self, of: dict[str, Any], transaction: Transaction) -> list[Document]:
        return await self._votes.find({**of, "on": True}, limit=MOST_MOVED, transaction=transaction)


def _counts(ballot: Document, into: Question) -> bool:
    """Nobody votes for their own question; a hall may, for that of its host."""
    return ballot["voter"] != into.author or held_of(ballot).counted


def _given(ballot: Document, via: str, into: Question, now: datetime) -> Update:
    """A new ballot, or one that its voter took back before."""
    kept = {name: value for name, value in ballot.items() if name in ("voter", "session", "door", "hands")}
    rev = into.votes_rev
    values = {"door": "", "hands": 0, **kept, "question": into.id, "on": True, "rev": rev, "at": now, "via": via, "via_rev": rev}
    return Update({"_id": f"{into.id}:{ballot['voter']}", "on": False}, {"$set": values}, upsert=True)


def _taken(ballot: Document, into: Question, now: datetime) -> Update:
    return Update({"_id": ballot["_id"]}, {"$set": {"on": False, "rev": into.votes_rev, "at": now}})
