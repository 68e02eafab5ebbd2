"""Who follows whom on a day, and what a delay does to the rest of it.

What lives here: the line a session stands on (its stage, else its room, else the event), when each is expected to begin and to end. What
must not: progress, commands, shapes of answers. Reckoned in UTC, where an hour is an hour also when the clock is changed.

The print is the rule. Whatever follows on the line waits for what comes before; a gap swallows a delay whole, a break down to
`LEAST_BREAK`. What the print lets overlap does not depend on each other. Nothing is brought forward by itself: only a session that was
moved forward by hand takes along what follows it without a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.registration.programme.day import OPEN_END, Span, days
from services.registration.programme.format.halls import takes_up
from services.registration.programme.format.hours import NIGHT_ENDS
from services.registration.programme.format.model import Programme, Session
from services.registration.programme.order.decisions import Hand

LEAST_BREAK: Final = timedelta(minutes=5)
"""What a delay leaves of a break."""
PUNCTUAL: Final = timedelta(minutes=3)
"""A session that begins or ends this little off its hour moves nothing."""
STAGE: Final = "stage "
EVENT: Final = ""
"""The line of what has neither stage nor room, and of breaks without a stage, where a day has several halls."""
NOW_HAND: Final = Hand(date.min)
"""Nothing was decided."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A session on its day, by the print. `finish`: its end; where the print has none, the next start on its line, within OPEN_END."""

    session: str
    day: date
    limit: datetime
    """Where the day ends: no delay goes beyond it."""
    line: str
    shared: bool
    """Everybody goes there: it has neither stage nor room, or is a break without a stage. What follows it anywhere follows it."""
    pause: bool
    start: datetime
    end: datetime | None
    finish: datetime

    def follows(self, other: Entry) -> bool:
        return other.finish <= self.start


@dataclass(frozen=True, slots=True)
class Expected:
    """`until`: the end, or what it is reckoned with where it is not known. `pushes`: from when on the next one can begin. `advance`: how
    much earlier than printed (zero or negative) what follows without a gap is."""

    start: datetime
    end: datetime | None
    until: datetime
    pushes: datetime
    advance: timedelta = timedelta()


def lines(programme: Programme, sessions: Sequence[Session]) -> Mapping[str, str]:
    """Session id → its line, for the sessions of one day. What everybody goes to is on the line of the only stage, or of the only room."""
    found = {session.id: _line(programme, session) for session in sessions}
    everywhere = {line for line in found.values() if line != EVENT}
    stages = {line for line in everywhere if line.startswith(STAGE)}
    home = next((next(iter(lone)) for lone in (stages, everywhere) if len(lone) == 1), EVENT)
    return {id: line if line != EVENT else home for id, line in found.items()}


def _line(programme: Programme, session: Session) -> str:
    taken = takes_up(programme, session)
    if taken is not None:
        return f"{STAGE}{taken}"
    if session.kind == "break" or session.room is None:
        return EVENT
    stage = next((stage for stage in programme.event.stages if stage.room == session.room), None)
    return f"{STAGE}{stage.id}" if stage else f"room {session.room}"


def entries(programme: Programme, printed: Mapping[str, Span], now: datetime) -> tuple[Entry, ...]:
    """Every session whose start the print gives, in the order of the hours."""
    by_day = days(programme, now)
    firsts = {day: min((start for one in sessions if (start := printed[one.id][0])), default=None) for day, sessions in by_day.items()}
    found: list[Entry] = []
    for day, sessions in by_day.items():
        limit = min([_morning_after(day, programme), *(first.astimezone(UTC) for after, first in firsts.items() if first and after > day)])
        found += _finished(_entries(programme, sessions, day, limit, printed))
    return tuple(found)


def _entries(programme: Programme, sessions: Sequence[Session], day: date, limit: datetime, printed: Mapping[str, Span]) -> list[Entry]:
    found, line = [], lines(programme, sessions)
    for session in sessions:
        start, end = (moment.astimezone(UTC) if moment else None for moment in printed[session.id])
        if start is not None:
            end = end if end is None or end >= start else start
            shared, pause = _line(programme, session) == EVENT, session.kind == "break"
            found.append(Entry(session.id, day, limit, line[session.id], shared, pause, start, end, end or start + OPEN_END))
    return sorted(found, key=lambda entry: entry.start)


def _finished(found: Sequence[Entry]) -> list[Entry]:
    """An open end lasts until something begins on the line, or where everybody goes."""
    return [entry if entry.end else replace(entry, finish=_next_start(entry, found)) for entry in found]


