"""A question, a ballot and a floor as documents of the store, and back. A field that came later than the document has its default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any, Final

from services.qa.ballots import Held, Move, Shift, Wish
from services.qa.floor import ByHand, Floor
from services.qa.question import HeldBack, Logged, Past, Question
from shared.events.vocabulary import is_door
from shared.events.votes import Ballot
from shared.storage.port import Document, Insert, Update, Write

_FIELDS: Final = tuple(field.name for field in fields(Question) if field.name != "id")
_HELD: Final = tuple(field.name for field in fields(HeldBack))
_LOGGED: Final = tuple(field.name for field in fields(Logged))


def document_of(question: Question) -> Document:
    """Field by field: `dataclasses.asdict` copies every value deeply, and 200 questions in one group held everybody else up meanwhile."""
    document: dict[str, Any] = {name: getattr(question, name) for name in _FIELDS}
    document["_id"] = question.id
    document["by_door"] = dict(question.by_door)
    document["past"] = [{"step": past.step, "was": dict(past.was)} for past in question.past]
    document["held_back"] = None if question.held_back is None else _flat(question.held_back, _HELD)
    document["log"] = [_flat(entry, _LOGGED) for entry in question.log]
    return document


def _flat(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def question_of(document: Document) -> Question:
    values: dict[str, Any] = {name: document[name] for name in _FIELDS if name in document}
    values["by_door"] = {door: votes for door, votes in document.get("by_door", {}).items() if votes}
    values["past"] = tuple(Past(**past) for past in document.get("past", ()))
    held = document.get("held_back")
    values["held_back"] = None if held is None else HeldBack(**held)
    values["log"] = tuple(Logged(**entry) for entry in document.get("log", ()))
    return Question(id=document["_id"], **values)


def held_of(ballot: Document) -> Held:
    """`hands` are there where a host counted them; `door` since doors are kept."""
    hands = ballot.get("hands", 0)
    return Held((hands or 1) if ballot["on"] else 0, hands > 0, ballot.get("door", ""))


def ballot_of(ballot: Document, question: Question | None = None) -> Ballot:
    """As it is told; `question`: the one that it counts for since, with the rev of that."""
    id, rev = (ballot["question"], ballot["rev"]) if question is None else (question.id, question.votes_rev)
    return Ballot(id, ballot["voter"], ballot["on"], rev, ballot.get("hands", 0) if ballot["on"] else 0)


def ballot_id(wish: Wish) -> str:
    return f"{wish.question}:{wish.voter}"


def moved(move: Move) -> Write:
    """What the ballot's own document becomes."""
    wish, held = move.wish, move.held
    values = {
        "on": held.weight > 0, "rev": move.rev, "at": wish.at, "door": held.door, "hands": held.weight if held.counted else 0,
    }  # fmt: skip
    if move.known:
        return Update({"_id": ballot_id(wish)}, {"$set": values})
    return Insert({"_id": ballot_id(wish), "question": wish.question, "voter": wish.voter, "session": move.session, **values})


def risen(shift: Shift) -> dict[str, int]:
    """By how much the counts of a question's document move."""
    return {"votes": shift.votes, "votes_rev": shift.revs, **{f"by_door.{door}": by for door, by in shift.by_door.items()}}


def weighed(ballots: Iterable[Held], sign: int = 1) -> dict[str, int]:
    """By how much these ballots move the counts of a question's document; `sign` -1: when they go."""
    by: Counter[str] = Counter()
    for held in ballots:
        by["votes"] += sign * held.weight
        if is_door(held.door):
            by[f"by_door.{held.door}"] += sign * held.weight
    return {**by, "votes_rev": 1}


def floor_of(document: Document) -> Floor:
    """In the first release only moderators changed a floor."""
    by_hand = document["version"] > 1
    hand = document.get("hand", {"state": document["state"], "at": document["changed_at"]} if by_hand else None)
    return Floor(
        session=document["_id"], version=document["version"], state=document["state"], changed_at=document["changed_at"],
        by=document.get("by", "hand" if by_hand else "programme"), hand=None if hand is None else ByHand(hand["state"], hand["at"]),
        removed=document.get("removed", False),
    )  # fmt: skip


def floor_document(floor: Floor) -> Document:
    """All but the version, which the store moves."""
    document = asdict(floor)
    document["_id"] = document.pop("session")
    del document["version"]
    return document
