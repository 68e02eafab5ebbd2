"""What an operator may decide about the day, and what it would change. Pure: the moment is a value.

What must not be here: HTTP, the store, what follows from a decision (`lines`, `running_order`).

Errors: NotFound("registration.session_unknown"), Invalid and Conflict with codes `registration.order_…`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.registration.programme.day import OPEN_END, days, spans
from services.registration.programme.format.model import Programme, Session
from services.registration.programme.order.decisions import Decisions, Hand, Name, adopt
from services.registration.programme.order.lines import Entry, entries, lines, whole_minute
from services.registration.programme.running_order import Slot, running_order
from shared.clock import from_text
from shared.errors import Conflict, Invalid, NotFound

MOST_MINUTES: Final = 240
"""The longest slide in one command."""
_HOUR: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Decision:
    """`minutes` goes with slide, `at` with move: `HH:MM` in the zone of the event, or an instant (RFC 3339)."""

    name: Name
    session: str | None = None
    minutes: int | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A slot before and after."""

    before: Slot
    after: Slot


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a command is decided on. `decisions` are those that hold."""

    programme: Programme
    decisions: Decisions
    order: Mapping[str, Slot]
    session: Session
    day: date
    now: datetime

    @property
    def slot(self) -> Slot:
        return self.order[self.session.id]

    @property
    def hand(self) -> Hand:
        return self.decisions.hands.get(self.session.id, Hand(self.day))


def decide(programme: Programme, decisions: Decisions, command: Decision, now: datetime) -> Decisions:
    """The decisions with this one."""
    holding = adopt(programme, decisions, now)
    if command.name == "undo":
        if not holding.steps:
            raise Conflict("registration.order_nothing_to_undo")
        return holding.undo()
    scene = _scene(programme, holding, command.session, now)
    changed = _HOW[command.name](scene, command)
    return holding.decide(command.name, scene.session.id, now, changed)


def changes(programme: Programme, before: Decisions, after: Decisions, now: datetime) -> list[Changed]:
    """The slots that differ in their hours or their progress, in print order."""
    old, new = running_order(programme, now, before), running_order(programme, now, after)
    pairs = [Changed(old[id], new[id]) for id in new]
    return [pair for pair in pairs if (pair.before.instants, pair.before.progress) != (pair.after.instants, pair.after.progress)]


def _scene(programme: Programme, decisions: Decisions, id: str | None, now: datetime) -> _Scene:
    if id is None:
        raise Invalid("registration.order_session_needed")
    session = programme.session(id)
    if session is None:
        raise NotFound("registration.session_unknown")
    by_day = days(programme, now)
    day = next((day for day, sessions in by_day.items() if session in sessions), date.min)
    return _Scene(programme, decisions, running_order(programme, now, decisions), session, day, now)


def _start(scene: _Scene, _: Decision) -> Mapping[str, Hand]:
    _require_not_cancelled(scene)
    hand, slot = scene.hand, scene.slot
    if slot.progress == "on" and hand.started_at is not None:
        raise Conflict("registration.order_already_on")
    _require_its_day(scene)
    return {**_ended_by_it(scene), scene.session.id: _goes_on(scene) or _begun(scene)}


def _begun(scene: _Scene) -> Hand:
    return replace(scene.hand, started_at=scene.now, ended_at=None, ends=None, decided_at=scene.now)


def _goes_on(scene: _Scene) -> Hand | None:
    """As if it had not been ended, where it was ended by hand and would still be on."""
    hand, id = scene.hand, scene.session.id
    if hand.ended_at is None:
        return None
    again = replace(hand, ended_at=None, decided_at=scene.now)
    order = running_order(scene.programme, scene.now, Decisions({**scene.decisions.hands, id: again}))
    return again if order[id].progress == "on" else None


def _ended_by_it(scene: _Scene) -> dict[str, Hand]:
    """What is on in the same place. What the print has side by side goes on."""
    by_day = days(scene.programme, scene.now)[scene.day]
    line, known = lines(scene.programme, by_day), _entries(scene)
    own = known.get(scene.session.id)
    found = {}
    for other in by_day:
        is_here = other.id != scene.session.id and line[other.id] == line[scene.session.id]
        if is_here and scene.order[other.id].progress == "on" and not _side_by_side(own, known.get(other.id)):
            hand = scene.decisions.hands.get(other.id, Hand(scene.day))
            found[other.id] = _ended(hand, scene.order[other.id], scene.now)
    return found


def _side_by_side(one: Entry | None, other: Entry | None) -> bool:
    return one is not None and other is not None and not one.follows(other) and not other.follows(one)


def _end(scene: _Scene, _: Decision) -> Mapping[str, Hand]:
    if scene.slot.progress != "on":
        raise Conflict("registration.order_not_on")
    return {scene.session.id: _ended(scene.hand, scene.slot, scene.now)}


def _ended(hand: Hand, slot: Slot, now: datetime) -> Hand:
    """What is over no longer moves: when it began is kept too."""
    return replace(hand, started_at=hand.started_at or slot.instants[0], ended_at=now, decided_at=now)


def _cancel(scene: _Scene, _: Decision) -> Mapping[str, Hand]:
    _require_not_cancelled(scene)
    _require_not_over(scene)
    hand = replace(scene.hand, started_at=None, ended_at=None, ends=None, cancelled=True, decided_at=scene.now)
    return {scene.session.id: hand}


def _restore(scene: _Scene, _: Decision) -> Mapping[str, Hand]:
    if scene.slot.progress != "cancelled":
        raise Conflict("registration.order_not_cancelled")
    if scene.programme.event.status == "cancelled":
        raise Conflict("registration.order_event_cancelled")
    return {scene.session.id: replace(scene.hand, cancelled=False, decided_at=scene.now)}


def _slide(scene: _Scene, command: Decision) -> Mapping[str, Hand]:
    minutes = command.minutes
    if minutes is None or minutes == 0 or abs(minutes) > MOST_MINUTES:
        raise Invalid("registration.order_minutes", params={"max": MOST_MINUTES})
    _require_not_cancelled(scene)
    _require_not_over(scene)
    if scene.slot.progress == "on":
        return _longer(scene, timedelta(minutes=minutes))
    start = scene.slot.instants[0]
    if start is None:
        raise Invalid("registration.order_hour_unknown")
    return _to(scene, start + timedelta(minutes=minutes))


def _move(scene: _Scene, command: Decision) -> Mapping[str, Hand]:
    _require_not_cancelled(scene)
    _require_not_over(scene)
    if scene.slot.progress == "on":
        raise Conflict("registration.order_already_on")
    return _to(scene, _moment(scene, command.at or ""))


def _to(scene: _Scene, moment: datetime) -> Mapping[str, Hand]:
    """Begin at `moment`, or as near to it as can be: not in the past, not on another day, not while the one before lasts."""
    current = scene.slot.instants[0]
    midnight, limit = _bounds(scene)
    if current is None and not midnight <= moment < limit:
        raise Conflict("registration.order_other_day", params={"date": scene.day.isoformat()})
    if current is not None and moment < current:
        moment = max(moment, midnight, min(whole_minute(scene.now), current))
    start = _effective(scene, replace(scene.hand, begins=moment)).instants[0]
    return {scene.session.id: replace(scene.hand, begins=start)}


def _longer(scene: _Scene, by: timedelta) -> Mapping[str, Hand]:
    """What is on ends later, or earlier, but not in the past."""
    start, end = scene.slot.instants
    entry = _entries(scene).get(scene.session.id)
    assert start is not None
    until = end or start + (entry.finish - entry.start if entry else OPEN_END)
    ends = until + by if by > timedelta() else max(until + by, min(whole_minute(scene.now), until))
    found = _effective(scene, replace(scene.hand, ends=ends)).instants[1]
    return {scene.session.id: replace(scene.hand, ends=found)}


def _effective(scene: _Scene, hand: Hand) -> Slot:
    """The slot as it would be. Raises Conflict when nothing would move."""
    id = scene.session.id
    after = running_order(scene.programme, scene.now, Decisions({**scene.decisions.hands, id: hand}))[id]
    if after.instants == scene.slot.instants:
        raise Conflict("registration.order_nothing_moves")
    return after


def _moment(scene: _Scene, text: str) -> datetime:
    """An hour is that of the day of the session or of the night after, whichever is nearer to its present start."""
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        try:
            return from_text(text.strip())
        except (ValueError, OverflowError):
            raise Invalid("registration.order_hour", params={"value": text[:40]}) from None
    zone, hour = ZoneInfo(scene.programme.event.timezone), time(int(found[1]), int(found[2]))
    same, night = (datetime.combine(scene.day + timedelta(days=days), hour, zone).astimezone(UTC) for days in (0, 1))
    current = scene.slot.instants[0]
    return min((same, night), key=lambda moment: abs(moment - current)) if current else same


def _entries(scene: _Scene) -> Mapping[str, Entry]:
    return {entry.session: entry for entry in entries(scene.programme, spans(scene.programme, scene.now), scene.now)}


def _require_not_cancelled(scene: _Scene) -> None:
    if scene.slot.progress == "cancelled":
        raise Conflict("registration.order_cancelled")


def _require_not_over(scene: _Scene) -> None:
    if scene.slot.progress == "over":
        raise Conflict("registration.order_over")


def _require_its_day(scene: _Scene) -> None:
    """A session begins on its own day: another day's hours must not move with it."""
    midnight, limit = _bounds(scene)
    if not midnight <= scene.now < limit:
        raise Conflict("registration.order_other_day", params={"date": scene.day.isoformat()})


def _bounds(scene: _Scene) -> tuple[datetime, datetime]:
    """From when and until when something may begin on the day of the session."""
    midnight = datetime.combine(scene.day, time(), ZoneInfo(scene.programme.event.timezone)).astimezone(UTC)
    entry = _entries(scene).get(scene.session.id)
    return midnight, max(entry.limit, entry.finish) if entry else midnight + timedelta(days=1)


_HOW: Final[Mapping[str, Callable[[_Scene, Decision], Mapping[str, Hand]]]] = {
    "start": _start,
    "end": _end,
    "cancel": _cancel,
    "restore": _restore,
    "slide": _slide,
    "move": _move,
}
