"""A town hall is one address: 200 people behind it register, enter and get their passes as if each had come alone."""

from __future__ import annotations

import asyncio

from services.registration import limits
from tests.services.registration.harness import FORM, SAME_SITE, RegistrationHarness, link_in

HALL = 200


async def test_a_hall_behind_one_address_registers_enters_and_gets_its_passes(harness: RegistrationHarness) -> None:
    forms = [{**FORM, "name": f"Ada {n}", "email": f"ada{n}@example.org"} for n in range(HALL)]
    answers = await asyncio.gather(*(harness.client.post("/api/registration/registrations", json=form) for form in forms))
    assert {answer.status for answer in answers} == {202}
    mails = [*await harness.deliver_mails(), *await harness.deliver_mails()]  # at most 100 at a time
    assert len({mail["To"] for mail in mails}) == HALL
    for mail in mails:
        harness.forget_cookies()
        await harness.enter(link_in(mail))
    passed = await asyncio.gather(*(harness.client.post("/api/registration/pass", headers=SAME_SITE) for _ in mails))
    assert {answer.status for answer in passed} == {200}


async def test_who_registers_without_end_is_stopped_all_the_same(harness: RegistrationHarness) -> None:
    async def fill() -> int:
        return (await harness.client.post("/api/registration/registrations", json={})).status

    seen = [await fill() for _ in range(limits.REGISTERING.times + 5)]
    assert set(seen[: limits.REGISTERING.times]) == {422}
    assert seen[-1] == 429
