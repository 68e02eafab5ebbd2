"""Who is counted as a colleague at the desk, at one process and at several."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.qa.feed.aspects.colleagues import ColleagueAspect
from services.qa.feed.shares import SHARE_SECONDS
from services.qa.shares import AGAIN_TURNS, ShareTeller
from shared.clock import utc_now
from shared.events.desks import DesksCounted
from tests.services.qa.harness import MemoryBus

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def told(aspect: ColleagueAspect) -> list[str]:
    list(aspect.tick(NOW))
    names: list[str] = aspect.shared("s", "moderator")["colleagues"]
    return names


def test_a_person_is_one_colleague_in_however_many_windows_and_each_window_of_a_shared_link_is_one() -> None:
    aspect = ColleagueAspect()
    for person, name in (("p1", "Ada"), ("p1", "Ada"), ("link", ""), ("link", "")):
        aspect.arrive("s", "moderator", person, "staff", name)
    assert told(aspect) == ["", "", "Ada"]
    aspect.leave("s", "moderator", "link", "staff")
    aspect.leave("s", "moderator", "p1", "staff")
    assert told(aspect) == ["", "Ada"]


async def tells(aspect: ColleagueAspect, process: str, *others: ColleagueAspect) -> None:
    bus = MemoryBus()
    own, clock = aspect.own, utc_now
    await ShareTeller(bus, own, lambda desks: DesksCounted(process, desks), process, clock=clock, new_id=lambda: "id").tell()
    for other in others:
        for envelope in bus.published:
            list(other._heard(DesksCounted.from_envelope(envelope), envelope.seq))


async def test_the_colleagues_of_all_processes_are_shown_and_who_is_at_two_of_them_once() -> None:
    one, two = ColleagueAspect("one"), ColleagueAspect("two")
    one.arrive("s", "moderator", "p1", "staff", "Ada")
    for person, name in (("p1", "Ada"), ("p2", "Ada"), ("link", "")):
        two.arrive("s", "moderator", person, "staff", name)
    two.arrive("other", "moderator", "p3", "staff", "Ben")
    await tells(two, "two", one, two)
    assert told(one) == ["", "Ada", "Ada"], "of the same name, but another person"
    assert told(two) == ["", "Ada", "Ada"], "its own share is not counted twice"
    assert one.shared("other", "moderator") == {"colleagues": ["Ben"]}


async def test_the_colleagues_of_a_process_that_is_silent_go_and_it_is_said_that_it_is_gone() -> None:
    lost: list[str] = []
    one, two = ColleagueAspect("one", lambda: lost.append("gone")), ColleagueAspect("two")
    two.arrive("s", "moderator", "p2", "staff", "Ben")
    await tells(two, "two", one)
    assert (told(one), lost) == (["Ben"], [])
    list(one.tick(NOW + timedelta(seconds=SHARE_SECONDS)))
    assert (one.shared("s", "moderator"), lost) == ({"colleagues": []}, ["gone"])


async def test_a_process_says_that_it_lives_also_while_nobody_is_there() -> None:
    bus, aspect = MemoryBus(), ColleagueAspect("one")
    teller = ShareTeller(
        bus, aspect.own, lambda desks: DesksCounted("one", desks), "one", clock=utc_now, new_id=lambda: "id", always=True
    )  # fmt: skip
    for _ in range(3 * AGAIN_TURNS):
        await teller.tell()
    assert [event.data["sessions"] for event in bus.published] == [{}, {}, {}]
