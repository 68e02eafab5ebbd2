"""The bodies that the interface of hands takes and gives."""

from __future__ import annotations

from pydantic import BaseModel

from shared.events.kind import Instant
from shared.events.vocabulary import Door
from shared.service.route import Body


class RaiseBody(Body):
    anonymous: bool = False
    """Moderators read no name."""


class HandView(BaseModel):
    """As moderators read it."""

    id: str
    version: int
    up: bool
    name: str
    door: Door
    at: Instant


class OwnHand(BaseModel):
    """`rank`: its place in the line, from 1."""

    id: str
    version: int
    at: Instant
    rank: int
    anonymous: bool


class OwnHandAnswer(BaseModel):
    hand: OwnHand | None


class LoweredAnswer(BaseModel):
    """How many were up."""

    lowered: int


class HandsView(BaseModel):
    """How many are up, and by which door."""

    count: int
    doors: dict[Door, int]
