"""Presence over several processes: the sum of what each has, and the share of one that died ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.qa.feed.aspects.presence import Counts, PresenceAspect
from services.qa.feed.shares import SHARE_SECONDS
from services.qa.shares import AGAIN_TURNS, ShareTeller
from shared.clock import utc_now
from shared.events.presence import PresenceCounted
from tests.services.qa.harness import MemoryBus

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
NOBODY = {"in_room": 0, "remote": 0, "hub": 0}


def arrived(aspect: PresenceAspect, *people: str, session: str = "s") -> None:
    for person in people:
        aspect.arrive(session, "public", person, "remote", person)


def teller(bus: MemoryBus, aspect: PresenceAspect, process: str) -> ShareTeller[Counts]:
    return ShareTeller(bus, aspect.own, lambda own: PresenceCounted(process, own), process, clock=utc_now, new_id=lambda: "id")


def shown(aspect: PresenceAspect, seconds: float = 0, session: str = "s") -> dict[str, int]:
    list(aspect.tick(NOW + timedelta(seconds=seconds)))
    return {str(door): people for door, people in aspect.of(session).items()}


async def told(*processes: PresenceAspect) -> None:
    """Each tells all of them, itself included."""
    for place, each in enumerate(processes):
        bus = MemoryBus()
        await teller(bus, each, f"p{place}").tell()
        for other in processes:
            for envelope in bus.published:
                list(other._heard(PresenceCounted.from_envelope(envelope), envelope.seq))


async def test_each_process_shows_the_people_of_all_and_counts_none_of_its_own_twice() -> None:
    one, two = PresenceAspect("p0"), PresenceAspect("p1")
    arrived(one, "anne", "basile")
    arrived(two, "chloe")
    arrived(two, "david", session="only-there")
    await told(one, two)
    assert shown(one) == shown(two) == {**NOBODY, "remote": 3}
    assert shown(one, session="only-there") == {**NOBODY, "remote": 1}


async def test_the_share_of_a_process_that_is_silent_ends_and_that_of_one_that_speaks_stays() -> None:
    one, two = PresenceAspect("p0"), PresenceAspect("p1")
    arrived(two, "chloe")
    await told(one, two)
    assert shown(one)["remote"] == 1
    assert shown(one, SHARE_SECONDS - 1)["remote"] == 1
    assert shown(one, SHARE_SECONDS)["remote"] == 0
    list(one._heard(PresenceCounted("p1", {"s": {"remote": 1}}), 2))
    assert shown(one, SHARE_SECONDS + 1)["remote"] == 1


async def test_an_older_count_that_comes_late_changes_nothing() -> None:
    one = PresenceAspect("p0")
    list(one._heard(PresenceCounted("p1", {"s": {"remote": 5}}), 2))
    list(one._heard(PresenceCounted("p1", {"s": {"remote": 9}}), 1))
    assert shown(one)["remote"] == 5


async def test_it_is_said_when_it_changed_and_now_and_then_while_somebody_is_here() -> None:
    aspect, bus = PresenceAspect("p0"), MemoryBus()
    telling = teller(bus, aspect, "p0")
    await telling.tell()
    assert bus.published == [], "nobody came yet"
    arrived(aspect, "anne")
    await telling.tell()
    for _ in range(AGAIN_TURNS):
        await telling.tell()
    assert [event.data["sessions"] for event in bus.published] == [{"s": {"remote": 1}}] * 2
    aspect.leave("s", "public", "anne", "remote")
    await telling.tell()
    await telling.tell()
    assert [event.data["sessions"] for event in bus.published[2:]] == [{}]
