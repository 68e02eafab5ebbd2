"""Tickets and the door: who has one, what a desk is told, what it can read, what follows from it."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final

import pytest

from services.registration.door import codes
from services.registration.door.tickets import Tickets
from shared.auth.sealing import unseal
from shared.bus.port import Delivery
from shared.clock import to_text
from shared.ids import new_id
from tests.services.registration.harness import SAME_SITE, RegistrationHarness
from tests.support.html_tree import tree_of

DOOR: Final = "/api/registration/door"
ME: Final = "/api/registration/me"
STAFF: Final = "doorkeeper"
HTML: Final = {"Accept": "text/html"}


async def comes(harness: RegistrationHarness, name: str = "Ada Lovelace", *, door: str = "in_room", image: str = "granted") -> str:
    """The id of somebody whose registration is confirmed; their browser is still there."""
    harness.forget_cookies()
    await harness.enter(await harness.register(name=name, email=f"{new_id()}@example.org", door=door, image_rights=image))
    person: str = (await (await harness.client.get(ME)).json())["person"]
    return person


def tickets(harness: RegistrationHarness) -> Tickets:
    return Tickets(harness.ports.secrets, harness.ports.event_id)


async def call(
    harness: RegistrationHarness, method: str, path: str, body: dict[str, Any] | None = None, role: str = STAFF
) -> tuple[int, dict[str, Any]]:
    response = await harness.client.request(method, DOOR + path, json=body, headers=harness.sign(role))
    return response.status, await response.json()


async def scan(harness: RegistrationHarness, person: str, kind: str = "entry", *, desk: str = "A", **more: Any) -> dict[str, Any]:
    body = {
        "nonce": new_id(), "kind": kind, "at": to_text(harness.now), "desk": desk, "ticket": tickets(harness).index_of(person), **more,
    }  # fmt: skip
    status, answer = await call(harness, "POST", "/scans", body)
    assert status == 200, answer
    return answer


async def counts(harness: RegistrationHarness, place: str = "") -> tuple[int, int, int, int]:
    """(expected, arrived, inside, walk-ins)"""
    _, found = await call(harness, "GET", f"/counts?place={place}")
    return found["expected"], found["arrived"], found["inside"], found["walk_ins"]


async def deliver_tickets(harness: RegistrationHarness) -> list[EmailMessage]:
    before, reaction = len(harness.mailbox.messages), harness.reaction("registration.ticket_mails")
    for event in await harness.events():
        if event.type == "tablee.ticket.issued.v1":
            await reaction.receive(Delivery(envelope=event, attempt=1, group=reaction.group.name))
    return harness.mailbox.messages[before:]


# --- tickets ------------------------------------------------------------------------------------------------------------------
async def test_whoever_is_confirmed_for_the_room_gets_a_ticket_by_mail_and_on_their_place(harness: RegistrationHarness) -> None:
    link = await harness.register(door="in_room")
    assert await deliver_tickets(harness) == [], "not before they confirmed"
    await harness.enter(link)
    person = (await (await harness.client.get(ME)).json())["person"]
    code = tickets(harness).code_of(person)
    (mail,) = await deliver_tickets(harness)
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert code in plain.get_content()
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert f"cid:{str(picture['Content-ID']).strip('<>')}" in mail.as_string()
    assert picture.get_content().startswith(b"\x89PNG")
    assert "/l/" not in plain.get_content(), "the ticket mail opens nothing"
    for path in ("/place", "/place/ticket"):
        shown = await harness.client.get(path, headers=HTML)
        assert (shown.status, shown.headers["Cache-Control"]) == (200, "no-store")
        assert code in tree_of(await shown.text()).text
    drawn = await harness.client.get("/place/ticket.svg")
    assert drawn.content_type == "image/svg+xml"
    assert (await harness.client.get(f"/l/{code}")).status == 404, "a photographed ticket opens no page"


async def test_a_ticket_comes_and_goes_with_the_door(harness: RegistrationHarness) -> None:
    person = await comes(harness, door="remote")
    assert await deliver_tickets(harness) == []
    assert (await harness.client.get("/place/ticket", headers=HTML)).status == 404
    assert (await scan(harness, person))["told"] == "other_door"
    await harness.client.patch(ME, json={"door": "in_room"}, headers=SAME_SITE)
    assert len(await deliver_tickets(harness)) == 1
    await harness.client.patch(ME, json={"language": "en"}, headers=SAME_SITE)
    assert await deliver_tickets(harness) == [], "once"
    assert (await scan(harness, person))["told"] == "in"


async def test_whoever_withdrew_or_changed_before_the_mail_left_gets_none(harness: RegistrationHarness) -> None:
    await comes(harness)
    await harness.client.patch(ME, json={"door": "remote"}, headers=SAME_SITE)
    assert await deliver_tickets(harness) == []


@pytest.mark.parametrize("how", ["revoked", "withdrawn"])
async def test_the_ticket_of_whoever_is_gone_is_void_and_tells_no_name(harness: RegistrationHarness, how: str) -> None:
    person = await comes(harness)
    if how == "withdrawn":
        await harness.client.post("/withdraw", headers=SAME_SITE, allow_redirects=False)
    else:
        path = f"/api/registration/people/{person}/revocation"
        await harness.client.post(path, json={"reason": "x"}, headers=harness.sign("operator"))
    assert await scan(harness, person) == {"told": "withdrawn", "person": None, "first": None}
    _, sealed = await call(harness, "GET", "/list")
    assert sealed["people"] == {}
    assert await counts(harness) == (0, 0, 0, 0)


# --- scans --------------------------------------------------------------------------------------------------------------------
async def test_the_first_scan_lets_in_and_the_second_says_who_was_first(harness: RegistrationHarness) -> None:
    person = await comes(harness, image="refused")
    first = await scan(harness, person, desk="B")
    shown = {"id": person, "name": "Ada Lovelace", "door": "in_room", "image_rights": "refused"}
    assert first == {"told": "in", "person": shown, "first": None}
    at = to_text(harness.now)
    await harness.later(minutes=20)
    assert await scan(harness, person) == {"told": "again", "person": shown, "first": {"at": at, "desk": "B"}}
    assert await counts(harness) == (1, 1, 1, 0)
    assert (await scan(harness, person, "exit"))["told"] == "out"
    assert await counts(harness) == (1, 1, 0, 0)
    assert (await scan(harness, person))["told"] == "in"


async def test_a_scan_sent_twice_is_one_and_is_answered_alike(harness: RegistrationHarness) -> None:
    person, nonce = await comes(harness), new_id()
    first = await scan(harness, person, nonce=nonce)
    await scan(harness, person)
    assert await scan(harness, person, nonce=nonce) == first
    assert await counts(harness) == (1, 1, 1, 0)


async def test_what_was_scanned_without_a_line_counts_from_when_it_was_done(harness: RegistrationHarness) -> None:
    person = await comes(harness)
    early = harness.now
    await harness.later(minutes=30)
    assert (await scan(harness, person, desk="B"))["told"] == "in"
    late = await scan(harness, person, desk="A", at=to_text(early), insist=True)
    assert (late["told"], late["first"]["desk"]) == ("again", "B")
    assert (await scan(harness, person))["first"] == {"at": to_text(early), "desk": "A"}


async def test_who_was_let_in_before_the_ticket_was_void_is_in(harness: RegistrationHarness) -> None:
    person = await comes(harness)
    await harness.client.patch(ME, json={"door": "remote"}, headers=SAME_SITE)
    assert (await scan(harness, person, insist=True))["told"] == "in"
    assert (await counts(harness))[1:] == (1, 1, 0)


async def test_a_scan_is_taken_back_once_and_a_foreign_one_is_not(harness: RegistrationHarness) -> None:
    person, nonce, undo = await comes(harness), new_id(), {"nonce": new_id(), "at": to_text(harness.now), "desk": "A"}
    await scan(harness, person, nonce=nonce)
    for _ in range(2):
        status, answer = await call(harness, "POST", f"/scans/{nonce}/undo", undo)
        assert (status, answer["told"], answer["person"]["name"]) == (200, "undone", "Ada Lovelace")
    assert await counts(harness) == (1, 0, 0, 0)
    for unknown in (new_id(), "x"):
        status, problem = await call(harness, "POST", f"/scans/{unknown}/undo", undo)
        assert (status, problem["code"]) == (404, "door.scan_unknown")


async def test_sessions_have_doors_of_their_own(harness: RegistrationHarness) -> None:
    person = await comes(harness)
    await scan(harness, person)
    assert (await scan(harness, person, place="table-ronde-1"))["told"] == "in"
    assert (await counts(harness, "table-ronde-1"))[1:] == (1, 1, 0)
    assert (await counts(harness, "table-ronde-2"))[1:] == (0, 0, 0)
    body = {"nonce": new_id(), "kind": "entry", "at": to_text(harness.now), "desk": "A", "place": "nowhere", "person": person}
    status, problem = await call(harness, "POST", "/scans", body)
    assert (status, problem["code"]) == (404, "door.place_unknown")


async def test_another_day_begins_with_nobody_in(harness: RegistrationHarness) -> None:
    person = await comes(harness)
    await scan(harness, person)
    await harness.later(days=1)
    assert await counts(harness) == (1, 0, 0, 0)
    assert (await scan(harness, person))["told"] == "in"


async def test_a_ticket_nobody_has_is_unknown_and_those_from_elsewhere_too(harness: RegistrationHarness) -> None:
    unknown = codes.index_of("0000-0000-0000-0000", tickets(harness).salt)
    assert await scan(harness, "nobody", ticket=unknown) == {"told": "unknown", "person": None, "first": None}
    assert (await scan(harness, new_id()))["told"] == "unknown"


async def test_somebody_who_registered_a_moment_ago_is_known_at_every_desk(harness: RegistrationHarness) -> None:
    assert (await scan(harness, await comes(harness, "Ada")))["told"] == "in"
    await harness.later(seconds=1)
    assert (await scan(harness, await comes(harness, "Bob")))["told"] == "in"


# --- walking in, names --------------------------------------------------------------------------------------------------------
def walk_in(harness: RegistrationHarness, **more: Any) -> dict[str, Any]:
    base = {"nonce": new_id(), "at": to_text(harness.now), "desk": "A", "name": "Zoé", "language": "fr", "image_rights": "refused"}
    return {**base, **more}


async def test_somebody_walks_in_once_and_is_in_the_list_of_people(harness: RegistrationHarness) -> None:
    body = walk_in(harness)
    for _ in range(2):
        status, answer = await call(harness, "POST", "/walk-ins", body)
        assert (status, answer["told"], answer["person"]["image_rights"]) == (200, "in", "refused")
    assert await counts(harness) == (0, 1, 1, 1)
    listed = await (await harness.client.get("/api/registration/people", headers=harness.sign("operator"))).json()
    assert [(one["name"], one["door"], one["state"]) for one in listed["people"]] == [("Zoé", "in_room", "confirmed")]
    assert await deliver_tickets(harness) == []
    export = harness.service.export_person
    assert export is not None
    kept: Any = await export(answer["person"]["id"])
    assert kept["image_rights"][0]["where"] == "door"
    assert [one["passage"] for one in kept["door"]] == ["walk_in"]


async def test_a_walk_in_without_a_name_or_a_choice_is_refused(harness: RegistrationHarness) -> None:
    status, problem = await call(harness, "POST", "/walk-ins", walk_in(harness, name=" ", image_rights=""))
    assert (status, problem["code"]) == (422, "registration.form")
    assert {field["path"] for field in problem["fields"]} == {"name", "image_rights"}


async def test_names_are_found_a_few_at_a_time_with_who_is_in(harness: RegistrationHarness) -> None:
    ada = await comes(harness, "Ada Lovelace", image="refused")
    await comes(harness, "Adèle Loïc", door="remote")
    harness.forget_cookies()
    await harness.register(name="Adam Pending", email="adam@example.org", door="in_room")
    await scan(harness, ada, desk="B")
    status, found = await call(harness, "GET", "/people?search=ade")
    assert [(one["name"], one["expected"]) for one in found["people"]] == [("Adèle Loïc", False)]
    _, found = await call(harness, "GET", "/people?search=ad")
    assert [(one["name"], one["image_rights"], (one["first"] or {}).get("desk")) for one in found["people"]] == [
        ("Ada Lovelace", "refused", "B"), ("Adèle Loïc", "granted", None),
    ]  # fmt: skip
    assert status == 200
    assert "@" not in json.dumps(found)
    assert (await call(harness, "GET", "/people?search=a"))[1]["people"] == [], "one letter would be a list of everybody"
    by_name = {"nonce": new_id(), "kind": "entry", "at": to_text(harness.now), "desk": "A", "person": ada}
    assert (await call(harness, "POST", "/scans", by_name))[1]["told"] == "again"


# --- the list a desk keeps ----------------------------------------------------------------------------------------------------
async def test_the_list_tells_nobody_but_by_their_own_ticket(harness: RegistrationHarness) -> None:
    ada, bob = await comes(harness, "Ada Lovelace", image="refused"), await comes(harness, "Bob")
    await comes(harness, "Remote Rita", door="remote")
    await scan(harness, bob, desk="B")
    status, sealed = await call(harness, "GET", "/list")
    assert status == 200
    text = json.dumps(sealed)
    assert not [one for one in ("Ada", "Bob", "Rita", ada, bob, "refused") if one in text]
    salt, code = base64.b64decode(sealed["salt"]), tickets(harness).code_of(ada)
    index = codes.index_of(code, salt)
    shown = json.loads(unseal(codes.key_of(code, salt), sealed["people"][index], bound_to=bytes.fromhex(index)))
    assert (shown["id"], shown["name"], shown["image_rights"]) == (ada, "Ada Lovelace", "refused")
    assert len(sealed["people"]) == 2
    assert sealed["inside"] == [[tickets(harness).index_of(bob), "", to_text(harness.now), "B"]]
    assert "table-ronde-1" in {place["id"] for place in sealed["places"]}


@pytest.mark.parametrize("role", ["viewer", "room", "moderator", "chair", "display"])
async def test_nobody_but_the_door_and_operators_scans_or_reads(harness: RegistrationHarness, role: str) -> None:
    person, nonce = await comes(harness), new_id()
    body = {"nonce": nonce, "at": to_text(harness.now), "desk": "A"}
    for method, path, sent in (
        ("POST", "/scans", {**body, "kind": "entry", "person": person}), ("POST", f"/scans/{nonce}/undo", body),
        ("POST", "/walk-ins", walk_in(harness)), ("GET", "/list", None), ("GET", "/people?search=ada", None), ("GET", "/counts", None),
    ):  # fmt: skip
        status, problem = await call(harness, method, path, sent, role)
        assert (status, problem["code"]) == (403, "access.denied"), path
    assert await counts(harness) == (1, 0, 0, 0)


async def test_door_staff_neither_ask_nor_list_people(harness: RegistrationHarness) -> None:
    response = await harness.client.get("/api/registration/people", headers=harness.sign(STAFF))
    assert response.status == 403


async def test_whoever_is_erased_is_forgotten_at_the_door_and_still_counts(harness: RegistrationHarness) -> None:
    person = await comes(harness)
    await scan(harness, person)
    await harness.client.post("/withdraw", headers=SAME_SITE, allow_redirects=False)
    stays = await harness.ports.database.collection("door_stays").find({})
    assert person not in json.dumps(stays, default=str)
    assert (await counts(harness))[1:] == (1, 1, 0)
    export = harness.service.export_person
    assert export is not None
    assert await export(person) == {}


async def test_two_desks_at_the_same_moment_are_told_differently(harness: RegistrationHarness) -> None:
    person = await comes(harness)
    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(scan(harness, person, desk=str(number)) for number in range(4)))
    assert sorted(one["told"] for one in answers) == ["again", "again", "again", "in"]


async def test_a_desk_with_a_wrong_clock_is_put_right(harness: RegistrationHarness) -> None:
    person = await comes(harness)
    await scan(harness, person, at=to_text(harness.now + timedelta(days=400)))
    first = (await scan(harness, person))["first"]
    assert datetime.fromisoformat(first["at"]) == harness.now
