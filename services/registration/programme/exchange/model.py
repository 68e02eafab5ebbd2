"""What schedule.json and schedule.xml both say: talks with their hours, rooms and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shared.errors import FieldError

MOST_BYTES = 8 * 1024 * 1024
"""Of a file that is imported: congresses of four days publish about two."""
MOST_TALKS = 500
MOST_PEOPLE = 500
"""As many as a programme may have."""


@dataclass(frozen=True, slots=True)
class TalkPerson:
    """`key` tells people apart, also those of one name; `number` is the same for formats that want a number."""

    key: str
    number: int
    name: str
    bio: str = ""
    roles: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """`day` is the day it is listed under, which after midnight is the day before that of `begins`. Empty texts mean nothing is known."""

    guid: str
    number: int
    slug: str
    day: date
    begins: datetime
    minutes: int
    room: str
    title: str
    subtitle: str = ""
    kind: str = ""
    track: str = ""
    language: str = ""
    abstract: str = ""
    description: str = ""
    url: str = ""
    people: tuple[TalkPerson, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Label and address."""
    is_streamed: bool = True
    is_recorded: bool = True


@dataclass(frozen=True, slots=True)
class Hall:
    name: str
    guid: str = ""
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """The files of the event as they were, for whoever reads the export back."""

    programme: str
    completion: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """`zone` is an IANA name, empty when the file does not say. `findings`: what could not be taken out of the file it was read from."""

    title: str
    acronym: str
    version: str
    zone: str
    url: str
    days: tuple[date, ...]
    talks: tuple[Talk, ...]
    halls: tuple[Hall, ...] = ()
    description: str = ""
    venue: str = ""
    embedded: Embedded | None = None
    findings: tuple[FieldError, ...] = ()


def halls_of(talks: tuple[Talk, ...]) -> tuple[str, ...]:
    """The names of the rooms, in the order they are met."""
    return tuple(dict.fromkeys(talk.room for talk in talks))
