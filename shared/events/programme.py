"""The programme, as far as other services need to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from shared.events.kind import Event, Instant
from shared.events.vocabulary import EventStatus, PollKind, Sender

MOST_STAGES: Final = 64
"""Stages of one programme that are broadcast; further ones are not, which an import says."""


@dataclass(frozen=True, slots=True)
class ParticipantRef:
    """Somebody at the table of a session, as pages show them."""

    name: str
    titles: tuple[str, ...] = ()
    moderates: bool = False


@dataclass(frozen=True, slots=True)
class PollRef:
    """A poll that the programme prepares for a session, in the manner of shared/poll_rules.py. `right`: the place of the right option of a
    quiz, from 1."""

    id: str
    kind: PollKind
    question: str
    options: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    low_label: str = ""
    high_label: str = ""
    right: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class SessionRef:
    """A session. Its instants are those of the print, None while unknown."""

    id: str
    kind: str
    label: str
    title: str
    starts_at: Instant | None
    ends_at: Instant | None
    room: str | None
    stage: str | None
    """The stream people watch it on; None when it is not streamed. A session that is not streamed from the hall of a stage names it
    in `closed_stage`."""
    questions: bool
    """Whether the audience may ask (round tables, by default)."""
    moderators: tuple[str, ...] = ()
    """Person ids of the programme."""
    speakers: tuple[str, ...] = ()
    participants: tuple[ParticipantRef, ...] = ()
    """Everybody in print order."""
    language: str = ""
    """BCP 47; empty: not known."""
    closed_stage: str | None = None
    """The stage whose stream must show nothing of the hall while this session is on: the programme says `stream: false`."""
    also_closed: tuple[str, ...] = ()
    """Further stages whose cameras stand in the same hall."""
    record: bool = True
    """Whether its stream may be recorded."""
    polls: tuple[PollRef, ...] = ()
    """In the order in which they are to be asked; nothing of them is public before a moderator opens them."""


@dataclass(frozen=True, slots=True)
class StageRef:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReasonRef:
    """Why moderators may decline a question: language → words, the programme's first; none for one of the standard reasons."""

    id: str
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProgrammePublished(Event):
    """A programme took effect. Subject: the event id; seq: the programme's version. Whole, so that the last one is enough."""

    TYPE: ClassVar[str] = "tablee.programme.published.v1"
    SENDER: ClassVar[Sender] = "registration"

    event_id: str
    name: str
    timezone: str
    digest: str
    sessions: tuple[SessionRef, ...]
    stages: tuple[StageRef, ...]
    status: EventStatus = "published"
    language: str = ""
    rehearsal: bool = False
    """The day is whatever day it is, so that hours that have passed end nothing by themselves."""
    reasons: tuple[ReasonRef, ...] = ()
    """All for which a question may be declined; empty: the standard ones."""
