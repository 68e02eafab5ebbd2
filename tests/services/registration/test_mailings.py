"""Messages to many as they leave: to whom, once each, whatever is cut; reminders, what moved, the page of operators."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest

from services.registration.mailings.domain import LEAVING
from shared.errors import Invalid, Unavailable
from shared.ids import new_id
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import RegistrationHarness
from tests.services.registration.test_any_event import event
from tests.services.registration.test_pages import HTML, post
from tests.services.registration.test_programme import send
from tests.support.messages import MESSAGES

PATH: Final = "/api/registration/mailings"
START: Final = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)
TEXT: Final = """\
format_version: 1
language: fr
event:
  id: messages
  name: Messages
  date: 2025-03-04
  timezone: Europe/Paris
  organiser: o
  stages: [{id: s, name: Scène}]
  modes: [in_room, remote]
  registration: {reminders: [60]}
organisations:
  o: {name: Aromates}
sessions:
  - {id: un, kind: other, title: Un, start: "09:00", end: "18:00", stage: s}
"""
WORDS: Final = {"fr": {"subject": "Un mot", "text": "Venez <tôt>.\n\nMerci."}, "en": {"subject": "A word", "text": "Come early."}}


@pytest.fixture
async def house(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    """An event that begins tomorrow at eight (UTC)."""
    async with event(database, tmp_path, TEXT, now=START - timedelta(days=1)) as harness:
        yield harness


async def people(harness: RegistrationHarness, *which: tuple[str, str, str]) -> None:
    """(name, door, language) each; their own mails are out of the box afterwards."""
    for name, door, language in which:
        harness.forget_cookies()
        await harness.enter(await harness.register(name=name, email=f"{name}@example.org".lower(), door=door, language=language))
    harness.forget_cookies()
    harness.mailbox.messages.clear()


async def settle(harness: RegistrationHarness) -> list[tuple[str, str]]:
    """(to, subject) of what has left now."""
    before = len(harness.mailbox.messages)
    await harness.service.tasks["registration.mailings"].__self__.settle()  # type: ignore[attr-defined]
    return sorted((str(one["To"]), str(one["Subject"])) for one in harness.mailbox.messages[before:])


async def begin(harness: RegistrationHarness, **more: Any) -> Any:
    body = {"id": new_id(), "words": WORDS, **more}
    answer = await harness.client.post(PATH, json=body, headers=harness.sign("operator"))
    return answer.status, await answer.json()


async def step(harness: RegistrationHarness, id: str, name: str) -> int:
    return (await harness.client.post(f"{PATH}/{id}/{name}", headers=harness.sign("operator"))).status


async def listed(harness: RegistrationHarness) -> Any:
    return await (await harness.client.get(PATH, headers=harness.sign("operator"))).json()


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_a_message_to_a_door_reaches_it_once_each_in_their_language(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"), ("Bob", "in_room", "en"), ("Cleo", "remote", "fr"))
    id = new_id()
    status, begun = await begin(house, id=id, audience={"door": "in_room"})
    assert (status, begun) == (201, {"id": id, "people": 2})
    assert await settle(house) == [("ada@example.org", "Un mot"), ("bob@example.org", "A word")]
    assert (await begin(house, id=id, audience={"door": "remote"}))[0] == 201
    assert await settle(house) == [], "the same message again is one message"
    (one,) = (await listed(house))["mailings"]
    assert (one["state"], one["total"], one["sent"], one["unsure"]) == ("done", 2, 2, 0)
    mail = next(one for one in house.mailbox.messages if one["To"] == "ada@example.org")
    html = mail.get_body(("html",))
    assert html is not None
    assert "Venez &lt;tôt&gt;." in html.get_content()
    assert "Aromates" in plain(mail)
    house.forget_cookies()
    link = next(word for word in plain(mail).split() if "/l/" in word).partition("/l/")[2]
    assert await house.enter(f"/l/{link}") == "/place"


async def test_a_mail_cut_off_on_its_way_is_never_sent_again_by_itself(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"), ("Bob", "in_room", "fr"), ("Cleo", "remote", "fr"))
    _, begun = await begin(house)
    house.mailbox.cut_after = "bob@example.org"
    with pytest.raises(asyncio.CancelledError):
        await settle(house)
    house.mailbox.cut_after = ""
    await settle(house)
    assert sorted(str(one["To"]) for one in house.mailbox.messages) == ["ada@example.org", "bob@example.org", "cleo@example.org"]
    house.now += LEAVING + timedelta(seconds=1)
    (one,) = (await listed(house))["mailings"]
    assert (one["sent"], one["unsure"]) == (2, 1)
    assert await step(house, begun["id"], "again") == 204
    assert await settle(house) == [("bob@example.org", "Un mot")]
    assert (await listed(house))["mailings"][0]["unsure"] == 0


async def test_two_processes_and_a_server_that_is_away_send_each_mail_once(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"), ("Bob", "in_room", "fr"), ("Cleo", "remote", "fr"))
    await begin(house)
    house.mailbox.fails_with = Unavailable("mail.unavailable")
    assert await settle(house) == []
    house.mailbox.fails_with = None
    await asyncio.gather(settle(house), settle(house))
    assert len(house.mailbox.messages) == 3
    assert (await listed(house))["mailings"][0]["sent"] == 3


async def test_an_address_that_is_refused_for_good_is_counted_and_holds_up_nobody(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"))
    await begin(house)
    house.mailbox.fails_with = Invalid("mail.refused")
    assert await settle(house) == []
    (one,) = (await listed(house))["mailings"]
    assert (one["state"], one["sent"], one["refused"]) == ("done", 0, 1)


async def test_a_message_is_paused_resumed_and_stopped(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"))
    _, begun = await begin(house)
    assert await step(house, begun["id"], "pause") == 204
    assert await settle(house) == []
    assert await step(house, begun["id"], "pause") == 204, "harmless to repeat"
    assert await step(house, begun["id"], "resume") == 204
    assert await settle(house) == [("ada@example.org", "Un mot")]
    assert await step(house, begun["id"], "pause") == 409, "it is over"
    _, other = await begin(house)
    assert await step(house, other["id"], "stop") == 204
    assert await step(house, other["id"], "resume") == 409
    assert await settle(house) == []
    assert await step(house, new_id(), "pause") == 404


async def test_a_reminder_leaves_an_hour_before_once_to_whoever_had_registered(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"))
    house.now = START - timedelta(minutes=61)
    assert await settle(house) == []
    house.now = START - timedelta(minutes=59)
    await people(house, ("Bob", "remote", "en"))
    assert await settle(house) == [("ada@example.org", "Rappel : Messages".replace(" :", "\u00a0:"))]
    house.now = START - timedelta(minutes=5)
    assert await settle(house) == []
    assert [one["kind"] for one in (await listed(house))["mailings"]] == ["reminder"]


async def test_what_moved_is_told_with_a_calendar_that_takes_the_day_out(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"))
    assert (await listed(house))["moved"] == []
    before = await (await house.client.get("/calendar.ics")).text()
    status, told = await send(house, yaml=TEXT.replace("id: messages\n", "id: messages\n  status: cancelled\n"), completion=None)
    assert status == 200, told
    assert (await listed(house))["moved"] == ["status"]
    assert await settle(house) == [], "nothing is told before somebody says so"
    status, _ = await begin(house, kind="change", words=None)
    assert status == 201
    assert (await listed(house))["moved"] == []
    ((to, subject),) = await settle(house)
    assert (to, subject.startswith("Annulé")) == ("ada@example.org", True)
    (part,) = [one for one in house.mailbox.messages[-1].walk() if one.get_content_type() == "text/calendar"]
    calendar = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert part.get_param("method") == "CANCEL"
    assert sequence(calendar) > sequence(before)


def sequence(calendar: str) -> int:
    return int(calendar.partition("\nSEQUENCE:")[2].splitlines()[0])


async def test_the_page_shows_a_message_before_it_leaves_and_tries_it_on_one_address(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"), ("Bob", "remote", "fr"))
    assert (await house.client.get("/messages", headers=HTML, allow_redirects=False)).headers["Location"] == "/link?to=%2Fmessages"
    await house.enter(house.link("operator"))
    fields = {"door": "in_room", "subject_fr": "Bonjour à tous", "text_fr": "Le café est servi.", "act": "preview"}
    page = await (await post(house, "/messages?lang=fr", fields)).text()
    assert MESSAGES.counted("fr", "messages.send", 1) in page
    assert "Le café est servi." in page
    assert house.mailbox.messages == []
    id = page.partition('name="id" value="')[2].partition('"')[0]
    assert (await post(house, "/messages", {**fields, "act": "test", "to": "essai@example.org", "id": id})).status == 200
    (tried,) = house.mailbox.messages
    assert (tried["To"], "/l/" in plain(tried)) == ("essai@example.org", False)
    assert (await post(house, "/messages", {**fields, "act": "send", "id": id})).status == 303
    assert await settle(house) == [("ada@example.org", "Bonjour à tous")]
    assert "1 sur 1" in await (await house.client.get("/messages?lang=fr", headers=HTML)).text()
    wrong = await post(house, "/messages?lang=fr", {"subject_fr": "", "text_fr": "Sans objet", "act": "preview"})
    assert (wrong.status, MESSAGES.text("fr", "registration.mailing_empty") in await wrong.text()) == (422, True)


@pytest.mark.parametrize("audience", [{"door": "roof"}, {"day": "never"}, {"session": "none"}, {"search": "x" * 200}])
async def test_an_audience_that_the_event_has_not_is_refused(house: RegistrationHarness, audience: dict[str, str]) -> None:
    assert (await begin(house, audience=audience))[1]["code"] == "registration.mailing"
    assert (await begin(house))[1]["code"] == "registration.mailing_nobody"


async def test_what_somebody_was_sent_is_told_to_them_and_goes_with_them(house: RegistrationHarness) -> None:
    await people(house, ("Ada", "in_room", "fr"))
    await begin(house, audience={"search": "ada", "session": "un"})
    assert len(await settle(house)) == 1
    (found,) = await house.ports.database.collection("mailing_mails").find({})
    assert house.service.export_person is not None
    assert house.service.erase_person is not None
    exported: Any = await house.service.export_person(found["person"])
    assert [(one["kind"], one["subject"]) for one in exported["messages"]] == [("words", "Un mot")]
    await house.service.erase_person(found["person"])
    assert await house.ports.database.collection("mailing_mails").count({}) == 0
