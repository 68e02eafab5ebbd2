"""The organiser's questions on the form, at one's place, in what is told of oneself, and after one has gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from services.registration.pages.held import HeldWords, parts
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import FORM, SAME_SITE, RegistrationHarness, link_in
from tests.services.registration.test_any_event import event
from tests.services.registration.test_pages import HTML, post, stamp_of
from tests.support.html_tree import tree_of
from tests.support.messages import MESSAGES

ME: Final = "/api/registration/me"
TEXT: Final = """\
format_version: 1
language: fr
event:
  id: questions
  name: Questions
  date: 2025-03-04
  timezone: Europe/Paris
  stages: [{id: s, name: Scène}]
  modes: [in_room, remote]
  registration:
    questions:
      - {id: repas, kind: yes_no, question: "Déjeunez-vous ?", purpose: "Commander les repas.", doors: [in_room], required: true}
      - id: regime
        kind: choice
        question: "Quel repas ?"
        purpose: "Commander les repas."
        options: ["Viande & œufs", Sans viande]
        when: {question: repas, answers: [yes]}
      - {id: themes, kind: several, question: "Quels thèmes ?", purpose: "Choisir les salles.", options: [Un, "Deux, trois", Quatre]}
      - {id: mot, kind: text, question: "Un mot ?", purpose: "Préparer l’accueil.", help: "Une phrase suffit."}
sessions:
  - {id: un, kind: other, title: Un, start: "09:00", end: "18:00", stage: s}
"""
ANSWERS: Final = {"answers_asked": "1", "answers.repas": "yes", "answers.regime": "Viande & œufs", "answers.mot": "Bonjour <b>"}


@pytest.fixture
async def asking(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    async with event(database, tmp_path, TEXT) as harness:
        yield harness


async def me(harness: RegistrationHarness) -> dict[str, list[str]]:
    found: dict[str, list[str]] = (await (await harness.client.get(ME)).json())["answers"]
    return found


async def test_answers_travel_from_the_form_to_ones_place_and_into_what_is_held(asking: RegistrationHarness) -> None:
    form = await (await asking.client.get("/inscription?lang=fr", headers=HTML)).text()
    for words in ("Déjeunez-vous", "Commander les repas.", "Viande &amp; œufs", "Une phrase suffit.", 'data-after="answers.repas"'):
        assert words in form
    stamp = await stamp_of(asking)
    await asking.later(seconds=20)
    fields = [*{**FORM, "door": "in_room", **ANSWERS, "stamp": stamp}.items(), ("answers.themes", "Un"), ("answers.themes", "Deux, trois")]
    answer = await asking.client.post("/inscription", data=fields, headers={**SAME_SITE, **HTML}, allow_redirects=False)
    assert answer.status == 303, await answer.text()
    (mail,) = await asking.deliver_mails()
    await asking.enter(link_in(mail))
    told = {"repas": ["yes"], "regime": ["Viande & œufs"], "themes": ["Un", "Deux, trois"], "mot": ["Bonjour <b>"]}
    assert await me(asking) == told
    place = await (await asking.client.get("/place?lang=fr", headers=HTML)).text()
    assert 'value="Viande &amp; œufs" checked' in place
    assert "Bonjour &lt;b&gt;</textarea>" in place
    person = (await (await asking.client.get(ME)).json())["person"]
    assert asking.service.export_person is not None
    assert asking.service.erase_person is not None
    exported: Any = await asking.service.export_person(person)
    shown = str(parts(exported, HeldWords("fr", MESSAGES, ZoneInfo("Europe/Paris"))))
    assert MESSAGES.text("fr", "held.part.form_answers") in shown
    assert "Un ; Deux, trois" in shown
    assert exported["form_answers"][1] == {"question": "Quel repas ?", "said": ["Viande & œufs"]}
    await asking.service.erase_person(person)
    kept = await asking.ports.database.collection("people").get(person)
    assert kept is not None
    assert "Bonjour" not in str(kept)
    assert "Viande" not in str(kept)


@pytest.mark.parametrize("lang", MESSAGES.languages)
async def test_a_required_question_left_open_is_named_in_words_and_nothing_written_is_lost(asking: RegistrationHarness, lang: str) -> None:
    stamp = await stamp_of(asking)
    await asking.later(seconds=20)
    fields = {**FORM, "door": "in_room", "answers_asked": "1", "answers.mot": "Gardé", "stamp": stamp}
    answer = await post(asking, f"/inscription?lang={lang}", fields)
    page = await answer.text()
    assert answer.status == 422
    assert " ".join(MESSAGES.sentence(lang, "registration.answer_required", {}).split()) in tree_of(page).text
    assert "Gardé</textarea>" in page
    assert 'href="#answers.repas"' in page
    assert 'id="answers.repas"' in page
    assert await asking.deliver_mails() == []


async def test_answers_change_at_ones_place_and_follow_the_door(asking: RegistrationHarness) -> None:
    await asking.enter(await asking.register(door="remote"))
    assert await me(asking) == {}
    refused = await asking.client.patch(ME, json={"door": "in_room"}, headers=SAME_SITE)
    assert (refused.status, (await refused.json())["fields"][0]["path"]) == (422, "answers.repas")
    taken = await asking.client.patch(
        ME, json={"door": "in_room", "answers": {"repas": ["yes"], "regime": ["Sans viande"]}}, headers=SAME_SITE
    )
    assert taken.status == 200
    assert (await asking.client.patch(ME, json={"language": "en"}, headers=SAME_SITE)).status == 200
    assert await me(asking) == {"repas": ["yes"], "regime": ["Sans viande"]}, "who changes something else keeps what they answered"
    page = await post(asking, "/place", {"door": "in_room", "answers_asked": "1", "answers.mot": "Écrit"})
    assert page.status == 422
    assert "Écrit</textarea>" in await page.text()
    assert (await post(asking, "/place", {"door": "in_room", "answers_asked": "1", "answers.repas": "no"})).status == 303
    assert await me(asking) == {"repas": ["no"]}
    assert (await asking.client.patch(ME, json={"door": "remote"}, headers=SAME_SITE)).status == 200
    assert await me(asking) == {}, "nothing is kept of what somebody is not asked any more"


async def test_answers_at_length_fit_into_one_message(asking: RegistrationHarness) -> None:
    long = {**FORM, "answers": {f"q{index}": ["é" * 500] for index in range(20)}}
    refused = await asking.client.post("/api/registration/registrations", json=long)
    assert (refused.status, (await refused.json())["code"]) == (422, "registration.form"), "not asked, and not too large either"


async def test_an_interface_that_answers_what_is_not_asked_is_told(asking: RegistrationHarness) -> None:
    body = {**FORM, "answers": {"pointure": ["44"]}}
    refused = await asking.client.post("/api/registration/registrations", json=body)
    assert (refused.status, (await refused.json())["fields"][0]["code"]) == (422, "registration.question_unknown")
    public = (await (await asking.client.get("/api/registration/programme")).json())["event"]["registration"]["questions"]
    assert [(one["id"], one["kind"], one["required"]) for one in public][:2] == [("repas", "yes_no", True), ("regime", "choice", False)]
