"""The running order: what really begins when, beside what was printed.

What hands decided (`order/decisions`) and what follows from it (`order/lines`) are put together here with the clock; pages, now and next,
the exports and the public programme ask here and nowhere else. Pure: the moment is a value.

A session that was started by hand is on until it is ended, or `OVERTIME` after its expected end; meanwhile what else stands on its line
waits, unless it is started itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.registration.programme.day import OPEN_END, NowNext, Span, StageMoment, spans
from services.registration.programme.format.halls import takes_up
from services.registration.programme.format.model import Programme
from services.registration.programme.order.decisions import UNDECIDED, Decisions, Hand, adopt
from services.registration.programme.order.lines import NOW_HAND, PUNCTUAL, Entry, Expected, entries, expected
from shared.clock import to_text
from shared.events.running_order import SlotRef
from shared.events.vocabulary import Progress

OVERTIME: Final = timedelta(minutes=60)
"""How long a session that was started by hand and never ended may outlast its expected end."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One session: when it was printed to be, when it really was or is expected, and how it stands."""

    session: str
    printed: Span
    actual: Span
    progress: Progress
    moved: bool = False
    """Its hours differ from the print by `PUNCTUAL` or more."""
    by_hand: bool = False
    """Somebody decided about this very session."""
    decided_at: datetime | None = None
    """When a hand brought `progress` about."""
    late: timedelta = timedelta()
    """How much later than printed it begins, ends or ended; negative: earlier."""

    @property
    def instants(self) -> Span:
        """The actual hours in UTC, to compare and to reckon with: within one zone Python compares what the wall shows."""
        start, end = (moment.astimezone(UTC) if moment else None for moment in self.actual)
        return start, end

    @property
    def announced(self) -> Span:
        """The hours that calendars and search engines are told: the print, unless it no longer holds."""
        return self.actual if self.moved else self.printed


@dataclass(frozen=True, slots=True)
class _Day:
    """Everything known of the day but the moment."""

    programme: Programme
    printed: Mapping[str, Span]
    entries: Mapping[str, Entry]
    hands: Mapping[str, Hand]
    expected: Mapping[str, Expected]
    cancelled: frozenset[str]

    def hand(self, session: str) -> Hand:
        return self.hands.get(session, NOW_HAND)


def running_order(programme: Programme, at: datetime, decisions: Decisions = UNDECIDED) -> Mapping[str, Slot]:
    """Session id → slot, in print order, as it stands at `at`."""
    day = _day(programme, decisions, at)
    holders = _holders(day, at)
    return {session.id: _slot(day, session.id, at, holders) for session in programme.sessions}


def next_change(programme: Programme, at: datetime, decisions: Decisions = UNDECIDED) -> datetime | None:
    """When the clock next may change the progress of a session; None: never again. Then the order is to be asked anew."""
    day = _day(programme, decisions, at)
    moments = [moment for one in day.expected.values() for moment in (one.start, one.until)]
    moments += [one.until + OVERTIME for id, one in day.expected.items() if day.hand(id).started_at and not day.hand(id).ended_at]
    return min((moment for moment in moments if moment > at), default=None)


def now_next(programme: Programme, at: datetime, decisions: Decisions = UNDECIDED) -> NowNext:
    """What is on at `at` and what comes next, on whatever day: sessions side by side are each named."""
    order = running_order(programme, at, decisions)
    stages = {}
    for stage in programme.event.stages:
        own = [order[session.id] for session in programme.sessions if takes_up(programme, session) == stage.id]
        on, coming = _on(own), _coming(own)
        stages[stage.id] = StageMoment(on[-1] if on else None, coming[0] if coming else None)
    return NowNext(tuple(_on(order.values())), tuple(_coming(order.values())), to_text(at), stages)


def announced(programme: Programme, order: Mapping[str, Slot]) -> Mapping[str, Slot]:
    """The running order for everybody but operators: in a rehearsal, whose day is any day, only somebody's hand ends a session, as it alone
    closes its questions."""
    if not programme.rehearsal:
        return order
    by_clock = {id for id, slot in order.items() if slot.progress == "over" and slot.decided_at is None}
    return {id: replace(slot, progress="unknown") if id in by_clock else slot for id, slot in order.items()}


def slot_ref(slot: Slot) -> SlotRef:
    """What the other services are told of it."""
    start, end = slot.actual
    return SlotRef(slot.session, slot.progress, _text(start), _text(end), _text(slot.decided_at))


def _day(programme: Programme, decisions: Decisions, at: datetime) -> _Day:
    printed, hands = spans(programme, at), adopt(programme, decisions, at).hands
    found, cancelled = entries(programme, printed, at), _cancelled(programme, hands)
    known = dict(expected(found, hands, cancelled))
    for id, hand in hands.items():
        start = hand.started_at or hand.begins
        if id not in known and id not in cancelled and start is not None:
            end = hand.ended_at or hand.ends
            known[id] = Expected(start, end, end or start + OPEN_END, end or start)
    return _Day(programme, printed, {entry.session: entry for entry in found}, hands, known, cancelled)


