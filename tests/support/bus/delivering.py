"""Publishing, groups, order and replicas."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from shared.bus.port import PREFETCH, Bus, Delivery
from shared.errors import Unavailable
from tests.support.bus.kit import BusHarness, Names, Seen, eventually, true


class DeliverySuite:
    async def test_an_event_arrives_whole(self, bus: Bus, names: Names) -> None:
        seen, event = Seen(), names.event(7)
        await bus.subscribe(names.group(), seen)
        await bus.publish(event)
        await seen.count(1)
        assert seen.deliveries == [Delivery(event, attempt=1, group=names.group().name)]

    @pytest.mark.parametrize(
        ("topic", "caught"),
        [
            ("tablee.{}.thing.happened.v1", ["thing.happened"]),
            ("tablee.{}.*.happened.v1", ["thing.happened", "place.happened"]),
            ("tablee.{}.thing.#", ["thing.happened", "thing.ended"]),
            ("tablee.{}.thing.happened.v1.#", ["thing.happened"]),
            ("tablee.{}.#.v1", ["thing.happened", "place.happened", "thing.ended"]),
        ],
    )
    async def test_a_group_gets_what_its_topics_catch_and_nothing_else(
        self, bus: Bus, names: Names, topic: str, caught: Sequence[str]
    ) -> None:
        everything = Seen()
        some = Seen()
        await bus.subscribe(names.group("all"), everything)
        await bus.subscribe(names.group("some", topic.format(names.unique)), some)
        for words in ("thing.happened", "place.happened", "thing.ended"):
            await bus.publish(names.event(words=words, subject=words))
        await everything.count(3)
        await some.count(len(caught))
        assert {delivery.envelope.subject for delivery in some.deliveries} == set(caught)

    async def test_a_durable_event_that_reaches_no_queue_is_an_error_and_a_live_one_is_not(self, bus: Bus, names: Names) -> None:
        with pytest.raises(Unavailable) as refused:
            await bus.publish(names.event())
        assert refused.value.code == "bus.unroutable"
        await bus.publish(names.event(words="live.moved"))

    async def test_an_event_waits_for_a_declared_group_that_nobody_reads_yet(self, bus: Bus, harness: BusHarness, names: Names) -> None:
        await bus.declare([names.group()])
        await bus.declare([names.group()])
        await bus.publish(names.event(1))
        await bus.stop()
        seen = Seen()
        await (await harness.open()).subscribe(names.group(), seen)
        await seen.count(1)

    async def test_live_events_never_enter_a_durable_queue(self, bus: Bus, names: Names) -> None:
        seen = Seen()
        await bus.subscribe(names.group(), seen)
        await bus.publish(names.event(1, words="live.moved"))
        await bus.publish(names.event(2))
        await seen.count(1)
        assert seen.numbers == [2]

    async def test_events_of_one_subject_come_in_order_while_subjects_go_side_by_side(self, bus: Bus, names: Names) -> None:
        gate = asyncio.Event()

        async def slow_first(delivery: Delivery) -> None:
            if delivery.envelope.subject == "slow":
                await gate.wait()

        seen = Seen(slow_first)
        await bus.subscribe(names.group(), seen)
        for number in range(1, 21):
            await bus.publish(names.event(number, subject="slow"))
            await bus.publish(names.event(number, subject="quick"))

        def of(subject: str) -> list[int]:
            return [delivery.envelope.seq for delivery in seen.deliveries if delivery.envelope.subject == subject]

        await seen.until(lambda: len(of("quick")) == 20)
        assert len(of("slow")) == 1
        gate.set()
        await seen.count(40)
        assert of("slow") == of("quick") == list(range(1, 21))

    async def test_a_group_works_on_no_more_than_its_prefetch_at_once(self, bus: Bus, names: Names) -> None:
        gate = asyncio.Event()
        running = most = 0

        async def hold(delivery: Delivery) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await gate.wait()
            running -= 1

        seen = Seen(hold)
        await bus.subscribe(names.group(), seen)
        total = PREFETCH + 10
        await asyncio.gather(*(bus.publish(names.event(number, subject=str(number))) for number in range(total)))
        await seen.count(PREFETCH)
        gate.set()
        await seen.count(total)
        assert most <= PREFETCH

    async def test_replicas_of_a_group_get_each_event_once_between_them(self, bus: Bus, harness: BusHarness, names: Names) -> None:
        one, other = Seen(), Seen()
        await bus.subscribe(names.group(), one)
        await bus.subscribe(names.group(), other)
        for number in range(20):
            await bus.publish(names.event(number, subject=str(number)))
        await eventually(lambda: true(len(one.deliveries) + len(other.deliveries) >= 20))
        assert sorted(one.numbers + other.numbers) == list(range(20))

    async def test_when_one_replica_closes_the_other_goes_on(self, bus: Bus, names: Names) -> None:
        one, other = Seen(), Seen()
        first = await bus.subscribe(names.group(), one)
        await bus.subscribe(names.group(), other)
        await first.close()
        await bus.publish(names.event(1))
        await other.count(1)
        assert one.deliveries == []

    async def test_closing_a_subscription_lets_the_running_handler_finish(self, bus: Bus, names: Names) -> None:
        gate = asyncio.Event()
        done: list[int] = []

        async def hold(delivery: Delivery) -> None:
            await gate.wait()
            done.append(delivery.envelope.seq)

        seen = Seen(hold)
        subscription = await bus.subscribe(names.group(), seen)
        await bus.publish(names.event(1))
        await seen.count(1)
        closing = asyncio.create_task(subscription.close())
        asyncio.get_running_loop().call_later(0.1, gate.set)
        await closing
        assert done == [1]
        again = Seen()
        await bus.subscribe(names.group(), again)
        await bus.publish(names.event(2))
        await again.count(1)
        assert again.numbers == [2]
