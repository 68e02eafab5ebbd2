"""A question's life, step by step. Each event carries the whole question, so that the newest one is enough.

A pending text is in it too: the events are meant for the servers of live feeds, which project them per audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Attendance, Door, QuestionStatus, Sender


@dataclass(frozen=True, slots=True)
class HeldBackState:
    """What its author still reads of a question until then: bad news that may be a slip waits."""

    until: Instant
    version: int
    status: QuestionStatus
    text: str
    reason: str
    note: str
    staged_at: Instant | None
    answered_at: Instant | None
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionState:
    """A question at `version`."""

    id: str
    session: str
    version: int
    status: QuestionStatus
    text: str
    """What is shown; differs from `original` once rephrased."""
    original: str
    language: str
    author: str
    """Person id."""
    author_name: str
    """Shown name, empty when the author asked without it."""
    door: Attendance
    votes: int
    votes_rev: int
    asked_at: Instant
    changed_at: Instant
    changed_by: str
    """Name of the last person who moved it, for moderators."""
    reason: str = ""
    """Why it was declined: one of the standard reasons, or of the organiser's."""
    note: str = ""
    """What the moderator wrote to the author besides."""
    staged_at: Instant | None = None
    answered_at: Instant | None = None
    held_back: HeldBackState | None = None
    undo: str = ""
    """The step that an undo would take back, empty when there is none."""
    place: str = ""
    """On the shortlist, as a text that sorts (order_keys.py); empty: not on it."""
    cued_at: Instant | None = None
    """Since when it is the next one to be asked."""
    speaker: str = ""
    """Who of the table shall answer it."""
    theme: str = ""
    owner: str = ""
    """Who promised to answer it later."""
    due: str = ""
    """Until which day, as in 2021-06-30."""
    merged_into: str = ""
    """The question that this one is a duplicate of."""
    answer: str = ""
    """In writing, public."""
    draft: str = ""
    """An answer that a second moderator has not published yet."""
    draft_name: str = ""
    """Who wrote it."""
    appealed: bool = False
    """Its author asked for a second look once."""
    by_door: Mapping[Door, int] = field(default_factory=dict)
    """Of its votes, those that people gave by each door, hands counted in halls among them."""
    for_hall: bool = False
    """The host of a local hub asked it for somebody there: `author_name` is that person's, empty for one who is not named."""
    watched_at: Instant | None = None
    """When what its author saw as they sent it happened on the stage, by the clock of the picture; null: not known."""
    why: Mapping[str, str] = field(default_factory=dict)
    """The organiser's words for `reason` as they were then, by language; none for a standard one."""


@dataclass(frozen=True, slots=True)
class QuestionChanged(Event):
    """Base of the steps in a question's life. Subject: the question id; seq: its version."""

    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    question: QuestionState


@dataclass(frozen=True, slots=True)
class QuestionAsked(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.question.asked.v1"


@dataclass(frozen=True, slots=True)
class QuestionEdited(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.question.edited.v1"


@dataclass(frozen=True, slots=True)
class QuestionPublished(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.question.published.v1"


@dataclass(frozen=True, slots=True)
class QuestionRephrased(QuestionChanged):
    """Put in other words by a moderator; its status stays."""

    TYPE: ClassVar[str] = "tablee.question.rephrased.v1"


@dataclass(frozen=True, slots=True)
class QuestionUndone(QuestionChanged):
    """Back in the state before the last step of a moderator."""

    TYPE: ClassVar[str] = "tablee.question.undone.v1"


@dataclass(frozen=True, slots=True)
class QuestionDeclined(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.question.declined.v1"


@dataclass(frozen=True, slots=True)
class QuestionHidden(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.question.hidden.v1"


@dataclass(frozen=True, slots=True)
class QuestionStaged(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.question.staged.v1"


@dataclass(frozen=True, slots=True)
class QuestionReturned(QuestionChanged):
    """Put back from the stage among the published ones."""

    TYPE: ClassVar[str] = "tablee.question.returned.v1"


@dataclass(frozen=True, slots=True)
class QuestionAnswered(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.question.answered.v1"


@dataclass(frozen=True, slots=True)
class QuestionWithdrawn(QuestionChanged):
    TYPE: ClassVar[str] = "tablee.question.withdrawn.v1"


@dataclass(frozen=True, slots=True)
class QuestionDisowned(QuestionChanged):
    """Its author withdrew from the event: it has no author and no name any more."""

    TYPE: ClassVar[str] = "tablee.question.disowned.v1"


@dataclass(frozen=True, slots=True)
class QuestionAmended(QuestionChanged):
    """Written anew by its author: it waits again."""

    TYPE: ClassVar[str] = "tablee.question.amended.v1"


@dataclass(frozen=True, slots=True)
class QuestionMerged(QuestionChanged):
    """A duplicate: its votes and its author follow another question."""

    TYPE: ClassVar[str] = "tablee.question.merged.v1"


@dataclass(frozen=True, slots=True)
class QuestionShortlisted(QuestionChanged):
    """Has a place on the shortlist, another place, or none any more."""

    TYPE: ClassVar[str] = "tablee.question.shortlisted.v1"


@dataclass(frozen=True, slots=True)
class QuestionAssigned(QuestionChanged):
    """To a speaker or a theme."""

    TYPE: ClassVar[str] = "tablee.question.assigned.v1"


@dataclass(frozen=True, slots=True)
class QuestionCued(QuestionChanged):
    """It is asked next, or not any more."""

    TYPE: ClassVar[str] = "tablee.question.cued.v1"


@dataclass(frozen=True, slots=True)
class QuestionDeferred(QuestionChanged):
    """Somebody promised to answer it until a day."""

    TYPE: ClassVar[str] = "tablee.question.deferred.v1"


@dataclass(frozen=True, slots=True)
class QuestionDrafted(QuestionChanged):
    """A written answer waits for a second pair of eyes."""

    TYPE: ClassVar[str] = "tablee.question.drafted.v1"


@dataclass(frozen=True, slots=True)
class QuestionReplied(QuestionChanged):
    """Its written answer is public."""

    TYPE: ClassVar[str] = "tablee.question.replied.v1"


@dataclass(frozen=True, slots=True)
class QuestionAppealed(QuestionChanged):
    """Its author asks for a second look."""

    TYPE: ClassVar[str] = "tablee.question.appealed.v1"


@dataclass(frozen=True, slots=True)
class QuestionErased(QuestionChanged):
    """Words and author are gone; that there was a question, and its counts, stay."""

    TYPE: ClassVar[str] = "tablee.question.erased.v1"


@dataclass(frozen=True, slots=True)
class QuestionClaimed(Event):
    """A moderator reads a question, so that colleagues take another one: advice, not a lock. Subject: the question id; seq: rises with
    every claim of that question."""

    TYPE: ClassVar[str] = "tablee.question.claimed.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    question: str
    session: str
    version: int
    """Of the question: any step ends the claim."""
    by: str
    """Shown name of the moderator; empty for one whose link bears none."""
    until: Instant
    given_up: bool = False
    """Nobody reads it any more; `by` is empty then."""
