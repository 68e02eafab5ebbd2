"""How a session is protected: its screens blanked, its questions slowed, people muted. Each step carries the whole state, so that the
newest one is enough.

It is meant for the servers of live feeds, which project it per audience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Sender

EVERYWHERE: Final = "*"
"""In the place of a session: all of them. No session is called so."""


@dataclass(frozen=True, slots=True)
class BlankState:
    """Since when screens are blank, by whom: the name moderators read (empty for a link without one), and the duty."""

    at: Instant
    name: str
    duty: str


@dataclass(frozen=True, slots=True)
class MutedState:
    """The author of that question is muted, since when, by whom (as BlankState)."""

    question: str
    person: str
    at: Instant
    name: str
    duty: str


@dataclass(frozen=True, slots=True)
class GuardState:
    """The protection of a session, or of all (EVERYWHERE), at `version`."""

    session: str
    version: int
    blank: BlankState | None = None
    """None: screens show what there is to show."""
    slow: int = 0
    """Seconds that a person waits between two questions there; 0: no more than everywhere."""
    muted: tuple[MutedState, ...] = ()
    """A person may be in it more than once: muted by several of their questions."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of EVERYWHERE: language → the words that mark a question for moderators."""


@dataclass(frozen=True, slots=True)
class GuardChanged(Event):
    """Base of the steps. Subject: the session's id, or EVERYWHERE; seq: the version."""

    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    guard: GuardState


@dataclass(frozen=True, slots=True)
class ScreensBlanked(GuardChanged):
    TYPE: ClassVar[str] = "tablee.guard.blanked.v1"


@dataclass(frozen=True, slots=True)
class ScreensRestored(GuardChanged):
    """They show again what there is to show."""

    TYPE: ClassVar[str] = "tablee.guard.restored.v1"


@dataclass(frozen=True, slots=True)
class QuestionsSlowed(GuardChanged):
    """Or slowed no more."""

    TYPE: ClassVar[str] = "tablee.guard.slowed.v1"


@dataclass(frozen=True, slots=True)
class PersonMuted(GuardChanged):
    TYPE: ClassVar[str] = "tablee.guard.muted.v1"


@dataclass(frozen=True, slots=True)
class PersonUnmuted(GuardChanged):
    TYPE: ClassVar[str] = "tablee.guard.unmuted.v1"


@dataclass(frozen=True, slots=True)
class WordsListed(GuardChanged):
    """The organiser's lists are other ones."""

    TYPE: ClassVar[str] = "tablee.guard.listed.v1"


@dataclass(frozen=True, slots=True)
class GuardRevised(GuardChanged):
    """What ends with the session has ended, or who did something is known no more."""

    TYPE: ClassVar[str] = "tablee.guard.revised.v1"
