"""Retries: what failed comes again, and holds up nobody."""

from __future__ import annotations

import asyncio
import time

from shared.bus.port import Bus, Delivery, Group
from tests.support.bus.kit import DELAYS, BusHarness, Names, Seen, at_least, eventually, fail, publish_through


class RetrySuite:
    async def test_a_failure_is_tried_again_after_the_delay_with_its_attempt_counted(self, bus: Bus, names: Names) -> None:
        moments: list[float] = []

        async def fail_twice(delivery: Delivery) -> None:
            moments.append(time.monotonic())
            if delivery.attempt < 3:
                raise RuntimeError("not yet")

        seen = Seen(fail_twice)
        await bus.subscribe(names.group(), seen)
        await bus.publish(names.event())
        await seen.count(3)
        assert seen.attempts == [1, 2, 3]
        for pause, delay in zip((moments[1] - moments[0], moments[2] - moments[1]), DELAYS, strict=False):
            assert delay - 0.05 <= pause <= delay + 3.0
        assert await bus.dead_letters() == []

    async def test_a_poisoned_event_does_not_hold_up_its_queue(self, bus: Bus, names: Names) -> None:
        async def fail_first(delivery: Delivery) -> None:
            if delivery.envelope.seq == 1:
                raise RuntimeError("poison")

        seen = Seen(fail_first)
        await bus.subscribe(names.group(), seen)
        for number in (1, 2, 3):
            await bus.publish(names.event(number))
        await seen.until(lambda: {1, 2, 3} <= set(seen.numbers), 5.0)

    async def test_only_the_group_that_failed_gets_the_event_again(self, bus: Bus, names: Names) -> None:
        async def fail_once(delivery: Delivery) -> None:
            if delivery.attempt == 1:
                raise RuntimeError("not yet")

        failing, other = Seen(fail_once), Seen()
        await bus.subscribe(names.group("failing"), failing)
        await bus.subscribe(names.group("other"), other)
        await bus.publish(names.event(1))
        await failing.count(2)
        await bus.publish(names.event(2, subject="last"))
        await other.until(lambda: 2 in other.numbers)
        assert other.numbers == [1, 2]

    async def test_each_group_has_a_patience_of_its_own(self, bus: Bus, names: Names) -> None:
        hasty, steady = Seen(fail), Seen(fail)
        await bus.subscribe(Group(names.group("hasty").name, (names.type(),), patience=()), hasty)
        await bus.subscribe(Group(names.group("steady").name, (names.type(),), patience=(0.2, 0.2, 0.3)), steady)
        await bus.publish(names.event())
        await eventually(lambda: at_least(bus, 2))
        assert (hasty.attempts, steady.attempts) == ([1], [1, 2, 3, 4])

    async def test_an_attempt_days_away_keeps_its_event_and_its_group_goes_on(self, bus: Bus, names: Names) -> None:
        async def fail_first(delivery: Delivery) -> None:
            if delivery.envelope.seq == 1:
                raise RuntimeError("the mail server is away")

        seen = Seen(fail_first)
        await bus.subscribe(Group(names.group("mail").name, (names.type(),), patience=(2 * 24 * 3600.0,)), seen)
        await bus.publish(names.event(1))
        await bus.publish(names.event(2))
        await seen.until(lambda: 2 in seen.numbers)
        assert seen.numbers == [1, 2]
        assert await bus.dead_letters() == []

    async def test_a_cancelled_handler_leaves_its_event_for_later(self, bus: Bus, harness: BusHarness, names: Names) -> None:
        async def hang(delivery: Delivery) -> None:
            await asyncio.Event().wait()

        event, stuck = names.event(), Seen(hang)
        await bus.subscribe(names.group(), stuck)
        await bus.publish(event)
        await stuck.count(1)
        await harness.crash(bus)
        seen = Seen()
        await (await harness.open()).subscribe(names.group(), seen)
        await seen.count(1)
        assert seen.deliveries == [Delivery(event, attempt=1, group=names.group().name)]

    async def test_a_handler_that_cancels_itself_gets_its_event_again(self, bus: Bus, names: Names) -> None:
        async def cancel_once(delivery: Delivery) -> None:
            if len(seen.deliveries) == 1:
                raise asyncio.CancelledError

        seen = Seen(cancel_once)
        await bus.subscribe(names.group(), seen)
        await bus.publish(names.event())
        await seen.count(2)

    async def test_a_crash_loses_nothing_that_was_published(self, bus: Bus, harness: BusHarness, names: Names) -> None:
        await bus.declare([names.group()])
        for number in range(10):
            await bus.publish(names.event(number))
        await harness.crash(bus)
        seen = Seen()
        await (await harness.open()).subscribe(names.group(), seen)
        await seen.count(10)
        assert seen.numbers == list(range(10))

    async def test_a_broker_restart_in_mid_traffic_loses_nothing(self, bus: Bus, harness: BusHarness, names: Names) -> None:
        current = bus
        seen = Seen()
        await bus.subscribe(names.group(), seen)
        total = 150
        half = asyncio.Event()

        async def publish_all() -> None:
            for number in range(total):
                await publish_through(lambda: current, names.event(number, subject=str(number % 7)))
                if number == total // 3:
                    half.set()

        publishing = asyncio.create_task(publish_all())
        await half.wait()
        after = await harness.interrupt(bus)
        if after is not current:
            current = after
            await after.subscribe(names.group(), seen)
        await publishing
        await seen.until(lambda: set(seen.numbers) == set(range(total)), 60.0)
        await current.ping()
