"""What stays of questions for everybody once they are answered or promised. Whoever receives it may keep it and show it, but the author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from shared.events.kind import Event, Instant
from shared.events.vocabulary import AnswerStanding, Attendance, Sender


@dataclass(frozen=True, slots=True)
class AnswerRecorded(Event):
    """A question was answered or promised an answer, or what everybody may read of that changed; `gone`: nothing is public any more, and
    every other field is empty. Subject: the question id; seq: its version. Whole, so that the last one is enough."""

    TYPE: ClassVar[str] = "tablee.answer.recorded.v1"
    SENDER: ClassVar[Sender] = "qa"

    question: str
    session: str
    standing: AnswerStanding
    text: str = ""
    language: str = ""
    author: str = ""
    """Person id, for those who tell the author; never shown."""
    name: str = ""
    """Of its author, where they gave it."""
    door: Attendance | Literal[""] = ""
    asked_at: Instant | None = None
    staged_at: Instant | None = None
    answered_at: Instant | None = None
    answer: str = ""
    """In writing."""
    owner: str = ""
    due: str = ""
    """Until which day, as in 2021-06-30."""
