"""How many a local hub expects, as its host declares it."""

from __future__ import annotations

from typing import Any

import pytest

from services.registration.people.domain import MOST_HEADCOUNT
from shared.events.hall import HallDeclared
from tests.services.registration.harness import FORM, SAME_SITE, RegistrationHarness, link_in
from tests.services.registration.test_pages import HTML, post, stamp_of
from tests.support.html_tree import tree_of
from tests.support.messages import MESSAGES

ME = "/api/registration/me"
PEOPLE = "/api/registration/people"


async def me(harness: RegistrationHarness) -> dict[str, Any]:
    found: dict[str, Any] = await (await harness.client.get(ME)).json()
    return found


async def text(harness: RegistrationHarness, path: str) -> str:
    return tree_of(await (await harness.client.get(path, headers=HTML)).text()).text


async def test_a_hub_says_how_many_it_expects_and_everybody_who_needs_it_reads_it(harness: RegistrationHarness) -> None:
    stamp = await stamp_of(harness)
    await harness.later(seconds=20)
    fields = {**FORM, "language": "en", "door": "hub", "headcount": " 30 ", "stamp": stamp}
    assert (await post(harness, "/inscription", fields)).status == 303
    (mail,) = await harness.deliver_mails()
    body = mail.get_body(("plain",))
    assert body is not None
    assert MESSAGES.counted("en", "letter.headcount", 30) in " ".join(body.get_content().split())
    await harness.enter(link_in(mail))
    person = await me(harness)
    assert person["headcount"] == 30
    assert MESSAGES.counted("en", "place.headcount", 30) in await text(harness, "/place?lang=en")
    listed = await (await harness.client.get(PEOPLE, headers=harness.sign("operator"))).json()
    assert [one["headcount"] for one in listed["people"]] == [30]
    export = harness.service.export_person
    assert export is not None
    exported: Any = await export(person["person"])
    assert exported["person"]["headcount"] == 30
    harness.forget_cookies()
    await harness.enter(harness.link("operator"))
    assert MESSAGES.counted("en", "people.headcount", 30) in await text(harness, "/people?lang=en")


async def test_the_number_is_changed_at_ones_place_and_goes_with_the_door(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register(door="hub", headcount=12))  # type: ignore[arg-type]
    assert (await post(harness, "/place", {"door": "hub", "headcount": "40"})).status == 303
    assert (await me(harness))["headcount"] == 40
    changed = await harness.client.patch(ME, json={"headcount": 41}, headers=SAME_SITE)
    assert (changed.status, (await changed.json())["headcount"]) == (200, 41)
    assert (await (await harness.client.patch(ME, json={"language": "en"}, headers=SAME_SITE)).json())["headcount"] == 41
    assert (await post(harness, "/place", {"door": "hub", "headcount": ""})).status == 303
    assert (await me(harness))["headcount"] is None
    assert (await post(harness, "/place", {"door": "hub", "headcount": "7"})).status == 303
    assert (await post(harness, "/place", {"door": "remote", "headcount": "7"})).status == 303
    assert (await me(harness))["headcount"] is None


async def test_the_host_of_a_hub_has_a_page_of_their_own_that_says_how_they_stand(harness: RegistrationHarness) -> None:
    assert (await harness.client.get("/hub", allow_redirects=False)).headers["Location"] == "/link?to=%2Fhub"
    await harness.enter(await harness.register(door="hub", headcount=12))  # type: ignore[arg-type]
    host = (await me(harness))["person"]
    page = await (await harness.client.get("/hub?session=table-ronde-2", headers=HTML)).text()
    for told in (f'data-person="{host}"', 'data-people="12"', 'data-host="waiting"', f'data-most="{MOST_HEADCOUNT}"'):
        assert told in page
    for path in ("/place", "/watch", "/room"):
        assert 'href="/hub' in await (await harness.client.get(path, headers=HTML)).text(), path
    assert (await harness.client.post(f"{PEOPLE}/{host}/hub", headers=harness.sign("operator"))).status == 204
    assert 'data-host="confirmed"' in await (await harness.client.get("/hub", headers=HTML)).text()
    assert (await post(harness, "/place", {"door": "remote"})).status == 303
    refused = await harness.client.get("/hub", headers=HTML)
    assert (refused.status, MESSAGES.text("fr", "registration.not_a_host") in await refused.text()) == (403, True)
    assert 'href="/hub' not in await (await harness.client.get("/watch", headers=HTML)).text()


@pytest.mark.parametrize("said", ["0", "-3", "many", "1e3", "²", str(MOST_HEADCOUNT + 1), "9" * 30])
@pytest.mark.parametrize("lang", MESSAGES.languages)
async def test_what_is_no_number_of_people_is_refused_in_words(harness: RegistrationHarness, said: str, lang: str) -> None:
    stamp = await stamp_of(harness)
    await harness.later(seconds=20)
    answer = await post(harness, f"/inscription?lang={lang}", {**FORM, "door": "hub", "headcount": said, "stamp": stamp})
    assert answer.status == 422
    sentence = MESSAGES.sentence(lang, "registration.headcount", {"most": MOST_HEADCOUNT})
    assert " ".join(sentence.split()) in tree_of(await answer.text()).text
    assert await harness.deliver_mails() == []


async def test_nobody_else_is_asked_how_many_they_are(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register(door="remote", headcount=30))  # type: ignore[arg-type]
    assert (await me(harness))["headcount"] is None


async def told(harness: RegistrationHarness) -> list[int]:
    return [event.data["people"] for event in await harness.events() if event.type == HallDeclared.TYPE]


async def passed(harness: RegistrationHarness) -> tuple[int, int]:
    """How many they are by the pass, and by the answer it came in."""
    answer = await (await harness.client.post("/api/registration/pass", headers=SAME_SITE)).json()
    return harness.ports.verifier.verify(answer["pass"], now=harness.now).people, answer["person"]["people"]


async def test_who_refused_that_pictures_of_them_are_published_says_so_by_the_pass(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register(image_rights="refused"))
    for choice, refused in (("granted", False), ("refused", True)):
        assert (await harness.client.patch(ME, json={"image_rights": choice}, headers=SAME_SITE)).status == 200
        answer = await (await harness.client.post("/api/registration/pass", headers=SAME_SITE)).json()
        assert harness.ports.verifier.verify(answer["pass"], now=harness.now).no_picture is refused


async def test_the_others_learn_how_many_a_confirmed_hub_has_and_its_host_is_told_by_the_pass(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register(door="hub", headcount=30))  # type: ignore[arg-type]
    assert (await passed(harness), await told(harness)) == ((0, 0), []), "nobody knows this hub yet"
    confirm = f"{PEOPLE}/{(await me(harness))['person']}/hub"
    assert (await harness.client.post(confirm, headers=harness.sign("operator"))).status == 204
    assert (await passed(harness), await told(harness)) == ((30, 30), [30])
    for changes, people in (({"headcount": 12}, 12), ({"language": "en"}, None), ({"headcount": 12}, None), ({"door": "remote"}, 0)):
        assert (await harness.client.patch(ME, json=changes, headers=SAME_SITE)).status == 200
        assert await told(harness) == ([] if people is None else [people])
    assert await passed(harness) == (0, 0)
