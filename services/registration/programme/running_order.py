"""The running order: what really begins when, beside what was printed. Today every session follows its printed hours.

Whoever moves the day ("+10 min", a session that starts early or not at all) changes what `running_order` gives; pages, now and next and
the public programme ask here and nowhere else. Pure: the moment is a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.registration.programme.day import OPEN_END, NowNext, Span, spans
from services.registration.programme.format.model import Programme, Session
from shared.clock import to_text
from shared.events.vocabulary import Progress


@dataclass(frozen=True, slots=True)
class Slot:
    """One session: when it was printed to be, when it really is, and how it stands."""

    session: str
    printed: Span
    actual: Span
    progress: Progress


def running_order(programme: Programme, at: datetime) -> Mapping[str, Slot]:
    """Session id → slot, in print order, as it stands at `at`."""
    printed = spans(programme, at)
    return {session.id: _as_printed(session, printed[session.id], at) for session in programme.sessions}


def now_next(programme: Programme, at: datetime) -> NowNext:
    """What is on at `at` and what comes next, on whatever day. Outside the hours of the event `now` is None."""
    order = running_order(programme, at).values()
    on = [slot.session for slot in order if slot.progress == "on"]
    coming = [slot.session for slot in order if slot.progress == "upcoming" and _begins_after(slot, at)]
    return NowNext(on[-1] if on else None, coming[0] if coming else None, to_text(at))


def _as_printed(session: Session, printed: Span, at: datetime) -> Slot:
    return Slot(session.id, printed, printed, _progress(session.status == "cancelled", printed, at))


def _begins_after(slot: Slot, at: datetime) -> bool:
    return slot.actual[0] is not None and slot.actual[0] > at


def _progress(cancelled: bool, when: Span, at: datetime) -> Progress:
    start, end = when
    if cancelled:
        return "cancelled"
    if start is None:
        return "unknown"
    if at < start:
        return "upcoming"
    return "on" if at < (end or start + OPEN_END) else "over"
