"""What is done at the door with one person, at one place, on one day: a stay, a log that only grows. Who is in, and since when, follows
from it by the hours at which things were done, in whatever order they arrived; what a desk is told of its own scan follows from what had
arrived before it, so that of two desks one is told that it was second.

Pure. What must not be here: tickets, the store, HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from shared.errors import NotFound, TooMany

Kind = Literal["entry", "exit", "walk_in", "undo"]
Told = Literal["in", "again", "out", "not_in", "undone"]
"""What a desk is told of what it did: let in; in already; gone out; was not in; taken back."""
Refusal = Literal["unknown", "withdrawn", "unconfirmed", "other_door", "other_day"]
"""Why nobody was let in: no such ticket, an ended registration, one that was never confirmed, a person who comes by another door, on
another day."""
MOST_SCANS: Final = 200
"""Of one person, at one place, in one day."""
LATEST: Final = timedelta(hours=36)
"""A scan without a line may arrive so much later; an older one counts as made so long ago."""
MOST_DESK: Final = 40
"""Characters of a desk's name."""
ENTRANCE: Final = ""
"""The place that is the door of the house; the others are sessions."""


@dataclass(frozen=True, slots=True)
class Scan:
    """`nonce`: made by the desk, the same however often the scan is sent. `undoes`: of an undo, the nonce of what is taken back."""

    nonce: str
    kind: Kind
    at: datetime
    received_at: datetime
    desk: str
    undoes: str = ""

    @property
    def enters(self) -> bool:
        return self.kind in ("entry", "walk_in")


@dataclass(frozen=True, slots=True)
class Stay:
    """`day`: the date where the event is, ISO 8601. `person` is empty once they are forgotten. `scans` are in the order of arrival."""

    id: str
    event: str
    day: str
    place: str
    person: str
    door: str
    scans: tuple[Scan, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Presence:
    """`entry`: the scan by which they are in, None while they are not. `arrived`: whether they ever were."""

    entry: Scan | None
    arrived: bool
    walked_in: bool


def made_at(said: datetime, received_at: datetime) -> datetime:
    """When a scan was made, as its desk says, within what can be."""
    return min(max(said, received_at - LATEST), received_at)


def take(stay: Stay, scan: Scan) -> Stay:
    """The same stay when the scan is there already. Raises TooMany("door.too_many_scans")."""
    if any(one.nonce == scan.nonce for one in stay.scans):
        return stay
    if len(stay.scans) >= MOST_SCANS:
        raise TooMany("door.too_many_scans")
    return replace(stay, scans=(*stay.scans, scan))


def undo(stay: Stay, scan: Scan) -> Stay:
    """Raises NotFound("door.scan_unknown"), TooMany."""
    if all(one.nonce != scan.undoes or one.kind == "undo" for one in stay.scans):
        raise NotFound("door.scan_unknown")
    return take(stay, scan)


def presence(stay: Stay) -> Presence:
    scans = _in_force(stay.scans)
    entered = [scan for scan in scans if scan.enters]
    return Presence(_inside(scans), bool(entered), any(scan.kind == "walk_in" for scan in entered))


def told(stay: Stay, nonce: str) -> tuple[Told, Scan | None]:
    """What the desk of that scan is told, the same however often it asks; with the scan that came first, where it was second."""
    place = next(number for number, scan in enumerate(stay.scans) if scan.nonce == nonce)
    scan, known = stay.scans[place], _in_force(stay.scans[:place])
    if scan.kind == "undo":
        return "undone", None
    inside = _inside([one for one in known if one.at <= scan.at])
    if scan.kind == "exit":
        return ("out" if inside else "not_in"), None
    after = next((one for one in known if one.at > scan.at), None)
    first = inside or (after if after and after.enters else None)
    return ("again", first) if first else ("in", None)


def _in_force(scans: Sequence[Scan]) -> list[Scan]:
    """Those that nobody took back, by the hours at which they were made; of the same instant as they arrived."""
    undone = {scan.undoes for scan in scans if scan.kind == "undo"}
    return sorted((scan for scan in scans if scan.kind != "undo" and scan.nonce not in undone), key=lambda scan: scan.at)


def _inside(scans: Sequence[Scan]) -> Scan | None:
    """By which of these scans, in order, they are in."""
    entry: Scan | None = None
    for scan in scans:
        entry = (entry or scan) if scan.enters else None
    return entry
