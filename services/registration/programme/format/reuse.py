"""Ids that a new programme uses for something else than the one before: what was asked in a session stays with its id.

The rule: another title, and besides another kind, day or stage. A session that is only renamed, only moved or only of another kind is
the same one. Only the programme in force is compared: what an id meant before that is not kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from services.registration.programme.format.hours import first_day, timetable
from services.registration.programme.format.model import Programme
from shared.errors import FieldError


class _Meaning(NamedTuple):
    title: str
    kind: str
    day: date | None
    stage: str | None


def reused(before: Programme, after: Programme) -> tuple[FieldError, ...]:
    """A warning for each such session, in print order."""
    known = _meanings(before)
    return tuple(
        FieldError(f"sessions.{index}.id", "programme.warn.id_reused", {"id": id, "before": known[id].title, "after": now.title})
        for index, (id, now) in enumerate(_meanings(after).items())
        if id in known and _another(known[id], now)
    )


def _another(before: _Meaning, now: _Meaning) -> bool:
    return before.title != now.title and before[1:] != now[1:]


def _meanings(programme: Programme) -> Mapping[str, _Meaning]:
    first = first_day(programme)
    return {
        session.id: _Meaning(session.title, session.kind, None if first is None else first + timedelta(days=hours.day), session.stage)
        for session, hours in zip(programme.sessions, timetable(programme), strict=True)
    }
