"""The documents, queries and indexes of the qa service.

questions    one document per question; votes and votes_rev are moved by ballots only, without moving the version
votes        one document per question and voter (unique), kept with on: false when taken back, so that its rev is not lost; `door` by
             which the voter came (older ones have none); `hands`: as many as the host of a local hub counted
halls        how many are in a local hub, as its host declared last, while an older pass may still say otherwise
floors       one per session
stages       what each stage sends out, as last announced · the day: day_store.py · polls, hands, notes, seats, guards: their stores
revocations  withdrawn accesses for as long as a pass of theirs could still be valid
turns        when each person asked last
claims       claim_store.py
identity     one: what tells this store from any other
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from services.qa.ballots import BallotDecision, Counted, Wish, decide
from services.qa.claim_store import INDEXES as CLAIM_INDEXES
from services.qa.claim_store import ClaimStore
from services.qa.day_store import DayStore, put_newer
from services.qa.documents import ballot_id, ballot_of, floor_document, floor_of, held_of, moved, risen
from services.qa.documents import document_of as _named
from services.qa.documents import question_of as _question
from services.qa.facts import Contents, ToldDay
from services.qa.floor import Floor
from services.qa.guard.store import GuardStore
from services.qa.hands.store import HAND_INDEXES, HandStore
from services.qa.life import OPEN
from services.qa.life_store import LifeStore
from services.qa.notes.store import NOTE_INDEXES, NoteStore
from services.qa.paging import pages
from services.qa.polls.store import POLL_INDEXES, PollStore
from services.qa.question import Question
from services.qa.stage_store import AnnouncedStages
from services.qa.table.link_store import LINK_INDEXES, TableLinkStore
from services.qa.table.store import TABLE_INDEXES, SeatStore
from shared.auth.passes import LEEWAY, LIFETIME
from shared.errors import DomainError
from shared.events.envelope import Envelope
from shared.events.programme import SessionRef
from shared.events.vocabulary import QuestionStatus
from shared.storage.port import Database, Duplicate, Index, Insert, Transaction, Update, Write

TURN_KEPT_SECONDS: Final = 3600
MOST_OPEN_READ: Final = 20_000
"""Open questions of all who ask at once, in whatever sessions."""
REVOCATION_KEPT_SECONDS: Final = int((LIFETIME + LEEWAY).total_seconds()) + 60

ONE_NEXT: Final = "one_next"

INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    "questions": (
        Index("one_on_stage", (("session", 1),), unique=True, partial={"status": "on_stage"}),
        Index(ONE_NEXT, (("session", 1),), unique=True, partial={"cued_at": {"$type": "date"}}),
        Index("by_session", (("session", 1), ("asked_at", 1))),
        Index("by_author", (("author", 1), ("session", 1), ("status", 1))),
    ),
    "votes": (
        Index("one_vote_each", (("question", 1), ("voter", 1)), unique=True),
        Index("by_voter", (("voter", 1), ("session", 1))),
    ),
    "revocations": (Index("kept", (("at", 1),), expire_after=REVOCATION_KEPT_SECONDS),),
    "halls": (Index("kept", (("at", 1),), expire_after=REVOCATION_KEPT_SECONDS),),
    "turns": (Index("kept", (("at", 1),), expire_after=TURN_KEPT_SECONDS),),
    **CLAIM_INDEXES,
    **POLL_INDEXES,
    **HAND_INDEXES,
    **NOTE_INDEXES,
    **TABLE_INDEXES,
    **LINK_INDEXES,
}
OUTBOXES: Final = ("questions", "floors", "polls", "hands", "notes", "seats", "guards")


class AskTurn(NamedTuple):
    """A person's turn to ask this question, `every` so long one of theirs."""

    person: str
    question: str
    now: datetime
    every: timedelta


