"""The life of a seat as data: what leads from where to where, by whose hand. The rules are in domain.py.

    invite ──▶ invited ──accept──▶ checking ──ready──▶ ready ──take──▶ on_air
                 │ ▲renew              │                 ▲ ◀──off_air──┘
     decline,    │ │                   └──── lost ───────┼──── lost ───┐
     two minutes ▼ │                                     └─── back ── lost ── half a minute ──▶ left
        declined, expired         leave ──▶ left (from any that is connected)      remove ──▶ removed (from any that has not ended)

`mute` keeps the state. `undo` takes back the last of invite, take, off_air, remove that nothing came after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.events.vocabulary import SeatStanding

SeatStepName = Literal["accept", "decline", "ready", "leave", "take", "off_air", "mute", "renew", "remove", "lost", "back"]
SeatHand = Literal["person", "desk", "studio"]

CONNECTED: Final[tuple[SeatStanding, ...]] = ("checking", "ready", "on_air", "lost")
"""They hold a place at the table."""
STANDING: Final[tuple[SeatStanding, ...]] = ("invited", *CONNECTED)
"""They have not ended."""

INVITATION_SECONDS: Final = 120
LOST_SECONDS: Final = 30
"""How long the seat of a lost connection is kept."""
BLINK_SECONDS: Final = 5
"""Who was on air and is back sooner than that is on air again by itself."""
CHECKING_SECONDS: Final = 900
"""How long camera and microphone may be tried: whoever closed that page without a word holds no place for ever."""

PLACES: Final = 6
"""At the table at once."""
SIGNERS: Final = 4
"""Interpreters into sign language besides."""


@dataclass(frozen=True, slots=True)
class SeatStep:
    """One way from state to state."""

    name: SeatStepName
    summary: str
    by: SeatHand
    action: str
    """In the table of capabilities."""
    starts: tuple[SeatStanding, ...]
    ends: SeatStanding | None
    """None: the state stays, or the rules say which it is."""


SEAT_STEPS: Final[Mapping[SeatStepName, SeatStep]] = {
    step.name: step
    for step in (
        SeatStep("accept", "Come to the table, with consent, name and title", "person", "seat.sit", ("invited",), "checking"),
        SeatStep("decline", "Not now", "person", "seat.sit", ("invited",), "declined"),
        SeatStep("ready", "The test call succeeded", "person", "seat.sit", ("checking",), "ready"),
        SeatStep("leave", "Leave the table", "person", "seat.sit", CONNECTED, "left"),
        SeatStep("take", "On air", "desk", "seat.take", ("ready",), "on_air"),
        SeatStep("off_air", "Off air; they stay connected and hear the room", "desk", "seat.take", ("on_air",), "ready"),
        SeatStep("mute", "Mute, or let speak again", "desk", "seat.take", CONNECTED, None),
        SeatStep("renew", "Two more minutes to accept", "desk", "seat.manage", ("invited", "expired"), "invited"),
        SeatStep("remove", "See them off", "desk", "seat.manage", STANDING, "removed"),
        SeatStep("lost", "Their connection is gone", "studio", "seat.studio", ("checking", "ready", "on_air"), "lost"),
        SeatStep("back", "Their connection is back", "studio", "seat.studio", ("lost",), None),
    )
}  # fmt: skip
