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


@dataclass(frozen=True, slots=True)
class PersonAsked(Event):
    """Somebody wants to know everything that is kept of them, and waits: live, so that none of it ever waits in a queue. Whoever
    keeps something of people answers at once. Subject: the enquiry."""

    TYPE: ClassVar[str] = "tablee.person.asked.v1"
    SENDER: ClassVar[Sender] = "registration"
    LIVE: ClassVar[bool] = True

    event_id: str
    enquiry: str
    """A random id that the answers name."""
    person_id: str


@dataclass(frozen=True, slots=True)
class PersonTold(Event):
    """One service's answer to an enquiry. Subject: the enquiry. Several processes of a service may give the same one."""

    TYPE: ClassVar[str] = "tablee.person.told.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    event_id: str
    enquiry: str
    service: Sender
    kept: str
    """What `Service.export_person` gives, as the text of one JSON object: the names of what is kept → JSON values."""
