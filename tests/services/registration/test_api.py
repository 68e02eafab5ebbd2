"""Registering, entering, passes, revocation over HTTP, with the real store."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from shared.clock import from_text
from shared.errors import Unauthenticated, Unavailable
from shared.events.access import AccessRevoked
from shared.events.catalogue import decode
from tests.services.registration.harness import EVENT, FORM, SAME_SITE, RegistrationHarness, link_in

REGISTRATIONS = "/api/registration/registrations"
LINKS = "/api/registration/links"
PASS = "/api/registration/pass"
ME = "/api/registration/me"


async def test_a_person_registers_gets_a_mail_enters_and_is_known(harness: RegistrationHarness) -> None:
    link = await harness.register()
    assert await harness.enter(link) == "/watch"
    answer = await (await harness.client.get(ME)).json()
    assert answer == {
        "person": answer["person"],
        "name": "Ada Lovelace",
        "duty": "none",
        "door": "remote",
        "language": "fr",
        "event": EVENT,
        "sessions": ["*"],
        "page": "/watch",
        "image_rights": "refused",
        "days": ["day-1"],
        "lost_days": [],
        "headcount": None,
        "answers": {},
    }
    assert [event.type for event in await harness.events()] == ["tablee.person.confirmed.v1"]


@pytest.mark.parametrize(("door", "page"), [("remote", "/watch"), ("in_room", "/room"), ("hub", "/watch")])
async def test_each_door_leads_to_its_page(harness: RegistrationHarness, door: str, page: str) -> None:
    assert await harness.enter(await harness.register(door=door)) == page


async def test_opening_the_link_changes_nothing_however_often_and_however(harness: RegistrationHarness) -> None:
    link = await harness.register()
    for method in ("GET", "HEAD", "GET", "HEAD"):
        response = await harness.client.request(method, link, headers={"User-Agent": "Mail-Scanner/1.0"})
        assert response.status == 200
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "strict-origin"
    assert await harness.events() == []
    assert await harness.ports.database.collection("browser_sessions").count({}) == 0
    assert await harness.enter(link) == "/watch"


async def test_the_link_works_again_on_another_device(harness: RegistrationHarness) -> None:
    link = await harness.register()
    await harness.enter(link)
    harness.forget_cookies()
    assert await harness.enter(link) == "/watch"


async def test_known_and_unknown_addresses_get_the_same_answer(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register())
    answers = []
    for path, body in (
        (REGISTRATIONS, FORM), (REGISTRATIONS, {**FORM, "email": "new@example.org"}),
        (LINKS, {"email": FORM["email"]}), (LINKS, {"email": "nobody@example.org"}),
    ):  # fmt: skip
        response = await harness.client.post(path, json=body)
        headers = {name: value for name, value in response.headers.items() if name not in ("X-Correlation-ID", "Date")}
        answers.append((response.status, headers, await response.text()))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 202


async def test_asking_for_the_link_again_mails_a_known_address_only(harness: RegistrationHarness) -> None:
    await harness.register()
    for email in ("  ADA@example.ORG ", "nobody@example.org"):
        assert (await harness.client.post(LINKS, json={"email": email})).status == 202
    (message,) = await harness.deliver_mails()
    assert message["To"] == "ada@example.org"
    assert await harness.enter(link_in(message)) == "/watch"


async def test_registering_twice_keeps_one_person(harness: RegistrationHarness) -> None:
    await harness.register()
    await harness.register()
    assert await harness.ports.database.collection("people").count({"email": "ada@example.org"}) == 1


async def test_a_stranger_who_knows_the_address_changes_nothing_of_a_confirmed_person(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register())
    stranger = {"name": "Mallory", "door": "in_room", "image_rights": "granted", "language": "en"}
    link = await harness.register(**stranger)
    harness.forget_cookies()
    assert await harness.enter(link) == "/watch"
    assert (await (await harness.client.get(ME)).json())["name"] == "Ada Lovelace"
    person = await harness.ports.database.collection("people").find_one({"email": "ada@example.org"})
    assert person is not None
    assert (person["name"], person["door"], person["image_rights"][-1]["choice"]) == ("Ada Lovelace", "remote", "refused")


async def test_each_unconfirmed_mail_stands_for_what_its_own_form_said(harness: RegistrationHarness) -> None:
    mine = await harness.register()
    theirs = await harness.register(name="Mallory", door="in_room")
    assert "Ada Lovelace" in await (await harness.client.get(mine)).text()
    assert "Mallory" in await (await harness.client.get(theirs)).text()
    assert await harness.enter(mine) == "/watch"
    assert await harness.enter(theirs) == "/watch", "once confirmed, the other form is void"
    assert (await (await harness.client.get(ME)).json())["name"] == "Ada Lovelace"


async def test_one_address_gets_at_most_five_mails_an_hour(harness: RegistrationHarness) -> None:
    for _ in range(8):
        assert (await harness.client.post(LINKS, json={"email": FORM["email"]})).status == 202
        assert (await harness.client.post(REGISTRATIONS, json=FORM)).status == 202
    assert len(await harness.deliver_mails()) == 5
    await harness.later(hours=1, minutes=1)
    await harness.client.post(LINKS, json={"email": FORM["email"]})
    assert len(await harness.deliver_mails()) == 1


async def test_the_choice_on_images_is_kept_with_the_text_it_answers(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register(image_rights="granted"))
    person = await harness.ports.database.collection("people").find_one({"email": "ada@example.org"})
    assert person is not None
    (entry,) = person["image_rights"]
    assert (entry["choice"], entry["channel"], entry["text_version"]) == ("granted", "form", "1")
    assert len(entry["text_sha256"]) == 64
    assert entry["at"] == harness.now


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name": " "}, "name", "registration.name_required"),
        ({"name": "a" * 121}, "name", "field.too_long"),
        ({"name": "Ada\x00"}, "name", "registration.name_characters"),
        ({"name": "\u202e\u200b"}, "name", "registration.name_required"),
        ({"name": "Win https://evil.example"}, "name", "registration.name_address"),
        ({"email": ""}, "email", "registration.email_required"),
        ({"email": "ada"}, "email", "registration.email_form"),
        ({"email": "a..b@example.org"}, "email", "registration.email_form"),
        ({"email": "ada@localhost"}, "email", "registration.email_form"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "email", "registration.email_form"),
        ({"email": "a" * 300 + "@example.org"}, "email", "field.too_long"),
        ({"door": "staff"}, "door", "registration.door_required"),
        ({"language": "de"}, "language", "registration.language_required"),
        ({"image_rights": ""}, "image_rights", "registration.image_rights_required"),
        ({"name": None}, "name", "field.type"),
        ({"name": 7}, "name", "field.type"),
        ({"name": "a" * 500}, "name", "field.too_long"),
        ({"duty": "operator"}, "duty", "field.unknown"),
    ],
)
async def test_a_bad_field_is_named_with_a_sentence(harness: RegistrationHarness, change: dict[str, Any], field: str, code: str) -> None:
    response = await harness.client.post(REGISTRATIONS, json={**FORM, **change})
    problem = await response.json()
    assert response.status == 422
    assert [(one["path"], one["code"]) for one in problem["fields"]] == [(field, code)]
    assert problem["fields"][0]["sentences"]["fr"]
    assert await harness.events() == []


@pytest.mark.parametrize(
    ("raw", "media_type", "status", "code"),
    [
        (b'{"name":', "application/json", 400, "request.malformed_json"),
        (b"[]", "application/json", 422, "request.invalid"),
        (b'{"name":"' + b"a" * 120_000 + b'"}', "application/json", 413, "request.too_large"),
        (json.dumps(FORM).encode(), "text/plain", 415, "request.unsupported_media_type"),
        (b"\xff\xfe", "application/json", 400, "request.malformed_json"),
    ],
)
async def test_a_bad_body_is_a_problem(harness: RegistrationHarness, raw: bytes, media_type: str, status: int, code: str) -> None:
    response = await harness.client.post(REGISTRATIONS, data=raw, headers={"Content-Type": media_type})
    assert (response.status, (await response.json())["code"]) == (status, code)


async def test_an_unknown_an_expired_and_a_revoked_link_each_say_so(harness: RegistrationHarness) -> None:
    for unknown in ("/l/lnk_" + "x" * 27, "/l/" + "y" * 500, "/l/%00"):
        assert (await harness.client.get(unknown)).status == 404
        assert (await harness.client.post(unknown, headers=SAME_SITE)).status == 404
    link = await harness.register()
    other = await harness.register(email="bob@example.org")
    bob = await harness.ports.database.collection("people").find_one({"email": "bob@example.org"})
    assert bob is not None
    revoked = await harness.client.post(
        f"/api/registration/people/{bob['_id']}/revocation", json={"reason": "asked"}, headers=harness.sign("operator")
    )
    assert revoked.status == 204
    for method in ("GET", "POST"):
        assert (await harness.client.request(method, other, headers=SAME_SITE)).status == 410
    await harness.later(days=91)
    for method in ("GET", "POST"):
        response = await harness.client.request(method, link, headers=SAME_SITE)
        assert response.status == 410
        assert "Set-Cookie" not in response.headers


async def test_a_link_cannot_be_entered_from_another_site(harness: RegistrationHarness) -> None:
    link = await harness.register()
    for headers in (
        {}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": harness.settings.origin},
    ):  # fmt: skip
        response = await harness.client.post(link, headers=headers)
        assert response.status == 403
        assert (await response.json())["code"] == "request.cross_origin"
    assert await harness.events() == []
    own = await harness.client.post(link, headers={"Origin": harness.settings.origin}, allow_redirects=False)
    assert own.status == 303


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(harness: RegistrationHarness) -> None:
    response = await harness.client.post(await harness.register(), headers=SAME_SITE, allow_redirects=False)
    cookie = response.cookies["tablee_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert cookie["max-age"] == "86400"
    stored = json.dumps(await harness.ports.database.collection("browser_sessions").find({}), default=str)
    assert cookie.value not in stored


async def test_a_pass_says_who_and_comes_with_the_addresses(harness: RegistrationHarness) -> None:
    await harness.enter(await harness.register())
    response = await harness.client.post(PASS, headers=SAME_SITE)
    answer = await response.json()
    assert response.status == 200
    holder = harness.ports.verifier.verify(answer["pass"], now=harness.now)
    assert (holder.person, holder.duty, holder.door, holder.name) == (answer["person"]["id"], "none", "remote", "Ada Lovelace")
    assert (holder.expires_at - holder.issued_at).total_seconds() == 600
    assert answer["expires_at"] == "2021-06-03T08:10:00.000Z"
    assert answer["feed_url"] == "ws://tablee.test:8081/feed"
    assert answer["hls_urls"] == {"grande-salle": "/hls/grande-salle/index.m3u8"}
    media = response.cookies["tablee_media"]
    assert (media["path"], media["httponly"], media["samesite"]) == ("/hls", True, "Lax")


async def test_the_cookie_that_travels_with_every_segment_opens_streams_alone_and_names_nobody(harness: RegistrationHarness) -> None:
    await harness.enter(harness.link("operator"))
    await harness.client.post(PASS, headers=SAME_SITE)
    media = harness.cookie("tablee_media")
    assert media is not None
    assert harness.ports.verifier.verify(media, now=harness.now, purpose="media").name == ""
    with pytest.raises(Unauthenticated):
        harness.ports.verifier.verify(media, now=harness.now)
    refused = await harness.client.post("/api/registration/people/x/revocation", json={}, headers={"Authorization": f"Bearer {media}"})
    assert refused.status == 401


async def test_a_pass_needs_a_session_and_the_own_site(harness: RegistrationHarness) -> None:
    nobody = await harness.client.post(PASS, headers=SAME_SITE)
    assert (nobody.status, (await nobody.json())["code"]) == (401, "registration.no_session")
    await harness.enter(await harness.register())
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "none"}):
        assert (await harness.client.post(PASS, headers=headers)).status == 403


@pytest.mark.parametrize(
    ("key", "duty", "door", "page"),
    [
        ("viewer", "none", "remote", "/watch"),
        ("room", "none", "in_room", "/room"),
        ("moderator", "moderator", "staff", "/moderate"),
        ("stage", "display", "staff", "/stage"),
        ("operator", "operator", "staff", "/control"),
    ],
)
async def test_each_link_gives_its_duty_and_door(harness: RegistrationHarness, key: str, duty: str, door: str, page: str) -> None:
    assert await harness.enter(harness.link(key)) == page
    answer = await (await harness.client.post(PASS, headers=SAME_SITE)).json()
    holder = harness.ports.verifier.verify(answer["pass"], now=harness.now)
    assert (holder.duty, holder.door) == (duty, door)


async def test_a_session_ends_after_a_day_and_when_leaving(harness: RegistrationHarness) -> None:
    link = await harness.register()
    await harness.enter(link)
    assert (await harness.client.post("/api/registration/leave")).status == 403
    assert (await harness.client.post("/api/registration/leave", headers=SAME_SITE)).status == 204
    assert (await harness.client.get(ME)).status == 401
    await harness.enter(link)
    await harness.later(hours=23, minutes=59)
    assert (await harness.client.get(ME)).status == 200
    await harness.later(minutes=1)
    assert (await harness.client.get(ME)).status == 401


async def test_a_revocation_ends_sessions_links_and_passes_and_tells_the_others(harness: RegistrationHarness) -> None:
    link = await harness.register()
    await harness.enter(link)
    person = (await (await harness.client.get(ME)).json())["person"]
    await harness.events()
    await harness.later(seconds=2)
    path = f"/api/registration/people/{person}/revocation"
    for _ in range(2):
        assert (await harness.client.post(path, json={"reason": "demandé"}, headers=harness.sign("operator"))).status == 204
    (event,) = await harness.events()
    assert event.type == "tablee.access.revoked.v1"
    assert decode(event) == AccessRevoked(EVENT, person, "2021-06-03T08:00:02.000Z", "demandé")
    assert (await harness.client.get(ME)).status == 401
    assert (await harness.client.post(PASS, headers=SAME_SITE)).status == 401
    assert (await harness.client.post(link, headers=SAME_SITE)).status == 410
    await harness.client.post(LINKS, json={"email": FORM["email"]})
    (message,) = await harness.deliver_mails()
    assert "/l/" not in message.as_string(), "no link for a revoked person, but the owner of the mailbox is told why"
    assert "retiré" in str(message["Subject"])
    shown = await (await harness.client.get(link)).text()
    assert "/link" not in shown, "the page promises no other link"


async def test_leaving_ends_the_passes_of_that_browser_and_of_no_other(harness: RegistrationHarness) -> None:
    link = await harness.register()
    await harness.enter(link)
    first = (await (await harness.client.post(PASS, headers=SAME_SITE)).json())["pass"]
    phone = harness.cookie("tablee_session")
    await harness.enter(link)
    second = (await (await harness.client.post(PASS, headers=SAME_SITE)).json())["pass"]
    assert phone != harness.cookie("tablee_session")
    await harness.events()
    await harness.client.post("/api/registration/leave", headers=SAME_SITE)
    (event,) = await harness.events()
    revoked = decode(event)
    assert isinstance(revoked, AccessRevoked)
    revocations = harness.ports.revocations
    revocations.revoke(revoked.person_id, from_text(revoked.revoked_at), revoked.login)
    verifier = harness.ports.verifier
    revocations.check(verifier.verify(first, now=harness.now))
    with pytest.raises(Unauthenticated):
        revocations.check(verifier.verify(second, now=harness.now))


async def test_only_operators_revoke_and_import(harness: RegistrationHarness) -> None:
    for role in ("viewer", "room", "hub", "moderator", "display"):
        for path, body in (
            (f"/api/registration/people/{'0' * 8}/revocation", {"reason": "x"}),
            ("/api/registration/programme", {"yaml": "a: 1", "expected_version": 1}),
        ):
            response = await harness.client.post(path, json=body, headers=harness.sign(role))
            assert (response.status, (await response.json())["code"]) == (403, "access.denied")
    nobody = await harness.client.post("/api/registration/people/x/revocation", json={"reason": "x"}, headers=harness.sign("operator"))
    assert nobody.status == 404


async def test_two_forms_at_once_for_one_address_make_one_person(harness: RegistrationHarness) -> None:
    import asyncio

    answers = await asyncio.gather(*(harness.client.post(REGISTRATIONS, json=FORM) for _ in range(5)))
    assert {answer.status for answer in answers} == {202}
    assert await harness.ports.database.collection("people").count({"email": "ada@example.org"}) == 1


async def test_a_mail_that_could_not_leave_is_the_same_mail_the_next_time(harness: RegistrationHarness) -> None:
    await harness.client.post(REGISTRATIONS, json=FORM)
    (event,) = await harness.events()
    reaction = harness.reaction()
    from shared.bus.port import Delivery

    harness.mailbox.fails_with = Unavailable("mail.unavailable")
    for attempt in (1, 2):
        with pytest.raises(Unavailable):
            await reaction.receive(Delivery(event, attempt, reaction.group.name))
    harness.mailbox.fails_with = None
    await reaction.receive(Delivery(event, 3, reaction.group.name))
    await reaction.receive(Delivery(event, 1, reaction.group.name))
    (message,) = harness.mailbox.messages
    assert await harness.ports.database.collection("credentials").count({"purpose": "mail"}) == 1
    assert await harness.enter(link_in(message)) == "/watch"


async def test_the_address_is_in_no_answer_and_no_log(harness: RegistrationHarness, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="tablee")
    link = await harness.register()
    shown = [await (await harness.client.get(link)).text()]
    await harness.enter(link)
    for path in ("/", "/place", "/watch", ME, "/api/registration/programme", "/calendar.ics", "/inscription"):
        response = await harness.client.get(path)
        assert response.status == 200, path
        shown.append(await response.text())
    shown.append(json.dumps(await (await harness.client.post(PASS, headers=SAME_SITE)).json()))
    shown += [json.dumps(event.to_json()) for event in await harness.events()]
    shown += [record.getMessage() + str(record.__dict__) for record in caplog.records if record.name.startswith(("tablee", "services"))]
    assert not [text for text in shown if "ada@example.org" in text.lower()]
    token = link.removeprefix("/l/")
    assert not [record for record in caplog.records if record.name.startswith("tablee") and token in str(record.__dict__)]


async def test_the_same_holders_of_links_are_there_after_a_second_start(harness: RegistrationHarness) -> None:
    people = harness.ports.database.collection("people")
    before = await people.count({})
    assert harness.service.start is not None
    await harness.service.start()
    assert await people.count({}) == before == 7
    assert len(await harness.events("programmes")) == 1, "an unchanged programme is published once"
