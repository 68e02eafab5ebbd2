"""A day of one hall, of two, of none, and an operator who decides about it: for the tests of the running order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.registration.programme import Programme, parse
from services.registration.programme.order.commands import Decision, decide
from services.registration.programme.order.decisions import UNDECIDED
from services.registration.programme.running_order import Slot, running_order
from shared.errors import DomainError

ONE_HALL = """
  - {id: talk, kind: keynote, title: Talk, start: "9:00", end: "10:00", stage: main}
  - {id: coffee, kind: break, title: Coffee, start: "10:00", end: "10:30", room: foyer}
  - {id: table, kind: round_table, title: Table, start: "10:30", end: "11:30", stage: main}
  - {id: film, kind: other, title: Film, start: "11:30", end: "12:00", stage: main}
  - {id: lunch, kind: break, title: Lunch, start: "12:00", end: "13:00"}
  - {id: closing, kind: closing, title: Closing, start: "14:00", end: "14:30", stage: main}
  - {id: second, kind: keynote, title: Second day, date: 2025-03-06, start: "9:00", end: "10:00", stage: main}
"""
TWO_HALLS = """
  - {id: welcome, kind: opening, title: Welcome, start: "8:30", end: "9:00"}
  - {id: a1, kind: keynote, title: A1, start: "9:00", end: "10:00", stage: main}
  - {id: b1, kind: keynote, title: B1, start: "9:00", end: "10:00", stage: side}
  - {id: a2, kind: keynote, title: A2, start: "10:00", end: "11:00", stage: main}
  - {id: b2, kind: keynote, title: B2, start: "10:00", end: "11:00", stage: side}
  - {id: lunch, kind: break, title: Lunch, start: "11:00", end: "12:00"}
  - {id: a3, kind: keynote, title: A3, start: "12:00", end: "13:00", stage: main}
  - {id: b3, kind: keynote, title: B3, start: "12:00", end: "13:00", stage: side}
"""
NO_STAGE = """
  - {id: one, kind: keynote, title: One, start: "9:00", end: "10:00"}
  - {id: beside, kind: workshop, title: Beside, start: "9:30", end: "10:30"}
  - {id: mark, kind: other, title: Mark, start: "10:30", end: "10:30"}
  - {id: two, kind: keynote, title: Two, start: "10:30"}
  - {id: unknown, kind: other, title: Unknown, start: unknown}
"""


def programme(sessions: str, event: str = "status: published", zone: str = "Europe/Berlin") -> Programme:
    return parse(
        f"format_version: 1\nlanguage: en\nevent:\n  id: day\n  name: Day\n  date: 2025-03-05\n  timezone: {zone}\n  {event}\n"
        "  rooms: [{id: foyer, name: Foyer}]\n  stages: [{id: main, name: Main}, {id: side, name: Side}]\n"
        f"sessions:{sessions}people: {{}}\n"
    )


HALL, HALLS, PLAIN = programme(ONE_HALL), programme(TWO_HALLS), programme(NO_STAGE)


def at(hour: str, day: int = 5) -> datetime:
    """An hour in Berlin, in winter."""
    hours, minutes = hour.split(":")
    return datetime(2025, 3, day, int(hours), int(minutes), tzinfo=UTC) - timedelta(hours=1)


class Desk:
    """An operator at work on one programme; hours are those of Berlin."""

    def __init__(self, of: Programme) -> None:
        self.programme = of
        self.decisions = UNDECIDED

    def do(self, hour: str, name: Any, session: str | None = None, minutes: int | None = None, to: str | None = None) -> Desk:
        self.decisions = decide(self.programme, self.decisions, Decision(name, session, minutes, to), at(hour))
        return self

    def order(self, hour: str) -> dict[str, Slot]:
        return dict(running_order(self.programme, at(hour), self.decisions))

    def hours(self, *sessions: str) -> list[str]:
        order = self.order("00:01")
        return [f"{start:%H:%M}-{end:%H:%M}" for one in sessions for start, end in [order[one].actual] if start and end]

    def stands(self, hour: str, *sessions: str) -> list[str]:
        order = self.order(hour)
        return [order[one].progress for one in sessions]


def refused(desk: Desk, *command: Any, **params: Any) -> str:
    with pytest.raises(DomainError) as caught:
        desk.do(*command, **params)
    return caught.value.code.removeprefix("registration.order_")
