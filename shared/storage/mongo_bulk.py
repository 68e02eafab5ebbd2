"""Writes and countings as MongoDB takes them: documents with their outbox, and many operations in one command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pymongo import InsertOne, UpdateOne

from shared.events.envelope import Envelope
from shared.storage.outbox import OUTBOX, to_stored
from shared.storage.port import Document, Filter, Insert, Write


def new_document(document: Document, events: Sequence[Envelope]) -> dict[str, Any]:
    stored = {"version": 1, **document}
    if events:
        stored[OUTBOX] = [to_stored(event) for event in events]
    return stored


def operation(write: Write) -> InsertOne[dict[str, Any]] | UpdateOne:
    if isinstance(write, Insert):
        return InsertOne(new_document(write.document, write.events))
    return UpdateOne(write.filter, write.change, upsert=write.upsert)


def grouping(filter: Filter, by: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """See `Collection.groups`."""
    values = {str(place): {"$ifNull": [f"${name}", None]} for place, name in enumerate(by)}
    return [
        {"$match": dict(filter)},
        {"$group": {"_id": values, "number": {"$sum": 1}}},
        {"$sort": {"number": -1, "_id": 1}},
        {"$limit": limit},
    ]


def tallying(filter: Filter, by: str, each: str, limit: int) -> list[dict[str, Any]]:
    """See `Collection.tally`."""
    cell = {"by": f"${by}", "each": f"${each}", "place": "$place"}
    return [
        {"$match": dict(filter)},
        {"$unwind": {"path": f"${each}", "includeArrayIndex": "place"}},
        {"$group": {"_id": cell, "number": {"$sum": 1}}},
        {"$sort": {"number": -1, "_id": 1}},
        {"$limit": limit},
    ]
