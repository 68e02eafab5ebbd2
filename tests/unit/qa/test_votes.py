"""Vote counts on their way to the bus: gathered, absolute, newest first, kept while the bus is away."""

from __future__ import annotations

import asyncio
from typing import Any

from services.qa.votes import MOST_BALLOTS, WINDOW_SECONDS, VoteBatcher
from shared import correlation
from shared.clock import utc_now
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.events.votes import Ballot, VoteCount


class Line:
    """The one method of the bus that counts go through; `away` for so many tries."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.events: list[Envelope] = []
        self.came = asyncio.Event()

    async def publish(self, event: Envelope) -> None:
        if self.away:
            self.away -= 1
            raise Unavailable("bus.unavailable")
        self.events.append(event)
        self.came.set()


def batcher(line: Any) -> VoteBatcher:
    ids = iter(range(10_000))
    return VoteBatcher(line, utc_now, lambda: f"id-{next(ids)}")


async def test_many_votes_leave_as_one_absolute_count() -> None:
    line = Line()
    counting = batcher(line)
    for rev in (2, 1, 3):
        counting.add("s", VoteCount(rev * 10, rev), Ballot("q", f"p{rev}", True, rev))
    assert await counting.publish()
    (event,) = line.events
    assert event.data["counts"] == {"q": {"votes": 30, "rev": 3, "by_door": {}}}
    assert len(event.data["ballots"]) == 3
    assert await counting.publish()
    assert len(line.events) == 1, "nothing new, nothing said"


async def test_what_the_bus_did_not_take_waits_and_yields_to_what_is_newer() -> None:
    line = Line(away=1)
    counting = batcher(line)
    counting.add("s", VoteCount(1, 1), Ballot("q", "p", True, 1))
    assert not await counting.publish()
    counting.add("s", VoteCount(0, 2), Ballot("q", "p", False, 2))
    assert await counting.publish()
    (event,) = line.events
    assert event.data["counts"] == {"q": {"votes": 0, "rev": 2, "by_door": {}}}
    assert event.data["ballots"] == [{"question": "q", "person": "p", "on": False, "rev": 2, "hands": 0}]


async def test_a_flood_leaves_in_events_of_bounded_size_with_rising_numbers() -> None:
    line = Line()
    counting = batcher(line)
    for n in range(MOST_BALLOTS + 1):
        counting.add("s", VoteCount(n, n + 1), Ballot("q", f"p{n}", True, n + 1))
    await counting.publish()
    assert [len(event.data["ballots"]) for event in line.events] == [MOST_BALLOTS, 1]
    assert line.events[0].seq < line.events[1].seq


async def test_the_id_of_one_request_stays_with_its_count_and_of_many_none_does() -> None:
    line = Line()
    counting = batcher(line)
    with correlation.correlated("request-1"):
        counting.add("s", VoteCount(1, 1), Ballot("q", "p", True, 1))
    await counting.publish()
    for name in ("request-2", "request-3"):
        with correlation.correlated(name):
            counting.add("s", VoteCount(1, 2), Ballot("q", name, True, 2))
    await counting.publish()
    assert [event.correlationid for event in line.events] == ["request-1", ""]


async def test_a_count_leaves_within_a_quarter_of_a_second() -> None:
    line = Line()
    counting = batcher(line)
    running = asyncio.create_task(counting.run())
    try:
        counting.add("s", VoteCount(1, 1), Ballot("q", "p", True, 1))
        await asyncio.wait_for(line.came.wait(), 5)
        assert WINDOW_SECONDS <= 0.25
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
