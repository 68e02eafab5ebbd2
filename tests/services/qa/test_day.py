"""What registration tells of the day reaches the service, and the newest counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from services.qa.day_store import DayStore
from services.qa.facts import ToldOrder
from services.qa.feed.aspects.session import REMOVED
from services.qa.service import assemble
from shared.clock import to_text
from shared.events.running_order import RunningOrderChanged, SlotRef
from shared.events.vocabulary import Progress
from shared.metrics import new_registry
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, EVENT, ROUND_TABLE, QaHarness, open_harness, programme, session


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def test_an_open_page_is_told_the_new_title_the_new_hour_and_the_removal(harness: QaHarness) -> None:
    async with harness.listener("anne") as anne, harness.listener("claire", "moderator", "moderator") as desk:
        for listener in (anne, desk):
            assert (await listener.until("snapshot"))["state"]["session"]["removed"] is False
        await harness.publish(2, session(title="La fibre au bourg", language="br"))
        facts = (await anne.event("session"))["data"]
        assert (facts["title"], facts["language"], facts["progress"]) == ("La fibre au bourg", "br", "unknown")
        start = to_text(harness.clock())
        await harness.order(1, SlotRef(ROUND_TABLE, "on", start, None, decided_at=start))
        facts = (await anne.event("session"))["data"]
        assert (facts["progress"], facts["starts_at"], facts["moved"]) == ("on", start, True)
        assert facts["now"] == {"id": ROUND_TABLE, "title": "La fibre au bourg", "label": ""}
        await harness.publish(3)
        facts = (await anne.event("session"))["data"]
        assert (facts["removed"], facts["title"], facts["now"]) == (True, "La fibre au bourg", None)
        assert (await desk.event("session"))["data"]["title"] == "La fibre au bourg"
        await harness.tell(programme(), EVENT, 1)
        assert harness.feed.hub.state(ROUND_TABLE, "public", "x")["session"]["removed"], "an old version changes nothing"


async def test_in_a_rehearsal_nothing_is_called_over_while_it_takes_questions(harness: QaHarness) -> None:
    async with harness.listener("anne") as anne:
        await anne.until("snapshot")
        await harness.publish(2, session(title="Salle comble"), rehearsal=True)
        assert (await anne.event("session"))["data"]["progress"] == "unknown"
        start = to_text(harness.clock())
        await harness.order(1, SlotRef(ROUND_TABLE, "on", start, None))
        assert (await anne.event("session"))["data"]["progress"] == "on"
        await harness.order(2, SlotRef(ROUND_TABLE, "over", start, start))
        assert (await anne.event("session"))["data"]["progress"] == "unknown"
        assert harness.feed.hub.state(ROUND_TABLE, "public", "x")["floor"]["state"] == "open"
        await harness.order(3, SlotRef(ROUND_TABLE, "over", start, start, decided_at=start))
        assert (await anne.event("session"))["data"]["progress"] == "over"
        assert (await anne.event("floor"))["data"]["state"] == "closed"


async def test_nobody_new_joins_a_removed_session_but_those_who_decide(harness: QaHarness) -> None:
    await harness.asked("anne")
    async with harness.listener("basile") as basile:
        await basile.until("snapshot")
        await harness.publish(2)
        assert (await basile.event("session"))["data"]["removed"] is True
        async with harness.listener("anne") as anne:
            assert (await anne.until("error"))["sentences"]["fr"] == "Cette session n’est plus au programme."
            assert await anne.closed() == 4404
        async with harness.listener("ecran", "display", "display") as screen:
            assert await screen.closed() == 4404
        async with harness.listener("claire", "moderator", "moderator") as desk:
            state = (await desk.until("snapshot"))["state"]
            assert (state["session"]["removed"], len(state["items"])) == (True, 1)


async def test_a_restarted_feed_knows_which_sessions_are_gone(harness: QaHarness) -> None:
    await harness.publish(2, session(title="La fibre"), session("sans-question"))
    await harness.order(1, SlotRef(ROUND_TABLE, "on", None, None))
    await harness.asked("anne")
    await harness.publish(3, session(CLOSED))
    service, feed = assemble(replace(harness.ports, metrics=new_registry()), harness.settings)
    await harness.feed.stop()
    assert service.start is not None
    await service.start()
    try:
        assert [feed.hub.refusal(id, "public") for id in (CLOSED, ROUND_TABLE, "sans-question")] == ["", REMOVED, "qa.unknown_session"]
        facts = feed.hub.state(ROUND_TABLE, "moderator", "x")["session"]
        assert (facts["title"], facts["removed"], facts["stage"]) == ("La fibre", True, None)
    finally:
        await feed.stop()


def order(progress: Progress, event: str = EVENT) -> RunningOrderChanged:
    return RunningOrderChanged(event, (SlotRef(ROUND_TABLE, progress, None, None),))


async def test_the_newest_running_order_is_kept_whatever_comes_late_or_twice(harness: QaHarness) -> None:
    day = DayStore(harness.database, EVENT)
    told: list[tuple[int, Progress]] = [(1, "upcoming"), (3, "over"), (2, "on"), (3, "upcoming")]
    for seq, progress in told:
        await harness.tell(order(progress), EVENT, seq)
    await harness.tell(order("cancelled", "another-event"), "another-event", 9)
    assert await day.running_order() == ToldOrder(3, order("over"))


async def test_two_hundred_sessions_and_their_hours_may_come_at_once(harness: QaHarness) -> None:
    """An import tells of both, and each is followed by itself."""
    ids = [f"session-{n}" for n in range(200)]
    await asyncio.gather(
        harness.publish(2, *(session(id) for id in ids)),
        harness.order(1, *(SlotRef(id, "over" if n % 2 else "on", None, None) for n, id in enumerate(ids))),
    )
    _, answer = await harness.call("GET", "/api/qa/sessions", "claire", "moderator")
    states = {floor["session"]: floor["state"] for floor in answer["sessions"]}
    assert states == {id: "closed" if n % 2 else "open" for n, id in enumerate(ids)}
