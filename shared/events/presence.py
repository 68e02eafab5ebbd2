"""How many people each process of the live feed has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.kind import Event
from shared.events.vocabulary import Door, Sender


@dataclass(frozen=True, slots=True)
class PresenceCounted(Event):
    """The people at one process, absolute; repeated while there are any, so that the share of a process that died can end.

    Subject: the process, a random id made at its start; seq: a rising number of that process."""

    TYPE: ClassVar[str] = "tablee.presence.counted.v1"
    SENDER: ClassVar[Sender] = "qa"
    LIVE: ClassVar[bool] = True

    process: str
    sessions: Mapping[str, Mapping[Door, int]]
    """Session id → door → people; a session where nobody is may be left out. Without the hosts in `halls`."""
    halls: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Session id → person id of the host of a local hub → how many are there, the host among them."""
