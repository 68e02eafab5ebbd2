"""Whose turn it would be: the next question so that each door gets its part of the session. Pure; a proposal, never a decision.

A door's fair part is the mean of its part of the people who are there and of its part of those who asked (of one of them where the other is
not known). What it had is its part of the time that the floor gave to questions, the one on stage included, so that who is heard now is not
proposed again for it. The door that is furthest below its part and has a question that can be asked is proposed, with the question that
comes first of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.events.vocabulary import DOORS, Door

Why = Literal["", "first", "behind", "only", "even"]
"""'': nothing can be asked; `first`: nothing was answered yet; `behind`: this door had least of its part; `only`: all that can be asked
comes by this door; `even`: every door has its part, so the order decides."""

EVEN: Final = 0.05
"""Parts of the whole: a difference below that is none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that could be next."""

    id: str
    door: Door


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """`seconds`: of the floor, for its `answered` questions and the one that is on stage."""

    people: int = 0
    askers: int = 0
    answered: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """0 to 1: what would be fair, and what was."""

    part: float
    had: float


@dataclass(frozen=True, slots=True)
class Turn:
    question: str | None
    door: Door | None
    why: Why
    doors: Mapping[Door, Balance]


def fair_turn(candidates: Sequence[Asked], facts: Mapping[Door, DoorFacts]) -> Turn:
    """`candidates` in the order in which they would be asked."""
    known = {door: facts.get(door, DoorFacts()) for door in DOORS}
    parts = _mean(_parts({door: each.people for door, each in known.items()}), _parts({door: each.askers for door, each in known.items()}))
    had = _parts({door: each.seconds for door, each in known.items()})
    balance = {door: Balance(round(parts.get(door, 0.0), 3), round(had.get(door, 0.0), 3)) for door in DOORS}
    if not candidates:
        return Turn(None, None, "", balance)
    open_doors = list(dict.fromkeys(each.door for each in candidates))
    behind = max(open_doors, key=lambda door: (balance[door].part - balance[door].had, -open_doors.index(door)))
    why = _why(open_doors, behind, balance, answered=bool(had))
    chosen = candidates[0] if why == "even" else next(each for each in candidates if each.door == behind)
    return Turn(chosen.id, chosen.door, why, balance)


def _why(doors: Sequence[Door], behind: Door, balance: Mapping[Door, Balance], *, answered: bool) -> Why:
    if len(doors) == 1:
        return "only"
    if not answered:
        return "first"
    return "behind" if balance[behind].part - balance[behind].had > EVEN else "even"


def _parts(counts: Mapping[Door, int]) -> Mapping[Door, float]:
    """Of the whole; nothing where there is none."""
    total = sum(counts.values())
    return {door: count / total for door, count in counts.items()} if total else {}


def _mean(*known: Mapping[Door, float]) -> Mapping[Door, float]:
    there = [each for each in known if each]
    return {door: sum(each.get(door, 0.0) for each in there) / len(there) for door in _doors(there)} if there else {}


def _doors(there: Iterable[Mapping[Door, float]]) -> list[Door]:
    return list(dict.fromkeys(door for each in there for door in each))
