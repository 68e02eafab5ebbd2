"""The rules of what protects a session. Every command takes values (`now`, who) and returns the new state with its event. What must not be
here: await, I/O, projections.

Screens are blank until somebody's hand brings them back: neither the end of the session nor time does (docs/decisions/0021). Slow mode and
mutes end with the session, or before by hand.

A person is muted by a question of theirs, and known to moderators by that question only: of somebody who asks without a name, nobody learns
which other questions are theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from services.qa.question import Actor
from shared.clock import to_text
from shared.errors import Conflict, Full, Invalid
from shared.events.guard import (
    BlankState,
    GuardChanged,
    GuardRevised,
    GuardState,
    MutedState,
    PersonMuted,
    PersonUnmuted,
    QuestionsSlowed,
    ScreensBlanked,
    ScreensRestored,
    WordsListed,
)

MOST_ACTS: Final = 500
"""Lines of the log of one session; beyond, the oldest go."""

PACES: Final = (0, 60, 120, 300, 600)
"""Seconds between two questions of one person in a session, as moderators may choose; 0: as everywhere."""
MOST_MUTED: Final = 200
"""Of one session: a hall of so many is no longer helped by muting."""


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the log: who did what, when."""

    at: datetime
    what: str
    person: str
    """Person id; empty once forgotten."""
    name: str
    duty: str
    about: str = ""
    """The question, the minutes, or how many words."""


@dataclass(frozen=True, slots=True)
class Slow:
    """So many seconds between two questions of a person, since then."""

    seconds: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Muted:
    """The author (`person`) of that question is muted, since when, by whom."""

    question: str
    person: str
    at: datetime
    by: str
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
    slow: Slow | None = None
    muted: tuple[Muted, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of EVERYWHERE: language → the words that mark a question, as `flags.clean_lists` left them."""
    acts: tuple[Act, ...] = ()
    """Oldest first."""

    def state(self) -> GuardState:
        """As events carry it."""
        blank = None if self.blank is None else BlankState(to_text(self.blank.at), self.blank.name, self.blank.duty)
        muted = tuple(MutedState(each.question, each.person, to_text(each.at), each.name, each.duty) for each in self.muted)
        return GuardState(self.session, self.version, blank, self.pace, muted, self.words)

    @property
    def pace(self) -> int:
        """Seconds between two questions of a person; 0: as everywhere."""
        return 0 if self.slow is None else self.slow.seconds

    def mutes(self, person: str) -> bool:
        return any(each.person == person for each in self.muted)


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


def slowed(guard: Guard, seconds: int, by: Actor, now: datetime) -> GuardChange | None:
    """None when it is so already. Raises Invalid."""
    if seconds not in PACES:
        raise Invalid.about("seconds", "qa.slow_unknown")
    if guard.pace == seconds:
        return None
    held = replace(guard, slow=Slow(seconds, now) if seconds else None)
    changed = _done(held, "slow" if seconds else "slow_off", by, now, str(seconds // 60) if seconds else "")
    return GuardChange(changed, QuestionsSlowed(changed.state()))


def muted(guard: Guard, question: str, person: str, by: Actor, now: datetime) -> GuardChange | None:
    """None when they are muted by that question already. Raises Conflict when nobody knows any more whose it was, Full."""
    if any(each.question == question for each in guard.muted):
        return None
    if not person:
        raise Conflict("qa.mute_nobody")
    if len(guard.muted) >= MOST_MUTED:
        raise Full("qa.mutes_full", params={"most": MOST_MUTED})
    entry = Muted(question, person, now, by.person, by.name, by.duty)
    changed = _done(replace(guard, muted=(*guard.muted, entry)), "mute", by, now, question)
    return GuardChange(changed, PersonMuted(changed.state()))


def unmuted(guard: Guard, question: str, by: Actor, now: datetime) -> GuardChange | None:
    """None when nobody is muted by that question. Whoever is muted by another one too stays so."""
    left = tuple(each for each in guard.muted if each.question != question)
    if len(left) == len(guard.muted):
        return None
    changed = _done(replace(guard, muted=left), "unmute", by, now, question)
    return GuardChange(changed, PersonUnmuted(changed.state()))


def listed(guard: Guard, words: Mapping[str, tuple[str, ...]], by: Actor, now: datetime) -> GuardChange | None:
    """The organiser's lists, clean. None when they are so already."""
    if {**guard.words} == {**words}:
        return None
    changed = _done(replace(guard, words=words), "words", by, now, str(sum(map(len, words.values()))))
    return GuardChange(changed, WordsListed(changed.state()))


def ended(guard: Guard, at: datetime) -> GuardChange | None:
    """The session ended then: what was done before ends with it, screens do not. None when there is nothing of that."""
    slow = guard.slow if guard.slow is not None and guard.slow.at > at else None
    left = tuple(each for each in guard.muted if each.at > at)
    if slow == guard.slow and left == guard.muted:
        return None
    return _revised(replace(guard, slow=slow, muted=left))


def forgotten(guard: Guard, person: str) -> GuardChange | None:
    """A person withdrew from the event: who was muted is muted no more, what a moderator did stays, that it was they goes. None when there
    is nothing of them."""
    left = tuple(
        replace(each, by="", name="") if each.by == person else each for each in guard.muted if each.person != person
    )  # fmt: skip
    blank = guard.blank
    if blank is not None and blank.person == person:
        blank = replace(blank, person="", name="")
    acts = tuple(replace(act, person="", name="") if act.person == person else act for act in guard.acts)
    changed = replace(guard, blank=blank, muted=left, acts=acts)
    return None if changed == guard else _revised(changed)


def _revised(guard: Guard) -> GuardChange:
    changed = replace(guard, version=guard.version + 1)
    return GuardChange(changed, GuardRevised(changed.state()))


def _done(guard: Guard, what: str, by: Actor, now: datetime, about: str = "") -> Guard:
    """The next version, with one more line in the log."""
    act = Act(now, what, by.person, by.name, by.duty, about)
    return replace(guard, version=guard.version + 1, acts=(*guard.acts, act)[-MOST_ACTS:])
