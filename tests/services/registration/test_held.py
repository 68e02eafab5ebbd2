"""Everything that is held about a person, over every service, asked for by that person."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from services.qa import service as qa
from services.registration.people import gathering
from shared.bus.embedded.bus import LocalBus
from shared.events.envelope import Envelope
from shared.service.declaration import Service
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import FORM, RegistrationHarness, open_harness
from tests.support.paths import EXAMPLE

DATA: Final = "/api/registration/me/data"
PAGE: Final = "/place/data"
HTML: Final = {"Accept": "text/html"}


async def listening(bus: LocalBus, service: Service) -> None:
    for listener in service.listeners:
        if any("person." in topic for topic in listener.topics):
            await bus.listen(listener.topics, listener.receive, listener.on_gap)


@pytest.fixture
async def bus(database: MongoDatabase) -> AsyncIterator[LocalBus]:
    bus = LocalBus(database)
    await bus.start()
    yield bus
    await bus.stop()


@pytest.fixture
async def harness(database: MongoDatabase, bus: LocalBus, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    harness = await open_harness(database, EXAMPLE, tmp_path, bus=bus)
    await listening(bus, harness.service)
    yield harness
    await harness.client.close()


async def entered(harness: RegistrationHarness) -> str:
    await harness.enter(await harness.register())
    return str((await (await harness.client.get("/api/registration/me")).json())["person"])


async def test_a_person_gets_what_every_service_holds_about_them(harness: RegistrationHarness, bus: LocalBus) -> None:
    await listening(bus, qa.build(harness.ports, harness.settings))
    person = await entered(harness)
    await harness.ports.database.collection("turns").insert({"_id": person})
    await harness.ports.database.collection("halls").insert({"_id": person, "people": 30, "at": harness.now})
    response = await harness.client.get(DATA)
    held: Any = await response.json()
    assert response.status == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert (held["complete"], held["missing"], set(held["services"])) == (True, [], {"registration", "qa"})
    assert held["services"]["registration"]["person"]["email"] == FORM["email"].lower()
    assert held["services"]["qa"]["hall"][0]["people"] == 30
    page = await (await harness.client.get(PAGE, headers=HTML)).text()
    assert all(one in page for one in (FORM["name"], FORM["email"].lower(), "30", DATA)), "the same in words"
    assert "held." not in page.replace("held.css", ""), "no key without its words"


async def test_a_service_that_is_away_is_named_and_what_the_others_hold_is_told(
    harness: RegistrationHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "PATIENCE", 0.05)
    await entered(harness)
    held: Any = await (await harness.client.get(DATA)).json()
    assert (held["complete"], held["missing"], set(held["services"])) == (False, ["qa"], {"registration"})
    assert "Redemander" in await (await harness.client.get(PAGE, headers=HTML)).text()


async def test_an_answer_to_somebody_else_is_not_mine(harness: RegistrationHarness, bus: LocalBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "PATIENCE", 0.3)
    from shared.events.person import PersonAsked, PersonTold

    async def answer(envelope: Envelope) -> None:
        asked = PersonAsked.from_envelope(envelope)
        for enquiry, text in (("another", "theirs"), (asked.enquiry, "mine")):
            told = PersonTold(asked.event_id, enquiry, "qa", json.dumps({"questions": [{"text": text}]}))
            await bus.publish(told.to_envelope(id=harness.ports.new_id(), subject=enquiry, seq=1, time=harness.now))

    async def reload() -> None: ...

    await bus.listen((PersonAsked.TYPE,), answer, reload)
    await entered(harness)
    held: Any = await (await harness.client.get(DATA)).json()
    assert held["services"]["qa"] == {"questions": [{"text": "mine"}]}


async def test_nobody_else_is_told(harness: RegistrationHarness) -> None:
    assert (await harness.client.get(DATA)).status == 401
    assert (await harness.client.get(PAGE, headers=HTML, allow_redirects=False)).status == 303
    await harness.enter(harness.link("moderator"))
    response = await harness.client.get(DATA)
    assert (response.status, (await response.json())["code"]) == (403, "registration.place_fixed")
