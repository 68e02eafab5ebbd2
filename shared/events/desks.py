"""Which moderators each process of the live feed has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event
from shared.events.vocabulary import Sender


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A moderator at one process; `name` is empty for one whose link bears none, `pages` how many connections they have."""

    person: str
    name: str
    pages: int


@dataclass(frozen=True, slots=True)
class DesksCounted(Event):
    """The moderators at one process, absolute; repeated whether there are any or not: a process that does not say so any more is gone.

    Subject: the process, a random id made at its start; seq: a rising number of that process."""

    TYPE: ClassVar[str] = "tablee.desks.counted.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    process: str
    sessions: Mapping[str, tuple[AtDesk, ...]]
    """Session id → who moderates it there; a session where nobody does is left out."""
