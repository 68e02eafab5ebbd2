"""What became of all the questions of a session, in numbers: public, and about nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from shared.events.kind import Event, Instant
from shared.events.vocabulary import Attendance, Sender


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Questions of all, or of those who came by one door; `asked` is None by a door where there are too few to say."""

    asked: int | None = 0
    published: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class LedgerCounted(Event):
    """What became of all the questions of a session, in numbers. Subject: the session id; seq: milliseconds since 1970 when it was counted.
    Whole, so that the last one is enough. Reasons and waits are not told by door: with few people by a door they would tell of one."""

    TYPE: ClassVar[str] = "tablee.ledger.counted.v1"
    SENDER: ClassVar[Sender] = "qa"

    session: str
    counted_at: Instant
    whole: LedgerLine
    doors: Mapping[Attendance, LedgerLine]
    """Those by which somebody asked."""
    waiting: int = 0
    declined: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    appealed: int = 0
    merged: int = 0
    hidden: int = 0
    """Taken off the public pages after they were published."""
    withdrawn: int = 0
    """By their authors, erased ones among them."""
    promised: int = 0
    wait_seconds: int | None = None
    """Half of them waited at most so long for the first decision; None while there was none."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of the reasons that are the organiser's: id → language → words."""
