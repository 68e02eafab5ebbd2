"""What somebody says of how they come: the form, not yet confirmed from the mailbox, and what it holds. Pure values.

What must not be here: what becomes of them (`domain`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.auth.capabilities import Attendance


@dataclass(frozen=True, slots=True)
class ImageChoice:
    """One entry of the consent log: which text was answered how, when, through which channel."""

    choice: str
    text_version: str
    text_sha256: str
    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """What somebody answered to a question of the organiser: `asked` is the question as it was put to them; `values` the options they
    chose, `yes` or `no`, or their own words."""

    question: str
    asked: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wrote in the form, not yet confirmed from the mailbox. `id` is the id of the event that makes the mail."""

    id: str
    name: str
    door: Attendance
    language: str
    image: ImageChoice
    days: tuple[str, ...] = ()
    """Ids of the days they come, all where there are none (`programme/open_days`)."""
    headcount: int | None = None
    """How many come together, as the host of a local hub declares it; None while they did not, or come by another door."""
    answers: tuple[FormAnswer, ...] = ()