def _cancelled(programme: Programme, hands: Mapping[str, Hand]) -> frozenset[str]:
    """By hand, else by the file; with the whole event."""
    if programme.event.status == "cancelled":
        return frozenset(session.id for session in programme.sessions)
    decided = {session.id: hands.get(session.id, NOW_HAND).cancelled for session in programme.sessions}
    by_file = {session.id for session in programme.sessions if session.status == "cancelled"}
    return frozenset(id for id, hand in decided.items() if (id in by_file if hand is None else hand))


def _holders(day: _Day, at: datetime) -> list[Entry]:
    """What was started by hand and is on: what else stands on its line waits."""
    return [day.entries[id] for id in day.hands if id in day.entries and _is_held_open(day, id, at)]


def _is_held_open(day: _Day, id: str, at: datetime) -> bool:
    hand = day.hand(id)
    if hand.started_at is None or hand.ended_at is not None or id in day.cancelled:
        return False
    return at < day.expected[id].until + OVERTIME


def _slot(day: _Day, id: str, at: datetime, holders: Iterable[Entry]) -> Slot:
    hand, printed, known = day.hand(id), day.printed[id], day.expected.get(id)
    progress = _progress(day, id, at, holders)
    zone = ZoneInfo(day.programme.event.timezone)
    actual = (_as_printed(printed[0], known.start, zone), _as_printed(printed[1], known.end, zone)) if known else printed
    return Slot(
        id, printed, actual, progress,
        moved=_differs(printed[0], actual[0]) or _differs(printed[1], actual[1]),
        by_hand=hand is not NOW_HAND,
        decided_at=_decided_at(day, id, progress),
        late=_late(day, id, progress, at),
    )  # fmt: skip


def _progress(day: _Day, id: str, at: datetime, holders: Iterable[Entry]) -> Progress:
    hand, known = day.hand(id), day.expected.get(id)
    if id in day.cancelled:
        return "cancelled"
    if hand.ended_at is not None:
        return "over"
    if hand.started_at is not None:
        return "on" if _is_held_open(day, id, at) else "over"
    if known is None or day.programme.event.status == "postponed":
        return "unknown"
    if at < known.start or _waits(day, id, holders):
        return "upcoming"
    return "on" if at < known.until else "over"


def _waits(day: _Day, id: str, holders: Iterable[Entry]) -> bool:
    entry = day.entries.get(id)
    return entry is not None and any(
        (holder.line, holder.day) == (entry.line, entry.day)
        and (entry.follows(holder) or holder.follows(entry))
        and day.expected[id].until > day.expected[holder.session].start
        for holder in holders
    )


def _decided_at(day: _Day, id: str, progress: Progress) -> datetime | None:
    """None when the clock moved on since: a session that was never ended, one that was restored and took place."""
    hand = day.hand(id)
    by_clock = progress == "over" and hand.ended_at is None
    by_event = day.programme.event.status == "cancelled"
    return None if by_clock or by_event else hand.decided_at


def _late(day: _Day, id: str, progress: Progress, at: datetime) -> timedelta:
    entry, known = day.entries.get(id), day.expected.get(id)
    if entry is None or known is None or progress in ("cancelled", "unknown"):
        return timedelta()
    if progress == "upcoming":
        return max(known.start, at) - entry.start
    until = max(known.until, at) if progress == "on" else known.until
    return until - entry.finish


def _on(slots: Iterable[Slot]) -> list[str]:
    """The last one begun is last."""
    found = [slot for slot in slots if slot.progress == "on"]
    return [slot.session for slot in sorted(found, key=lambda slot: _instant(slot.actual[0]))]


def _coming(slots: Iterable[Slot]) -> list[str]:
    """Whatever begins first."""
    found = [(start, slot.session) for slot in slots if slot.progress == "upcoming" and (start := slot.actual[0])]
    first = min((start.astimezone(UTC) for start, _ in found), default=None)
    return [id for start, id in found if start.astimezone(UTC) == first]


def _as_printed(printed: datetime | None, actual: datetime | None, zone: ZoneInfo) -> datetime | None:
    if printed is not None and actual is not None and printed.astimezone(UTC) == actual.astimezone(UTC):
        return printed
    return actual.astimezone(zone) if actual else None


def _differs(printed: datetime | None, actual: datetime | None) -> bool:
    if printed is None or actual is None:
        return actual is not None
    return abs(printed.astimezone(UTC) - actual.astimezone(UTC)) >= PUNCTUAL


def _instant(moment: datetime | None) -> datetime:
    return moment.astimezone(UTC) if moment else datetime.max.replace(tzinfo=UTC)


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None
