"""What hands decided about the day, beside the print: plain values, kept by the session's id.

What lives here: the decisions, which of them still hold under a programme, how the last ones are taken back. What must not: what a
decision does to the day (`lines`, `running_order`), which decisions are allowed (`commands`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal

from services.registration.programme.day import days
from services.registration.programme.format.model import Programme
from shared.events.running_order import SlotRef

Name = Literal["start", "end", "slide", "move", "cancel", "restore", "undo"]

MOST_STEPS: Final = 50
"""How many of the last decisions can be undone."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What was decided for one session; instants are absolute, None: nothing was."""

    day: date
    """The day the session was printed for when this was decided."""
    begins: datetime | None = None
    """The hour it was moved to."""
    ends: datetime | None = None
    """The end it was given while it was on."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cancelled: bool | None = None
    """None: as the file says."""
    decided_at: datetime | None = None
    """When it was last started, ended, cancelled or restored."""


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One decision as it can be undone: what stood before, for each session that it touched."""

    command: Name
    session: str
    at: datetime
    before: Mapping[str, Hand | None]


@dataclass(frozen=True, slots=True)
class Decisions:
    """`steps`: the last decisions, oldest first."""

    hands: Mapping[str, Hand] = field(default_factory=dict)
    steps: tuple[UndoStep, ...] = ()

    def decide(self, command: Name, session: str, at: datetime, changed: Mapping[str, Hand]) -> Decisions:
        step = UndoStep(command, session, at, {id: self.hands.get(id) for id in changed})
        return Decisions({**self.hands, **changed}, (*self.steps, step)[-MOST_STEPS:])

    def undo(self) -> Decisions:
        """Without the last decision; there must be one."""
        before = self.steps[-1].before
        kept = {id: hand for id, hand in self.hands.items() if id not in before}
        return Decisions({**kept, **{id: hand for id, hand in before.items() if hand}}, self.steps[:-1])


UNDECIDED: Final = Decisions()


@dataclass(frozen=True, slots=True)
class Kept:
    """The running order as it is kept. `version` rises with everything that is told to others, `decided` is the version of the last
    decision by hand, `decided_by` the name on the link of whoever made it (empty: none), `revision` counts the changes that a calendar has
    to take over, `told` is what others were told last."""

    version: int = 0
    decided: int = 0
    decided_by: str = ""
    revision: int = 0
    revised_at: datetime | None = None
    decisions: Decisions = UNDECIDED
    told: tuple[SlotRef, ...] = ()


def adopt(programme: Programme, decisions: Decisions, at: datetime) -> Decisions:
    """Those that hold under `programme`: of sessions that remain, everything; of a session that has another day now, whether it is
    cancelled. In a rehearsal a new day begins afresh. What no longer holds as it was decided cannot be undone either."""
    day_of = {session.id: day for day, sessions in days(programme, at).items() for session in sessions}
    same = {id for id, hand in decisions.hands.items() if day_of.get(id) == hand.day}
    if len(same) == len(decisions.hands):
        return decisions
    hands = {id: hand if id in same else _moved(hand, day_of.get(id), programme.rehearsal) for id, hand in decisions.hands.items()}
    steps = [replace(step, before={id: hand for id, hand in step.before.items() if id in same}) for step in decisions.steps]
    return Decisions({id: hand for id, hand in hands.items() if hand}, tuple(step for step in steps if step.before))


def _moved(hand: Hand, day: date | None, rehearsal: bool) -> Hand | None:
    """What remains of a decision for a session that is gone (`day` is None) or on another day."""
    if day is None or rehearsal or hand.cancelled is None:
        return None
    return Hand(day, cancelled=hand.cancelled, decided_at=hand.decided_at)
