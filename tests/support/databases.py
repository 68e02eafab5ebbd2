"""Leaving no database behind."""

from __future__ import annotations

from shared.storage.mongo import MongoStore


async def drop_all(store: MongoStore) -> None:
    """Every database of the store's prefix."""
    client = store._started()
    for name in await client.list_database_names():
        if name.startswith(f"{store._prefix}_"):
            await client.drop_database(name)
