"""From the form to the mailbox over the embedded bus: outbox, relay, durable group, retry."""

from __future__ import annotations

import asyncio

import pytest

from services.registration.people.delivery import ANSWER_MAILS, MAIL
from shared.bus.embedded.bus import LocalBus
from shared.bus.port import Delivery, Group
from shared.bus.relay import Relay, RelayMetrics
from shared.errors import Invalid, Unavailable
from shared.metrics import new_registry
from shared.storage.mongo import MongoStore
from tests.services.registration.harness import FORM, NoBus, RegistrationHarness, link_in

DEADLINE = 20.0


async def run(harness: RegistrationHarness, store: MongoStore, until: asyncio.Event) -> LocalBus:
    """Register, and let relay and bus work until `until`."""
    bus = LocalBus(store.database("bus"))
    await bus.start()
    reaction = harness.reaction()
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


async def test_operators_see_which_mails_were_given_up_and_that_the_server_is_away(harness: RegistrationHarness, store: MongoStore) -> None:
    harness.mailbox.fails_with = Invalid("mail.refused")
    bus = await run(harness, store, harness.mailbox.tried)
    try:
        async with asyncio.timeout(DEADLINE):
            while not (letters := await bus.dead_letters(group="registration.mail")):  # noqa: ASYNC110 (the bus tells nobody)
                await asyncio.sleep(0.05)
    finally:
        await bus.stop()
    assert isinstance(harness.ports.bus, NoBus)
    harness.ports.bus.letters = letters
    for caller, status in (("viewer", 403), ("moderator", 403), ("display", 403), ("operator", 200)):
        response = await harness.client.get("/api/registration/mail", headers=harness.sign(caller))
        assert response.status == status
    answer = await response.json()
    assert ([one["name"] for one in answer["given_up"]], answer["troubled_since"]) == ([FORM["name"]], None)
    reaction = harness.reaction()
    harness.mailbox.fails_with = Unavailable("mail.unavailable")
    event = letters[0].event
    assert event is not None
    with pytest.raises(Unavailable):
        await reaction.receive(Delivery(event, 1, reaction.group.name))
    answer = await (await harness.client.get("/api/registration/mail", headers=harness.sign("operator"))).json()
    assert answer["troubled_since"] == "2021-06-03T08:00:00.000Z"
    harness.mailbox.fails_with = None
    await reaction.receive(Delivery(event, 2, reaction.group.name))
    answer = await (await harness.client.get("/api/registration/mail", headers=harness.sign("operator"))).json()
    assert answer["troubled_since"] is None


@pytest.mark.parametrize("group", [MAIL, ANSWER_MAILS], ids=lambda group: str(group.name))
def test_a_mail_is_tried_for_two_days_soon_at_first_and_every_few_hours_at_last(group: Group) -> None:
    assert sum(group.patience) >= 2 * 24 * 3600 * 0.9
    assert group.patience[0] <= 10
    assert max(group.patience) <= 4 * 3600
    assert list(group.patience) == sorted(group.patience)
