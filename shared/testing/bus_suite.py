"""The promises of shared.bus.port as tests: one suite, run against every adapter.

An adapter's test module subclasses `BusSuite` and offers a fixture `harness` that yields a `BusHarness`. Nothing here knows one
adapter. Waits end by an event or fail by their bound; nothing sleeps to hope.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol, TypeVar

import pytest

from shared.bus.port import PREFETCH, Bus, DeadLetter, Delivery, Group, Refused
from shared.bus.typed import EventHandler, Reaction
from shared.errors import Unavailable
from shared.events.envelope import Envelope, Unreadable
from shared.events.stage import StageChanged
from shared.metrics import Metrics

T = TypeVar("T")

WAIT_SECONDS = 30.0
DELAYS = (0.2, 0.5)
"""The patience of every group, so that an event dies within a test's own."""
BOUND = 256
"""Live bound in every harness."""
LIVE_WORD = "live"
"""Types with this word are live-only in every harness."""


def is_live(type: str) -> bool:
    return LIVE_WORD in type.split(".")


class BusHarness(Protocol):
    """One broker that outlives the bus instances using it. Instances are made with `is_live` and BOUND of this module."""

    metrics: Metrics
    """Of all its instances."""

    async def open(self) -> Bus:
        """A started instance more, as another replica would have it."""

    async def crash(self, bus: Bus) -> None:
        """As kill -9 of its process."""

    async def interrupt(self, bus: Bus) -> Bus:
        """The broker goes away and comes back. Returns the instance to go on with: a new one where the bus is embedded."""

    async def inject(self, group: str, body: bytes) -> None:
        """Put bytes that are no event into a group's queue."""


class Names:
    """Types, groups and events of one test, apart from every other test's."""

    def __init__(self) -> None:
        self.unique = f"t{uuid.uuid4().hex[:10]}"

    def type(self, words: str = "thing.happened") -> str:
        return f"tablee.{self.unique}.{words}.v1"

    def group(self, name: str = "reader", *topics: str) -> Group:
        return Group(f"{self.unique}.{name}", topics or (f"tablee.{self.unique}.#",), patience=DELAYS)

    def event(self, number: int = 1, *, subject: str = "subject", words: str = "thing.happened") -> Envelope:
        return Envelope(
            id=str(uuid.uuid4()), type=self.type(words), source=f"/{self.unique}", subject=subject, seq=number,
            time=datetime(2021, 6, 3, 7, 45, tzinfo=UTC), data={"number": number, "text": "Où ? — « ici »", "deep": [1, {"a": None}]},
            correlationid=f"request-{number}", causationid="cause",
        )  # fmt: skip


class Seen:
    """What a handler got, and waiting for it."""

    def __init__(self, react: Callable[[Delivery], Awaitable[None]] | None = None) -> None:
        self.deliveries: list[Delivery] = []
        self._react = react
        self._changed = asyncio.Condition()

    async def __call__(self, delivery: Delivery) -> None:
        async with self._changed:
            self.deliveries.append(delivery)
            self._changed.notify_all()
        if self._react is not None:
            await self._react(delivery)

    @property
    def numbers(self) -> list[int]:
        return [delivery.envelope.seq for delivery in self.deliveries]

    @property
    def attempts(self) -> list[int]:
        return [delivery.attempt for delivery in self.deliveries]

    async def until(self, condition: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    async def count(self, number: int) -> None:
        await self.until(lambda: len(self.deliveries) >= number)


async def eventually(check: Callable[[], Awaitable[T]], seconds: float = WAIT_SECONDS) -> T:
    """The first truthy answer. For what only the broker knows and tells nobody."""
    end = time.monotonic() + seconds
    while not (answer := await check()):
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.05)
    return answer


async def publish_through(bus: Callable[[], Bus], event: Envelope, seconds: float = 60.0) -> None:
    """As the relay does: again until the bus takes it."""
    end = time.monotonic() + seconds
    while True:
        try:
            await bus().publish(event)
            return
        except Unavailable:
            assert time.monotonic() < end, "the bus did not come back"
            await asyncio.sleep(0.1)


async def refuse(delivery: Delivery) -> None:
    raise Refused("not of this service")


async def fail(delivery: Delivery) -> None:
    raise RuntimeError("out of order")


