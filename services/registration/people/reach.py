"""Which people are meant: by door, day and name, as filters of the store. Pure.

What must not be here: queries.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from services.registration.people.domain import State


@dataclass(frozen=True, slots=True)
class Attending:
    """Who comes on a day: those who chose its `id`, and of those who come every day the ones whose door is among `doors`."""

    id: str
    doors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """Those who come by one of `doors` (all where there are none), on a day, whose name holds `search`."""

    doors: tuple[str, ...] = ()
    on: Attending | None = None
    search: str = ""


def reached_filter(event: str, reached: Reached) -> dict[str, Any]:
    wanted = {**registrants_filter(event, reached.on), "state": State.CONFIRMED.value, "email": {"$type": "string"}}
    if reached.search:
        wanted["sort_name"] = {"$regex": re.escape(sort_name(reached.search))}
    if reached.doors:
        wanted["$and"] = [{"door": {"$in": list(reached.doors)}}]
    return wanted


def registrants_filter(event: str, on: Attending | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {"event": event, "kind": "registrant", "erased_at": None}
    if on is not None:
        # documents from before days could be chosen have no such field
        every_day = {"days": {"$in": [None, []]}, "door": {"$in": list(on.doors)}}
        wanted["$or"] = [{"days": on.id}, every_day]
    return wanted


def in_room_filter(event: str) -> dict[str, Any]:
    """As `Person.has_ticket`."""
    mine = {"door": "in_room"}
    seated = [{"holdings": {"$not": {"$elemMatch": mine}}}, {"holdings": {"$elemMatch": {**mine, "standing": "seated"}}}]
    return {**registrants_filter(event, None), "state": State.CONFIRMED.value, **mine, "$or": seated}


def sort_name(name: str) -> str:
    """Without case and accents: how a list of people is sorted and searched."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
