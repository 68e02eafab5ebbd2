"""The embedded bus against a plain model: whatever is published, refused, retried, replayed or crashed in whatever order, in the end
every group has handled exactly the events that its topics catch, in order per subject where nothing was retried."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shared.bus.embedded.bus import LocalBus
from shared.bus.port import Delivery, Group, Refused
from shared.bus.topics import matches
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.storage.mongo import MongoStore
from tests.support.bus.killing import kill_local
from tests.support.databases import drop_all

T = TypeVar("T")

DELAYS = (0.01, 0.02)
GROUPS = (
    Group("all", ("tablee.#",), patience=DELAYS),
    Group("a", ("tablee.*.a.#",), patience=DELAYS),
    Group("both", ("tablee.x.a.v1", "tablee.#.b.v1"), patience=DELAYS),
)
TYPES = ("tablee.x.a.v1", "tablee.y.a.v1", "tablee.x.b.v1", "other.thing.v1")
FATES = ("fine", "fine", "fine", "fail once", "refuse", "fail always")
SUBJECTS = ("s1", "s2")
SETTLE_SECONDS = 20.0


class BusMachine(RuleBasedStateMachine):
    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.store = MongoStore(self.url, prefix=f"m{uuid.uuid4().hex[:10]}")
        self.published: list[tuple[Envelope, str]] = []
        self.handled: dict[str, list[str]] = defaultdict(list)
        self.replayed: set[tuple[str, str]] = set()
        self.fates: dict[str, str] = {}
        self.subscribed: set[str] = set()
        self.crashed = False

    def run(self, step: Awaitable[T]) -> T:
        async def bounded() -> T:
            async with asyncio.timeout(SETTLE_SECONDS):
                return await step

        return self.loop.run_until_complete(bounded())

    def open(self) -> None:
        self.bus = LocalBus(self.store.database("bus"), live=lambda _: False)
        self.run(self.bus.start())
        self.subscribed.clear()

    @initialize()
    def begin(self) -> None:
        self.run(self.store.start())
        self.open()
        self.run(self.bus.declare(GROUPS))

    async def react(self, delivery: Delivery) -> None:
        key = delivery.envelope.id
        fate = self.fates[key]
        if (delivery.group, key) not in self.replayed:
            if fate == "refuse":
                raise Refused("by fate")
            if fate == "fail always" or (fate == "fail once" and delivery.attempt == 1):
                raise RuntimeError("by fate")
        self.handled[delivery.group].append(key)

    # --- what can happen --------------------------------------------------------------------------------------------------------
    @rule(type=st.sampled_from(TYPES), subject=st.sampled_from(SUBJECTS), fate=st.sampled_from(FATES))
    def publish(self, type: str, subject: str, fate: str) -> None:
        number = len(self.published)
        event = Envelope(
            id=f"e{number}", type=type, source="/m", subject=subject, seq=number, time=datetime(2021, 6, 3, tzinfo=UTC), data={"n": number}
        )
        self.fates[event.id] = fate
        if any(self.catches(group, type) for group in GROUPS):
            self.run(self.bus.publish(event))
            self.published.append((event, fate))
        else:
            with pytest.raises(Unavailable):
                self.run(self.bus.publish(event))

    @rule(group=st.sampled_from(GROUPS))
    def subscribe(self, group: Group) -> None:
        self.run(self.bus.subscribe(group, self.react))
        self.subscribed.add(group.name)

    @rule()
    def crash(self) -> None:
        kill_local(self.bus)
        self.crashed = True
        self.open()

    @rule()
    def restart(self) -> None:
        self.run(self.bus.stop())
        self.open()

    @rule()
    def replay(self) -> None:
        for letter in self.run(self.bus.dead_letters()):
            assert letter.event is not None
            self.replayed.add((letter.group, letter.event.id))
            assert self.run(self.bus.replay(letter.id))

    # --- what must hold ---------------------------------------------------------------------------------------------------------
    @staticmethod
    def catches(group: Group, type: str) -> bool:
        return any(matches(topic, type) for topic in group.topics)

    @invariant()
    def no_group_handles_what_it_did_not_ask_for(self) -> None:
        types = {event.id: event.type for event, _ in self.published}
        for group in GROUPS:
            assert all(self.catches(group, types[key]) for key in self.handled[group.name])

    def teardown(self) -> None:
        try:
            if hasattr(self, "bus"):
                self.check_the_end()
        finally:
            if hasattr(self, "bus"):
                self.run(self.bus.stop())
                self.run(drop_all(self.store))
                self.run(self.store.stop())
            self.loop.close()

    def check_the_end(self) -> None:
        for group in GROUPS:
            self.run(self.bus.subscribe(group, self.react))
        self.run(self.settled())
        for group in GROUPS:
            handled = self.handled[group.name]
            if not self.crashed:
                assert len(handled) == len(set(handled)), "handled twice without a crash"
            for subject in SUBJECTS:
                calm = [event.id for event, fate in self.published if event.subject == subject and fate == "fine"]
                firsts = [key for key in dict.fromkeys(handled) if key in calm]
                assert firsts == [key for key in calm if key in firsts], "out of order"

    async def settled(self) -> None:
        """Until every event is handled or dead, as its fate says, in every group that catches it."""
        while True:
            dead: dict[str, set[Any]] = defaultdict(set)
            for letter in await self.bus.dead_letters(limit=1000):
                assert letter.event is not None
                dead[letter.group].add(letter.event.id)
            if all(self.as_expected(group, dead[group.name]) for group in GROUPS):
                return
            await asyncio.sleep(0.02)

    def as_expected(self, group: Group, dead: set[str]) -> bool:
        for event, fate in self.published:
            if self.catches(group, event.type):
                to_die = fate in ("refuse", "fail always") and (group.name, event.id) not in self.replayed
                if (event.id in dead) is not to_die or (event.id in self.handled[group.name]) is to_die:
                    return False
        return True


def test_the_embedded_bus_agrees_with_its_model(mongo_url: str) -> None:
    class Machine(BusMachine):
        url = mongo_url

    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True),
    )
