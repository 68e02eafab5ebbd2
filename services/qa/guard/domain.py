"""The rules of what protects a session. Every command takes values (`now`, who) and returns the new state with its event. What must not be
here: await, I/O, projections.

Screens are blank until somebody's hand brings them back: neither the end of the session nor time does (docs/decisions/0021).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.qa.question import Actor
from shared.clock import to_text
from shared.events.guard import BlankState, GuardChanged, GuardRevised, GuardState, ScreensBlanked, ScreensRestored

MOST_ACTS: Final = 500
"""Lines of the log of one session; beyond, the oldest go."""


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the log: who did what, when."""

    at: datetime
    what: str
    person: str
    """Person id; empty once forgotten."""
    name: str
    duty: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Since when, by whom."""

    at: datetime
    person: str
    name: str
    duty: str


@dataclass(frozen=True, slots=True)
class Guard:
    """What protects one session, or all of them (EVERYWHERE); version 0 while nothing was ever done."""

    session: str
    version: int = 0
    blank: Blank | None = None
    acts: tuple[Act, ...] = ()
    """Oldest first."""

    def state(self) -> GuardState:
        """As events carry it."""
        blank = None if self.blank is None else BlankState(to_text(self.blank.at), self.blank.name, self.blank.duty)
        return GuardState(self.session, self.version, blank)


@dataclass(frozen=True, slots=True)
class GuardChange:
    guard: Guard
    event: GuardChanged


def blanked(guard: Guard, by: Actor, now: datetime) -> GuardChange | None:
    """None when they are blank already: who was first stays known."""
    if guard.blank is not None:
        return None
    changed = _done(replace(guard, blank=Blank(now, by.person, by.name, by.duty)), "blank", by, now)
    return GuardChange(changed, ScreensBlanked(changed.state()))


def restored(guard: Guard, by: Actor, now: datetime) -> GuardChange | None:
    """None when they are not blank."""
    if guard.blank is None:
        return None
    changed = _done(replace(guard, blank=None), "restore", by, now)
    return GuardChange(changed, ScreensRestored(changed.state()))


def forgotten(guard: Guard, person: str) -> GuardChange:
    """A moderator withdrew from the event: what they did stays, that it was they goes."""
    blank = guard.blank
    if blank is not None and blank.person == person:
        blank = replace(blank, person="", name="")
    acts = tuple(replace(act, person="", name="") if act.person == person else act for act in guard.acts)
    changed = replace(guard, version=guard.version + 1, blank=blank, acts=acts)
    return GuardChange(changed, GuardRevised(changed.state()))


def _done(guard: Guard, what: str, by: Actor, now: datetime) -> Guard:
    """The next version, with one more line in the log."""
    return replace(guard, version=guard.version + 1, acts=(*guard.acts, Act(now, what, by.person, by.name, by.duty))[-MOST_ACTS:])
