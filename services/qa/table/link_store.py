"""table_links: one document per link to the table, kept as long as the event, by the hash of its token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from services.qa.paging import pages
from services.qa.table.link import TableLink
from shared.storage.port import Database, Document, Index

LINK_INDEXES: Final[Mapping[str, Sequence[Index]]] = {
    "table_links": (
        Index("by_hash", (("hash", 1),), unique=True),
        Index("of_session", (("session", 1),)),
        Index("by_person", (("person", 1),)),
    ),
}


class TableLinkStore:
    def __init__(self, database: Database) -> None:
        self._links = database.collection("table_links")

    async def link(self, id: str) -> TableLink | None:
        found = await self._links.get(id)
        return None if found is None else _link(found)

    async def of_hash(self, hash: str) -> TableLink | None:
        return next((_link(found) for found in await self._links.find({"hash": hash}, limit=1)), None)

    async def of_session(self, session: str) -> list[TableLink]:
        return [_link(found) async for found in pages(self._links, {"session": session})]

    async def of_person(self, person: str) -> list[TableLink]:
        return [_link(found) async for found in pages(self._links, {"person": person})]

    async def insert(self, link: TableLink) -> None:
        await self._links.insert(_document(link))

    async def save(self, link: TableLink) -> None:
        """Raises StaleVersion."""
        await self._links.save(_document(link), expected_version=link.version - 1)


def _document(link: TableLink) -> Document:
    document = asdict(link)
    document["_id"] = document.pop("id")
    return document


def _link(document: Document) -> TableLink:
    return TableLink(id=document["_id"], **{name: value for name, value in document.items() if name != "_id"})
