"""The bodies that the interface of notes takes and gives. The domain judges the texts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from shared.events.kind import Instant
from shared.events.vocabulary import NoteSide
from shared.service.route import Body


class NoteBody(Body):
    id: Annotated[str, Field(max_length=36)]
    text: Annotated[str, Field(max_length=2_000)]


class NoteView(BaseModel):
    """`seen_at`: when somebody on the other side had read it."""

    id: str
    version: int
    side: NoteSide
    name: str
    text: str
    at: Instant
    seen_at: Instant | None
    seen_by: str


class TurnDoor(BaseModel):
    """Of one door: its fair part of the session, what it had of it (both 0 to 1), and of what that is made."""

    part: float
    had: float
    people: int
    askers: int
    answered: int
    seconds: int


class TurnView(BaseModel):
    """Whose turn it would be (services/qa/fair_turn.py)."""

    question: str | None
    door: str | None
    why: str
    doors: dict[str, TurnDoor]