def _next_start(entry: Entry, found: Iterable[Entry]) -> datetime:
    later = (other.start for other in found if (other.shared or other.line == entry.line) and other.start > entry.start)
    return min([entry.finish, *later])


def _morning_after(day: date, programme: Programme) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(programme.event.timezone))
    return (midnight + timedelta(days=1, minutes=NIGHT_ENDS)).astimezone(UTC)


def expected(found: Sequence[Entry], hands: Mapping[str, Hand], cancelled: Iterable[str]) -> Mapping[str, Expected]:
    """Session id → when it is expected, for each entry."""
    skipped = frozenset(cancelled)
    result: dict[str, Expected] = {}
    for day, line in dict.fromkeys((entry.day, entry.line) for entry in found):
        members = [entry for entry in found if entry.day == day and (entry.shared or entry.line == line)]
        walked = _walk(members, hands, skipped)
        result |= {entry.session: walked[entry.session] for entry in members if entry.line == line}
    return result


def _walk(members: Sequence[Entry], hands: Mapping[str, Hand], skipped: frozenset[str]) -> dict[str, Expected]:
    """A line in the order of its hours, with what everybody goes to. What is cancelled stands where it was printed and takes no time."""
    result: dict[str, Expected] = {}
    for entry in members:
        if entry.session in skipped:
            result[entry.session] = Expected(entry.start, entry.end, entry.finish, entry.finish)
            continue
        before = [other for other in members if other.session in result and entry.follows(other)]
        earliest = max((result[other.session].pushes for other in before), default=entry.start)
        touching = [result[other.session].advance for other in before if other.finish == entry.start]
        advance = max(touching, default=timedelta())
        result[entry.session] = _expected(entry, hands.get(entry.session, NOW_HAND), earliest, advance, bool(before))
    return result


def _expected(entry: Entry, hand: Hand, earliest: datetime, advance: timedelta, waits: bool) -> Expected:
    hour = hand.begins or entry.start + advance
    planned = min(max(hour, earliest) if waits else hour, _cap(entry, entry.start))
    whole = hand.begins is not None
    taken_along = min(timedelta(), planned - entry.start)
    if hand.started_at is not None:
        return _begun(entry, hand, planned, _end(entry, hour, whole), taken_along)
    if hand.ends is not None:
        end = max(planned, min(hand.ends, _cap(entry, entry.finish)))
        return Expected(planned, end, end, end, min(timedelta(), end - entry.finish))
    end = _end(entry, planned, whole)
    return Expected(planned, end if entry.end else None, end, end, taken_along)


def _begun(entry: Entry, hand: Hand, planned: datetime, own_end: datetime, taken_along: timedelta) -> Expected:
    """A session that began by hand, or was ended by hand, so that its start is a fact."""
    start = hand.started_at or planned
    end = max(start, _end_of_begun(entry, hand, planned, own_end))
    if hand.ends is not None:
        taken_along = min(timedelta(), end - entry.finish)
    if hand.ended_at is None:
        return Expected(start, end if entry.end or hand.ends else None, end, end, taken_along)
    ended = max(hand.ended_at, start)
    pushes = end if timedelta() < ended - end < PUNCTUAL else whole_minute(ended)
    return Expected(start, ended, ended, pushes, taken_along)


def _end_of_begun(entry: Entry, hand: Hand, planned: datetime, own_end: datetime) -> datetime:
    """As it was told; else as long as it was meant to be, from its hour where it began in time. A break still ends at its own hour."""
    start = hand.started_at or planned
    if hand.ends is not None:
        return min(hand.ends, _cap(entry, entry.finish))
    if entry.pause:
        return max(own_end, start + min(entry.finish - entry.start, LEAST_BREAK))
    begun = planned if abs(start - planned) < PUNCTUAL else whole_minute(start)
    return begun + (entry.finish - entry.start)


def _end(entry: Entry, start: datetime, whole: bool) -> datetime:
    """A break that begins late ends at its hour, as far as `LEAST_BREAK` allows; one that begins early is longer. One that was moved
    itself is moved whole."""
    length = entry.finish - entry.start
    shrinks = entry.pause and not whole
    end = max(entry.finish, start + min(length, LEAST_BREAK)) if shrinks else start + length
    return max(start, min(end, _cap(entry, entry.finish)))


def _cap(entry: Entry, printed: datetime) -> datetime:
    """The end of the day, which the print itself may outlast."""
    return max(entry.limit, printed)


def whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
