"""The state of the day: whether it is to come, under way, over, or will not be as printed. Pure: the moment is a value.

Everything that asks "may one still come?" asks here: pages, form, mails. What must not be here: words, what a single session does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from services.registration.programme.day import OPEN_END, Span, day_of, outer
from services.registration.programme.enrolment import Enrolling, enrolling, enrolment
from services.registration.programme.format.model import Programme
from services.registration.programme.running_order import Slot
from shared.errors import Conflict, DomainError, NotFound
from shared.events.vocabulary import DOORS, Door

Phase = Literal["draft", "before", "today", "over", "cancelled", "postponed"]

LINGER: Final = timedelta(hours=1)
"""How long after the last expected end the event still counts as under way: a day that runs late shuts its doors on nobody."""
COMING: Final = frozenset({"before", "today"})
CLOSED: Final[Mapping[Phase, type[DomainError]]] = {"draft": NotFound, "over": Conflict, "cancelled": Conflict, "postponed": Conflict}
"""What a registration is refused with; its code is `registration.event_<phase>`."""
REFUSALS: Final = (*(f"registration.event_{phase}" for phase in CLOSED), "registration.enrolment_early", "registration.enrolment_late")


@dataclass(frozen=True, slots=True)
class DayState:
    """`starts_at`: the first start, in the zone of the event; None while unknown. `moved_online`: nobody is expected in a room.
    `enrolling`: whether the programme takes registrations by now; `opens_at`: from when, None where it does not say."""

    phase: Phase
    moved_online: bool = False
    starts_at: datetime | None = None
    enrolling: Enrolling = "open"
    opens_at: datetime | None = None

    @property
    def takes(self) -> bool:
        """Whether somebody new may register."""
        return self.coming and self.enrolling == "open"

    @property
    def coming(self) -> bool:
        """Whether one may still come: change one's door, be told when and where. A postponed event takes people again once it has its
        new date."""
        return self.phase in COMING

    @property
    def expects_in_room(self) -> bool:
        return self.coming and not self.moved_online


def doors(modes: Sequence[Door], *, streamed: bool, state: DayState) -> tuple[Door, ...]:
    """The ways to come that are offered: those the programme names, else the room, and from afar where something is streamed. None once the
    event takes nobody any more, and no room when everything moved online."""
    if not state.coming:
        return ()
    named = modes or (DOORS if streamed else ("in_room",))
    return tuple(door for door in DOORS if door in named and not (state.moved_online and door == "in_room")) or ("remote",)


def require_open(state: DayState) -> None:
    """Raises NotFound("registration.event_draft"), Conflict("registration.event_over"), …_cancelled, …_postponed,
    Conflict("registration.enrolment_early"), …_late."""
    if not state.coming:
        raise CLOSED[state.phase](f"registration.event_{state.phase}")
    if not state.takes:
        raise Conflict(f"registration.enrolment_{state.enrolling}")


def state_of(programme: Programme, order: Mapping[str, Slot], at: datetime) -> DayState:
    """What the file says outranks the clock. A rehearsal, whose day is every day, is always today; otherwise the event is today from the
    midnight before its first start, in its zone, until `LINGER` after its last end, and as long as a session is on."""
    status = programme.event.status
    first, end = lasting(order.values())
    start = first.astimezone(ZoneInfo(programme.event.timezone)) if first else None
    if status in ("draft", "cancelled", "postponed"):
        return DayState(status, starts_at=start)
    running = any(slot.progress == "on" for slot in order.values())
    phase, opens = _phase(programme, (start, end), at, running=running), enrolment(programme.event)[0]
    return DayState(phase, status == "moved_online", start, enrolling(programme.event, at), opens)


def lasting(slots: Iterable[Slot]) -> Span:
    """From the first start to the last end that is expected of some sessions, in UTC; cancelled ones count where there are no others."""
    known = list(slots)
    kept = [slot for slot in known if slot.progress != "cancelled"] or known
    return outer((slot.instants[0], _end(slot)) for slot in kept)


def _phase(programme: Programme, hours: Span, at: datetime, *, running: bool) -> Phase:
    start, end = hours
    if programme.rehearsal or running:
        return "today"
    if end is not None and at >= end + LINGER:
        return "over"
    first, today = day_of(programme, at), at.astimezone(ZoneInfo(programme.event.timezone)).date()
    begins = start.date() if start is not None else first
    return "today" if begins is not None and begins <= today else "before"


def _end(slot: Slot) -> datetime | None:
    start, end = slot.instants
    return end or (start + OPEN_END if start else None)
