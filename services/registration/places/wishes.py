"""What a person wants of the lines, and what is told of what became of it. Pure.

What must not be here: the rules of the lines (`domain`), storage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from services.registration.people.domain import Person, State
from services.registration.places import domain
from services.registration.places.domain import Board, Holding, LineKey
from services.registration.programme.open_days import EventDay, coming
from shared.clock import to_text
from shared.events.place import PlaceChanged
from shared.events.vocabulary import Door, is_door


def wanted_by(person: Person, days: Sequence[EventDay]) -> list[LineKey] | None:
    """The lines of the days they come; None to leave everything as it is: for the holders of shared links, whoever
    came without registering, and while no day is known."""
    if person.kind != "registrant" or not is_door(person.door):
        return None
    if person.state is not State.CONFIRMED:
        return []
    if person.email is None:
        return None  # let in at the door, where they are counted
    mine = coming(person.days, person.door, days)
    return [LineKey(person.door, number) for number, day in enumerate(days, 1) if day in mine] if days else None


def is_settled(board: Board, person: Person, wanted: Collection[LineKey] | None) -> bool:
    return wanted is None or domain.is_settled(board, person.holdings, wanted)


def told(before: Person, held: Iterable[Holding], now: datetime) -> list[PlaceChanged]:
    """What became of those who did not get a place at once; days that fared alike are told together."""
    had = {one.key: one for one in before.holdings}
    found: dict[tuple[Door, str, datetime | None], list[Holding]] = {}
    for one in held:
        known = had.get(one.key)
        if (known is None and one.standing == "waiting") or (known is not None and known != one):
            found.setdefault((one.door, one.standing, one.until), []).append(one)
    return [
        PlaceChanged(
            event_id=before.event, person_id=before.id, door=some[0].door, days=tuple(sorted(one.day for one in some)),
            standing=some[0].standing, changed_at=to_text(now), until=to_text(some[0].until) if some[0].until else None,
        )
        for some in found.values()
    ]  # fmt: skip
