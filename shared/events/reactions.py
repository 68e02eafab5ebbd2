"""Reactions of the audience: numbers only, of nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from shared.events.kind import Event
from shared.events.vocabulary import ReactionKind, Sender


@dataclass(frozen=True, slots=True)
class ReactionsCounted(Event):
    """The reactions of the last seconds at one process, absolute; repeated while there are any, so that the share of a process that died
    can end.

    Subject: the process, a random id made at its start; seq: a rising number of that process."""

    TYPE: ClassVar[str] = "tablee.reactions.counted.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    process: str
    sessions: Mapping[str, Mapping[ReactionKind, int]]
    """Session id → kind → how many; a session without any may be left out."""
