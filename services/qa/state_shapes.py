"""The state of a session as a snapshot of the live feed holds it, aspect by aspect."""

from __future__ import annotations

from types import GenericAlias
from typing import Any, Final

from pydantic import BaseModel, create_model

from services.qa.guard.shapes import BlankView, FlagView, ScreensView
from services.qa.hands.shapes import HandsView, HandView, OwnHand
from services.qa.notes.shapes import NoteView, TurnView
from services.qa.polls.shapes import OwnAnswer, PollView, TallyView
from services.qa.shapes import FloorView, ItemAnswer
from services.qa.table.shapes import TABLE_STATE
from shared.events.kind import Instant
from shared.events.vocabulary import Door, Progress, ReactionKind


class AtTheTable(BaseModel):
    name: str
    titles: list[str]
    moderates: bool


class Neighbour(BaseModel):
    id: str
    title: str
    label: str


class NextNeighbour(Neighbour):
    starts_at: Instant | None


class SessionView(BaseModel):
    """Present facts (services/qa/feed/aspects/session.py)."""

    id: str
    title: str
    label: str
    language: str
    room: str | None
    starts_at: Instant | None
    ends_at: Instant | None
    progress: Progress
    moved: bool
    participants: list[AtTheTable]
    removed: bool
    stage: str | None
    streamed: bool
    closed: bool
    now: Neighbour | None
    next: NextNeighbour | None


class ReasonView(BaseModel):
    """Why a question may be declined. `words`: by language; none for one of the standard reasons."""

    id: str
    words: dict[str, str]


_ITEMS: Final[Any] = GenericAlias(dict, (str, ItemAnswer))
StateAnswer = create_model(
    "StateAnswer",
    __doc__="The state that a snapshot of the live feed holds.",
    session=(SessionView, ...),
    floor=(FloorView, ...),
    items=(_ITEMS, ...),
    presence=(dict[Door, int], ...),
    stream=(dict[str, str] | None, ...),
    colleagues=(list[str] | None, None),
    mine=(_ITEMS | None, None),
    my_votes=(list[str] | None, None),
    my_counts=(dict[str, int] | None, None),
    published=(int | None, None),
    polls=(dict[str, PollView], ...),
    tallies=(dict[str, TallyView], ...),
    my_answers=(dict[str, OwnAnswer] | None, None),
    hands=(HandsView, ...),
    line=(dict[str, HandView] | None, None),
    my_hand=(OwnHand | None, None),
    reactions=(dict[ReactionKind, int], ...),
    notes=(dict[str, NoteView] | None, None),
    turn=(TurnView | None, None),
    **TABLE_STATE,
    screens=(ScreensView | None, None),
    slow=(int | None, None),
    muted=(dict[str, BlankView] | None, None),
    silenced=(bool | None, None),
    reasons=(list[ReasonView] | None, None),
    flags=(dict[str, list[FlagView]] | None, None),
)
