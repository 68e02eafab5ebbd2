"""Who was erased, by number alone: in the database, and in a file beside it that a restored backup of the database does not take back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import datetime
from pathlib import Path
from typing import Final

from shared.clock import to_text
from shared.ids import is_uuid
from shared.storage.port import Database, Duplicate

COLLECTION: Final = "tombstones"
FILE: Final = "erased"
MOST: Final = 100_000

log = logging.getLogger("tablee.registration")


class Tombstones:
    """`folder`: of the installation. The file has a line for each: the person's id, a blank, when."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._stones = database.collection(COLLECTION)
        self._file = folder / FILE

    async def add(self, person: str, at: datetime) -> None:
        """Before anything of the person goes, so that an erasure cut short is done at the next start. Harmless to repeat."""
        with contextlib.suppress(Duplicate):
            await self._stones.insert({"_id": person, "at": at})
        try:
            await asyncio.to_thread(self._write, person, at)
        except OSError as error:
            log.error("an erasure is noted in the database alone", extra={"error": error.strerror or type(error).__name__})

    async def all(self) -> list[str]:
        kept = {found["_id"] for found in await self._stones.find({}, limit=MOST)}
        return sorted(kept | await asyncio.to_thread(self._read))

    def _write(self, person: str, at: datetime) -> None:
        if person in self._read():
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="ascii") as file:
            file.write(f"{person} {to_text(at)}\n")

    def _read(self) -> set[str]:
        """What is no id, after a disk that ran full, counts for nothing."""
        try:
            lines = self._file.read_text("ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return set()
        return {id for line in lines if is_uuid(id := line.partition(" ")[0])}
