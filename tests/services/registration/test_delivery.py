"""From the form to the mailbox over the embedded bus: outbox, relay, durable group, retry."""

from __future__ import annotations

import asyncio

from shared.bus.embedded.bus import LocalBus
from shared.bus.relay import Relay, RelayMetrics
from shared.errors import Invalid, Unavailable
from shared.metrics import new_registry
from shared.storage.mongo import MongoStore
from tests.services.registration.harness import FORM, RegistrationHarness, link_in

DEADLINE = 20.0


async def run(harness: RegistrationHarness, store: MongoStore, until: asyncio.Event) -> LocalBus:
    """Register, and let relay and bus work until `until`."""
    bus = LocalBus(store.database("bus"))
    await bus.start()
    (reaction,) = harness.service.reactions
    await bus.declare([reaction.group])
    await bus.subscribe(reaction.group, reaction.receive)
    relay = Relay(harness.ports.database, ("people",), bus, metrics=RelayMetrics(new_registry()), service="registration")
    task = asyncio.create_task(relay.run())
    try:
        assert (await harness.client.post("/api/registration/registrations", json=FORM)).status == 202
        relay.wake()
        await asyncio.wait_for(until.wait(), DEADLINE)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return bus


async def test_a_mail_server_that_was_away_delays_the_link_and_loses_nothing(harness: RegistrationHarness, store: MongoStore) -> None:
    harness.mailbox.fails_with, harness.mailbox.failures = Unavailable("mail.unavailable"), 1
    bus = await run(harness, store, harness.mailbox.taken)
    await bus.stop()
    (message,) = harness.mailbox.messages
    assert harness.mailbox.tries == 2
    assert await harness.enter(link_in(message)) == "/watch"


async def test_an_address_refused_for_good_becomes_a_dead_letter_without_the_address(
    harness: RegistrationHarness, store: MongoStore
) -> None:
    harness.mailbox.fails_with = Invalid("mail.refused")
    bus = await run(harness, store, harness.mailbox.tried)
    try:
        async with asyncio.timeout(DEADLINE):
            while not (dead := await bus.dead_letters()):  # noqa: ASYNC110 (the bus tells nobody of a dead letter)
                await asyncio.sleep(0.05)
    finally:
        await bus.stop()
    assert (dead[0].group, dead[0].reason, dead[0].attempts) == ("registration.mail", "Refused: mail.refused", 1)
    assert "ada@example.org" not in str(dead[0])
