"""What the store tells the live feed, as plain values: neither of the two knows the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.qa.domain import Floor
from shared.events.question import QuestionState
from shared.events.vocabulary import StageOrigin, StageState
from shared.events.votes import Ballot


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What a stage sends out; `seq` counts its changes."""

    id: str
    seq: int
    state: StageState
    origin: StageOrigin


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the programme says of one session."""

    id: str
    stage: str | None
    questions: bool
    title: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What the store holds, of all sessions or of one."""

    sessions: Mapping[str, str | None] = field(default_factory=dict)
    """Session id → stage id."""
    floors: Sequence[Floor] = ()
    stages: Sequence[StageFacts] = ()
    questions: Sequence[QuestionState] = ()
    ballots: Sequence[tuple[str, Ballot]] = ()
    """(session, ballot)"""
