"""The documents of polls.

polls         one per poll; `live` is true while it takes answers, so that one of a session does at a time (unique)
poll_answers  one per poll and person (unique): what they answered, or the hands they counted in their hall
poll_tallies  one per poll: its answers as they were counted last, for feeds that begin; `next` numbers the countings
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from services.qa.paging import pages
from services.qa.polls.answering import AnswerDecision, AnswerWish, Keep, Taken, decide_answers
from services.qa.polls.answers import HallCount
from services.qa.polls.domain import Poll
from services.qa.polls.life import POLL_COUNTED, POLL_LIVE
from services.qa.polls.results import Cell
from shared.errors import DomainError
from shared.events.envelope import Envelope
from shared.events.poll import PollAnswer, PollOption, PollTally
from shared.events.vocabulary import PollOrigin, PollStatus, is_door
from shared.ids import IdSource
from shared.storage.port import Database, Document, Index, Insert, Transaction, Update, Write

POLL_INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    "polls": (
        Index("one_live_poll", (("session", 1),), unique=True, partial={"live": True}),
        Index("by_session", (("session", 1), ("position", 1))),
        Index("by_status", (("status", 1),)),
    ),
    "poll_answers": (
        Index("one_answer_each", (("poll", 1), ("person", 1)), unique=True),
        Index("by_door", (("poll", 1), ("door", 1))),
        Index("by_person", (("person", 1),)),
    ),
}
MOST_CELLS: Final = 20_000
"""Of one poll: different words, three doors, three places."""
MOST_HALLS: Final = 500
NOBODY: Final = "erased:"
"""Begins what stands for the person in an answer whose person was erased."""


class PollStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._polls = database.collection("polls")
        self._answers = database.collection("poll_answers")
        self._tallies = database.collection("poll_tallies")

    # --- polls -----------------------------------------------------------------------------------------------------------------------
    async def poll(self, id: str) -> Poll | None:
        found = await self._polls.get(id)
        return None if found is None else _poll(found)

    async def of_session(self, session: str) -> list[Poll]:
        return [_poll(found) async for found in pages(self._polls, {"session": session})]

    async def in_status(self, *statuses: PollStatus) -> list[Poll]:
        return [_poll(found) async for found in pages(self._polls, {"status": {"$in": statuses}})]

    async def of_origin(self, origin: PollOrigin) -> list[Poll]:
        return [_poll(found) async for found in pages(self._polls, {"origin": origin})]

    async def all(self) -> list[Poll]:
        return [_poll(found) async for found in pages(self._polls, {})]

    async def sessions(self) -> set[str]:
        """Those of which a poll was opened."""
        counted = {"status": {"$in": sorted(POLL_COUNTED)}, "opened_at": {"$ne": None}}
        return {found["session"] async for found in pages(self._polls, counted, ("session",))}

    async def count(self, session: str, limit: int) -> int:
        return await self._polls.count({"session": session}, limit=limit)

    async def insert(self, poll: Poll, event: Envelope) -> None:
        """Raises Duplicate when the id is taken."""
        await self._polls.insert(_document(poll), [event])

    async def save(self, poll: Poll, event: Envelope) -> Poll:
        """Raises StaleVersion, and Duplicate("one_live_poll") when another poll of the session takes answers."""
        return _poll(await self._polls.save(_document(poll), expected_version=poll.version - 1, events=[event]))

    # --- answers ---------------------------------------------------------------------------------------------------------------------
    async def take(self, wishes: Sequence[AnswerWish]) -> Sequence[Taken | DomainError]:
        """Many answers in one transaction: all of them or none. Whoever writes for one of these people meanwhile, in whatever process, is
        in its way, and then it is decided anew."""
        ids, keys = list({wish.poll for wish in wishes}), list({_answer_id(wish) for wish in wishes})

        async def work(transaction: Transaction) -> AnswerDecision:
            found = await self._polls.find({"_id": {"$in": ids}}, limit=len(ids), transaction=transaction)
            known = await self._answers.find({"_id": {"$in": keys}}, limit=len(keys), fields=_KEY_AND_REV, transaction=transaction)
            held = {(each["poll"], each["person"]): each["rev"] for each in known}
            decision = decide_answers(wishes, {poll.id: poll for poll in map(_poll, found)}, held)
            kept = sorted(decision.kept, key=lambda keep: keep.known)  # writes of a kind beside each other are one command
            await self._answers.write([_written(keep) for keep in kept], transaction=transaction)
            return decision

        return (await self._database.transact(work)).taken

    async def answers_of(self, person: str) -> list[tuple[str, PollAnswer, datetime]]:
        """(session, answer, when)"""
        return [(found["session"], _answer(found), found["at"]) async for found in pages(self._answers, {"person": person})]

    async def halls_of(self, host: str) -> list[PollAnswer]:
        """The hands that the host of a local hub counted, poll by poll."""
        return [_answer(found) async for found in pages(self._answers, {"person": host, "hall": {"$ne": None}})]

    async def recount_hall(self, known: PollAnswer, hall: HallCount | None) -> PollAnswer | None:
        """Other hands in the place of those that are known, None: none. None when somebody counted anew meanwhile."""
        counted = None if hall is None else {"counts": dict(hall.counts), "people": hall.people}
        key = {"_id": f"{known.poll}:{known.person}", "rev": known.rev}
        changed = await self._answers.update(key, {"$set": {"hall": counted}, "$inc": {"rev": 1}})
        return None if changed is None else _answer(changed)

    async def answers(self, session: str = "", person: str = "") -> list[tuple[str, PollAnswer]]:
        """(session, answer), without those whose person is not known any more."""
        of = {**({"session": session} if session else {}), **({"person": person} if person else {})}
        found = [each async for each in pages(self._answers, of)]
        return [(each["session"], _answer(each)) for each in found if not each["person"].startswith(NOBODY)]

    async def forget(self, person: str, new_id: IdSource) -> None:
        """The answers count as before; whose they were is known no more."""
        for found in [each async for each in pages(self._answers, {"person": person})]:
            nobody = f"{NOBODY}{new_id()}"
            nameless = {**found, "_id": f"{found['poll']}:{nobody}", "person": nobody}
            await self._database.transact(self._exchanging(found["_id"], nameless))

    def _exchanging(self, id: str, nameless: Document) -> Any:
        async def work(transaction: Transaction) -> None:
            if await self._answers.delete({"_id": id}, transaction=transaction):
                await self._answers.insert(nameless, transaction=transaction)

        return work

    # --- counts ----------------------------------------------------------------------------------------------------------------------
    async def count_answers(self, poll: str) -> tuple[int, list[Cell], list[HallCount]]:
        """A number for this counting, and what it found. Numbers are taken before the answers are read: whoever counts an answer that was
        written later has a higher one."""
        numbered = _there(await self._tallies.update({"_id": poll}, {"$inc": {"next": 1}}, upsert=True))
        cells = await self._answers.tally({"poll": poll}, by="door", each="choice", limit=MOST_CELLS)
        halls = await self._answers.find({"poll": poll, "hall": {"$ne": None}}, limit=MOST_HALLS, fields=("hall",))
        counted = [HallCount(each["hall"]["counts"], each["hall"]["people"]) for each in halls]
        return numbered["next"], [Cell(*cell) for cell in cells if is_door(cell[0])], counted

    async def put_tally(self, tally: PollTally) -> None:
        """Keeps the newest."""
        older = {"_id": tally.poll, "$or": [{"tally": None}, {"tally.rev": {"$lt": tally.rev}}]}
        await self._tallies.update(older, {"$set": {"tally": _kept(tally)}})

    async def tallies(self, polls: Sequence[str]) -> list[PollTally]:
        kept = pages(self._tallies, {"_id": {"$in": list(polls)}, "tally": {"$ne": None}})
        return [_tally(found["_id"], found["tally"]) async for found in kept]


def _there(document: Document | None) -> Document:
    assert document is not None
    return document


def _document(poll: Poll) -> Document:
    document = asdict(poll)
    document["_id"] = document.pop("id")
    document["options"] = [asdict(option) for option in poll.options]
    return {**document, "live": poll.status in POLL_LIVE}


_POLL_FIELDS: Final = tuple(field.name for field in fields(Poll) if field.name not in ("id", "options", "flagged"))


def _poll(document: Document) -> Poll:
    options = tuple(PollOption(**option) for option in document["options"])
    kept = {name: document[name] for name in _POLL_FIELDS if name in document}
    return Poll(id=document["_id"], options=options, flagged=tuple(document["flagged"]), **kept)


_KEY_AND_REV: Final = ("poll", "person", "rev")


def _answer_id(wish: AnswerWish) -> str:
    return f"{wish.poll}:{wish.person}"


def _written(keep: Keep) -> Write:
    wish, hall = keep.wish, keep.given.hall
    values = {
        "session": keep.session, "door": wish.door, "at": wish.at, "rev": keep.rev, "choice": list(keep.given.choice),
        "hall": None if hall is None else {"counts": dict(hall.counts), "people": hall.people},
    }  # fmt: skip
    if keep.known:
        return Update({"_id": _answer_id(wish)}, {"$set": values})
    return Insert({"_id": _answer_id(wish), "poll": wish.poll, "person": wish.person, **values})


def _answer(document: Document) -> PollAnswer:
    hall = document["hall"]
    return PollAnswer(
        document["poll"], document["person"], document["rev"], tuple(document["choice"]),
        None if hall is None else hall["counts"], 0 if hall is None else hall["people"],
    )  # fmt: skip


def _kept(tally: PollTally) -> Document:
    """Words are no names of fields."""
    counts: list[Any] = [[key, dict(by_door)] for key, by_door in tally.counts.items()]
    return {"rev": tally.rev, "answers": dict(tally.answers), "counts": counts, "halls": tally.halls}


def _tally(poll: str, kept: Document) -> PollTally:
    return PollTally(poll, kept["rev"], kept["answers"], dict(kept["counts"]), kept["halls"])
