"""Presence over several processes: the sum of what each has, and the share of one that died ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.qa.feed.aspects.presence import GLIMPSE_SECONDS, PresenceAspect, Present
from services.qa.feed.shares import SHARE_SECONDS
from services.qa.shares import AGAIN_TURNS, ShareTeller
from shared.clock import to_text, utc_now
from shared.events.hall import HallDeclared
from shared.events.presence import PresenceCounted
from tests.services.qa.harness import MemoryBus

NOW = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
NOBODY = {"in_room": 0, "remote": 0, "hub": 0}


def arrived(aspect: PresenceAspect, *people: str, session: str = "s") -> None:
    for person in people:
        aspect.arrive(session, "public", person, "remote", person)


def teller(bus: MemoryBus, aspect: PresenceAspect, process: str) -> ShareTeller[Present]:
    def event(own: Present) -> PresenceCounted:
        return PresenceCounted(process, own.people, own.halls)

    return ShareTeller(bus, aspect.own, event, process, clock=utc_now, new_id=lambda: "id")


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


# --- local hubs and pages without script ---------------------------------------------------------------------------------------------
def hosts(aspect: PresenceAspect, *names: str, people: int, at: datetime = NOW) -> None:
    for name in names:
        aspect.declare(name, people, at)
        aspect.arrive("s", "public", name, "hub", name)


def test_a_hall_behind_one_screen_is_as_many_as_its_host_declared_while_a_page_of_theirs_is_alive() -> None:
    aspect = PresenceAspect()
    arrived(aspect, "anne")
    hosts(aspect, "host", people=40)
    aspect.arrive("s", "public", "host", "hub", "host")  # the screen and the tablet
    assert shown(aspect) == {"in_room": 0, "remote": 1, "hub": 40}
    aspect.leave("s", "public", "host", "hub")
    assert shown(aspect)["hub"] == 40
    aspect.leave("s", "public", "host", "hub")
    assert shown(aspect) == {"in_room": 0, "remote": 1, "hub": 0}


def test_who_declared_nobody_or_came_by_another_door_stands_for_themselves() -> None:
    aspect = PresenceAspect()
    hosts(aspect, "host", people=0)
    aspect.declare("anne", 40, NOW)
    arrived(aspect, "anne")
    assert shown(aspect) == {"in_room": 0, "remote": 1, "hub": 1}


def test_what_was_declared_last_holds_and_nobody_stands_for_others_once_the_session_is_over() -> None:
    over: set[str] = set()
    aspect = PresenceAspect(over=over.__contains__)
    hosts(aspect, "host", people=40)
    list(aspect._declared(HallDeclared("e", "host", 25, to_text(NOW + timedelta(seconds=9))), 1))
    aspect.declare("host", 40, NOW)  # another page, with an older pass
    assert shown(aspect)["hub"] == 25
    over.add("s")
    assert shown(aspect)["hub"] == 1


def test_phones_in_a_hall_are_of_people_who_are_counted_already() -> None:
    aspect = PresenceAspect()
    hosts(aspect, "host", people=3)
    for guest in ("a", "b"):
        aspect.arrive("s", "public", guest, "hub", guest)
    assert shown(aspect)["hub"] == 3
    for guest in ("c", "d"):
        aspect.arrive("s", "public", guest, "hub", guest)
    assert shown(aspect)["hub"] == 5, "more are there than were declared"


async def test_a_hall_whose_pages_are_at_two_processes_is_one_hall() -> None:
    one, two = PresenceAspect("p0"), PresenceAspect("p1")
    hosts(one, "host", people=40)
    hosts(two, "host", "other", people=40)
    await told(one, two)
    assert shown(one) == shown(two) == {**NOBODY, "hub": 80}


def test_who_reads_a_page_without_script_is_there_until_it_comes_no_more() -> None:
    aspect = PresenceAspect()
    arrived(aspect, "anne")
    for reader in ("anne", "bea"):
        aspect.glimpse("s", reader, "remote", NOW)
    aspect.glimpse("other", "host", "hub", NOW)
    aspect.declare("host", 12, NOW)
    assert shown(aspect)["remote"] == 2, "anne is one, on whatever page"
    assert shown(aspect, session="other")["hub"] == 12
    aspect.glimpse("s", "bea", "remote", NOW + timedelta(seconds=60))
    assert shown(aspect, GLIMPSE_SECONDS + 1)["remote"] == 2
    assert shown(aspect, GLIMPSE_SECONDS + 1, session="other")["hub"] == 0
    assert shown(aspect, GLIMPSE_SECONDS + 60)["remote"] == 1