class QaStore:
    def __init__(self, database: Database, event_id: str) -> None:
        self._database = database
        self.day = DayStore(database, event_id)
        self.claims = ClaimStore(database)
        self.polls = PollStore(database)
        self.hands = HandStore(database)
        self.notes = NoteStore(database)
        self.seats = SeatStore(database)
        self.table_links = TableLinkStore(database)
        self.guards = GuardStore(database)
        self.life = LifeStore(database)
        self.stages = AnnouncedStages(database)
        self._questions = database.collection("questions")
        self._votes = database.collection("votes")
        self._floors = database.collection("floors")
        self._revocations = database.collection("revocations")
        self._turns = database.collection("turns")
        self._identity = database.collection("identity")
        self._halls = database.collection("halls")

    async def prepare(self) -> None:
        await self._database.ensure_indexes(INDEXES)

    async def identity(self, proposed: str) -> str:
        """Of this store: what the first process over it proposed."""
        with suppress(Duplicate):  # another one proposes at this moment
            await self._identity.insert({"_id": "store", "identity": proposed})
        found = await self._identity.get("store")
        return proposed if found is None else str(found["identity"])

    # --- questions -----------------------------------------------------------------------------------------------------------------
    async def question(self, id: str) -> Question | None:
        found = await self._questions.get(id)
        return None if found is None else _question(found)

    async def questions(self, ids: Set[str]) -> list[Question]:
        return [_question(found) for found in await self._questions.find({"_id": {"$in": list(ids)}}, limit=len(ids))]

    async def insert_questions(self, rows: Sequence[tuple[Question, Envelope]]) -> list[Duplicate | None]:
        """One write for all of them; Duplicate in the place of each whose id is taken."""
        return await self._questions.write([Insert(_named(question), [event]) for question, event in rows])

    async def of_author(self, person: str) -> list[Question]:
        return [_question(found) async for found in pages(self._questions, {"author": person})]

    async def open_of(self, authors: Set[str]) -> Mapping[tuple[str, str], int]:
        """(author, session) → how many open questions; who has none is left out."""
        theirs = {"author": {"$in": list(authors)}, "status": {"$in": sorted(OPEN)}}
        found = await self._questions.find(theirs, limit=MOST_OPEN_READ, fields=("author", "session"))
        return Counter([(each["author"], each["session"]) for each in found])

    async def count_of_authors(self, authors: Sequence[str]) -> Mapping[str, int]:
        """Author → how many questions, in whatever state; who asked none is left out."""
        return Counter([found["author"] async for found in pages(self._questions, {"author": {"$in": list(authors)}}, ("author",))])

    async def statuses(self, author: str = "") -> list[tuple[str, QuestionStatus]]:
        """(session, status) of every question, or of every question of one author."""
        of = {"author": author} if author else {}
        return [(found["session"], found["status"]) async for found in pages(self._questions, of, ("session", "status"))]

    async def take_turns(self, turns: Sequence[AskTurn]) -> list[float | None]:
        """Each one atomic step: None when it is this person's turn (from then on it is nobody else's of the same
        person, on no device and in no replica), else the seconds until it will be. Taking it again for the same question is no second
        turn."""
        taken = await self._turns.write([_taken_by(turn) for turn in turns])
        late = {turn.person for turn, refused in zip(turns, taken, strict=True) if refused is not None}
        found = await self._turns.find({"_id": {"$in": list(late)}}, limit=len(late)) if late else []
        last = {turn["_id"]: turn["at"] for turn in found}
        return [
            None if refused is None else max(1.0, (last.get(turn.person, turn.now) - turn.now + turn.every).total_seconds())
            for turn, refused in zip(turns, taken, strict=True)
        ]

    # --- votes ---------------------------------------------------------------------------------------------------------------------
    async def cast(self, wishes: Sequence[Wish]) -> Sequence[Counted | DomainError]:
        """Many votes, their ballots and the counts, in one transaction: all of them or none. Whoever else moves one of these questions
        meanwhile, in whatever process, is in its way, and then it is decided anew."""
        ids, keys = list({wish.question for wish in wishes}), list({ballot_id(wish) for wish in wishes})

        async def work(transaction: Transaction) -> BallotDecision:
            found = await self._questions.find({"_id": {"$in": ids}}, limit=len(ids), transaction=transaction)
            cast = await self._votes.find({"_id": {"$in": keys}}, limit=len(keys), transaction=transaction)
            held = {(ballot["question"], ballot["voter"]): held_of(ballot) for ballot in cast}
            decision = decide(wishes, {question.id: question for question in map(_question, found)}, held)
            counts = [Update({"_id": id}, {"$inc": risen(shift)}) for id, shift in decision.counts.items()]
            await self._questions.write(counts, transaction=transaction)
            moves = sorted(decision.moves, key=lambda move: move.known)  # writes of a kind beside each other are one command
            await self._votes.write([moved(move) for move in moves], transaction=transaction)
            return decision

        return (await self._database.transact(work)).answers

    async def votes_of(self, voter: str) -> list[str]:
        """Ids of the questions that the person's votes count for."""
        return [found["question"] async for found in pages(self._votes, {"voter": voter, "on": True})]

    async def counted_by(self, voter: str) -> list[str]:
        """Ids of the questions that the host of a local hub counted hands for."""
        return [found["question"] async for found in pages(self._votes, {"voter": voter, "hands": {"$gt": 0}})]

    async def put_hall(self, host: str, people: int, at: datetime) -> None:
        await put_newer(self._halls, host, "at", at, {"at": at, "people": people})

    async def hall(self, host: str) -> tuple[int, datetime] | None:
        """(people, declared at), None where every pass that may still be valid says it."""
        found = await self._halls.get(host)
        return None if found is None else (found["people"], found["at"])

    async def _hall_of_each(self) -> dict[str, tuple[int, datetime]]:
        return {found["_id"]: (found["people"], found["at"]) async for found in pages(self._halls, {})}

    async def forget_voter(self, voter: str) -> None:
        """The counts stay as they are; whose votes they were is known no more. Neither is when the person asked last."""
        await self._votes.delete({"voter": voter})
        await self._turns.delete({"_id": voter})
        await self._halls.delete({"_id": voter})

    # --- floors, sessions, stages ----------------------------------------------------------------------------------------------------
    async def floor(self, session: str) -> Floor | None:
        found = await self._floors.get(session)
        return None if found is None else floor_of(found)

    async def floors(self) -> list[Floor]:
        return [floor_of(found) async for found in pages(self._floors, {})]

    async def floors_of(self, sessions: Set[str]) -> dict[str, Floor]:
        """Those of them that there are."""
        found = await self._floors.find({"_id": {"$in": list(sessions)}}, limit=len(sessions))
        return {floor.session: floor for floor in map(floor_of, found)}

    async def insert_floor(self, floor: Floor, event: Envelope) -> None:
        """Raises Duplicate when the session has one already."""
        await self._floors.insert({**floor_document(floor), "version": 1}, [event])

    async def save_floor(self, floor: Floor, event: Envelope) -> None:
        """Raises StaleVersion."""
        await self._floors.save(floor_document(floor), expected_version=floor.version - 1, events=[event])

    async def contents(self, *, ballots: bool) -> Contents:
        """Everything for the live feed; the many ballots only when asked for. Removed sessions only where they have questions or polls that
        were asked."""
        questions = [_question(found).state() async for found in pages(self._questions, {})]
        cast = [(found["session"], ballot_of(found)) async for found in pages(self._votes, {})] if ballots else []
        polls = await self.polls.all()
        asked = {poll.session for poll in polls if poll.opened_at is not None}
        day, in_force = await self._day({question.session for question in questions} | asked)
        sessions = {**dict.fromkeys(day.removed), **{ref.id: ref.stage for ref in in_force}}
        floors = [floor for floor in await self.floors() if floor.session in sessions]
        polls = [poll for poll in polls if poll.session in sessions]
        return Contents(
            sessions, floors, await self.stages.all(), questions, cast, claims=await self.claims.all(),
            polls=[poll.state() for poll in polls],
            tallies=await self.polls.tallies([poll.id for poll in polls]), day=day,
            poll_answers=await self.polls.answers() if ballots else [],
            hands=[hand.state() for hand in await self.hands.all() if hand.session in sessions],
            notes=[note.state() for note in await self.notes.all() if note.session in sessions],
            seats=[seat.told() for seat in await self.seats.all() if seat.session in sessions],
            studios=[held for held in await self.seats.studios() if held[0].session in sessions],
            guards=await self.guards.states(), halls=await self._hall_of_each(),
        )  # fmt: skip

    async def _day(self, with_questions: Set[str]) -> tuple[ToldDay, Sequence[SessionRef]]:
        """And the sessions in force. The first release kept no programme: then whatever it knew is in force until one is told."""
        programme, order, lives = await self.day.programme(), await self.day.running_order(), await self.day.lives()
        in_force = [life.ref for life in lives.values()] if programme is None else programme.event.sessions
        gone = lives.keys() - {ref.id for ref in in_force}
        return ToldDay(programme, order, {id: lives[id].ref for id in gone & with_questions}), in_force

    async def contents_of(self, session: str, voter: str) -> Contents:
        """What people did in one session; the ballots of one person only."""
        floor = await self.floor(session)
        questions = [_question(found).state() async for found in pages(self._questions, {"session": session})]
        cast = [(session, ballot_of(found)) async for found in pages(self._votes, {"session": session, "voter": voter})]
        polls = [poll.state() for poll in await self.polls.of_session(session)]
        return Contents(
            {session: None}, [] if floor is None else [floor], questions=questions, ballots=cast, claims=await self.claims.all(session),
            polls=polls, tallies=await self.polls.tallies([poll.id for poll in polls]),
            poll_answers=await self.polls.answers(session, voter), hands=[hand.state() for hand in await self.hands.all(session)],
            notes=[note.state() for note in await self.notes.all(session)],
            seats=[seat.told() for seat in await self.seats.all(session)], studios=await self.seats.studios(session),
            guards=await self.guards.states(session),
        )  # fmt: skip

    # --- access ----------------------------------------------------------------------------------------------------------------------
    async def revoke(self, person: str, at: datetime) -> None:
        await put_newer(self._revocations, person, "at", at, {"at": at})

    async def revocations(self) -> list[tuple[str, datetime]]:
        return [(found["_id"], found["at"]) async for found in pages(self._revocations, {})]


def _taken_by(turn: AskTurn) -> Write:
    free = {"_id": turn.person, "$or": [{"at": {"$lte": turn.now - turn.every}}, {"question": turn.question}]}
    return Update(free, {"$set": {"at": turn.now, "question": turn.question}}, upsert=True)
