"""The life of a poll as data: what each state means, and which step leads from where to where, announced by which event.

    prepare ──▶ draft ──open──▶ open ──close──▶ closing ──(its time has come)──▶ closed ──archive──▶ archived
                 │ ▲ edit        ▲ ◀───reopen──────┴──────────────reopen──────────┘ ▲                   │
                 └─archive▶                                                         └──────restore──────┘ (a draft becomes one again)

Whether everybody sees the results (`shown`) is a switch of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.events.poll import (
    PollArchived,
    PollChanged,
    PollClosed,
    PollClosing,
    PollEdited,
    PollHidden,
    PollOpened,
    PollRestored,
    PollShown,
)
from shared.events.vocabulary import POLL_STATUSES, PollStatus

PollStepName = Literal["edit", "open", "close", "settle", "reopen", "show", "hide", "flag", "archive", "restore"]


@dataclass(frozen=True, slots=True)
class PollFacts:
    """What being in a state means."""

    visible: bool = False
    """Everybody may read what is asked."""
    live: bool = False
    """It takes answers, at least for a while; one poll of a session at a time."""
    counted: bool = False
    """There may be answers."""


POLL_STATES: Final[Mapping[PollStatus, PollFacts]] = {
    "draft": PollFacts(),
    "open": PollFacts(visible=True, live=True, counted=True),
    "closing": PollFacts(visible=True, live=True, counted=True),
    "closed": PollFacts(visible=True, counted=True),
    "archived": PollFacts(counted=True),
}


@dataclass(frozen=True, slots=True)
class PollStep:
    """One way from state to state. `ends` None: the state stays. `by_hand`: a moderator's, not the clock's."""

    name: PollStepName
    summary: str
    starts: tuple[PollStatus, ...]
    ends: PollStatus | None
    event: type[PollChanged]
    in_force: bool = False
    """Only while the programme has the session."""
    by_hand: bool = True


_ASKED: Final[tuple[PollStatus, ...]] = ("open", "closing", "closed")

_STEPS: Final = (
    PollStep("edit", "Change what a poll asks, before it is opened", ("draft",), "draft", PollEdited),
    PollStep("open", "Let people answer; one poll of a session at a time", ("draft",), "open", PollOpened, in_force=True),
    PollStep("close", "Announce its end: now, or in some seconds", ("open",), "closing", PollClosing),
    PollStep("settle", "Its end has come for everybody", ("open", "closing"), "closed", PollClosed, by_hand=False),
    PollStep("reopen", "Let people answer again, their answers kept", ("closing", "closed"), "open", PollOpened, in_force=True),
    PollStep("show", "Show the results to everybody", _ASKED, None, PollShown),
    PollStep("hide", "Keep the results for moderators", _ASKED, None, PollHidden),
    PollStep("flag", "Keep a word of a cloud from everybody's eyes, or give it back", ("open", "closing", "closed"), None, PollEdited),
    PollStep("archive", "Take it off every page; its results are kept", ("draft", "closed"), "archived", PollArchived),
    PollStep("restore", "Take it out of the archive", ("archived",), None, PollRestored),
)
POLL_STEPS: Final[Mapping[PollStepName, PollStep]] = {step.name: step for step in _STEPS}
"""In the order in which the desk offers them."""


def _where(true: str) -> frozenset[PollStatus]:
    return frozenset(status for status in POLL_STATUSES if getattr(POLL_STATES[status], true))


POLL_VISIBLE: Final = _where("visible")
POLL_LIVE: Final = _where("live")
POLL_COUNTED: Final = _where("counted")
