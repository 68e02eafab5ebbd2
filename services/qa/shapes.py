"""The bodies that the HTTP interface of the qa service takes and gives. What must not be here: rules; the domain judges the texts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.service.route import Body

Id = Annotated[str, Field(max_length=36)]
Version = Annotated[int, Field(ge=1, le=2**31)]
Text = Annotated[str, Field(max_length=4000)]
"""Longer than any accepted text, so that the domain gives the reason with the length."""


class AskBody(Body):
    id: Id
    text: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "fr"
    anonymous: bool = False


class VersionBody(Body):
    expected_version: Version


class EditBody(VersionBody):
    text: Text


class PublishBody(VersionBody):
    text: Text | None = None


class DeclineBody(VersionBody):
    reason: Annotated[str, Field(max_length=40)]
    note: Text = ""


class FloorBody(VersionBody):
    state: Literal["open", "paused", "closed"]


class ItemAnswer(BaseModel):
    """A question as the caller may see it: the fields after `language` for its author and for moderators, those after `note` for
    moderators only."""

    id: str
    version: int
    status: Literal["queued", "published", "declined", "on_stage", "answered", "withdrawn", "hidden"]
    text: str
    author: str
    door: str
    votes: int
    asked_at: str
    staged_at: str | None
    answered_at: str | None
    language: str
    original: str | None = None
    reason: str | None = None
    note: str | None = None
    changed_by: str | None = None
    changed_at: str | None = None
    author_id: str | None = None


class VoteAnswer(BaseModel):
    id: str
    votes: int
    voted: bool


class FloorAnswer(BaseModel):
    session: str
    state: Literal["open", "paused", "closed"]
    version: int
    counts: dict[str, int] | None = None


class FloorState(BaseModel):
    state: Literal["open", "paused", "closed"]
    version: int


class StateAnswer(BaseModel):
    """The state that a snapshot of the live feed holds."""

    session: str
    floor: FloorState
    items: dict[str, ItemAnswer]
    presence: dict[str, int]
    stream: dict[str, str] | None
    mine: dict[str, ItemAnswer] | None = None
    my_votes: list[str] | None = None
    published: int | None = None
