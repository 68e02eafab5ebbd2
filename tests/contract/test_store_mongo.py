"""The storage port's promises, kept by a real mongod."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.storage.mongo import MongoDatabase, MongoStore
from shared.storage.outbox import INDEXES
from shared.storage.port import Duplicate, Index, Insert, StaleVersion, Transaction, Update
from tests.support.ports import free_port
from tests.support.servers import MongoServer

NOW = datetime(2021, 6, 3, 7, 45, 0, 123000, tzinfo=UTC)


def event(number: int, subject: str = "s", minutes: int = 0) -> Envelope:
    return Envelope(
        id=f"{subject}-{number}", type="tablee.test.thing.happened.v1", source="/test", subject=subject, seq=number,
        time=NOW + timedelta(minutes=minutes), data={"number": number, "a.b": {"$set": 2**70}, "é": "\udc80"}, correlationid="c",
    )  # fmt: skip


async def test_what_is_inserted_is_read_back_with_version_one_and_aware_times(database: MongoDatabase) -> None:
    things = database.collection("things")
    await things.insert({"_id": "a", "at": NOW.astimezone(timezone(timedelta(hours=2))), "deep": {"list": [1, "two", None]}})
    found = await things.get("a")
    assert found == {"_id": "a", "version": 1, "at": NOW, "deep": {"list": [1, "two", None]}}
    assert found["at"].tzinfo is UTC
    assert await things.get("b") is None


async def test_of_many_writes_at_once_each_stands_for_itself(database: MongoDatabase) -> None:
    await database.ensure_indexes({"people": [Index("people_email", (("email", 1),), unique=True)]})
    people = database.collection("people")
    await people.insert({"_id": "1", "email": "a@x", "n": 0})
    outcomes = await people.write([
        Insert({"_id": "2", "email": "a@x"}),
        Insert({"_id": "3", "email": "c@x"}, [event(1)]),
        Update({"_id": "1"}, {"$inc": {"n": 1}}),
        Insert({"_id": "1", "email": "d@x"}),
        Update({"_id": "4"}, {"$set": {"email": "e@x"}}, upsert=True),
        Update({"_id": "5"}, {"$inc": {"n": 1}}),
        Update({"_id": "6"}, {"$set": {"email": "c@x"}}, upsert=True),
    ])  # fmt: skip
    assert [refused and refused.index for refused in outcomes] == ["people_email", None, None, "_id_", None, None, "people_email"]
    assert [found["_id"] for found in await people.find({}, sort=[("_id", 1)])] == ["1", "3", "4"]
    assert (await people.get("1") or {})["n"] == 1
    assert (await database.pending_events("people", 10)) == [event(1)]
    assert await people.write([]) == []


async def test_a_refused_write_of_a_transaction_undoes_all_of_it(database: MongoDatabase) -> None:
    things = database.collection("things")
    await things.insert({"_id": "1"})

    async def work(transaction: Transaction) -> None:
        await things.write([Insert({"_id": "2"}), Insert({"_id": "1"}), Update({"_id": "1"}, {"$set": {"n": 1}})], transaction=transaction)

    with pytest.raises(Duplicate):
        await database.transact(work)
    assert await things.find({}) == [{"_id": "1", "version": 1}]


async def test_inserting_does_not_change_the_callers_document(database: MongoDatabase) -> None:
    document = {"_id": "a"}
    await database.collection("things").insert(document, [event(1)])
    assert document == {"_id": "a"}


async def test_a_taken_id_and_a_taken_unique_value_are_duplicates_that_name_their_index(database: MongoDatabase) -> None:
    await database.ensure_indexes({"people": [Index("people_email", (("email", 1),), unique=True)]})
    people = database.collection("people")
    await people.insert({"_id": "1", "email": "a@x", "n": 0})
    await people.insert({"_id": "2", "email": "b@x"})
    with pytest.raises(Duplicate) as by_id:
        await people.insert({"_id": "1", "email": "c@x"})
    assert by_id.value.index == "_id_"
    with pytest.raises(Duplicate) as by_insert:
        await people.insert({"_id": "3", "email": "a@x"})
    assert by_insert.value.index == "people_email"
    with pytest.raises(Duplicate):
        await people.save({"_id": "2", "email": "a@x"}, expected_version=1)
    with pytest.raises(Duplicate):
        await people.update({"_id": "2"}, {"$set": {"email": "a@x"}})


async def test_saving_sets_named_fields_keeps_the_others_and_raises_the_version(database: MongoDatabase) -> None:
    things = database.collection("things")
    await things.insert({"_id": "a", "x": 1, "y": 1})
    saved = await things.save({"_id": "a", "version": 1, "x": 2}, expected_version=1)
    assert saved == {"_id": "a", "version": 2, "x": 2, "y": 1} == await things.get("a")
    assert (await things.save({"_id": "a"}, expected_version=2))["version"] == 3


async def test_of_many_savers_of_one_version_exactly_one_wins(database: MongoDatabase) -> None:
    things = database.collection("things")
    await things.insert({"_id": "a", "by": -1})
    outcomes = await asyncio.gather(
        *(things.save({"_id": "a", "by": i}, expected_version=1, events=[event(i)]) for i in range(20)), return_exceptions=True
    )
    winners = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    assert len(winners) == 1
    assert all(isinstance(outcome, StaleVersion) for outcome in outcomes if not isinstance(outcome, dict))
    assert [pending.seq for pending in await database.pending_events("things", 100)] == [winners[0]["by"]]


async def test_saving_what_is_gone_is_stale(database: MongoDatabase) -> None:
    with pytest.raises(StaleVersion):
        await database.collection("things").save({"_id": "a"}, expected_version=1)


async def test_events_wait_in_the_outbox_in_order_unchanged_until_removed(database: MongoDatabase) -> None:
    await database.ensure_indexes({"things": INDEXES})
    things = database.collection("things")
    await things.insert({"_id": "late"}, [event(1, "late", minutes=9)])
    await things.insert({"_id": "a"}, [event(1, "a"), event(2, "a")])
    await things.save({"_id": "a"}, expected_version=1, events=[event(3, "a", minutes=1)])
    pending = await database.pending_events("things", 100)
    assert pending == [event(1, "a"), event(2, "a"), event(3, "a", minutes=1), event(1, "late", minutes=9)]
    assert [found.id for found in await database.pending_events("things", 2)] == ["a-1", "a-2"]
    await database.remove_events("things", ["a-1", "late-1"])
    assert [found.id for found in await database.pending_events("things", 100)] == ["a-2", "a-3"]
    assert "outbox" not in (await things.get("a") or {})


async def test_find_sorts_skips_limits_and_projects(database: MongoDatabase) -> None:
    things = database.collection("things")
    for n in range(5):
        await things.insert({"_id": str(n), "n": n})
    assert [d["n"] for d in await things.find({"n": {"$gte": 1}}, sort=[("n", -1)], skip=1, limit=2)] == [3, 2]
    assert await things.find({"n": 4}, fields=["n"]) == [{"_id": "4", "n": 4}]
    assert (await things.find_one({}, sort=[("n", -1)]) or {})["n"] == 4
    assert await things.count({"n": {"$gt": 1}}) == 3
    assert await things.count({}, limit=2) == 2
    assert await things.delete({"n": {"$gt": 1}}) == 3


async def test_update_is_atomic_and_moves_no_version(database: MongoDatabase) -> None:
    counters = database.collection("counters")
    assert await counters.update({"_id": "c"}, {"$inc": {"n": 1}}) is None
    await asyncio.gather(*(counters.update({"_id": "c"}, {"$inc": {"n": 1}}, upsert=True) for _ in range(20)))
    assert await counters.get("c") == {"_id": "c", "n": 20}


async def test_a_transaction_left_by_an_exception_did_nothing(database: MongoDatabase) -> None:
    things = database.collection("things")

    async def fail_half_way() -> None:
        async with database.transaction() as transaction:
            await things.insert({"_id": "a"}, transaction=transaction)
            assert await things.get("a", transaction=transaction) is not None
            assert await things.get("a") is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    assert await things.get("a") is None


async def test_transactions_in_each_others_way_are_run_again_as_a_whole(database: MongoDatabase) -> None:
    things = database.collection("things")
    await things.insert({"_id": "a", "n": 0})
    await things.insert({"_id": "b", "n": 0})

    async def move(transaction: Transaction) -> None:
        await things.update({"_id": "a"}, {"$inc": {"n": -1}}, transaction=transaction)
        await things.update({"_id": "b"}, {"$inc": {"n": 1}}, transaction=transaction)

    await asyncio.gather(*(database.transact(move) for _ in range(5)))
    assert [d["n"] for d in await things.find({}, sort=[("_id", 1)])] == [-5, 5]


async def test_one_deadline_holds_for_all_tries_of_a_transaction_together(mongo_url: str, database: MongoDatabase) -> None:
    store = MongoStore(mongo_url, prefix=database.name.rpartition("_")[0], deadline=1.0)
    await store.start()
    try:
        things = database.collection("things")
        await things.insert({"_id": "a", "n": 0})
        mine = store.database(database.name.rpartition("_")[2])

        async def slowly(transaction: Transaction) -> None:
            await asyncio.sleep(0.6)  # a server that takes its time
            await mine.collection("things").update({"_id": "a"}, {"$inc": {"n": 1}}, transaction=transaction)

        async with database.transaction() as in_the_way:
            await things.update({"_id": "a"}, {"$inc": {"n": 1}}, transaction=in_the_way)
            began = time.monotonic()
            with pytest.raises(Unavailable):
                await mine.transact(slowly)
            assert time.monotonic() - began < 2.5, "six tries would take 3.6 s"
    finally:
        await store.stop()


async def test_an_index_that_was_declared_differently_is_made_anew(database: MongoDatabase) -> None:
    await database.ensure_indexes({"things": [Index("x", (("x", 1),))]})
    await database.ensure_indexes({"things": [Index("x", (("x", 1),), unique=True)]})
    await database.collection("things").insert({"_id": "1", "x": 1})
    with pytest.raises(Duplicate):
        await database.collection("things").insert({"_id": "2", "x": 1})


async def test_a_store_without_a_server_says_so_within_its_deadline() -> None:
    store = MongoStore(f"mongodb://127.0.0.1:{free_port()}", prefix="t", deadline=1.0)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await store.start()
    assert time.monotonic() - began < 2.0
    with pytest.raises(Unavailable):
        store.database("x")


async def test_while_the_server_is_away_calls_fail_within_five_seconds_and_work_again_after(
    own_store: MongoStore, own_mongo: MongoServer
) -> None:
    database = own_store.database("test")
    things = database.collection("things")
    await things.insert({"_id": "before"})
    await own_mongo.stop()
    try:
        began = time.monotonic()
        outcomes = await asyncio.gather(*(things.insert({"_id": str(n)}) for n in range(40)), return_exceptions=True)
        assert time.monotonic() - began < 5.0
        assert {type(outcome) for outcome in outcomes} == {Unavailable}
        with pytest.raises(Unavailable):
            await database.ping()
    finally:
        await own_mongo.start()
    await things.insert({"_id": "after"})
    assert await things.get("before") is not None


async def test_what_arrays_hold_is_counted_by_a_field_an_element_and_its_place(database: MongoDatabase) -> None:
    things = database.collection("things")
    for id, door, choice in (("a", "x", ["1", "2"]), ("b", "x", ["1"]), ("c", "y", ["2", "1"]), ("d", "y", []), ("e", "z", ["9"])):
        await things.insert({"_id": id, "door": door, "choice": choice})
    cells = await things.tally({"door": {"$ne": "z"}}, by="door", each="choice")
    assert cells == [("x", "1", 0, 2), ("x", "2", 1, 1), ("y", "1", 1, 1), ("y", "2", 0, 1)]
    assert await things.tally({}, by="door", each="choice", limit=1) == [("x", "1", 0, 2)]


async def test_documents_are_grouped_by_the_values_of_their_fields(database: MongoDatabase) -> None:
    things = database.collection("things")
    for id, more in (
        ("a", {"days": ["1", "2"]}),
        ("b", {"days": ["1", "2"]}),
        ("c", {"days": ["2", "1"]}),
        ("d", {}),
        ("e", {"door": "z"}),
    ):
        await things.insert({"_id": id, "door": "x", **more})
    found = await things.groups({"door": "x"}, by=("days", "door"))
    assert (found[0], len(found)) == (((["1", "2"], "x"), 2), 3)
    assert ((None, "x"), 1) in found
    assert ((["2", "1"], "x"), 1) in found
    assert await things.groups({"door": "x"}, by=("days",), limit=1) == [((["1", "2"],), 2)]
