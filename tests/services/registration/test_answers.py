"""What stays of a session for everybody, as registration was told it: the pages, one's own place, the mail, what is kept of a person."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import pytest

from services.registration.people.delivery import ANSWER_MAILS
from shared.bus.port import DeadLetter
from shared.errors import Unavailable
from shared.events.answer import AnswerRecorded
from shared.events.ledger import LedgerCounted, LedgerLine
from shared.events.vocabulary import Attendance
from shared.ids import new_id
from tests.services.registration.harness import NoBus, RegistrationHarness
from tests.services.registration.test_people import ME, confirmed

TABLE: Final = "table-ronde-1"
QUESTION: Final = "7c1f0f6e-9a55-4a53-9a06-2f1f6b1f6d02"
ORDER: Final = "/api/registration/running-order"
ANSWERED: Final = AnswerRecorded(
    QUESTION, TABLE, "answered", "Quand la fibre ?", "fr", name="Anne", door="remote", asked_at="2021-06-03T08:05:00.000Z",
    staged_at="2021-06-03T08:24:10.000Z", answered_at="2021-06-03T08:30:00.000Z",
)  # fmt: skip


async def page(harness: RegistrationHarness, path: str, **query: str) -> str:
    response = await harness.client.get(path, params={"session": TABLE, "lang": "fr", **query})
    assert response.status == 200, await response.text()
    return await response.text()


async def order(harness: RegistrationHarness, command: str, session: str = TABLE) -> None:
    version = (await (await harness.client.get(ORDER)).json())["version"]
    body = {"command": command, "session": session, "expected_version": version}
    response = await harness.client.post(ORDER, json=body, headers=harness.sign("operator"))
    assert response.status == 200, await response.text()


async def test_answers_have_permalinks_names_as_allowed_and_the_moment_in_the_session(harness: RegistrationHarness) -> None:
    await order(harness, "start")
    await harness.tell(ANSWERED, QUESTION, 5)
    nameless = replace(ANSWERED, question="other", name="", door="hub", text="<b>Et nous ?</b>", answer="Bientôt.")
    await harness.tell(nameless, "other", 4)
    text = await page(harness, "/answers")
    assert f'id="q-{QUESTION}"' in text
    assert f'href="#q-{QUESTION}"' in text
    assert "Anne, à distance" in text
    assert "Sans nom, salle relais" in text
    assert "&lt;b&gt;Et nous" in text
    offsets = [int(found) for found in re.findall(r'data-offset="(\d+)"', text)]
    assert 1450 in offsets, "24 min 10 s after the session was started by hand"
    assert "Bientôt." in text


async def test_promises_are_a_list_and_what_is_gone_leaves_the_page_whatever_comes_late(harness: RegistrationHarness) -> None:
    promised = replace(ANSWERED, standing="deferred", owner="La Région", due="2021-06-30", staged_at=None, answered_at=None)
    await harness.tell(promised, QUESTION, 4)
    assert "La Région, au plus tard le mercredi 30 juin 2021" in await page(harness, "/answers")
    await harness.tell(AnswerRecorded(QUESTION, TABLE, "gone"), QUESTION, 6)
    await harness.tell(promised, QUESTION, 4)
    await harness.tell(ANSWERED, QUESTION, 5)
    text = await page(harness, "/answers")
    assert "La Région" not in text
    assert "Quand la fibre" not in text


async def test_a_ledger_shows_the_newest_count_and_may_be_kept_for_moments_only(harness: RegistrationHarness) -> None:
    assert "Aucune question" in await page(harness, "/ledger")
    whole = LedgerLine(14, 9, 4)
    doors: dict[Attendance, LedgerLine] = {"remote": LedgerLine(None, 9, 4)}
    newest = LedgerCounted(TABLE, "2021-06-03T08:30:00.000Z", whole, doors, reasons={"off_topic": 2}, declined=2, wait_seconds=200)
    await harness.tell(newest, TABLE, 20)
    await harness.tell(LedgerCounted(TABLE, "2021-06-03T08:20:00.000Z", LedgerLine(1, 0, 0), {}), TABLE, 10)
    text = await page(harness, "/ledger")
    wanted = ("14", "Hors du sujet", "3 minutes", "trop peu pour le dire", "10 h 30")
    assert [words for words in wanted if words not in re.sub("[\u00a0\u202f]", " ", text)] == []
    response = await harness.client.get("/ledger", params={"session": TABLE})
    assert response.headers["Cache-Control"] == "private, max-age=10"


@pytest.mark.parametrize("path", ["/answers", "/ledger"])
async def test_a_session_that_is_not_in_the_programme_has_no_such_page(harness: RegistrationHarness, path: str) -> None:
    assert (await harness.client.get(path, params={"session": "nowhere"})).status == 404
    assert (await harness.client.get(path)).status == 200, "the session that one would look for"


async def asker(harness: RegistrationHarness, name: str = "Anne") -> tuple[str, AnswerRecorded]:
    """Somebody confirmed, and their question answered in writing."""
    person = await confirmed(harness, name)
    return person, replace(ANSWERED, author=person, answer="Au printemps.")


async def test_who_asked_is_written_to_once_when_the_answer_comes_after_the_session(harness: RegistrationHarness) -> None:
    _, written = await asker(harness)
    before = len(harness.mailbox.messages)
    await order(harness, "start")
    await harness.tell(written, QUESTION, 5)
    assert len(harness.mailbox.messages) == before, "while it goes on, they are there"
    await order(harness, "end")
    await harness.tell(replace(written, answer=""), QUESTION, 6)
    assert len(harness.mailbox.messages) == before, "it was answered by word of mouth"
    for seq in (7, 7, 8):
        await harness.tell(written, QUESTION, seq)
    (mail,) = harness.mailbox.messages[before:]
    body = mail.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert "Quand la fibre" in words
    assert "Au printemps." in words
    assert f"/answers?session={TABLE}#q-{QUESTION}" in words


async def test_a_mail_server_that_is_away_loses_no_answer_and_one_who_left_is_not_written_to(harness: RegistrationHarness) -> None:
    person, written = await asker(harness)
    await order(harness, "start")
    await order(harness, "end")
    before = len(harness.mailbox.messages)
    harness.mailbox.fails_with = Unavailable("mail.unavailable")
    with pytest.raises(Unavailable):
        await harness.tell(written, QUESTION, 7)
    assert "Au printemps." in await page(harness, "/answers"), "the page does not wait for the mail"
    harness.mailbox.fails_with = None
    await harness.tell(written, QUESTION, 7)
    assert len(harness.mailbox.messages) == before + 1
    gone, other = await asker(harness, "Bea")
    await harness.service.erase_person(gone)  # type: ignore[misc]
    held = len(harness.mailbox.messages)
    await harness.tell(replace(other, question="other"), "other", 3)
    assert len(harness.mailbox.messages) == held
    assert person != gone


async def test_an_answer_that_was_taken_back_while_the_mail_server_was_away_is_not_sent(harness: RegistrationHarness) -> None:
    _, written = await asker(harness)
    await order(harness, "start")
    await order(harness, "end")
    before = len(harness.mailbox.messages)
    harness.mailbox.fails_with = Unavailable("mail.unavailable")
    with pytest.raises(Unavailable):
        await harness.tell(written, QUESTION, 7)
    await harness.tell(AnswerRecorded(QUESTION, TABLE, "gone"), QUESTION, 8)
    harness.mailbox.fails_with = None
    await harness.tell(written, QUESTION, 7)
    assert len(harness.mailbox.messages) == before


async def test_operators_see_whom_no_answer_could_be_mailed_to(harness: RegistrationHarness) -> None:
    person, written = await asker(harness)
    event = written.to_envelope(id=new_id(), subject=QUESTION, seq=7, time=harness.now)
    assert isinstance(harness.ports.bus, NoBus)
    harness.ports.bus.letters = [DeadLetter("1", ANSWER_MAILS.name, "Refused: mail.refused", 1, harness.now, event)]
    answer = await (await harness.client.get("/api/registration/mail", headers=harness.sign("operator"))).json()
    assert [(one["person"], one["name"]) for one in answer["given_up"]] == [(person, "Anne")]


async def test_ones_own_place_says_what_was_answered_and_nobody_elses_does(harness: RegistrationHarness) -> None:
    _, written = await asker(harness)
    await harness.tell(written, QUESTION, 5)
    link = await harness.register(name="Cleo", email="cleo@example.org")
    await harness.enter(link)
    assert "Quand la fibre" not in await (await harness.client.get("/place")).text()
    me = (await (await harness.client.get(ME)).json())["person"]
    await harness.tell(replace(written, question="mine", author=me, text="Et chez moi ?"), "mine", 5)
    text = await (await harness.client.get("/place")).text()
    assert "Et chez moi" in text
    assert f'href="/answers?session={TABLE}#q-mine"' in text


async def test_what_is_kept_of_an_asker_is_shown_and_forgotten_with_them(harness: RegistrationHarness) -> None:
    person, written = await asker(harness)
    await harness.tell(written, QUESTION, 5)
    kept: Any = await harness.service.export_person(person)  # type: ignore[misc]
    assert kept["answered"] == [{"session": TABLE, "question": "Quand la fibre ?", "name": "Anne", "answer": "Au printemps."}]
    await harness.service.erase_person(person)  # type: ignore[misc]
    text = await page(harness, "/answers")
    assert "Quand la fibre" in text, "what was said in public stays"
    assert "Anne" not in text


async def test_the_event_page_leads_to_the_answers_of_what_is_over(harness: RegistrationHarness) -> None:
    link = f'href="/answers?session={TABLE}"'
    await order(harness, "start")
    assert link not in await page(harness, "/")
    await order(harness, "end")
    assert link in await page(harness, "/")
