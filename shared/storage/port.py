"""What the services ask of the store. One engine everywhere: MongoDB; queries are MongoDB filters, written in each service's `store.py`.

An aggregate is one document: `_id`, `version` (1 and rising), its fields, and `outbox`, the events of changes not yet
published. `insert` and `save` write state and events in one atomic write; the relay publishes and then removes by event id.

What must not be here: motor (only `shared/storage/mongo.py` imports it), rules of a service.

Every method raises `Unavailable("store.unavailable")` when the server does not answer within the store's deadline.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from shared.events.envelope import Envelope

T = TypeVar("T")
Document = dict[str, Any]
Filter = Mapping[str, Any]


class Transaction(Protocol):
    """An opaque handle: hand it to the methods that take part."""


@dataclass(frozen=True, slots=True)
class Index:
    """`keys` as [("field", 1 or -1), …]. `partial` is a partialFilterExpression; `expire_after` seconds for a TTL index."""

    name: str
    keys: tuple[tuple[str, int], ...]
    unique: bool = False
    partial: Mapping[str, Any] | None = None
    expire_after: int | None = None


class Duplicate(Exception):
    """A unique index refused the write; `index` is its name (`_id_` for the primary key)."""

    def __init__(self, index: str) -> None:
        super().__init__(index)
        self.index = index


class StaleVersion(Exception):
    """The document is not at the expected version any more (or is gone)."""


@dataclass(frozen=True, slots=True)
class Insert:
    """As `Collection.insert`."""

    document: Document
    events: Sequence[Envelope] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """As `Collection.update`, of at most one document; nothing tells whether one matched."""

    filter: Filter
    change: Mapping[str, Any]
    upsert: bool = False


Write = Insert | Update


class Collection(Protocol):
    async def get(self, id: str, *, transaction: Transaction | None = None) -> Document | None: ...

    async def find_one(self, filter: Filter, *, sort: Sequence[tuple[str, int]] = ()) -> Document | None: ...

    async def find(
        self,
        filter: Filter,
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 1000,
        skip: int = 0,
        fields: Sequence[str] = (),
        transaction: Transaction | None = None,
    ) -> list[Document]: ...

    async def count(self, filter: Filter, *, limit: int = 0) -> int: ...

    async def insert(self, document: Document, events: Sequence[Envelope] = (), *, transaction: Transaction | None = None) -> None:
        """Adds `version: 1` where the document has none, and the events as its outbox. Raises Duplicate."""

    async def save(
        self, document: Document, *, expected_version: int, events: Sequence[Envelope] = (), transaction: Transaction | None = None
    ) -> Document:
        """Set every field of `document` (its `version` becomes expected_version + 1, its `outbox` is appended to, fields it does not
        name are kept), if the stored version is `expected_version`; returns the document as stored. Raises StaleVersion, Duplicate."""

    async def update(
        self, filter: Filter, change: Mapping[str, Any], *, upsert: bool = False, transaction: Transaction | None = None
    ) -> Document | None:
        """Atomic find-and-modify by MongoDB update operators; the document after the change, None when nothing matched. No version is
        moved and no event written: for counters, leases and read models. Raises Duplicate."""

    async def delete(self, filter: Filter, *, transaction: Transaction | None = None) -> int: ...

    async def write(self, writes: Sequence[Write], *, transaction: Transaction | None = None) -> list[Duplicate | None]:
        """Many writes at the price of one: each stands for itself, in no order, and all are durable when this returns. What became of
        each: None, or the Duplicate that refused it. In a transaction a refusal raises Duplicate and nothing is written."""

    async def tally(self, filter: Filter, *, by: str, each: str, limit: int = 10_000) -> list[tuple[Any, Any, int, int]]:
        """What the arrays `each` of the matching documents hold, counted: (value of the field `by`, element, its place in the array from
        0, how many), those that are most first, at most `limit` of them."""

    async def groups(self, filter: Filter, *, by: Sequence[str], limit: int = 10_000) -> list[tuple[tuple[Any, ...], int]]:
        """How many of the matching documents hold the same values in the fields `by`: (those values, None for a field that is missing; how
        many), those that are most first, at most `limit` of them."""


class Database(Protocol):
    """The one database of one service."""

    def collection(self, name: str) -> Collection: ...

    async def ensure_indexes(self, indexes: Mapping[str, Sequence[Index]]) -> None:
        """Create what is missing, by collection name. Aggregates also get the outbox index from the relay's registration."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """All writes that name the handle happen, or none. Left by an exception: none."""

    async def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in a transaction, again as a whole (bounded) when another transaction was in its way. `work` must do nothing but
        store. Raises what `work` raises; StaleVersion or Unavailable when it never got through."""

    async def ping(self) -> None: ...

    # --- what the relay needs ---------------------------------------------------------------------------------------------
    async def pending_events(self, collection: str, limit: int, *, without_types: Sequence[str] = ()) -> list[Envelope]:
        """The oldest unpublished events of a collection's outboxes, in order within each document. Documents with an event of
        `without_types` are passed over as a whole, so that their order stays."""

    async def count_pending(self, collection: str) -> int:
        """How many documents hold unpublished events."""

    async def remove_events(self, collection: str, ids: Sequence[str]) -> None: ...
