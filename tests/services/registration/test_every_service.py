"""Every service is asked what it keeps of a person, and to erase it: none may answer for one half of it alone."""

from __future__ import annotations

from typing import Final

from services.qa import service as qa
from services.registration.people.gathering import OTHERS
from services.streaming import service as streaming
from shared.service.declaration import Service
from tests.services.registration.harness import RegistrationHarness

KEEPS_NOTHING_OF_PEOPLE: Final = {"streaming"}
ME: Final = "/api/registration/me"


async def test_every_service_says_what_it_keeps_of_a_person_and_erases_all_of_it(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register())
    person = (await (await harness.client.get(ME)).json())["person"]
    services: list[Service] = [harness.service, qa.build(harness.ports, harness.settings), streaming.build(harness.ports, harness.settings)]
    kept = {}
    for service in services:
        assert (service.export_person is None) == (service.erase_person is None), service.name
        assert (service.export_person is None) == (service.name in KEEPS_NOTHING_OF_PEOPLE), service.name
        if service.export_person is not None:
            kept[service.name] = await service.export_person(person)
    assert kept["registration"]
    assert set(kept) == {"registration", *OTHERS}, "everybody who keeps something is asked by whoever wants to know"
    for service in services:
        for _ in range(2):
            if service.erase_person is not None and service.export_person is not None:
                await service.erase_person(person)
                assert not any((await service.export_person(person)).values()), service.name
