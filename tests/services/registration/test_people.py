"""Who registered: operators see and decide, a person ends it themselves, and what is kept can be shown and erased."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from shared.ids import new_id
from tests.services.registration.harness import FORM, SAME_SITE, RegistrationHarness

PEOPLE: Final = "/api/registration/people"
ME: Final = "/api/registration/me"
HTML: Final = {"Accept": "text/html"}


async def listed(harness: RegistrationHarness, **query: str) -> list[dict[str, Any]]:
    response = await harness.client.get(PEOPLE, params=query, headers=harness.sign("operator"))
    assert response.status == 200
    found: list[dict[str, Any]] = (await response.json())["people"]
    return found


async def confirmed(harness: RegistrationHarness, name: str, **changes: str) -> str:
    """The id of somebody who registered and entered."""
    await harness.enter(await harness.register(**{"name": name, "email": f"{new_id()}@example.org", **changes}))
    person: str = (await (await harness.client.get(ME)).json())["person"]
    harness.forget_cookies()
    return person


async def test_operators_find_people_by_name_whatever_the_case_and_accents_and_see_no_address(harness: RegistrationHarness) -> None:
    await confirmed(harness, "Élodie Zola")
    await confirmed(harness, "andré Alba")
    assert [one["name"] for one in await listed(harness)] == ["andré Alba", "Élodie Zola"], "and nobody who holds a shared link"
    assert [one["name"] for one in await listed(harness, search="ELODIE")] == ["Élodie Zola"]
    assert "@" not in json.dumps(await listed(harness))


async def test_a_long_list_goes_on_where_the_page_ended(harness: RegistrationHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.registration.people import records

    monkeypatch.setattr(records, "PAGE", 2)
    for name in ("Ada", "Bob", "Chloé"):
        await confirmed(harness, name)
    response = await harness.client.get(PEOPLE, headers=harness.sign("operator"))
    more = (await response.json())["more"]
    assert [one["name"] for one in await listed(harness)] == ["Ada", "Bob"]
    assert [one["name"] for one in await listed(harness, after=more)] == ["Chloé"]


async def test_a_hub_counts_once_an_operator_confirmed_it(harness: RegistrationHarness) -> None:
    person = await confirmed(harness, "Salle de Die", door="hub")
    for caller, status in (("viewer", 403), ("moderator", 403), ("display", 403), ("operator", 204)):
        response = await harness.client.post(f"{PEOPLE}/{person}/hub", headers=harness.sign(caller))
        assert response.status == status
    assert [one["hub_confirmed"] for one in await listed(harness)] == [True]


@pytest.mark.parametrize("key", ["viewer", "room", "moderator", "stage"])
async def test_nobody_but_operators_opens_the_list_or_acts_from_it(harness: RegistrationHarness, key: str) -> None:
    person = await confirmed(harness, "Ada")
    await harness.enter(harness.link(key))
    for method, path in (
        ("GET", "/people"),
        ("GET", f"/people/{person}"),
        ("POST", f"/people/{person}/revocation"),
        ("POST", f"/people/{person}/hub"),
    ):
        headers = {**HTML, **SAME_SITE, **({"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {})}
        assert (await harness.client.request(method, path, headers=headers)).status == 403, path


async def test_an_operator_withdraws_an_access_from_the_list_without_script(harness: RegistrationHarness) -> None:
    link = await harness.register()
    await harness.enter(link)
    harness.forget_cookies()
    await harness.enter(harness.link("operator"))
    page = await (await harness.client.get("/people")).text()
    found = re.search(r'href="(/people/[0-9a-f-]{36})"', page)
    assert found is not None
    asked = await (await harness.client.get(found[1])).text()
    assert FORM["name"] in asked
    form = {**HTML, **SAME_SITE, "Content-Type": "application/x-www-form-urlencoded"}
    response = await harness.client.post(f"{found[1]}/revocation", headers=form, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/people?done=revoked")
    harness.forget_cookies()
    assert (await harness.client.post(link, headers=SAME_SITE)).status == 410


async def test_a_person_withdraws_after_being_asked_and_nothing_of_them_is_left(harness: RegistrationHarness) -> None:
    link = await harness.register()
    await harness.enter(link)
    person = (await (await harness.client.get(ME)).json())["person"]
    assert harness.service.export_person is not None
    kept = await harness.service.export_person(person)
    assert kept["person"]["email"] == "ada@example.org"  # type: ignore[index]
    assert all(kept[part] for part in ("image_rights", "links", "mails"))
    assert kept["browsers"] == 1
    await harness.events()
    assert "/withdraw" in await (await harness.client.get("/place")).text()
    assert 'action="/withdraw"' in await (await harness.client.get("/withdraw")).text()
    assert (await harness.client.post("/withdraw", headers={"Origin": "https://evil.example"})).status == 403
    response = await harness.client.post("/withdraw", headers=SAME_SITE, allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/")
    assert [event.type for event in await harness.events()] == ["tablee.access.revoked.v1", "tablee.person.erased.v1"]
    assert (await harness.client.get(ME)).status == 401
    assert (await harness.client.get(link)).status == 404
    assert await harness.service.export_person(person) == {}
    assert await listed(harness) == []
    for collection in ("people", "credentials", "browser_sessions"):
        stored = json.dumps(await harness.ports.database.collection(collection).find({}), default=str).lower()
        assert "ada" not in stored, collection
    assert harness.mailbox.messages == []
    await harness.enter(await harness.register())


@pytest.mark.parametrize("key", ["viewer", "stage", "operator"])
async def test_a_shared_link_cannot_be_withdrawn(harness: RegistrationHarness, key: str) -> None:
    await harness.enter(harness.link(key))
    assert (await harness.client.get("/withdraw")).status == 403
    assert (await harness.client.post("/withdraw", headers=SAME_SITE)).status == 403
    assert (await harness.client.get(ME)).status == 200


async def test_erasing_somebody_twice_or_nobody_is_harmless(harness: RegistrationHarness) -> None:
    person = await confirmed(harness, "Ada")
    assert harness.service.erase_person is not None
    for _ in range(2):
        await harness.service.erase_person(person)
    await harness.service.erase_person("00000000-0000-4000-8000-000000000000")


async def test_a_link_that_leaked_is_renewed_alone(harness: RegistrationHarness) -> None:
    from shared.auth.generations import renew

    old = {key: harness.link(key) for key in ("moderator", "operator")}
    await harness.enter(old["moderator"])
    renew(harness.settings, "moderator")
    assert harness.service.start is not None
    await harness.service.start()
    assert (await harness.client.get(ME)).status == 401, "whoever came in by the leaked link is out"
    assert (await harness.client.post(old["moderator"], headers=SAME_SITE)).status == 410
    assert await harness.enter(harness.link("moderator")) == "/moderate"
    assert harness.link("moderator") != old["moderator"]
    assert harness.link("operator") == old["operator"]


async def test_whoever_was_erased_stays_so_when_an_old_backup_is_restored(harness: RegistrationHarness) -> None:
    link = await harness.register()
    await harness.enter(link)
    person: str = (await (await harness.client.get(ME)).json())["person"]
    other = await confirmed(harness, "Chloé")
    database = harness.ports.database
    backup = {name: await database.collection(name).find({}) for name in ("people", "credentials", "browser_sessions")}
    assert harness.service.erase_person is not None
    await harness.service.erase_person(person)
    await harness.events()
    for name, documents in {**backup, "tombstones": []}.items():
        await database.collection(name).delete({})
        for document in documents:
            await database.collection(name).insert(document)
    assert "Ada" in str(await database.collection("people").find({})), "the backup is older than the erasure"
    assert harness.service.start is not None
    await harness.service.start()
    assert [one["name"] for one in await listed(harness)] == ["Chloé"]
    kept = str([await database.collection(name).find({}) for name in backup])
    assert "Ada" not in kept
    assert "ada@" not in kept
    told = [event.subject for event in await harness.events() if event.type == "tablee.person.erased.v1"]
    assert told == [person], "the other services, restored as well, are told again"
    harness.forget_cookies()
    assert (await harness.client.post(link, headers=SAME_SITE, allow_redirects=False)).status == 404
    assert other != person
