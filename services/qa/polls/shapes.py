"""The bodies that the interface of polls takes and gives. The domain judges the texts."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from services.qa.polls.domain import MOST_CLOSING_SECONDS, Definition
from services.qa.polls.life import PollStepName
from shared.events.kind import Instant
from shared.events.vocabulary import Door, PollKind, PollOrigin, PollStatus
from shared.service.route import Body

PollId = Annotated[str, Field(max_length=36)]
Words = Annotated[str, Field(max_length=2_000)]
Key = Annotated[str, Field(max_length=200)]
Bound = Annotated[int, Field(ge=-1_000, le=1_000)]
Hands = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class DefinitionBody(Body):
    """`least` and `most`: how many options or words an answer has, or the ends of a scale; left out: as usual. `right`: the place of the
    right option of a quiz, from 1."""

    kind: PollKind
    question: Words
    options: Annotated[list[Words], Field(max_length=50)] = Field(default_factory=list)
    least: Bound | None = None
    most: Bound | None = None
    low_label: Words = ""
    high_label: Words = ""
    right: Bound | None = None
    language: Annotated[str, Field(pattern=r"^([a-z]{2,3})?$")] = ""

    def definition(self) -> Definition:
        names = ("kind", "question", "options", "least", "most", "low_label", "high_label", "right", "language")
        return Definition(**{name: getattr(self, name) for name in names})


class PrepareBody(DefinitionBody):
    id: PollId


class PollVersionBody(Body):
    expected_version: Annotated[int, Field(ge=1, le=2**31)]

    def details(self) -> dict[str, Any]:
        return self.model_dump()


class EditPollBody(PollVersionBody):
    poll: DefinitionBody

    def details(self) -> dict[str, Any]:
        return {"expected_version": self.expected_version, "definition": self.poll.definition()}


class ClosePollBody(PollVersionBody):
    in_seconds: Annotated[int, Field(ge=0, le=MOST_CLOSING_SECONDS)] = 0


class FlagBody(PollVersionBody):
    word: Key
    on: bool = True


POLL_BODIES: Final[dict[PollStepName, type[PollVersionBody]]] = {"edit": EditPollBody, "close": ClosePollBody, "flag": FlagBody}
"""What a step takes besides the version; the others take nothing."""


class AnswerBody(Body):
    """Ids of options (of a ranking in their order), the number of a scale, or words."""

    choice: Annotated[list[Key], Field(max_length=20)]


class HallBody(Body):
    """Option or number → raised hands; `people`: how many are in the hall."""

    counts: Annotated[dict[Key, Hands], Field(max_length=50)]
    people: Hands


class OwnAnswer(BaseModel):
    """`hall`: hands that the host of a hub counted, of `people` there, in the place of a choice."""

    poll: str
    choice: list[str]
    hall: dict[str, int] | None
    people: int
    rev: int


class OptionView(BaseModel):
    id: str
    text: str


class PollView(BaseModel):
    """A poll as the caller may see it: the last three fields are for moderators."""

    id: str
    version: int
    status: PollStatus
    kind: PollKind
    question: str
    options: list[OptionView]
    least: int
    most: int
    low_label: str
    high_label: str
    right: str
    language: str
    shown: bool
    position: int
    changed_at: Instant
    opened_at: Instant | None
    closes_at: Instant | None
    closed_at: Instant | None
    origin: PollOrigin | None = None
    changed_by: str | None = None
    flagged: list[str] | None = None


class TallyView(BaseModel):
    """Absolute numbers by door; `counts` is null while the results are hidden. Of a ranking they are points."""

    id: str
    rev: int
    answers: dict[Door, int]
    counts: dict[str, dict[Door, int]] | None
    halls: int


class ResultView(BaseModel):
    poll: PollView
    tally: TallyView


class ResultsAnswer(BaseModel):
    session: str
    results: list[ResultView]
