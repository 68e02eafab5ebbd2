"""The event itself: where and when it takes place, who gives it, where its words come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from services.registration.programme.format.fields import (
    Address,
    AnswerKind,
    Bool,
    CalendarDay,
    Checksum,
    Door,
    EventStatus,
    File,
    Id,
    LeadMinutes,
    Line,
    Lines,
    Mail,
    Ordinal,
    OrganisationRef,
    PlaceCount,
    Reason,
    ReasonId,
    RoomRef,
    Time,
    Timezone,
    Unknowable,
)


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Where the words come from. `unresolved` keeps the fragments that no field could take."""

    file: File
    sha256: Checksum | None = None
    extracted_on: CalendarDay | None = None
    unresolved: tuple[Lines, ...] = ()
    warnings: tuple[Lines, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    number: Ordinal
    label: Line


@dataclass(frozen=True, slots=True)
class Venue:
    name: Line
    address: Lines | None = None
    access: Lines | None = None


@dataclass(frozen=True, slots=True)
class Room:
    id: Id
    name: Line
    capacity: PlaceCount | None = None


@dataclass(frozen=True, slots=True)
class StageEntry:
    """A stream people can watch; `room` is where its cameras stand."""

    id: Id
    name: Line
    room: RoomRef | None = None


@dataclass(frozen=True, slots=True)
class HubEntry:
    id: Id
    name: Line
    address: Lines | None = None
    capacity: PlaceCount | None = None
    host: Line | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    in_room: PlaceCount | None = None
    remote: PlaceCount | None = None
    hub: PlaceCount | None = None


@dataclass(frozen=True, slots=True)
class CapacityOfDay:
    """Another capacity on one day of several: `day` counts from 1, so that it holds when the dates move. What is not said is as on the
    others."""

    day: Ordinal
    in_room: PlaceCount | None = None
    remote: PlaceCount | None = None
    hub: PlaceCount | None = None


@dataclass(frozen=True, slots=True)
class EventCapacity:
    """How many registrations each door takes a day; `hub` counts local hubs, not the people in them. A door that is not named takes all."""

    in_room: PlaceCount | None = None
    remote: PlaceCount | None = None
    hub: PlaceCount | None = None
    days: tuple[CapacityOfDay, ...] = ()

    def of(self, door: Door, day: int) -> int | None:
        """On a day, from 1; None for as many as come."""
        own = next((getattr(one, door) for one in self.days if one.day == day), None)
        places = getattr(self, door) if own is None else own
        return places if isinstance(places, int) else None


@dataclass(frozen=True, slots=True)
class AskedWhen:
    """A question is asked of those alone who gave one of these answers to an earlier one; `yes` and `no` where that is a `yes_no`."""

    question: Id
    answers: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormQuestion:
    """What the organiser asks whoever registers, and what for: nobody may be asked without being told. `doors`: of those who come by one
    of them; of everybody where there are none."""

    id: Id
    kind: AnswerKind
    question: Line
    purpose: Line
    help: Line | None = None
    options: tuple[Line, ...] = ()
    required: Bool = False
    doors: tuple[Door, ...] = ()
    when: AskedWhen | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """From which day and up to which day (included) people may register; `opens_at` and `closes_at` are hours of those days. `questions`
    are asked in this order; a reminder is sent so many minutes before each day begins on which somebody comes."""

    opens: CalendarDay | None = None
    opens_at: Time | None = None
    closes: CalendarDay | None = None
    closes_at: Time | None = None
    questions: tuple[FormQuestion, ...] = ()
    reminders: tuple[LeadMinutes, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """Why moderators may decline a question. `words`: language → what they choose and its author reads; none for one of Tablée's own, which
    has its words on every page."""

    id: ReasonId
    words: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventEntry:
    id: Id
    name: Line
    edition: Edition | None = None
    theme: Line | None = None
    theme_raw: Lines | None = None
    kind: Line | None = None
    date: Annotated[CalendarDay | None, Unknowable()] = None
    timezone: Timezone = "Europe/Paris"
    status: EventStatus = "published"
    """An event that is served and says nothing is public; whoever still prepares it says `draft`."""
    organiser: OrganisationRef | None = None
    contact: Annotated[Mail | None, Unknowable()] = None
    url: Annotated[Address | None, Unknowable()] = None
    venue: Annotated[Venue | None, Unknowable()] = None
    rooms: tuple[Room, ...] = ()
    stages: tuple[StageEntry, ...] = ()
    hubs: tuple[HubEntry, ...] = ()
    modes: tuple[Door, ...] = ()
    capacity: EventCapacity | None = None
    registration: Enrolment | None = None
    reasons: tuple[ReasonEntry, ...] = ()
    """All there are, in the order of the desk; without any, Tablée's own."""
