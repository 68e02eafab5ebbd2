"""The floor of a session: whether it takes questions, and who decided that. Pure.

The programme decides as long as nobody's hand does: a floor for which questions are foreseen is open from the moment the programme is
published, closes when its session is over or cancelled, opens again when it is on or upcoming again. In a rehearsal, whose day is any day,
hours end nothing; an operator's hand does. A moderator's decision on the floor outranks all that, until an operator decides something newer
about the session by hand. A removed session's floor is closed whatever anybody decided, and is what it was once the session is back.

The state follows from what was told last and from the last decision by hand, never from what was told before: it does not matter what
came late, twice or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.clock import from_text, to_text
from shared.errors import Conflict, Invalid
from shared.events.floor import FloorChanged
from shared.events.programme import SessionRef
from shared.events.running_order import SlotRef
from shared.events.vocabulary import Attendance, FloorDecider, FloorState, Progress, is_floor_state

FOLLOW: Final = "programme"
"""What a moderator asks for instead of a state, to give the decision back."""
ENDED: Final[frozenset[Progress]] = frozenset({"over", "cancelled"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What the programme and the running order say of a floor. `decided_at`: when an operator's hand brought it about."""

    state: FloorState
    decided_at: datetime | None = None
    removed: bool = False


REMOVED: Final = Plan("closed", removed=True)


def plan(session: SessionRef, slot: SlotRef | None, *, rehearsal: bool) -> Plan:
    """Of a session that is in force; `slot` is None while the running order says nothing of it."""
    by_hand = None if slot is None or slot.decided_at is None else from_text(slot.decided_at)
    if slot is not None and announced(slot, rehearsal=rehearsal) in ENDED:
        return Plan("closed", by_hand)
    return Plan("open", by_hand) if session.questions else Plan("closed")


def announced(slot: SlotRef, *, rehearsal: bool) -> Progress:
    """How a session stands for everybody: in a rehearsal its hours alone do not end it."""
    return "unknown" if rehearsal and slot.progress == "over" and slot.decided_at is None else slot.progress


@dataclass(frozen=True, slots=True)
class ByHand:
    """A moderator's decision."""

    state: FloorState
    at: datetime


@dataclass(frozen=True, slots=True)
class Floor:
    """Open to all, paused (local hubs only) or closed. `by`: who brought the state about, at `changed_at`. `hand` is the last decision by
    hand, in force or not; None: none was made, or it was given back."""

    session: str
    version: int
    state: FloorState
    changed_at: datetime
    by: FloorDecider = "programme"
    hand: ByHand | None = None
    removed: bool = False

    def event(self) -> FloorChanged:
        return FloorChanged(
            session=self.session, state=self.state, version=self.version, changed_at=to_text(self.changed_at), by=self.by
        )  # fmt: skip

    def require_open(self, door: Attendance) -> None:
        """A hall collects questions of many people, so a pause does not stop it. Raises Conflict."""
        if self.removed:
            raise Conflict("qa.session_removed", current=self.view())
        if self.state == "closed":
            raise Conflict("qa.floor_closed", current=self.view())
        if self.state == "paused" and door != "hub":
            raise Conflict("qa.floor_paused", current=self.view())

    def view(self) -> dict[str, object]:
        """What everybody may know of it."""
        return {
            "session": self.session, "state": self.state, "version": self.version, "by": self.by,
            "changed_at": to_text(self.changed_at),
        }  # fmt: skip


def new_floor(session: str, plan: Plan, *, now: datetime) -> Floor:
    return Floor(session, 1, plan.state, now, removed=plan.removed)


def settle(floor: Floor, plan: Plan, *, now: datetime) -> Floor:
    """The floor as it is under that plan: the same one where nothing changes, else the next version."""
    return _next(floor, floor.hand, plan, now)


def decide(floor: Floor, plan: Plan, *, state: str, expected_version: int, now: datetime) -> Floor:
    """A moderator's hand: a state, or `programme` to give the decision back. The same floor when that is so already. A decision is newer
    than whatever its maker saw, also when the operator's clock is ahead. Raises Invalid, Conflict."""
    if state != FOLLOW and not is_floor_state(state):
        raise Invalid.about("state", "qa.floor_unknown")
    if floor.removed:
        raise Conflict("qa.session_removed", current=floor.view())
    if floor.version != expected_version:
        raise Conflict("qa.stale", current=floor.view())
    if floor.by == "hand" and floor.state == state:
        return floor
    hand = ByHand(state, max(now, plan.decided_at or now)) if is_floor_state(state) else None
    return _next(floor, hand, plan, now)


def _next(floor: Floor, hand: ByHand | None, plan: Plan, now: datetime) -> Floor:
    held = hand if hand is not None and _in_force(hand, plan) else None
    by: FloorDecider = "programme" if held is None else "hand"
    changed = replace(floor, state=plan.state if held is None else held.state, by=by, hand=hand, removed=plan.removed)
    return floor if changed == floor else replace(changed, version=floor.version + 1, changed_at=now)


def _in_force(hand: ByHand, plan: Plan) -> bool:
    return not plan.removed and (plan.decided_at is None or plan.decided_at <= hand.at)
