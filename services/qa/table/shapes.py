"""The bodies that the interface of the table takes and gives. The domain judges the texts."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from services.qa.table.life import SeatStepName
from shared.events.kind import Instant
from shared.events.vocabulary import Door, SeatKind, SeatStanding, SignalKind, SignalSide
from shared.service.route import Body


class InviteBody(Body):
    """By a hand or by a question, one of the two."""

    hand: Annotated[str, Field(max_length=36)] = ""
    question: Annotated[str, Field(max_length=36)] = ""
    kind: SeatKind = "guest"


class TableLinkBody(Body):
    name: Annotated[str, Field(max_length=1_000)]
    kind: SeatKind = "speaker"


class TableLinkView(BaseModel):
    """`used`: whether somebody came by it."""

    id: str
    name: str
    kind: SeatKind
    used: bool


class NewTableLink(TableLinkView):
    """`token`: told this once."""

    token: str


class TableLinkList(BaseModel):
    links: list[TableLinkView]


class ComeBody(Body):
    token: Annotated[str, Field(min_length=1, max_length=100)]


class SeatStepBody(Body):
    expected_version: int


class AcceptBody(SeatStepBody):
    """`consent`: version of the text that was shown (`GET /api/qa/consent`)."""

    voice_only: bool
    name: Annotated[str, Field(max_length=1_000)]
    title: Annotated[str, Field(max_length=1_000)] = ""
    consent: Annotated[str, Field(max_length=32)]


class ReadyBody(SeatStepBody):
    """What the test call found. `picture`: as 1280x720, empty for none."""

    round_trip_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    picture: Annotated[str, Field(pattern=r"^(\d{1,5}x\d{1,5})?$")] = ""


class MuteBody(SeatStepBody):
    muted: bool


SEAT_BODIES: Final[dict[SeatStepName, type[SeatStepBody]]] = {"accept": AcceptBody, "ready": ReadyBody, "mute": MuteBody}
"""Those of the other steps are SeatStepBody."""


class SeatView(BaseModel):
    """`undo`, for those who lead: the step that would be taken back first, empty for none."""

    id: str
    session: str
    version: int
    state: SeatStanding
    kind: SeatKind
    name: str
    title: str
    door: Door
    voice_only: bool
    no_picture: bool
    muted: bool
    hand: str
    question: str
    invited_at: Instant
    expires_at: Instant
    since: Instant
    round_trip_ms: int
    picture: str
    undo: str | None = None


class OwnSeatView(SeatView):
    """`studio`: whether a studio page speaks for the session."""

    studio: bool


class SeatedView(BaseModel):
    """Of somebody who is on air, as everybody reads it."""

    name: str
    title: str
    door: Door
    kind: SeatKind
    voice_only: bool
    muted: bool


class SeatEntry(BaseModel):
    """One line of a seat's history; `by`: who led it, empty for the person of the seat and for time."""

    version: int
    at: Instant
    step: str
    before: str
    after: str
    by: str
    duty: str
    sentences: dict[str, str]


class SeatHistory(BaseModel):
    entries: list[SeatEntry]


class SignalBody(Body):
    """`from`: which end says it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, validate_by_alias=True)

    side: Annotated[SignalSide, Field(alias="from")]
    kind: SignalKind
    data: Annotated[str, Field(max_length=16_384)]


class StudioBody(Body):
    """`instance`: a UUID that this open page made for itself."""

    instance: Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class StudioView(BaseModel):
    instance: str
    since: Instant


class StudioLease(StudioView):
    """Until then, unless the page says so again."""

    until: Instant


class ConsentView(BaseModel):
    """What one agrees to who comes to the table, in every language."""

    version: str
    sentences: dict[str, str]


class IceServerView(BaseModel):
    """As browsers take it (RTCIceServer)."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class IceView(BaseModel):
    ice_servers: list[IceServerView]
    relay_only: bool


TABLE_STATE: Final[Any] = {
    "at_table": (list[SeatedView], ...),
    "seats": (dict[str, SeatView] | None, None),
    "studio": (StudioView | None, None),
    "my_seat": (OwnSeatView | None, None),
}
"""The fields of a snapshot of the live feed that are of the table."""
