"""The bodies that the interface of the door takes and gives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.registration.door import domain
from services.registration.door.domain import MOST_DESK
from shared.events.kind import Instant
from shared.service.route import Body

_Id = Annotated[str, Field(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
_Index = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
_Desk = Annotated[str, Field(max_length=MOST_DESK)]
_Place = Annotated[str, Field(max_length=64)]
_Short = Annotated[str, Field(max_length=400)]
"""Longer than any good value: the domain says what is wrong with those in between."""


class ScanBody(Body):
    """`nonce`: a UUID that the desk made, the same when it sends this again. `ticket`: the index of its code, else `person` by its id.
    `place`: empty for the entrance, else a session. `insist`: they are in, whatever the list says."""

    nonce: _Id
    kind: Literal["entry", "exit"]
    at: Instant
    desk: _Desk
    place: _Place = ""
    ticket: _Index | None = None
    person: _Id | None = None
    insist: bool = False


class UndoBody(Body):
    nonce: _Id
    at: Instant
    desk: _Desk


class WalkInBody(Body):
    nonce: _Id
    at: Instant
    desk: _Desk
    place: _Place = ""
    name: _Short
    language: _Short
    image_rights: _Short


class PersonAtDoor(BaseModel):
    id: str
    name: str
    door: str
    image_rights: str | None


class FirstScan(BaseModel):
    at: str
    desk: str


class VerdictAnswer(BaseModel):
    """`told`: `in`, `again` (in already, see `first`), `out`, `not_in`, `undone`, or why nobody was let in."""

    told: domain.Told | domain.Refusal
    person: PersonAtDoor | None
    first: FirstScan | None


class PlaceShown(BaseModel):
    id: str
    title: str
    language: str


class SealedListAnswer(BaseModel):
    """`people`: index → a line sealed under the ticket's own code; `inside`: [index, place, at, desk] of who is in. How to open a line is
    in docs/door.md."""

    event: str
    day: str
    made_at: str
    salt: str
    places: list[PlaceShown]
    people: dict[str, str]
    inside: list[tuple[str, str, str, str]]


class FoundAtDoor(PersonAtDoor):
    """`expected`: has a ticket for today."""

    expected: bool
    first: FirstScan | None


class SearchAnswer(BaseModel):
    people: list[FoundAtDoor]


class DoorCountsAnswer(BaseModel):
    """`expected`: tickets for today; `doors`: who arrived, by the door they registered for."""

    day: str
    place: str
    expected: int
    arrived: int
    inside: int
    walk_ins: int
    doors: dict[str, int]
