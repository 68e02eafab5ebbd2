"""A link by which somebody comes to the table of one session whenever they like, ahead of the day: a speaker, an interpreter. Rules only.

Nobody registers with it: whoever opens it has a place in the event already. The first who comes by it has it for good, so that one that was
passed on seats nobody else; revoked, it leads nowhere. Its token is kept as a hash. What must not be here: await, I/O.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.qa.texts import clean_label
from shared.errors import Conflict, Invalid, NotFound
from shared.events.vocabulary import SeatKind

MOST_LINKS: Final = 60
"""Of one session."""
UNKNOWN: Final = "qa.unknown_table_link"


@dataclass(frozen=True, slots=True)
class TableLink:
    """`person`: who came by it, empty until somebody did."""

    id: str
    session: str
    version: int
    hash: str
    name: str
    kind: SeatKind
    made_at: datetime
    person: str = ""
    revoked_at: datetime | None = None


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def made(id: str, session: str, token: str, name: str, kind: SeatKind, now: datetime) -> TableLink:
    """Raises Invalid."""
    name = clean_label(name, "name")
    if not name:
        raise Invalid.about("name", "qa.seat_nameless")
    return TableLink(id, session, 1, hash_of(token), name, kind, now)


def used(link: TableLink | None, session: str, person: str) -> TableLink | None:
    """With whose it is from now on; None when it was theirs before. Raises NotFound, Conflict."""
    if link is None or link.session != session or link.revoked_at is not None:
        raise NotFound(UNKNOWN)
    if link.person == person:
        return None
    if link.person:
        raise Conflict("qa.table_link_used")
    return replace(link, version=link.version + 1, person=person)


def revoked(link: TableLink, now: datetime) -> TableLink | None:
    """None when it was."""
    return None if link.revoked_at is not None else replace(link, version=link.version + 1, revoked_at=now)


def ownerless(link: TableLink, now: datetime) -> TableLink:
    """Its person withdrew from the event."""
    return replace(link, version=link.version + 1, person="", name="", revoked_at=link.revoked_at or now)
