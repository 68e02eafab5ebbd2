"""MongoDB behind the storage port. The only file that knows motor: moving to PyMongo's own asyncio client touches nothing else.

Durability: every write waits for the journal of a majority. Deadlines: every call ends within `deadline` (plus a moment for a full
thread pool), as a result or as `Unavailable("store.unavailable")`. A fault of ours (a query the server refuses) is raised as the
driver raised it: that is a bug, and trying again would hide it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any, Final, TypeVar, cast

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import IndexModel, ReturnDocument
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from shared.backoff import Backoff
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.storage.mongo_bulk import grouping, new_document, operation, tallying
from shared.storage.mongo_errors import TRANSIENT, refusals, translated
from shared.storage.outbox import OUTBOX, from_stored, to_stored
from shared.storage.port import Document, Duplicate, Filter, Index, StaleVersion, Transaction, Write

T = TypeVar("T")
Client = AsyncIOMotorClient[dict[str, Any]]

DEADLINE: Final = 4.0
"""Seconds the driver may take for one call, its own retries included."""
CONNECT_SECONDS: Final = 2.0
CONNECTIONS: Final = 64
ABORT_SECONDS: Final = 1.0
"""The server drops a transaction by itself: whoever waits for an answer does not wait for that."""
COMMIT_TRIES: Final = 3
TRANSACTION_TRIES: Final = 200
"""More than fit into the deadline: where several processes write to one hot document, who lost now may well win a moment later."""
TRANSACTION_BACKOFF: Final = Backoff(first=0.01, longest=0.03)
_INDEX_DIFFERS: Final = frozenset({85, 86})
_COMMIT_UNKNOWN: Final = "UnknownTransactionCommitResult"


class MongoCollection:
    """See shared.storage.port.Collection. Documents are given out without their outbox."""

    def __init__(self, inner: AsyncIOMotorCollection[dict[str, Any]], deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    async def get(self, id: str, *, transaction: Transaction | None = None) -> Document | None:
        async with translated(self._deadline):
            return await self._inner.find_one({"_id": id}, _hide_outbox(), session=_session(transaction))

    async def find_one(self, filter: Filter, *, sort: Sequence[tuple[str, int]] = ()) -> Document | None:
        async with translated(self._deadline):
            return await self._inner.find_one(filter, _hide_outbox(), sort=list(sort) or None)

    async def find(
        self, filter: Filter, *, sort: Sequence[tuple[str, int]] = (), limit: int = 1000, skip: int = 0, fields: Sequence[str] = (),
        transaction: Transaction | None = None,
    ) -> list[Document]:  # fmt: skip
        wanted = dict.fromkeys(fields, 1) if fields else _hide_outbox()
        async with translated(self._deadline):
            cursor = self._inner.find(filter, wanted, sort=list(sort) or None, limit=limit, skip=skip, session=_session(transaction))
            return await cursor.to_list(None)

    async def count(self, filter: Filter, *, limit: int = 0) -> int:
        bound: dict[str, Any] = {"limit": limit} if limit else {}
        async with translated(self._deadline):
            return await self._inner.count_documents(filter, **bound)

    async def insert(self, document: Document, events: Sequence[Envelope] = (), *, transaction: Transaction | None = None) -> None:
        async with translated(self._deadline):
            await self._inner.insert_one(new_document(document, events), session=_session(transaction))

    async def save(
        self, document: Document, *, expected_version: int, events: Sequence[Envelope] = (), transaction: Transaction | None = None
    ) -> Document:
        kept = {key: value for key, value in document.items() if key not in ("_id", "version", OUTBOX)}
        change: dict[str, Any] = {"$inc": {"version": 1}}
        if kept:
            change["$set"] = kept
        if events:
            change["$push"] = {OUTBOX: {"$each": [to_stored(event) for event in events]}}
        at = {"_id": document["_id"], "version": expected_version}
        async with translated(self._deadline):
            saved: Document | None = await self._inner.find_one_and_update(
                at, change, projection=_hide_outbox(), return_document=ReturnDocument.AFTER, session=_session(transaction)
            )
        if saved is None:
            raise StaleVersion
        return saved

    async def update(
        self, filter: Filter, change: Mapping[str, Any], *, upsert: bool = False, transaction: Transaction | None = None
    ) -> Document | None:
        async with translated(self._deadline):
            after, session = ReturnDocument.AFTER, _session(transaction)
            changed: Document | None = await self._inner.find_one_and_update(
                filter, change, projection=_hide_outbox(), upsert=upsert, return_document=after, session=session
            )
        return changed

    async def delete(self, filter: Filter, *, transaction: Transaction | None = None) -> int:
        async with translated(self._deadline):
            result = await self._inner.delete_many(filter, session=_session(transaction))
        return result.deleted_count

    async def write(self, writes: Sequence[Write], *, transaction: Transaction | None = None) -> list[Duplicate | None]:
        if not writes:
            return []
        refused: dict[int, Duplicate] = {}
        async with translated(self._deadline):
            try:
                ordered = transaction is not None  # a transaction ends with its first refusal
                await self._inner.bulk_write([operation(write) for write in writes], ordered=ordered, session=_session(transaction))
            except BulkWriteError as error:
                refused = refusals(error)
                if transaction is not None:
                    raise next(iter(refused.values())) from error
        return [refused.get(place) for place in range(len(writes))]

    async def tally(self, filter: Filter, *, by: str, each: str, limit: int = 10_000) -> list[tuple[Any, Any, int, int]]:
        async with translated(self._deadline):
            found = await self._inner.aggregate(tallying(filter, by, each, limit)).to_list(None)
        return [(one["_id"]["by"], one["_id"]["each"], int(one["_id"]["place"]), int(one["number"])) for one in found]

    async def groups(self, filter: Filter, *, by: Sequence[str], limit: int = 10_000) -> list[tuple[tuple[Any, ...], int]]:
        async with translated(self._deadline):
            found = await self._inner.aggregate(grouping(filter, by, limit)).to_list(None)
        return [(tuple(one["_id"].values()), int(one["number"])) for one in found]


def _hide_outbox() -> dict[str, int]:
    return {OUTBOX: 0}


def _session(transaction: Transaction | None) -> AsyncIOMotorClientSession | None:
    return cast("AsyncIOMotorClientSession | None", transaction)


def _model(index: Index) -> IndexModel:
    options: dict[str, Any] = {"name": index.name, "unique": index.unique}
    if index.partial is not None:
        options["partialFilterExpression"] = dict(index.partial)
    if index.expire_after is not None:
        options["expireAfterSeconds"] = index.expire_after
    return IndexModel(list(index.keys), **options)


class MongoDatabase:
    """See shared.storage.port.Database."""

    def __init__(self, client: Client, inner: AsyncIOMotorDatabase[dict[str, Any]], deadline: float) -> None:
        self._client = client
        self._inner = inner
        self._deadline = deadline

    @property
    def name(self) -> str:
        return self._inner.name

    def collection(self, name: str) -> MongoCollection:
        return MongoCollection(self._inner[name], self._deadline)

    async def ensure_indexes(self, indexes: Mapping[str, Sequence[Index]]) -> None:
        for name, wanted in indexes.items():
            if wanted:
                async with translated(self._deadline):
                    await self._ensure(self._inner[name], wanted)

    async def _ensure(self, collection: AsyncIOMotorCollection[dict[str, Any]], wanted: Sequence[Index]) -> None:
        """All with one command; where one of them was another, each for itself."""
        try:
            await collection.create_indexes([_model(index) for index in wanted])
        except OperationFailure as error:
            if error.code not in _INDEX_DIFFERS:
                raise
            if len(wanted) == 1:
                await collection.drop_index(wanted[0].name)
            for index in wanted:
                await self._ensure(collection, [index])

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with translated(self._deadline):
            session = await self._client.start_session()
        try:
            session.start_transaction()
            try:
                yield session
            except BaseException:
                await self._abort(session)
                raise
            await self._commit(session)
        finally:
            await session.end_session()

    async def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in a transaction, again as a whole when another one was in its way. `work` must do nothing but store.

        One deadline holds for all tries together: who waits for an answer gets one, and those in line behind wait for that long at most.
        """
        async with translated(self._deadline):
            return await self._transact(work)

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        pauses = TRANSACTION_BACKOFF.pauses()
        for last in (tried == TRANSACTION_TRIES for tried in range(1, TRANSACTION_TRIES + 1)):
            try:
                async with self.transaction() as transaction:
                    return await work(transaction)
            except (StaleVersion, Unavailable) as error:
                cause = error.__cause__
                if last or not (isinstance(cause, PyMongoError) and cause.has_error_label(TRANSIENT)):
                    raise
                await pauses.wait()
        raise AssertionError("the last try returns or raises")

    async def _abort(self, session: AsyncIOMotorClientSession) -> None:
        try:
            async with translated(ABORT_SECONDS):
                await session.abort_transaction()
        except (StaleVersion, Unavailable):
            pass  # the server drops a transaction whose client went away; the caller already gets the first error

    async def _commit(self, session: AsyncIOMotorClientSession) -> None:
        async with translated(self._deadline):
            for tried in range(1, COMMIT_TRIES + 1):
                try:
                    await session.commit_transaction()
                    return
                except PyMongoError as error:
                    if tried == COMMIT_TRIES or not error.has_error_label(_COMMIT_UNKNOWN):
                        raise

    async def ping(self) -> None:
        async with translated(self._deadline):
            await self._inner.command("ping")

    async def pending_events(self, collection: str, limit: int, *, without_types: Sequence[str] = ()) -> list[Envelope]:
        wanted: dict[str, Any] = {"outbox.id": {"$exists": True}}
        if without_types:
            wanted["outbox.type"] = {"$nin": list(without_types)}
        async with translated(self._deadline):
            cursor = self._inner[collection].find(wanted, {OUTBOX: 1}, sort=[("outbox.time", 1)], limit=limit)
            documents = await cursor.to_list(None)
        return [from_stored(stored) for document in documents for stored in document[OUTBOX]][:limit]

    async def count_pending(self, collection: str) -> int:
        async with translated(self._deadline):
            return await self._inner[collection].count_documents({"outbox.id": {"$exists": True}})

    async def remove_events(self, collection: str, ids: Sequence[str]) -> None:
        among = {"$in": list(ids)}
        async with translated(self._deadline):
            await self._inner[collection].update_many({"outbox.id": among}, {"$pull": {OUTBOX: {"id": among}}})


class MongoStore:
    """One client, any number of databases named `<prefix>_<name>`."""

    def __init__(self, url: str, *, prefix: str, deadline: float = DEADLINE) -> None:
        self._url = url
        self._prefix = prefix
        self._deadline = deadline
        self._client: Client | None = None

    async def start(self) -> None:
        """Raises Unavailable when no server answers within the deadline."""
        milliseconds = int(self._deadline * 1000)
        self._client = AsyncIOMotorClient(
            self._url, tz_aware=True, tzinfo=UTC, timeoutMS=milliseconds, serverSelectionTimeoutMS=milliseconds,
            connectTimeoutMS=int(CONNECT_SECONDS * 1000), maxPoolSize=CONNECTIONS, w="majority", journal=True, retryWrites=True,
            appname="tablee",
        )  # fmt: skip
        try:
            await self.ping()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    async def ping(self) -> None:
        async with translated(self._deadline):
            await self._started().admin.command("ping")

    def database(self, name: str) -> MongoDatabase:
        client = self._started()
        return MongoDatabase(client, client[f"{self._prefix}_{name}"], self._deadline)

    def _started(self) -> Client:
        if self._client is None:
            raise Unavailable("store.unavailable")
        return self._client
