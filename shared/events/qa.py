"""Events of the qa service. All of them feed live pages: they carry the whole state, so that the newest one is enough.

A question event carries a pending text too: it is meant for the servers of live feeds, which project it per audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event


@dataclass(frozen=True, slots=True)
class QuestionState:
    """A question as it stands at `version`. Instants are RFC 3339 UTC texts."""

    id: str
    session: str
    version: int
    status: str
    """queued, published, declined, on_stage, answered, withdrawn, hidden"""
    text: str
    """What is shown; differs from `original` once rephrased."""
    original: str
    language: str
    author: str
    """Person id."""
    author_name: str
    """Shown name, empty when the author asked without it."""
    door: str
    """in_room, remote, hub"""
    votes: int
    votes_rev: int
    asked_at: str
    changed_at: str
    changed_by: str
    """Name of the last person who moved it, for moderators."""
    reason: str = ""
    """Why it was declined: a code of the closed list."""
    note: str = ""
    """What the moderator wrote to the author besides."""
    staged_at: str | None = None
    answered_at: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionChanged(Event):
    """Base of the steps in a question's life. Subject: the question id; seq: its version."""

    LIVE: ClassVar[bool] = True

    question: QuestionState


@dataclass(frozen=True, slots=True)
class QuestionAsked(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.qa.question.asked.v1"


@dataclass(frozen=True, slots=True)
class QuestionEdited(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.qa.question.edited.v1"


@dataclass(frozen=True, slots=True)
class QuestionPublished(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.qa.question.published.v1"


@dataclass(frozen=True, slots=True)
class QuestionDeclined(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.qa.question.declined.v1"


@dataclass(frozen=True, slots=True)
class QuestionHidden(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.qa.question.hidden.v1"


@dataclass(frozen=True, slots=True)
class QuestionStaged(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.qa.question.staged.v1"


@dataclass(frozen=True, slots=True)
class QuestionReturned(QuestionChanged):
    """Put back from the stage among the published ones."""

    TYPE: ClassVar[str] = "tablee.qa.question.returned.v1"


@dataclass(frozen=True, slots=True)
class QuestionAnswered(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.qa.question.answered.v1"


@dataclass(frozen=True, slots=True)
class QuestionWithdrawn(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.qa.question.withdrawn.v1"


@dataclass(frozen=True, slots=True)
class VoteCount:
    votes: int
    rev: int
    """Rises with every change of the count: the highest one is the newest."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person gave (`on`) or took back a vote; `rev` is the question's votes_rev after it. For the other devices of that person."""

    question: str
    person: str
    on: bool
    rev: int


@dataclass(frozen=True, slots=True)
class VotesCounted(Event):
    """Absolute counts of the questions whose votes moved, coalesced. Subject: the session id; seq: a rising number of the sender."""

    TYPE: ClassVar[str] = "tablee.qa.votes.counted.v1"
    LIVE: ClassVar[bool] = True

    session: str
    counts: Mapping[str, VoteCount]
    ballots: tuple[Ballot, ...] = ()


@dataclass(frozen=True, slots=True)
class FloorChanged(Event):
    """A session's questions were opened, paused or closed. Subject: the session id; seq: the floor's version."""

    TYPE: ClassVar[str] = "tablee.qa.floor.changed.v1"
    LIVE: ClassVar[bool] = True

    session: str
    state: str
    """closed, open, paused"""
    version: int
    changed_at: str
