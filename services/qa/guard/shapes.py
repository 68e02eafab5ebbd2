"""The bodies that the interface of what protects sessions takes and gives."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from shared.events.kind import Instant
from shared.events.vocabulary import FlagKind
from shared.service.route import Body


class BlankBody(Body):
    blank: bool


class BlankView(BaseModel):
    """Since when, by whom: `by` is empty for a link that bears no name."""

    at: Instant
    by: str
    duty: str


class BlankAnswer(BaseModel):
    """`session` is `*` for all of them; `blank` is null while their screens show what there is to show."""

    session: str
    blank: BlankView | None


class BlanksAnswer(BaseModel):
    """What is blank: everywhere, and session by session."""

    everywhere: BlankView | None
    sessions: list[BlankAnswer]


class ScreensView(BaseModel):
    """`here` and `everywhere`: for moderators and the chair."""

    blank: bool
    here: BlankView | None = None
    everywhere: BlankView | None = None


class SlowBody(Body):
    seconds: int
    """0, 60, 120, 300 or 600."""


class SlowAnswer(BaseModel):
    session: str
    seconds: int


class MuteAnswer(BaseModel):
    """Of the author of that question."""

    question: str
    muted: bool


class WordsBody(Body):
    """The words that mark a question, by language; each list at most 500."""

    fr: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=600)]
    en: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=600)]


class WordsAnswer(BaseModel):
    words: dict[str, list[str]]


class FlagView(BaseModel):
    """`words`: those of the lists that the question has."""

    kind: FlagKind
    words: list[str]


class ActLine(BaseModel):
    """`act`: a word, `…_all` where it was done in every session; `sentences`: the same in every language. `about`: the minutes of slow
    mode, the question by which somebody was muted, or ''."""

    at: Instant
    act: str
    by: str
    duty: str
    about: str
    sentences: dict[str, str]


class ActsAnswer(BaseModel):
    entries: list[ActLine]
