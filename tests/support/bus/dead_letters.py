"""What a group gave up on: why, how it is found, how it is replayed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.bus.port import Bus, Delivery, Group
from shared.bus.typed import EventHandler, Reaction
from shared.events.envelope import Unreadable
from shared.events.stage import StageChanged
from shared.metrics import render
from tests.support.bus.kit import DELAYS, BusHarness, Names, Seen, at_least, eventually, fail, refuse, true


class DeadLetterSuite:
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
        both = await eventually(lambda: at_least(bus, 2))
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

    async def test_dead_letters_are_counted_and_found_by_their_group(
        self, bus: Bus, harness: BusHarness, names: Names, caplog: pytest.LogCaptureFixture
    ) -> None:
        one, other = names.group("one"), names.group("other")
        for group in (one, other):
            await bus.subscribe(group, Seen(refuse))
        await bus.publish(names.event())
        await eventually(lambda: at_least(bus, 2))
        assert [letter.group for letter in await bus.dead_letters(group=one.name)] == [one.name]
        assert await bus.dead_letters(group="nobody") == []
        assert len(await bus.dead_letters(limit=1)) == 1
        assert f'tablee_bus_dead_letters_total{{group="{one.name}"}} 1.0'.encode() in render(harness.metrics)
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
        await eventually(lambda: true(bool(handled)))
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

    async def test_dead_letters_about_somebody_are_dropped_and_those_of_others_stay(self, bus: Bus, names: Names) -> None:
        for group in ("a", "b"):
            await bus.subscribe(names.group(group), Seen(refuse))
        somebody, other = names.event(1, subject=str(uuid.uuid4())), names.event(2, subject=str(uuid.uuid4()))
        for event in (somebody, other):
            await bus.publish(event)
        await eventually(lambda: at_least(bus, 4))
        assert await bus.drop_dead_letters(somebody.subject) == 2
        assert {letter.event.subject for letter in await bus.dead_letters() if letter.event} == {other.subject}
        assert await bus.drop_dead_letters(somebody.subject) == 0
        assert len(await bus.dead_letters()) == 2
