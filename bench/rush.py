"""A rush for the seats of a room: 2,000 people press “Entrer” over 50 connections at two processes of registration on one store, and 200
get a seat. Then they all press it once more: what that costs alone, without a place to give, is what a place is compared with.

    python -m bench.rush [people] [seats]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.press import percentile
from services.registration.places.store import LineStore
from shared.storage.mongo import MongoStore
from shared.storage.mongod import Mongod
from shared.storage.mongod_program import find_mongod
from tests.support.registering import DATABASE, EVENT, Entry, enter_all, filled_in, registering

PEOPLE: Final = 2000
SEATS: Final = 200
CONNECTIONS: Final = 50
LONGEST_SECONDS: Final = 240.0


@dataclass(frozen=True, slots=True)
class Rush:
    """Seconds. `again`: of the same people, who have their place or wait already."""

    people: int
    seats: int
    total: float
    p50: float
    p99: float
    again_total: float
    again_p50: float
    again_p99: float


async def measure(people: int = PEOPLE, seats: int = SEATS) -> Rush:
    """Bounded by LONGEST_SECONDS. A seat too many or too few, or somebody in no line, is an error."""
    with tempfile.TemporaryDirectory(prefix="tablee-bench-") as name:
        mongod = Mongod(Path(name) / "mongo", binary=find_mongod(""))
        try:
            url = await mongod.start()
            store = MongoStore(url, prefix="bench")
            await store.start()
            try:
                async with registering(url, "bench", Path(name), seats) as processes, asyncio.timeout(LONGEST_SECONDS):
                    addresses = [await processes.start(), await processes.start()]
                    crowd = await filled_in(store.database(DATABASE), people)
                    rush = await enter_all(addresses, crowd, connections=CONNECTIONS)
                    again = await enter_all(addresses, crowd, connections=CONNECTIONS)
                    await _counted(store, people, seats)
            finally:
                await store.stop()
        finally:
            await mongod.stop()
    return Rush(people, seats, *_of(rush), *_of(again))


async def _counted(store: MongoStore, people: int, seats: int) -> None:
    lines = await LineStore(store.database(DATABASE)).lines(EVENT)
    found = [(one.taken, one.waiting, one.last) for one in lines if one.door == "in_room"]
    if found != [(seats, people - seats, people)]:
        raise RuntimeError(f"the line says {found}")


def _of(entries: Sequence[Entry]) -> tuple[float, float, float]:
    took = [one.ended - one.began for one in entries]
    return max(one.ended for one in entries) - min(one.began for one in entries), percentile(took, 50), percentile(took, 99)


def report(found: Rush) -> list[str]:
    return [
        f"{found.people} people enter for {found.seats} seats, {CONNECTIONS} at a time, at two processes: each seat once, all in line",
        f"  {found.total:.1f} s, p50 {found.p50 * 1000:.0f} ms, p99 {found.p99 * 1000:.0f} ms; once more, without a place to give:"
        f" {found.again_total:.1f} s, p50 {found.again_p50 * 1000:.0f} ms, p99 {found.again_p99 * 1000:.0f} ms;"
        f" a place costs {found.total / found.again_total:.2f} times an entry",
    ]


if __name__ == "__main__":
    print("\n".join(report(asyncio.run(measure(*map(int, sys.argv[1:]))))))
