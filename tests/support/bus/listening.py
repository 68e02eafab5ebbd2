"""Live listeners: reload first, then every event, and never more in memory than their bound."""

from __future__ import annotations

import asyncio

from shared.bus.port import Bus
from tests.support.bus.kit import BOUND, BusHarness, Heard, Names


class ListenerSuite:
    async def test_a_listener_reloads_first_and_then_hears_what_its_topics_catch(self, bus: Bus, names: Names) -> None:
        heard = Heard()
        await bus.listen([names.type("live.*"), names.type("thing.happened")], heard.event, heard.gap)
        await bus.publish(names.event(1, words="live.moved"))
        await bus.publish(names.event(2, words="thing.happened"))
        await bus.publish(names.event(3, words="live.other.moved"))
        await bus.publish(names.event(4, words="live.moved"))
        await heard.until(lambda: 4 in heard.log)
        assert heard.log == ["gap", 1, 2, 4] or heard.log == ["gap", 2, 1, 4]

    async def test_live_events_of_one_subject_come_in_order(self, bus: Bus, names: Names) -> None:
        heard = Heard()
        await bus.listen([f"tablee.{names.unique}.#"], heard.event, heard.gap)
        for number in range(200):
            await bus.publish(names.event(number, words="live.moved"))
        await heard.until(lambda: 199 in heard.log)
        assert heard.log == ["gap", *range(200)]

    async def test_a_failing_listener_goes_on_with_the_next_event(self, bus: Bus, names: Names) -> None:
        heard = Heard(fail_on=1)
        await bus.listen([f"tablee.{names.unique}.#"], heard.event, heard.gap)
        for number in (1, 2):
            await bus.publish(names.event(number, words="live.moved"))
        await heard.until(lambda: 2 in heard.log)
        assert heard.log == ["gap", 1, 2]

    async def test_a_listener_that_is_too_slow_reloads_instead_of_growing(self, bus: Bus, names: Names) -> None:
        gate = asyncio.Event()
        heard = Heard(gate=gate)
        await bus.listen([f"tablee.{names.unique}.#"], heard.event, heard.gap)
        await bus.publish(names.event(0, words="live.moved"))
        await heard.until(lambda: 0 in heard.log)
        witness = Heard()
        await bus.listen([f"tablee.{names.unique}.#"], witness.event, witness.gap)
        await witness.until(lambda: "gap" in witness.log)
        for number in range(1, BOUND * 3):
            await bus.publish(names.event(number, words="live.moved"))
            await witness.until(lambda number=number: number in witness.log)  # type: ignore[misc]
        gate.set()
        await bus.publish(names.event(999, words="live.moved"))
        await heard.until(lambda: 999 in heard.log)
        assert heard.log.count("gap") == 2
        assert len(heard.log) <= BOUND + 4

    async def test_a_closed_listener_hears_nothing_more(self, bus: Bus, names: Names) -> None:
        closed, open_ = Heard(), Heard()
        subscription = await bus.listen([f"tablee.{names.unique}.#"], closed.event, closed.gap)
        await bus.listen([f"tablee.{names.unique}.#"], open_.event, open_.gap)
        await subscription.close()
        await bus.publish(names.event(1, words="live.moved"))
        await open_.until(lambda: 1 in open_.log)
        assert 1 not in closed.log

    async def test_after_a_broker_restart_a_listener_reloads(self, bus: Bus, harness: BusHarness, names: Names) -> None:
        heard = Heard()
        await bus.listen([f"tablee.{names.unique}.#"], heard.event, heard.gap)
        await heard.until(lambda: heard.log == ["gap"])
        after = await harness.interrupt(bus)
        if after is not bus:
            await after.listen([f"tablee.{names.unique}.#"], heard.event, heard.gap)
        await heard.until(lambda: heard.log == ["gap", "gap"])
        await after.publish(names.event(5, words="live.moved"))
        await heard.until(lambda: heard.log == ["gap", "gap", 5])

    async def test_a_reload_that_fails_is_tried_again_before_any_event(self, bus: Bus, names: Names) -> None:
        heard = Heard(failing_gaps=2)
        await bus.listen([f"tablee.{names.unique}.#"], heard.event, heard.gap)
        await bus.publish(names.event(1, words="live.moved"))
        await heard.until(lambda: 1 in heard.log)
        assert heard.log == ["gap", "gap", "gap", 1]