class BusSuite:
    @pytest.fixture
    def names(self) -> Names:
        return Names()

    @pytest.fixture
    async def bus(self, harness: BusHarness) -> Bus:
        return await harness.open()

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
        await eventually(lambda: _true(len(one.deliveries) + len(other.deliveries) >= 20))
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

    async def test_after_its_last_attempt_an_event_is_a_dead_letter(self, bus: Bus, names: Names) -> None:
        seen, event = Seen(fail), names.event()
        await bus.subscribe(names.group(), seen)
        await bus.publish(event)
        (letter,) = await eventually(bus.dead_letters)
        assert seen.attempts == list(range(1, len(DELAYS) + 2))
        assert letter.event == event
        assert letter.attempts == len(DELAYS) + 1
        assert "out of order" in letter.reason

    async def test_what_a_handler_refuses_is_a_dead_letter_at_once_with_its_reason(self, bus: Bus, names: Names) -> None:
        async def unreadable(delivery: Delivery) -> None:
            raise Unreadable("no such field")

        event, other = names.event(), names.event(2)
        await bus.subscribe(names.group("a", names.type()), Seen(refuse))
        await bus.subscribe(names.group("b", names.type("thing.ended")), Seen(unreadable))
        await bus.publish(event)
        (letter,) = await eventually(bus.dead_letters)
        assert (letter.event, letter.group, letter.attempts) == (event, names.group("a").name, 1)
        assert "not of this service" in letter.reason
        assert abs((datetime.now(UTC) - letter.died_at).total_seconds()) < 60
        await bus.publish(names.event(2, words="thing.ended"))
        both = await eventually(lambda: _at_least(bus, 2))
        assert "no such field" in both[1].reason
        assert other.seq == 2

    async def test_bytes_that_are_no_event_are_a_dead_letter(self, bus: Bus, harness: BusHarness, names: Names) -> None:
        seen = Seen()
        await bus.subscribe(names.group(), seen)
        await harness.inject(names.group().name, b"\xff not an event")
        (letter,) = await eventually(bus.dead_letters)
        assert letter.event is None
        assert "Unreadable" in letter.reason
        await bus.publish(names.event(2))
        await seen.count(1)

    async def test_each_group_has_a_patience_of_its_own(self, bus: Bus, names: Names) -> None:
        hasty, steady = Seen(fail), Seen(fail)
        await bus.subscribe(Group(names.group("hasty").name, (names.type(),), patience=()), hasty)
        await bus.subscribe(Group(names.group("steady").name, (names.type(),), patience=(0.2, 0.2, 0.3)), steady)
        await bus.publish(names.event())
        await eventually(lambda: _at_least(bus, 2))
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

    async def test_dead_letters_are_counted_and_found_by_their_group(
        self, bus: Bus, harness: BusHarness, names: Names, caplog: pytest.LogCaptureFixture
    ) -> None:
        one, other = names.group("one"), names.group("other")
        for group in (one, other):
            await bus.subscribe(group, Seen(refuse))
        await bus.publish(names.event())
        await eventually(lambda: _at_least(bus, 2))
        assert [letter.group for letter in await bus.dead_letters(group=one.name)] == [one.name]
        assert await bus.dead_letters(group="nobody") == []
        assert len(await bus.dead_letters(limit=1)) == 1
        assert f'tablee_bus_dead_letters_total{{group="{one.name}"}} 1.0'.encode() in harness.metrics.render()
        lines = [record for record in caplog.records if record.levelname == "ERROR" and "dead letter" in record.message]
        assert len(lines) == 2

    async def test_an_event_that_does_not_fit_its_class_is_a_dead_letter_that_says_why(self, bus: Bus, names: Names) -> None:
        handled: list[StageChanged] = []

        async def note(event: StageChanged, delivery: Delivery) -> None:
            handled.append(event)

        handler: EventHandler[StageChanged] = note
        reaction = Reaction(Group(names.group("stages").name, (StageChanged.TYPE,), patience=DELAYS), StageChanged, handler)
        await bus.subscribe(reaction.group, reaction.receive)
        good = StageChanged(names.unique, "live", "rtmp", "2021-06-03T07:45:00.000Z")
        sealed = good.to_envelope(id=str(uuid.uuid4()), subject=names.unique, seq=1, time=datetime(2021, 6, 3, 7, 45, tzinfo=UTC))
        await bus.publish(replace(sealed, id=str(uuid.uuid4()), data={**sealed.data, "state": 5}))
        await bus.publish(sealed)
        (letter,) = await eventually(lambda: bus.dead_letters(group=reaction.group.name))
        assert "tablee.stage.changed.v1: state" in letter.reason
        await eventually(lambda: _true(bool(handled)))
        assert handled == [good]

    async def test_a_dead_letter_stays_until_it_is_replayed_to_its_own_group(self, bus: Bus, names: Names) -> None:
        refused = await bus.subscribe(names.group("strict"), Seen(refuse))
        other = Seen()
        await bus.subscribe(names.group("other"), other)
        event = names.event()
        await bus.publish(event)
        (letter,) = await eventually(bus.dead_letters)
        assert await bus.dead_letters() == [letter] == await bus.dead_letters()
        await refused.close()
        seen = Seen()
        await bus.subscribe(names.group("strict"), seen)
        assert await bus.replay(letter.id)
        await seen.count(1)
        assert seen.deliveries == [Delivery(event, attempt=1, group=names.group("strict").name)]
        assert await bus.dead_letters() == []
        assert not await bus.replay(letter.id)
        assert not await bus.replay("nothing~like-it")
        await bus.publish(names.event(2))
        await other.count(2)
        assert other.numbers == [1, 2]

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


class Heard:
    """What a live listener got, in order: numbers of events and "gap"."""

    def __init__(self, *, fail_on: int | None = None, gate: asyncio.Event | None = None, failing_gaps: int = 0) -> None:
        self.log: list[int | str] = []
        self._fail_on = fail_on
        self._gate = gate
        self._failing_gaps = failing_gaps
        self._changed = asyncio.Condition()

    async def event(self, event: Envelope) -> None:
        await self._note(event.seq)
        if self._gate is not None:
            await self._gate.wait()
        if event.seq == self._fail_on:
            raise RuntimeError("deaf")

    async def gap(self) -> None:
        await self._note("gap")
        if self._failing_gaps:
            self._failing_gaps -= 1
            raise RuntimeError("no state yet")

    async def _note(self, what: int | str) -> None:
        async with self._changed:
            self.log.append(what)
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)


async def _true(value: bool) -> bool:
    return value


async def _at_least(bus: Bus, count: int) -> list[DeadLetter]:
    letters = await bus.dead_letters()
    return letters if len(letters) >= count else []
