"""A poll's life, step by step, and its answers, counted. Each step carries the whole poll, so that the newest one is enough.

Drafts and results that nobody may see yet are in these events too: they are meant for the servers of live feeds, which project them per
audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Door, PollKind, PollOrigin, PollStatus, Sender


@dataclass(frozen=True, slots=True)
class PollOption:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PollState:
    """A poll at `version`."""

    id: str
    session: str
    version: int
    status: PollStatus
    kind: PollKind
    question: str
    options: tuple[PollOption, ...]
    """Of a scale and of a cloud of words: none."""
    least: int
    most: int
    """How few and how many options or words an answer has; of a scale: its two ends."""
    low_label: str
    high_label: str
    """What the ends of a scale mean."""
    right: str
    """The right option of a quiz, by its id."""
    language: str
    shown: bool
    """Whether everybody sees the results."""
    origin: PollOrigin
    position: int
    """Its place among the polls of the session."""
    changed_at: Instant
    changed_by: str
    """Name of the last person who moved it, for moderators; empty: the clock did."""
    opened_at: Instant | None = None
    closes_at: Instant | None = None
    """Its end, in the time of the stage: a page that is late may answer that much longer."""
    closed_at: Instant | None = None
    """Since when nothing counts any more."""
    flagged: tuple[str, ...] = ()
    """Words of a cloud that only moderators see."""


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """What one person answered, for the other devices of that person; `rev` rises with each change of it. `hall`: the host of a local hub
    counted hands, option → how many, of `people` in the hall."""

    poll: str
    person: str
    rev: int
    choice: tuple[str, ...] = ()
    hall: Mapping[str, int] | None = None
    people: int = 0


@dataclass(frozen=True, slots=True)
class PollTally:
    """The answers of a poll, counted: absolute numbers. Keys of `counts` are options, the numbers of a scale, or words; of a ranking they
    count points: as many as there are options for a first place, one for the last."""

    poll: str
    rev: int
    """The highest one is the newest."""
    answers: Mapping[Door, int] = field(default_factory=dict)
    """How many people answered."""
    counts: Mapping[str, Mapping[Door, int]] = field(default_factory=dict)
    halls: int = 0
    """How many local hubs counted hands; theirs are in the counts."""


@dataclass(frozen=True, slots=True)
class PollChanged(Event):
    """Base of the steps in a poll's life. Subject: the poll id; seq: its version."""

    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    poll: PollState


@dataclass(frozen=True, slots=True)
class PollPrepared(PollChanged):
    TYPE: ClassVar[str] = "tablee.poll.prepared.v1"


@dataclass(frozen=True, slots=True)
class PollEdited(PollChanged):
    """Its question or options were changed, or a word of its cloud was flagged."""

    TYPE: ClassVar[str] = "tablee.poll.edited.v1"


@dataclass(frozen=True, slots=True)
class PollOpened(PollChanged):
    """For the first time, or again after it was closed."""

    TYPE: ClassVar[str] = "tablee.poll.opened.v1"


@dataclass(frozen=True, slots=True)
class PollClosing(PollChanged):
    """Its end is announced (`closes_at`)."""

    TYPE: ClassVar[str] = "tablee.poll.closing.v1"


@dataclass(frozen=True, slots=True)
class PollClosed(PollChanged):
    """No answer counts any more."""

    TYPE: ClassVar[str] = "tablee.poll.closed.v1"


@dataclass(frozen=True, slots=True)
class PollShown(PollChanged):
    TYPE: ClassVar[str] = "tablee.poll.shown.v1"


@dataclass(frozen=True, slots=True)
class PollHidden(PollChanged):
    """Its results are for moderators only (again)."""

    TYPE: ClassVar[str] = "tablee.poll.hidden.v1"


@dataclass(frozen=True, slots=True)
class PollArchived(PollChanged):
    TYPE: ClassVar[str] = "tablee.poll.archived.v1"


@dataclass(frozen=True, slots=True)
class PollRestored(PollChanged):
    """Out of the archive."""

    TYPE: ClassVar[str] = "tablee.poll.restored.v1"


@dataclass(frozen=True, slots=True)
class PollCounted(Event):
    """The answers of a poll were counted, and some of them changed. Subject: the session id; seq: a rising number of the sender."""

    TYPE: ClassVar[str] = "tablee.poll.counted.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    session: str
    tally: PollTally
    answers: tuple[PollAnswer, ...] = ()
