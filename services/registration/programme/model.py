"""The programme as plain, frozen values: one class per block of the file, in the order the file is written.

What lives here: the blocks, their fields and the kind of each (read by `reader`, written by `writer`). What must not: YAML, rules
that look across blocks (they are in `check`), anything that asks the time.

`None` and `()` mean that the text does not say. Ids are stable across reprints; whatever a person printed is kept in the `…_raw` fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Annotated

from services.registration.programme.kinds import (
    EMAIL,
    FILE,
    LANGUAGE,
    SHA256,
    SLUG,
    URL,
    Choice,
    Clock,
    ClockTime,
    Day,
    Flag,
    Number,
    Places,
    Ref,
    Text,
    Zone,
)  # fmt: skip

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Unknowable:
    """Marks a field whose absence is worth a word: it is always written, as `unknown` when the text does not say."""


@dataclass(frozen=True, slots=True)
class FromKey:
    """Marks the field that stands left of the colon in a map of blocks."""


Id = Annotated[str, SLUG]
Key = Annotated[str, SLUG, FromKey()]
Line = Annotated[str, Text(300)]
Lines = Annotated[str, Text(2_000, lines=True)]
Prose = Annotated[str, Text(30_000, lines=True)]
Person_ = Annotated[str, Ref("people")]
Organisation_ = Annotated[str, Ref("organisations")]
Room_ = Annotated[str, Ref("rooms")]
Stage_ = Annotated[str, Ref("stages")]
Address = Annotated[str, URL]
Mail = Annotated[str, EMAIL]
File = Annotated[str, FILE]
Language = Annotated[str, LANGUAGE]
Count = Annotated[int, Number(0, 10_000)]
Door = Annotated[str, Choice(("in_room", "remote", "hub"))]
Time = Annotated[ClockTime, Clock()]
Bool = Annotated[bool, Flag()]
Places_ = Annotated[int | str, Places()]
CalendarDay = Annotated[Date, Day()]

Role = Annotated[
    str,
    Choice(
        ("opening", "introduction", "moderation", "speaker", "keynote", "discussant", "closing", "host", "interpreter"),
        code="programme.unknown_role",
    ),
]
SessionKind = Annotated[str, Choice(("reception", "opening", "keynote", "round_table", "workshop", "break", "closing", "other"))]
EndBasis = Annotated[str, Choice(("stated", "next_start", "assumed", "unknown"))]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the words come from. `unresolved` keeps the fragments that no field could take."""

    file: File
    sha256: Annotated[str, SHA256] | None = None
    extracted_on: CalendarDay | None = None
    unresolved: tuple[Lines, ...] = ()
    warnings: tuple[Lines, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    number: Annotated[int, Number(1, 1_000)]
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
    capacity: Places_ | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stream people can watch; `room` is where its cameras stand."""

    id: Id
    name: Line
    room: Room_ | None = None


@dataclass(frozen=True, slots=True)
class Hub:
    id: Id
    name: Line
    address: Lines | None = None
    capacity: Places_ | None = None
    host: Line | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    in_room: Places_ | None = None
    remote: Places_ | None = None
    hub: Places_ | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """From which day and up to which day (included) people may register."""

    opens: CalendarDay | None = None
    closes: CalendarDay | None = None


@dataclass(frozen=True, slots=True)
class Event:
    id: Id
    name: Line
    edition: Edition | None = None
    theme: Line | None = None
    theme_raw: Lines | None = None
    kind: Line | None = None
    date: Annotated[CalendarDay | None, Unknowable()] = None
    timezone: Annotated[str, Zone()] = "Europe/Paris"
    status: Annotated[str, Choice(("draft", "published", "moved_online", "postponed", "cancelled"))] = "draft"
    organiser: Organisation_ | None = None
    contact: Annotated[Mail | None, Unknowable()] = None
    url: Annotated[Address | None, Unknowable()] = None
    venue: Annotated[Venue | None, Unknowable()] = None
    rooms: tuple[Room, ...] = ()
    stages: tuple[Stage, ...] = ()
    hubs: tuple[Hub, ...] = ()
    modes: tuple[Door, ...] = ()
    capacity: Capacity | None = None
    registration: Enrolment | None = None


@dataclass(frozen=True, slots=True)
class Signatory:
    person: Person_
    titles: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Edito:
    """`body` is Markdown: a blank line parts two paragraphs, a single line break is only where the print turned the line."""

    label: Line
    title: Line
    title_raw: Lines | None = None
    body: Prose | None = None
    signatories: tuple[Signatory, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(" ".join(part.split()) for part in (self.body or "").split("\n\n") if part.strip())


@dataclass(frozen=True, slots=True)
class Title:
    """One title of a person, with the body it is held in when the text makes that plain."""

    text: Line
    role: Line | None = None
    organisation: Organisation_ | None = None
    as_of: CalendarDay | None = None


@dataclass(frozen=True, slots=True)
class Link:
    label: Line
    url: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: Key
    given: Line
    particle: Line | None = None
    family: Line
    display: Line
    sort_key: Line
    aliases: tuple[Line, ...] = ()
    spelling_confirmed: Bool = False
    titles: tuple[Title, ...] = ()
    titles_raw: Lines | None = None
    bio: Prose | None = None
    photo: File | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    id: Key
    name: Line
    acronym: Line | None = None
    aliases: tuple[Line, ...] = ()
    url: Address | None = None
    logo: File | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    person: Person_
    roles: tuple[Role, ...]
    titles_here: tuple[Line, ...] = ()
    position: Count | None = None
    presence: Annotated[str, Choice(("in_room", "remote", "unknown"))] = "unknown"
    block_label: Line | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happens inside a session without a time of its own."""

    id: Id
    kind: Id
    title: Line
    participants: tuple[Participant, ...] = ()
    position: Count | None = None
    planned_minutes: Count | None = None


@dataclass(frozen=True, slots=True)
class SignUp:
    required: Bool
    capacity: Capacity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One entry of the day. `stage` names the stream it is watched on; `questions` says whether the audience may ask."""

    id: Id
    kind: SessionKind
    label: Line | None = None
    number: Annotated[int, Number(1, 1_000)] | None = None
    title: Line
    title_raw: Lines | None = None
    start: Annotated[Time | None, Unknowable()] = None
    end: Annotated[Time | None, Unknowable()] = None
    end_basis: Annotated[EndBasis, Unknowable()] = "unknown"
    duration: Annotated[int, Number(1, 1_440)] | None = None
    room: Room_ | None = None
    stage: Stage_ | None = None
    modes: tuple[Door, ...] = ()
    language: Language | None = None
    interpretation: tuple[Line, ...] = ()
    description: Prose | None = None
    signup: SignUp | None = None
    stream: Bool | None = None
    record: Bool | None = None
    questions: Bool | None = None
    status: Annotated[str, Choice(("planned", "live", "delayed", "done", "cancelled"))] = "planned"
    participants: tuple[Participant, ...] = ()
    items: tuple[Item, ...] = ()
    resources: tuple[Link, ...] = ()
    replay_url: Address | None = None

    @property
    def streamed(self) -> bool:
        return self.stage is not None and self.stream is not False


@dataclass(frozen=True, slots=True)
class Tier:
    """A line of partners. An empty one is kept: the heading was printed, the logos were lost."""

    tier: Id
    heading: Line
    members: tuple[Organisation_, ...]
    position: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    id: Id
    kind: Annotated[str, Choice(("image_rights", "privacy", "security", "accessibility"))]
    heading: Line | None = None
    text: Prose
    version: Annotated[int, Number(1, 10_000)] = 1
    effective_from: CalendarDay | None = None
    contact: Annotated[Mail | None, Unknowable()] = None
    placements: tuple[Annotated[str, Choice(("form", "page", "ticket", "door_sign", "stream_slate"))], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    text: Prose
    from_: Organisation_ | None = None
    people: tuple[Person_, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A whole programme. `assumed` names the values that a completion supplied (`event.date`, `sessions.cloture.end`);
    `rehearsal` is true when the completion said `date: today`: the day then is whatever day it is."""

    format_version: Annotated[int, Number(FORMAT_VERSION, FORMAT_VERSION)]
    language: Language
    source: Source | None = None
    event: Event
    edito: Edito | None = None
    sessions: tuple[Session, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    partners: tuple[Tier, ...] = ()
    notices: tuple[Notice, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    assumed: frozenset[str] = frozenset()
    rehearsal: bool = False

    def session(self, id: str) -> Session | None:
        return next((session for session in self.sessions if session.id == id), None)

    def stage(self, id: str | None) -> Stage | None:
        return next((stage for stage in self.event.stages if stage.id == id), None)

    def room(self, id: str | None) -> Room | None:
        return next((room for room in self.event.rooms if room.id == id), None)
