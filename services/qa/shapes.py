"""The bodies that the HTTP interface of the qa service takes and gives. The domain judges the texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, get_type_hints

from pydantic import BaseModel, Field, create_model

from services.qa.feed.projection import ITEM, MOD_ITEM
from services.qa.life import MOST_AT_ONCE, BulkCommand, Detail
from shared.events.kind import Instant
from shared.events.question import QuestionState
from shared.events.vocabulary import Door, FloorDecider, FloorState, QuestionStatus, ReactionKind
from shared.service.route import Body

Id = Annotated[str, Field(max_length=36)]
Version = Annotated[int, Field(ge=1, le=2**31)]
Text = Annotated[str, Field(max_length=4000)]
"""Longer than any accepted text, so that the domain gives the reason with the length."""


class ForHallBody(Body):
    """`name`: as the person in the hall wants to be called, '' for a person in the hall; `asked_at`: when, counts for five minutes."""

    name: Annotated[str, Field(max_length=400)] = ""
    asked_at: Instant | None = None


class AskBody(Body):
    """`hall`: the host of a local hub asks for somebody there; `anonymous` says nothing then. `watched_at`: when what is seen on the page
    happened on the stage, by the clock of the picture."""

    id: Id
    text: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "fr"
    anonymous: bool = False
    hall: ForHallBody | None = None
    watched_at: Instant | None = None


class VersionBody(Body):
    expected_version: Version


class EditBody(VersionBody):
    text: Text


class PublishBody(VersionBody):
    text: Text | None = None


class DeclineBody(VersionBody):
    reason: Annotated[str, Field(max_length=40)]
    note: Text = ""


class MergeBody(VersionBody):
    into: Id


class ShortlistBody(VersionBody):
    """`after`: that question; null: first; left out: last."""

    after: Id | None = ""


class AssignBody(VersionBody):
    """What is left out stays, '' is none."""

    speaker: Annotated[str, Field(max_length=200)] | None = None
    theme: Annotated[str, Field(max_length=400)] | None = None


class DeferBody(VersionBody):
    owner: Annotated[str, Field(max_length=400)]
    due: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


STEP_BODIES: Final[Mapping[tuple[Detail, ...], type[VersionBody]]] = {
    (): VersionBody,
    ("text",): EditBody,
    ("text?",): PublishBody,
    ("reason", "note"): DeclineBody,
    ("into",): MergeBody,
    ("after",): ShortlistBody,
    ("speaker", "theme"): AssignBody,
    ("owner", "due"): DeferBody,
}
"""What a step takes besides the version → its body."""


class ClaimView(BaseModel):
    """Who reads the question just now (empty: a colleague whose link bears no name), and until when at the latest."""

    by: str
    until: Instant


class FollowedView(BaseModel):
    """What is public of the question that one's own was merged into."""

    id: str
    status: QuestionStatus
    text: str
    staged_at: Instant | None
    answered_at: Instant | None
    answer: str


class HistoryLine(BaseModel):
    """One step; `by`, `duty` and `text` for moderators only. `sentences`: the step in words, by language."""

    version: int
    at: Instant
    step: str
    before: str
    after: str
    reason: str
    why: dict[str, str]
    note: str
    sentences: dict[str, str]
    by: str | None = None
    duty: str | None = None
    text: str | None = None


class HistoryAnswer(BaseModel):
    entries: list[HistoryLine]


class ErasedAnswer(BaseModel):
    id: str
    version: int
    status: QuestionStatus


class ClaimAnswer(BaseModel):
    id: str
    claim: ClaimView | None
    yours: bool


class WantedBody(Body):
    id: Id
    expected_version: Version


class DecideBody(Body):
    """`reason` and `note` go with `decline`, for each of them."""

    command: BulkCommand
    items: Annotated[list[WantedBody], Field(min_length=1, max_length=MOST_AT_ONCE)]
    reason: Annotated[str, Field(max_length=40)] = ""
    note: Text = ""


class FloorBody(VersionBody):
    """`programme`: no decision by hand any more, the floor follows the programme and the running order."""

    state: FloorState | Literal["programme"]


def _item_fields() -> dict[str, Any]:
    """Names and types as events have them; what not everybody may read is optional."""
    types = {**get_type_hints(QuestionState), "author_id": str, "claim": ClaimView, "follows": FollowedView}
    return {name: (types[name], ...) if name in ITEM else (types[name] | None, None) for name in (*MOD_ITEM, "follows")}


ItemAnswer = create_model(
    "ItemAnswer",
    __doc__="""A question as the caller may see it: the fields after `language` for its author and for moderators, those after `note` for
    moderators only.""",
    **_item_fields(),
)


class DecidedAnswer(BaseModel):
    """What became of one question: the question as it is now, or the problem (RFC 9457) that this one was refused with."""

    id: str
    item: ItemAnswer | None = None
    problem: dict[str, Any] | None = None


class DecideAnswer(BaseModel):
    answers: list[DecidedAnswer]


class ReactionBody(Body):
    kind: ReactionKind


class HandsBody(Body):
    hands: Annotated[int, Field(ge=0, le=1_000_000)]


class VoteAnswer(BaseModel):
    """`hands`: how many the caller counted in their hall, 0 where it is their own vote or none."""

    id: str
    votes: int
    by_door: dict[Door, int]
    voted: bool
    hands: int


class FloorView(BaseModel):
    state: FloorState
    version: int
    by: FloorDecider


class FloorAnswer(FloorView):
    session: str
    changed_at: Instant
    counts: dict[QuestionStatus, int] | None = None


class RemovedAnswer(BaseModel):
    """A session that the programme has no more; `questions` of it that the caller may read: all of them, or their own."""

    session: str
    title: str
    label: str
    language: str
    questions: int
    counts: dict[QuestionStatus, int] | None = None


class SessionsAnswer(BaseModel):
    sessions: list[FloorAnswer]
    removed: list[RemovedAnswer]
