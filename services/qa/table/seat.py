"""A seat and what moves it, as values. What must not be here: rules (domain.py), await, I/O, clocks, projections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.qa.question import Actor
from services.qa.table.life import CONNECTED, STANDING, SeatStepName
from shared.clock import to_text
from shared.events.table import SeatChanged, SeatState
from shared.events.vocabulary import Door, SeatKind, SeatStanding


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited, and why: a hand or a question of theirs."""

    person: str
    name: str
    door: Door
    kind: SeatKind
    hand: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """The text they agreed to, and when."""

    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One line of a seat's history."""

    version: int
    at: datetime
    step: str
    before: str
    after: str
    person: str = ""
    """Of who acted, unless it was the person of the seat; empty once forgotten."""
    name: str = ""
    duty: str = "none"
    consent: str = ""
    """Version of the text that was agreed to with this step."""


@dataclass(frozen=True, slots=True)
class SeatPast:
    """A step that can be taken back, and how the seat stood before it."""

    step: str
    was: SeatStanding | None


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat at one version; the fields of the event (shared/events/table.py), with instants for texts, and what stays here."""

    id: str
    session: str
    version: int
    state: SeatStanding
    kind: SeatKind
    person: str
    name: str
    title: str
    door: Door
    voice_only: bool
    no_picture: bool
    muted: bool
    hand: str
    question: str
    invited_at: datetime
    expires_at: datetime
    since: datetime
    round_trip_ms: int = 0
    picture: str = ""
    place: int | None = None
    """Which of the places it holds while it is connected."""
    lost_from: SeatStanding | None = None
    """How it stood when its connection was lost."""
    consent: Consent | None = None
    past: tuple[SeatPast, ...] = ()
    log: tuple[SeatLine, ...] = ()

    @property
    def standing(self) -> bool:
        return self.state in STANDING

    @property
    def connected(self) -> bool:
        return self.state in CONNECTED

    def told(self) -> SeatState:
        """As events carry it."""
        return SeatState(
            self.id, self.session, self.version, self.state, self.kind, self.person, self.name, self.title, self.door, self.voice_only,
            self.no_picture, self.muted, self.hand, self.question, to_text(self.invited_at), to_text(self.expires_at), to_text(self.since),
            self.round_trip_ms, self.picture, self.past[-1].step if self.past else "",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeatCommand:
    """A wish to take one step with a seat, decided on the version its caller saw."""

    step: SeatStepName
    expected_version: int
    by: Actor
    """Nobody (domain.NOBODY) for the person of the seat itself."""
    now: datetime
    voice_only: bool = False
    no_picture: bool = False
    name: str = ""
    title: str = ""
    consent: str = ""
    round_trip_ms: int = 0
    picture: str = ""
    muted: bool = False
    place: int | None = None
    """A free one, for whoever sits down; None: there is none."""


@dataclass(frozen=True, slots=True)
class SeatChange:
    """What a command did: the new state and its event."""

    seat: Seat
    event: SeatChanged
