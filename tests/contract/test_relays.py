"""Several relays over one store: one of them publishes at a time, whoever is killed, and nothing is published twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from shared.bus.port import DeadLetter, GapHandler, Group, Handler, LiveHandler, Subscription
from shared.bus.relay import TICK_SECONDS, Relay
from shared.clock import utc_now
from shared.events.envelope import Envelope
from shared.storage.lease import LEASE_SECONDS, RENEW_SECONDS, Lease
from shared.storage.mongo import MongoDatabase

PATIENCE = LEASE_SECONDS + 10
DOCUMENTS = 120


class Ledger:
    """A bus that notes who published what, and tells a relay that something waits."""

    def __init__(self) -> None:
        self.published: list[tuple[str, str]] = []
        self.relays: list[Relay] = []
        self.some = asyncio.Condition()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with self.some:
            await asyncio.wait_for(self.some.wait_for(holds), PATIENCE)

    def ids(self) -> list[str]:
        return [id for _, id in self.published]


class LedgerBus:
    """One process's end of it."""

    def __init__(self, ledger: Ledger, name: str) -> None:
        self._ledger, self._name = ledger, name

    async def publish(self, event: Envelope) -> None:
        if event.type == "filled":
            for relay in self._ledger.relays:
                relay.look()
            return
        await asyncio.sleep(0)  # as a bus does: others have a turn between two events
        self._ledger.published.append((self._name, event.id))
        async with self._ledger.some:
            self._ledger.some.notify_all()

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def ping(self) -> None: ...
    async def declare(self, groups: Sequence[Group]) -> None: ...
    async def subscribe(self, group: Group, handler: Handler) -> Subscription:
        raise AssertionError("a relay only publishes")

    async def listen(self, topics: Sequence[str], handler: LiveHandler, on_gap: GapHandler) -> Subscription:
        raise AssertionError("a relay only publishes")

    async def dead_letters(self, *, group: str | None = None, limit: int = 100) -> list[DeadLetter]:
        return []

    async def drop_dead_letters(self, words: str) -> int:
        return 0

    async def replay(self, dead_letter_id: str) -> bool:
        return False


def event(id: str) -> Envelope:
    return Envelope(id=id, type="tablee.test.thing.happened.v1", source="/test", subject=id, seq=1, time=utc_now())


def relay_of(database: MongoDatabase, ledger: Ledger, name: str) -> Relay:
    filled = Envelope(id="f", type="filled", source="/test", subject=name, seq=1, time=utc_now())
    lease = Lease(database.collection("leases"), "relay", name)
    relay = Relay(database, ("things",), LedgerBus(ledger, name), lease=lease, filled=lambda: filled)
    ledger.relays.append(relay)
    return relay


async def save(database: MongoDatabase, prefix: str, *relays: Relay) -> set[str]:
    """Each document is saved by the process of one of the relays."""
    ids = [f"{prefix}-{n}" for n in range(DOCUMENTS)]
    for n, id in enumerate(ids):
        await database.collection("things").insert({"_id": id}, [event(id)])
        relays[n % len(relays)].wake()
    return set(ids)


async def test_of_two_relays_one_publishes_what_both_processes_save_and_the_other_goes_on_when_it_is_killed(
    database: MongoDatabase,
) -> None:
    ledger = Ledger()
    relays = {name: relay_of(database, ledger, name) for name in ("one", "two")}
    tasks = {name: asyncio.create_task(relay.run()) for name, relay in relays.items()}
    try:
        expected = await save(database, "before", *relays.values())
        await ledger.until(lambda: len(ledger.published) >= DOCUMENTS)
        (first,) = {name for name, _ in ledger.published}
        while await database.pending_events("things", 1):  # noqa: ASYNC110 (a relay tells nobody that it has taken away what it published)
            await asyncio.sleep(0.01)
        tasks[first].cancel()  # it releases nothing
        await asyncio.wait([tasks[first]])
        (left,) = relays.keys() - {first}
        expected |= await save(database, "after", relays[left])
        await ledger.until(lambda: len(ledger.published) >= 2 * DOCUMENTS)
        assert {name for name, id in ledger.published if id.startswith("after")} == {left}
        assert Counter(ledger.ids()) == Counter(expected), "each once"
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


async def test_what_a_process_without_the_lease_saves_is_published_at_once_and_not_at_the_next_tick(database: MongoDatabase) -> None:
    ledger = Ledger()
    one, two = relay_of(database, ledger, "one"), relay_of(database, ledger, "two")
    tasks = [asyncio.create_task(one.run())]
    try:
        await save(database, "warm", one)
        await ledger.until(lambda: len(ledger.published) >= DOCUMENTS)
        tasks.append(asyncio.create_task(two.run()))
        loop = asyncio.get_running_loop()
        for n in range(5):
            began = loop.time()
            await database.collection("things").insert({"_id": f"late-{n}"}, [event(f"late-{n}")])
            two.wake()
            await ledger.until(lambda n=n: f"late-{n}" in ledger.ids())  # type: ignore[misc]
            if loop.time() - began < TICK_SECONDS / 4:
                break
        else:
            raise AssertionError("told nobody that something waits")
        assert {name for name, _ in ledger.published} == {"one"}
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_relay_that_stops_leaves_its_place_at_once(database: MongoDatabase) -> None:
    ledger = Ledger()
    one, two = relay_of(database, ledger, "one"), relay_of(database, ledger, "two")
    tasks = [asyncio.create_task(one.run())]
    try:
        await save(database, "first", one)
        await ledger.until(lambda: len(ledger.published) >= DOCUMENTS)
        assert await one.drain() == 0
        tasks.append(asyncio.create_task(two.run()))
        began = asyncio.get_running_loop().time()
        await database.collection("things").insert({"_id": "second"}, [event("second")])
        two.wake()
        await ledger.until(lambda: ("two", "second") in ledger.published)
        assert asyncio.get_running_loop().time() - began < LEASE_SECONDS
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Watches:
    """A clock for each holder, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_lease_is_one_holder_s_until_it_is_released_or_does_not_move(database: MongoDatabase) -> None:
    collection = database.collection("leases")
    mine, theirs = Watches(), Watches()
    one, two = Lease(collection, "x", "one", mine), Lease(collection, "x", "two", theirs)
    assert [await one.hold(), await two.hold()] == [True, False]
    for _ in range(5):  # it moves as long as its holder lives, however late it is
        mine.now, theirs.now = mine.now + RENEW_SECONDS, theirs.now + RENEW_SECONDS
        assert [await one.hold(), await two.hold()] == [True, False]
    mine.now, theirs.now = mine.now + LEASE_SECONDS, theirs.now + LEASE_SECONDS
    assert not one.mine, "whoever slept begins nothing"
    assert await two.hold()
    assert not await one.hold(), "and learns that it is another's"
    await two.release()
    assert await one.hold()
    await two.release()
    assert await one.hold(), "only one's own is released"
