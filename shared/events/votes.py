"""Counts of votes on their way to the live pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.kind import Event
from shared.events.vocabulary import Door, Sender


@dataclass(frozen=True, slots=True)
class VoteCount:
    votes: int
    rev: int
    """Rises with every change of the count: the highest one is the newest."""
    by_door: Mapping[Door, int] = field(default_factory=dict)
    """Of the votes, those that were given by each door."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person gave (`on`) or took back a vote; `rev` is the question's votes_rev after it. For the other devices of that person.
    `hands`: how many the host of a local hub counted, in the place of their own vote; 0: none."""

    question: str
    person: str
    on: bool
    rev: int
    hands: int = 0


@dataclass(frozen=True, slots=True)
class VotesCounted(Event):
    """Absolute counts of the questions whose votes moved, coalesced. Subject: the session id; seq: a rising number of the sender."""

    TYPE: ClassVar[str] = "tablee.votes.counted.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    session: str
    counts: Mapping[str, VoteCount]
    ballots: tuple[Ballot, ...] = ()
