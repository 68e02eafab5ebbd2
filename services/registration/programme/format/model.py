"""The programme as plain, frozen values: one class per block of the file, in the order the file is written.

`None` and `()` mean that the text does not say. Ids are stable across reprints; whatever a person printed is kept in the `…_raw` fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from services.registration.programme.format.event import Capacity, EventEntry, Room, SourceNote, StageEntry
from services.registration.programme.format.fields import (
    Address,
    Bool,
    CalendarDay,
    Count,
    Door,
    EndBasis,
    File,
    Id,
    Key,
    Language,
    Line,
    Lines,
    Mail,
    Minutes,
    NoticeKind,
    Ordinal,
    OrganisationRef,
    PersonRef,
    Placement,
    PollKind,
    Presence,
    Prose,
    Role,
    RoomRef,
    SessionKind,
    SessionStatus,
    StageRef,
    Time,
    Unknowable,
    Version,
)


@dataclass(frozen=True, slots=True)
class Signatory:
    person: PersonRef
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
    organisation: OrganisationRef | None = None
    as_of: CalendarDay | None = None


@dataclass(frozen=True, slots=True)
class WebLink:
    label: Line
    url: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """`display` is the name as it was printed, and all that somebody of one name needs."""

    id: Key
    given: Line | None = None
    particle: Line | None = None
    family: Line | None = None
    display: Line
    sort_key: Line | None = None
    aliases: tuple[Line, ...] = ()
    spelling_confirmed: Bool = False
    titles: tuple[Title, ...] = ()
    titles_raw: Lines | None = None
    bio: Prose | None = None
    photo: File | None = None
    links: tuple[WebLink, ...] = ()

    @property
    def sorting(self) -> str:
        """What lists of people are sorted by."""
        return self.sort_key or f"{self.family or self.display} {self.given or ''}".strip().casefold()


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
    person: PersonRef
    roles: tuple[Role, ...]
    titles_here: tuple[Line, ...] = ()
    position: Count | None = None
    presence: Presence = "unknown"
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
class PollEntry:
    """A poll that is prepared for a session: moderators find it on their desk and open it when its time has come. `least` and `most` bound
    how many options or words, or are the ends of a scale; `right` is the place of the right option of a quiz, from 1."""

    id: Id
    kind: PollKind
    question: Lines
    options: tuple[Line, ...] = ()
    least: Count | None = None
    most: Count | None = None
    low_label: Line | None = None
    high_label: Line | None = None
    right: Ordinal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One entry of a day. `stage` names the stream it is watched on, `stream: false` closes its hall (`halls`); `questions` says whether
    the audience may ask. Without a `date` it is on the day of the session before it, the first one on the day of the event (`hours`)."""

    id: Id
    kind: SessionKind
    label: Line | None = None
    number: Ordinal | None = None
    title: Line
    title_raw: Lines | None = None
    date: CalendarDay | None = None
    start: Annotated[Time | None, Unknowable()] = None
    end: Annotated[Time | None, Unknowable()] = None
    end_basis: Annotated[EndBasis, Unknowable()] = "unknown"
    duration: Minutes | None = None
    room: RoomRef | None = None
    stage: StageRef | None = None
    modes: tuple[Door, ...] = ()
    language: Language | None = None
    interpretation: tuple[Line, ...] = ()
    description: Prose | None = None
    signup: SignUp | None = None
    stream: Bool | None = None
    record: Bool | None = None
    questions: Bool | None = None
    polls: tuple[PollEntry, ...] = ()
    status: SessionStatus = "planned"
    participants: tuple[Participant, ...] = ()
    items: tuple[Item, ...] = ()
    resources: tuple[WebLink, ...] = ()
    replay_url: Address | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """A line of partners. An empty one is kept: the heading was printed, the logos were lost."""

    tier: Id
    heading: Line
    members: tuple[OrganisationRef, ...]
    position: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    id: Id
    kind: NoticeKind
    heading: Line | None = None
    text: Prose
    version: Ordinal = 1
    effective_from: CalendarDay | None = None
    contact: Annotated[Mail | None, Unknowable()] = None
    placements: tuple[Placement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    text: Prose
    from_: OrganisationRef | None = None
    people: tuple[PersonRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A whole programme. `assumed` names the values that a completion supplied (`event.date`, `sessions.cloture.end`);
    `rehearsal` is true when the completion said `date: today`: the day then is whatever day it is."""

    format_version: Version
    language: Language
    source: SourceNote | None = None
    event: EventEntry
    edito: Edito | None = None
    sessions: tuple[Session, ...] = ()
    people: Mapping[str, PersonEntry] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    partners: tuple[Tier, ...] = ()
    notices: tuple[Notice, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    assumed: frozenset[str] = frozenset()
    rehearsal: bool = False

    def session(self, id: str) -> Session | None:
        return next((session for session in self.sessions if session.id == id), None)

    def stage(self, id: str | None) -> StageEntry | None:
        return next((stage for stage in self.event.stages if stage.id == id), None)

    def room(self, id: str | None) -> Room | None:
        return next((room for room in self.event.rooms if room.id == id), None)
