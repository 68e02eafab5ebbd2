"""What the store tells the live feed, as plain values: neither of the two knows the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.qa.floor import Floor
from shared.events.guard import GuardState
from shared.events.hand import HandState
from shared.events.note import NoteState
from shared.events.poll import PollAnswer, PollState, PollTally
from shared.events.programme import ProgrammePublished, SessionRef
from shared.events.question import QuestionState
from shared.events.running_order import RunningOrderChanged
from shared.events.table import SeatState, StudioHeld
from shared.events.vocabulary import StageOrigin, StageReason, StageState
from shared.events.votes import Ballot


class DayFacts(Protocol):
    """What is known of sessions, as this process was told last."""

    def removed(self, session: str) -> bool: ...

    def ended_at(self, session: str) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What a stage sends out; `seq` counts its changes."""

    id: str
    seq: int
    state: StageState
    origin: StageOrigin
    reason: StageReason | None = None


@dataclass(frozen=True, slots=True)
class ToldProgramme:
    """The programme in force, as registration told it, and its version."""

    version: int
    event: ProgrammePublished


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """The running order as registration told it, and its own version."""

    version: int
    event: RunningOrderChanged


@dataclass(frozen=True, slots=True)
class ToldDay:
    """What is known of the day: the newest of each, None while nothing was told."""

    programme: ToldProgramme | None = None
    order: ToldOrder | None = None
    removed: Mapping[str, SessionRef] = field(default_factory=dict)
    """Sessions that are in no programme any more and have questions, as they were last told."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A moderator reads a question until then; any step with the question (another version) ends it. `seq` rises with every claim of it.
    `by` is empty for a moderator whose link bears no name."""

    question: str
    session: str
    version: int
    by: str
    until: datetime
    seq: int
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """What the store holds, of all sessions or of one."""

    sessions: Mapping[str, str | None] = field(default_factory=dict)
    """Session id → stage id, of those in force and of the removed ones that have questions (without a stage)."""
    floors: Sequence[Floor] = ()
    stages: Sequence[StageFacts] = ()
    questions: Sequence[QuestionState] = ()
    ballots: Sequence[tuple[str, Ballot]] = ()
    """(session, ballot)"""
    claims: Sequence[Claim] = ()
    polls: Sequence[PollState] = ()
    tallies: Sequence[PollTally] = ()
    poll_answers: Sequence[tuple[str, PollAnswer]] = ()
    """(session, answer)"""
    hands: Sequence[HandState] = ()
    """Raised ones, and those that were lowered a while ago."""
    notes: Sequence[NoteState] = ()
    seats: Sequence[SeatState] = ()
    """Also those that have ended."""
    studios: Sequence[tuple[StudioHeld, int]] = ()
    """(who speaks for a session, its seq)"""
    guards: Sequence[GuardState] = ()
    halls: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)
    """Host of a local hub → (people, declared at), where an older pass may still say otherwise."""
    day: ToldDay = field(default_factory=ToldDay)
