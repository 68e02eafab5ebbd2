"""Lists of people: each line's fate, first as a trial; whoever is brought in is asked by mail; the list that leaves."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import RegistrationHarness, link_in
from tests.services.registration.test_any_event import event
from tests.services.registration.test_pages import HTML, post
from tests.support.messages import MESSAGES

IMPORT: Final = "/api/registration/people/import"
EXPORT: Final = "/api/registration/people.csv"
TEXT: Final = """\
format_version: 1
language: fr
event:
  id: listes
  name: Listes
  date: 2025-03-04
  timezone: Europe/Paris
  stages: [{id: s, name: Scène}]
  modes: [in_room, remote]
  registration:
    opens: 2025-03-01
    questions:
      - {id: repas, kind: yes_no, question: "Déjeunez-vous ?", purpose: "Commander.", required: true}
      - {id: themes, kind: several, question: "Thèmes ?", purpose: "Salles.", options: [Un, Deux]}
sessions:
  - {id: un, kind: other, title: Un, start: "09:00", end: "18:00", stage: s}
"""
LIST: Final = (
    "\ufeffNom;E-mail;Porte;langue;answers.themes\r\n"
    "Ada;ada@example.org;Dans la salle;en;Un|Deux\r\n"
    "\r\n"
    "Bob;BOB@example.org;remote;;\r\n"
    "Bob encore;bob@example.org;remote;;\r\n"
    "=1+1;eve@example.org;remote;;\r\n"
    "Zoé;zoe@;toit;xx;Trois\r\n"
)


@pytest.fixture
async def house(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    """An event some weeks ahead, whose form is not open yet."""
    async with event(database, tmp_path, TEXT) as harness:
        yield harness


async def bring(harness: RegistrationHarness, text: str, **more: Any) -> Any:
    body = {"csv": text, **more}
    answer = await harness.client.post(IMPORT, json=body, headers=harness.sign("operator"))
    return answer.status, await answer.json()


def fates(answer: Any) -> list[tuple[int, str]]:
    return [(one["line"], one["fate"]) for one in answer["lines"]]


async def test_a_trial_tells_each_lines_fate_and_changes_nothing(house: RegistrationHarness) -> None:
    status, told = await bring(house, LIST)
    assert status == 200
    assert fates(told) == [(2, "new"), (4, "new"), (5, "twice"), (6, "new"), (7, "wrong")]
    assert told["counts"] == {"new": 3, "known": 0, "twice": 1, "wrong": 1}
    wrong = {one["path"]: one["code"] for one in told["lines"][-1]["fields"]}
    assert set(wrong) == {"email", "door", "language", "answers.themes"}
    assert await house.ports.database.collection("people").count({"kind": "registrant"}) == 0
    assert await house.deliver_mails() == []


@pytest.mark.parametrize(("spoken", "written"), [("fr", "fr"), ("en", "en"), ("de", "fr"), ("ar", "fr")])
async def test_whoever_names_no_language_has_that_of_the_event_or_the_first_of_the_installation(
    database: MongoDatabase, tmp_path: Path, spoken: str, written: str
) -> None:
    async with event(database, tmp_path, TEXT.replace("language: fr", f"language: {spoken}")) as house:
        status, told = await bring(house, "name,email,door\nAda,ada@example.org,remote\n", trial=False)
        assert (status, told["counts"]["new"]) == (200, 1)
        async with house.client.get(EXPORT, headers=house.sign("operator")) as answer:
            (row,) = csv.DictReader(io.StringIO((await answer.text()).removeprefix("\ufeff")))
        assert row["language"] == written


async def test_whoever_is_brought_in_is_asked_by_mail_once_and_consents_to_nothing(house: RegistrationHarness) -> None:
    _, told = await bring(house, LIST, trial=False)
    assert told["counts"]["new"] == 3
    mails = {str(one["To"]): one for one in await house.deliver_mails()}
    assert set(mails) == {"ada@example.org", "bob@example.org", "eve@example.org"}
    assert mails["ada@example.org"]["Content-Language"] == "en"
    _, again = await bring(house, LIST, trial=False)
    assert [fate for _, fate in fates(again)] == ["known", "known", "twice", "known", "wrong"]
    assert await house.deliver_mails() == []
    await house.enter(link_in(mails["ada@example.org"]))
    me = await (await house.client.get("/api/registration/me")).json()
    assert (me["name"], me["image_rights"], me["answers"]) == ("Ada", "refused", {"themes": ["Un", "Deux"]})
    kept = await house.ports.database.collection("people").get(me["person"])
    assert kept is not None
    assert kept["image_rights"][0]["channel"] == "import"


async def test_the_list_that_leaves_holds_no_address_and_no_formula(house: RegistrationHarness) -> None:
    await bring(house, LIST, trial=False)
    answer = await house.client.get(EXPORT, headers=house.sign("operator"))
    text = await answer.text()
    assert answer.content_type == "text/csv"
    assert "@" not in text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(one["name"], one["door"], one["state"], one["answers.themes"]) for one in rows] == [
        ("'=1+1", "remote", "pending", ""), ("Ada", "in_room", "pending", "Un|Deux"), ("Bob", "remote", "pending", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "sheet_columns"),
        ("name\nAda", "sheet_columns"),
        ("name,email,name\nAda,a@example.org,B", "sheet_columns"),
        ("name,email,shoe\nAda,a@example.org,44", "sheet_column_unknown"),
        ('name,email\n"Ada,a@example.org', "sheet_unreadable"),
        ("name,email\n" + "a,b\n" * 5001, "sheet_long"),
    ],
)
async def test_what_is_no_list_of_people_is_refused_whole(house: RegistrationHarness, text: str, code: str) -> None:
    status, told = await bring(house, text, trial=False)
    assert status == 422, told
    assert (status, told["code"], told["fields"][0]["code"]) == (422, "registration.sheet", f"registration.{code}")


async def test_the_page_tries_a_list_before_it_brings_it_in(house: RegistrationHarness) -> None:
    path = "/people/list/import"
    assert (await house.client.get(path, headers=HTML, allow_redirects=False)).status == 303
    assert (await post(house, path, {"csv": LIST, "act": "bring"})).status == 401
    await house.enter(house.link("moderator"))
    assert (await post(house, path, {"csv": LIST, "act": "bring"})).status == 403
    assert (await house.client.get("/people/list/export.csv")).status == 403
    house.forget_cookies()
    await house.enter(house.link("operator"))
    tried = await (await post(house, f"{path}?lang=fr", {"csv": LIST, "act": "trial"})).text()
    assert MESSAGES.counted("fr", "import.do", 3) in tried
    assert " ".join(MESSAGES.text("fr", "registration.door_required").split()) in " ".join(tried.split())
    assert await house.deliver_mails() == []
    assert (await post(house, path, {"csv": LIST, "act": "bring"})).status == 200
    assert len(await house.deliver_mails()) == 3
    assert "Ada" in await (await house.client.get("/people/list/export.csv")).text()
