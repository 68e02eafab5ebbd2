"""Leaving nothing behind in a mongod that many tests share.

To make a collection and its indexes costs ten times what it costs to empty it: tests of one folder, which need the same, hand them on.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from shared.ids import new_id
from shared.storage.mongo import MongoStore

SERVICES: Final = "services"


class Prefixes:
    """Of databases: those in a folder of `services` are used again by the next test there, any other test has one of its own."""

    def __init__(self) -> None:
        self._free: dict[str, list[str]] = {}

    def take(self, test: Path) -> str:
        free = self._free.get(_kept_for(test), [])
        return free.pop() if free else f"t{new_id()[-12:]}"

    async def give_back(self, test: Path, store: MongoStore, prefix: str) -> None:
        """Without this, after a test that broke off, nobody gets its databases again."""
        folder = _kept_for(test)
        if not folder:
            return await drop_all(store)
        await _empty_all(store)
        self._free.setdefault(folder, []).append(prefix)
        return None


def _kept_for(test: Path) -> str:
    return test.parent.name if test.parent.parent.name == SERVICES else ""


async def drop_all(store: MongoStore) -> None:
    """Every database of the store's prefix."""
    client = store._started()
    for name in await _names(store):
        await client.drop_database(name)


async def _empty_all(store: MongoStore) -> None:
    client = store._started()
    for name in await _names(store):
        collections = await client[name].list_collection_names(filter={"type": "collection"})
        await asyncio.gather(*(client[name][collection].delete_many({}) for collection in collections))


async def _names(store: MongoStore) -> list[str]:
    return [name for name in await store._started().list_database_names() if name.startswith(f"{store._prefix}_")]
