"""A rush for the seats of a room, over two processes and one store, one of which is killed in the middle: every seat is given once, in the
order in which people came, and nobody is forgotten."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.registration.people.domain import Person
from services.registration.people.store import PeopleStore
from services.registration.places.store import LineStore
from shared.storage.mongo import MongoStore
from tests.platform.conftest import new_prefix
from tests.support.registering import DATABASE, EVENT, Entry, enter_all, filled_in, registering

SEATS, PEOPLE, TOGETHER = 20, 120, 30

pytestmark = pytest.mark.timeout(120)


def out_of_order(entries: list[Entry], numbers: dict[str, int]) -> list[str]:
    """Whoever has a smaller number than somebody who was let in before they began."""
    found, highest = [], 0
    done = sorted(entries, key=lambda one: one.ended)
    for entry in sorted(entries, key=lambda one: one.began):
        while done and done[0].ended < entry.began:
            highest = max(highest, numbers[done.pop(0).person])
        if numbers[entry.person] < highest:
            found.append(entry.person)
    return found


@pytest.mark.parametrize("killed", [False, True], ids=["both live", "one is killed"])
async def test_every_seat_is_given_once_and_in_order_over_two_processes(tmp_path: Path, mongo_url: str, killed: bool) -> None:
    prefix = new_prefix()
    store = MongoStore(mongo_url, prefix=prefix)
    await store.start()
    try:
        database = store.database(DATABASE)
        async with registering(mongo_url, prefix, tmp_path, SEATS) as processes, asyncio.timeout(90):
            addresses = [await processes.start(), await processes.start()]
            people = await filled_in(database, PEOPLE)
            rush = asyncio.ensure_future(enter_all(addresses, people, connections=TOGETHER))
            if killed:
                while await database.collection("people").count({"state": "confirmed"}) < PEOPLE // 3:  # noqa: ASYNC110 - no event
                    await asyncio.sleep(0.01)
                await processes.kill(0)
            entries = await rush
        kept = {id: await PeopleStore(database).person(id) for id, _ in people}
        held = {id: person.holdings[0] for id, person in kept.items() if isinstance(person, Person)}
        assert sorted(one.number for one in held.values()) == list(range(1, PEOPLE + 1)), "everybody is in line, once"
        assert {one.number for one in held.values() if one.standing == "seated"} == set(range(1, SEATS + 1))
        assert {one.standing for one in held.values()} == {"seated", "waiting"}
        if not killed:  # who was cut off is asked twice: their number is that of the first time
            assert out_of_order(entries, {id: one.number for id, one in held.items()}) == []
        (line,) = [one for one in await LineStore(database).lines(EVENT) if one.door == "in_room"]
        assert (line.taken, line.waiting, line.last) == (SEATS, PEOPLE - SEATS, PEOPLE)
    finally:
        await store.stop()
