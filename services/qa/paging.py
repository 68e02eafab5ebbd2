"""Reading many documents of a collection in bounded steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from shared.storage.port import Collection, Document

PAGE: Final = 1000
MOST_PAGES: Final = 1000


async def pages(collection: Collection, filter: Mapping[str, Any], only: Sequence[str] = ()) -> AsyncIterator[Document]:
    """Every match in order of _id, read page by page; at most PAGE × MOST_PAGES."""
    after: Mapping[str, Any] = {}
    for _ in range(MOST_PAGES):
        page = await collection.find({**filter, **after}, sort=[("_id", 1)], limit=PAGE, fields=only)
        for document in page:
            yield document
        if len(page) < PAGE:
            return
        after = {"_id": {"$gt": page[-1]["_id"]}}
