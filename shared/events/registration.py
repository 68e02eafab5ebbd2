"""Events of the registration service: the programme, people and their access."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event


@dataclass(frozen=True, slots=True)
class SessionRef:
    """What other services need to know of a session. Instants are RFC 3339 UTC texts, None while unknown."""

    id: str
    kind: str
    label: str
    title: str
    starts_at: str | None
    ends_at: str | None
    room: str | None
    stage: str | None
    """The stream people watch it on; None when it is not streamed."""
    questions: bool
    """Whether the audience may ask (round tables, by default)."""
    moderators: tuple[str, ...] = ()
    """Person ids of the programme."""
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageRef:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ProgrammePublished(Event):
    """A programme took effect. Subject: the event id; seq: the programme's version. Whole, so that the last one is enough."""

    TYPE: ClassVar[str] = "tablee.registration.programme.published.v1"

    event_id: str
    name: str
    timezone: str
    digest: str
    sessions: tuple[SessionRef, ...]
    stages: tuple[StageRef, ...]


@dataclass(frozen=True, slots=True)
class PersonRegistered(Event):
    """Somebody filled in the form (or asked for their link again): a mail with a personal link is due."""

    TYPE: ClassVar[str] = "tablee.registration.person.registered.v1"

    event_id: str
    person_id: str
    door: str
    language: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class PersonConfirmed(Event):
    """The person entered by their link for the first time: the address is theirs. Live: no queue waits for it, and an event that no
    queue takes would stay in its outbox and hold up what follows it there."""

    TYPE: ClassVar[str] = "tablee.registration.person.confirmed.v1"
    LIVE: ClassVar[bool] = True

    event_id: str
    person_id: str
    door: str


@dataclass(frozen=True, slots=True)
class AccessRevoked(Event):
    """Passes of this person issued up to `revoked_at` no longer count; live connections of theirs end at once."""

    TYPE: ClassVar[str] = "tablee.registration.access.revoked.v1"

    event_id: str
    person_id: str
    revoked_at: str
    reason: str
