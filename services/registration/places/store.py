"""Queries and indexes of the lines. What each person has in them is kept with the person (`people/store`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

from services.registration.places.domain import PlaceLine
from shared.storage.port import Database, Duplicate, Insert, Transaction

LINES: Final = "place_lines"
MOST_LINES: Final = 100
"""Three doors on each of the 31 days that an event has at most."""


class LineStore:
    """A line is one document, `<event>:<door>:<day>`; one more, `<event>`, is what transactions hold."""

    def __init__(self, database: Database) -> None:
        self._lines = database.collection(LINES)

    async def prepare(self, event: str) -> None:
        with suppress(Duplicate):  # there since an earlier start
            await self._lines.insert({"_id": event})

    async def hold(self, event: str, transaction: Transaction) -> None:
        """The first write of a transaction about lines: another one that is under way is met here, before any work is done for nothing.
        Raises StaleVersion."""
        await self._lines.update({"_id": event}, {"$inc": {"held": 1}}, transaction=transaction)

    async def lines(self, event: str, *, transaction: Transaction | None = None) -> list[PlaceLine]:
        found = await self._lines.find({"event": event}, sort=[("_id", 1)], limit=MOST_LINES, transaction=transaction)
        return [_to_line(one) for one in found]

    async def save(self, event: str, lines: Sequence[PlaceLine], transaction: Transaction) -> None:
        """Raises StaleVersion, or Duplicate, when a line moved meanwhile."""
        new = [Insert(_from_line(event, line)) for line in lines if not line.version]
        await self._lines.write(new, transaction=transaction)
        for line in lines:
            if line.version:
                await self._lines.save(_from_line(event, line), expected_version=line.version, transaction=transaction)


def _from_line(event: str, line: PlaceLine) -> dict[str, Any]:
    document = asdict(line)
    document.pop("version")
    return {"_id": f"{event}:{line.door}:{line.day}", "event": event, **document}


def _to_line(found: Mapping[str, Any]) -> PlaceLine:
    names = ("door", "day", "taken", "waiting", "last", "by_hand", "version")
    return PlaceLine(**{name: found[name] for name in names})
