"""People, from the form to the end of what is kept of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Attendance, Sender


@dataclass(frozen=True, slots=True)
class PersonRegistered(Event):
    """Somebody filled in the form (or asked for their link again): a mail with a personal link is due."""

    TYPE: ClassVar[str] = "tablee.person.registered.v1"
    SENDER: ClassVar[Sender] = "registration"

    event_id: str
    person_id: str
    door: Attendance
    language: str
    """The code of a folder of web/locales: a new language changes no contract."""
    again: bool = False
    to: str = ""
    """The page of ours for which the link was asked, a path with its query: the mail leads there. Empty: the page of their door."""


@dataclass(frozen=True, slots=True)
class PersonConfirmed(Event):
    """The person entered by their link for the first time: the address is theirs. Live: no queue waits for it, and an event that no
    queue takes would stay in its outbox and hold up what follows it there."""

    TYPE: ClassVar[str] = "tablee.person.confirmed.v1"
    SENDER: ClassVar[Sender] = "registration"
    LIVE: ClassVar[bool] = True

    event_id: str
    person_id: str
    door: Attendance


@dataclass(frozen=True, slots=True)
class PersonErased(Event):
    """The person withdrew: whatever a service keeps of them loses their name, or goes. Subject: the person id."""

    TYPE: ClassVar[str] = "tablee.person.erased.v1"
    SENDER: ClassVar[Sender] = "registration"

    event_id: str
    person_id: str
    erased_at: Instant
