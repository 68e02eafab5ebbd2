"""What the service keeps of a person, to be shown to them and to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from services.qa import domain
from services.qa.feed.projection import followed, mine
from services.qa.guard.app import Guards
from services.qa.hands.app import Hands
from services.qa.hands.domain import RaisedHand
from services.qa.life import VISIBLE
from services.qa.moving import Announcer
from services.qa.notes.app import ChairNotes
from services.qa.notes.domain import Note
from services.qa.question import Question
from services.qa.record import recorded
from services.qa.store import QaStore
from services.qa.table.app import Seats
from services.qa.table.seat import Seat
from services.qa.undo import as_told
from services.qa.voting import Voting
from shared.auth import capabilities
from shared.auth.passes import Pass
from shared.clock import Clock, to_text
from shared.errors import Invalid
from shared.events.poll import PollAnswer
from shared.storage.race import moved_on

Json = dict[str, Any]

MOST_ASKED_FOR: Final = 100
"""People whose questions are counted in one request."""


class HallPolls(Protocol):
    """What polls do about hands counted in a hall."""

    async def cap_halls(self, host: str, people: int) -> None: ...

    async def forget_halls(self, host: str) -> None: ...


class HallCounts:
    """What the hosts of local hubs counted, when their hall becomes smaller or they withdraw."""

    def __init__(self, store: QaStore, voting: Voting, polls: HallPolls, *, clock: Clock) -> None:
        self._store, self._voting, self._polls, self._clock = store, voting, polls, clock

    async def declared(self, host: str, people: int, at: datetime) -> None:
        """So many are in their hall since then: more than that they did not count. Harmless to repeat."""
        await self._store.put_hall(host, people, at)
        told = await self._store.hall(host)
        if told is None or told[1] <= at:
            await self._voting.cap(host, people, self._clock())
            await self._polls.cap_halls(host, people)

    async def forget(self, host: str) -> None:
        await self._voting.forget(host, self._clock())
        await self._polls.forget_halls(host)


class People:
    def __init__(
        self, store: QaStore, hands: Hands, seats: Seats, notes: ChairNotes, counts: HallCounts, guards: Guards,
        announcer: Announcer,
    ) -> None:  # fmt: skip
        self._store, self._hands, self._seats, self._notes, self._counts = store, hands, seats, notes, counts
        self._guards = guards
        self._announcer, self._clock, self._new_id, self._wake = announcer, announcer.clock, announcer.new_id, announcer.wake

    async def export(self, person: str) -> Mapping[str, object]:
        """{"questions": […], "votes": [for which questions], "polls": [answers], "hands": [raised lately], "notes": [written], "seats": [at
        the table, and what was agreed to], "hall": [how many they declared], "muted": [sessions]}"""
        now = self._clock()
        return {
            "questions": [_shown(as_told(question, now)) for question in await self._store.of_author(person)],
            "votes": [await self._voted(question) for question in sorted(await self._store.votes_of(person))],
            "polls": [await self._answered(*each) for each in await self._store.polls.answers_of(person)],
            "notes": [_noted(note) for note in await self._store.notes.of_person(person)],
            "hands": [_raised(hand) for hand in await self._store.hands.of_person(person)],
            "seats": [_sat(seat) for seat in await self._store.seats.of_person(person)],
            "hall": [] if (hall := await self._store.hall(person)) is None else [{"people": hall[0], "at": to_text(hall[1])}],
            "muted": [{"session": session} for session in await self._store.guards.muted_in(person)],
        }

    async def _voted(self, id: str) -> Mapping[str, object]:
        """What is no longer public of a question is not told to those who voted for it either."""
        question = await self._store.question(id)
        shown = question is not None and question.status in VISIBLE
        return {"id": id, "session": question.session if question else "", "question": question.text if question and shown else ""}

    async def _answered(self, session: str, answer: PollAnswer, at: datetime) -> Mapping[str, object]:
        poll = await self._store.polls.poll(answer.poll)
        texts = {} if poll is None else {option.id: option.text for option in poll.options}
        hall = None if answer.hall is None else {texts.get(key, key): number for key, number in answer.hall.items()}
        return {
            "session": session, "answered_at": to_text(at), "question": "" if poll is None else poll.question,
            "answer": [texts.get(key, key) for key in answer.choice], "counted_in_hall": hall,
        }  # fmt: skip

    async def asked_by(self, by: Pass) -> list[Json]:
        """[{"session", "title", "label", "language", "removed", "questions": [MINE]}]: what the caller asked in each session that their
        pass covers, oldest first, as its author may know it by now."""
        capabilities.require(by.duty, "question.read")
        own = sorted(await self._store.of_author(by.person), key=lambda question: (question.asked_at, question.id))
        sessions = dict.fromkeys(question.session for question in own if by.covers(question.session))
        return [await self._asked_in(session, [each for each in own if each.session == session]) for session in sessions]

    async def _asked_in(self, session: str, questions: Sequence[Question]) -> Json:
        life, now = await self._store.day.life(session), self._clock()
        named = {"title": "", "label": "", "language": ""} if life is None else {
            "title": life.ref.title, "label": life.ref.label, "language": life.ref.language,
        }  # fmt: skip
        shown = [mine(each.state(), now, await self._followed(each)) for each in questions]
        return {"session": session, **named, "removed": life is None or life.removed is not None, "questions": shown}

    async def _followed(self, question: Question) -> Json | None:
        into = await self._store.question(question.merged_into) if question.merged_into else None
        return followed(into.state() if into else None)

    async def asked(self, people: Sequence[str]) -> Mapping[str, int]:
        """How many questions each of them asked. Raises Invalid for more than MOST_ASKED_FOR."""
        if len(people) > MOST_ASKED_FOR:
            raise Invalid("qa.too_many_people", params={"most": MOST_ASKED_FOR})
        counted = await self._store.count_of_authors(people)
        return {person: counted.get(person, 0) for person in people}

    async def erase(self, person: str) -> None:
        """Questions lose their author, waiting ones are withdrawn; votes and answers count on, whose they were goes. Hands that a host
        counted count no more: nobody stands for them. Harmless to repeat. Raises Conflict when a question was moved by others each time."""
        for question in await self._store.of_author(person):
            await self._disown(question, person)
        await self._counts.forget(person)
        await self._store.forget_voter(person)
        await self._store.claims.forget(person)
        await self._store.polls.forget(person, self._new_id)
        await self._hands.forget(person)
        await self._seats.forget(person)
        await self._notes.forget(person)
        await self._guards.forget(person)
        await self._store.life.forget_actor(person, lambda question: domain.forget_actor(question, person))
        self._wake()

    async def _disown(self, question: Question, person: str) -> None:
        async def move(known: Question) -> Question:
            if known.author != person:
                return known
            now = self._clock()
            change = domain.forget_author(known, now)
            told = recorded(known, change.question)
            events = [
                self._announcer.envelope(event, known.id, change.question.version) for event in (change.event, told) if event is not None
            ]
            return await self._store.life.save(change.question, *events)

        await moved_on(question, move, lambda: self._store.question(question.id), stale="qa.stale")


def _shown(question: Question) -> Mapping[str, object]:
    return {
        "session": question.session,
        "asked_at": to_text(question.asked_at),
        "status": question.status,
        "text": question.original,
        "shown_text": question.text,
        "name": question.author_name,
        "votes": question.votes,
    }


def _raised(hand: RaisedHand) -> Mapping[str, object]:
    return {"session": hand.session, "raised_at": to_text(hand.raised_at), "name": hand.name, "up": hand.up}


def _noted(note: Note) -> Mapping[str, object]:
    return {"session": note.session, "at": to_text(note.at), "name": note.name, "text": note.text}


def _sat(seat: Seat) -> Mapping[str, object]:
    agreed = None if seat.consent is None else {"version": seat.consent.version, "at": to_text(seat.consent.at)}
    return {
        "session": seat.session, "invited_at": to_text(seat.invited_at), "state": seat.state, "name": seat.name, "title": seat.title,
        "voice_only": seat.voice_only, "consent": agreed, "steps": [{"step": line.step, "at": to_text(line.at)} for line in seat.log],
    }  # fmt: skip
