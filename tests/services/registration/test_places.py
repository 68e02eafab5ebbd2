"""Places by a door: who gets one, who waits, how a place that somebody leaves is offered, and what everybody reads of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest

from shared.bus.port import Delivery
from shared.ids import new_id
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import SAME_SITE, RegistrationHarness, link_in
from tests.services.registration.test_any_event import event
from tests.services.registration.test_pages import HTML, post
from tests.services.registration.test_programme import send
from tests.support.bus.kit import eventually
from tests.support.html_tree import Element, tree_of
from tests.support.messages import MESSAGES

ROOM: Final = {"door": "in_room", "day": 1}
TEXT: Final = """\
format_version: 1
language: fr
event:
  id: salle-pleine
  name: Salle pleine
  date: 2025-03-04
  timezone: Europe/Paris
  stages: [{id: s, name: Scène}]
  modes: [in_room, remote]
  capacity: {in_room: 2}
sessions:
  - {id: un, kind: other, title: Un, start: "09:00", end: "18:00", stage: s}
"""
SECOND_DAY: Final = '  - {id: deux, kind: other, title: Deux, date: 2025-03-05, start: "09:00", end: "18:00", stage: s}\n'
TWO_DAYS: Final = TEXT.replace("{in_room: 2}", "{in_room: 2, days: [{day: 2, in_room: 1}]}") + SECOND_DAY


@pytest.fixture
async def full(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    """An event with two places in the room."""
    async with event(database, tmp_path, TEXT) as harness:
        yield harness


async def comes(harness: RegistrationHarness, door: str = "in_room", **changes: Any) -> str:
    """Registers, enters; the path of their link. Their browser is the one that is open then."""
    harness.forget_cookies()
    link = await harness.register(**{"email": f"{new_id()}@example.org", "door": door, **changes})
    await harness.enter(link)
    return link


async def places(harness: RegistrationHarness, link: str = "") -> list[tuple[Any, ...]]:
    """(door, day, standing, rank) of whoever has this link."""
    if link:
        await enters(harness, link)
    held = (await (await harness.client.get("/api/registration/me/places")).json())["places"]
    return [(one["door"], one["day"], one["standing"], one["rank"]) for one in held]


async def enters(harness: RegistrationHarness, link: str) -> str:
    harness.forget_cookies()
    return await harness.enter(link)


async def withdraws(harness: RegistrationHarness, link: str) -> None:
    await enters(harness, link)
    assert (await post(harness, "/withdraw", {})).status == 303


async def page(harness: RegistrationHarness, path: str) -> Element:
    response = await harness.client.get(path, headers=HTML)
    assert response.status == 200, await response.text()
    return tree_of(await response.text())


async def lines(harness: RegistrationHarness) -> dict[tuple[str, int], tuple[Any, ...]]:
    """(door, day) → (places, taken, waiting)."""
    answer = await harness.client.get("/api/registration/places", headers=harness.sign("operator"))
    assert answer.status == 200
    return {(one["door"], one["day"]): (one["places"], one["taken"], one["waiting"]) for one in (await answer.json())["lines"]}


async def mails(harness: RegistrationHarness) -> list[EmailMessage]:
    """What is written about places since they were last asked for."""
    before, reaction = len(harness.mailbox.messages), harness.reaction("registration.place_mails")
    for one in await harness.events():
        if one.type == "tablee.place.changed.v1":
            await reaction.receive(Delivery(envelope=one, attempt=1, group=reaction.group.name))
    return harness.mailbox.messages[before:]


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def says(key: str, **params: str) -> str:
    return " ".join(MESSAGES.text("fr", key, **params).split())


@asynccontextmanager
async def at_work(harness: RegistrationHarness) -> AsyncIterator[Callable[[Callable[[], Awaitable[bool]]], Awaitable[bool]]]:
    """The task that passes places on, as it runs beside the service."""
    task = asyncio.ensure_future(harness.service.tasks["registration.places"]())
    try:
        yield eventually
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


# --- full -------------------------------------------------------------------------------------------------------------------
async def test_who_finds_no_place_waits_in_line_and_comes_from_afar_meanwhile(full: RegistrationHarness) -> None:
    first = [await comes(full) for _ in range(2)]
    await full.events()
    third = await full.register(email="c@example.org", door="in_room")
    assert await enters(full, third) == "/watch"
    assert await places(full) == [("in_room", 1, "waiting", 1)]
    (mail,) = await mails(full)
    assert mail["Subject"] == MESSAGES.text("fr", "letter.place.waiting.subject", event="Salle pleine")
    assert says("letter.place.rank", rank="1") in words(mail)
    assert (await (await full.client.get("/api/registration/me")).json())["door"] == "remote"
    shown = await page(full, "/place")
    for key in ("place.line.waiting.in_room", "place.door.remote"):
        assert says(key) in shown.text
    assert says("place.line.rank", rank="1") in shown.text
    assert await places(full, await comes(full)) == [("in_room", 1, "waiting", 2)]
    assert await places(full, first[0]) == [("in_room", 1, "seated", None)]
    assert (await lines(full))["in_room", 1] == (2, 2, 2)


async def test_a_form_that_nobody_confirmed_holds_no_place(full: RegistrationHarness) -> None:
    for _ in range(5):
        await full.register(email=f"{new_id()}@example.org", door="in_room")
    assert (await lines(full))["in_room", 1] == (2, 0, 0)
    assert await places(full, await comes(full)) == [("in_room", 1, "seated", None)]


async def test_the_form_says_how_many_places_are_left_and_when_there_is_none(full: RegistrationHarness) -> None:
    for expected in (MESSAGES.counted("fr", "form.door.left", 2), MESSAGES.counted("fr", "form.door.left", 1), says("form.door.full")):
        full.forget_cookies()
        (mark,) = [one.text for one in (await page(full, "/inscription")).all("span") if one.attributes.get("class") == "choice__mark"]
        assert mark == expected
        await comes(full)


async def test_a_door_without_a_limit_takes_all_and_says_nothing(full: RegistrationHarness) -> None:
    for _ in range(4):
        assert await places(full, await comes(full, "remote")) == [("remote", 1, "seated", None)]
    assert (await lines(full))["remote", 1] == (None, 4, 0)


async def test_where_places_from_afar_run_out_whoever_waits_is_not_let_in(database: MongoDatabase, tmp_path: Path) -> None:
    async with event(database, tmp_path, TEXT.replace("{in_room: 2}", "{in_room: 0, remote: 1}")) as harness:
        await comes(harness, "remote")
        last = await harness.register(email="z@example.org", door="remote")
        assert await enters(harness, last) == "/place"
        for path in ("/watch", "/room", "/lite"):
            assert (await harness.client.get(path, headers=HTML)).status == 403
        refused = await harness.client.post("/api/registration/pass", headers=SAME_SITE)
        assert (refused.status, (await refused.json())["code"]) == (403, "registration.no_place")
        assert "/watch" not in [one.attributes["href"] for one in (await page(harness, "/place")).all("a")]
        third = await comes(harness)
        assert await places(harness) == [("in_room", 1, "waiting", 1), ("remote", 1, "waiting", 2)]
        await harness.client.put(
            "/api/registration/places", json={"door": "remote", "day": 1, "places": 3}, headers=harness.sign("operator")
        )
        assert [one[2] for one in await places(harness, third)] == ["waiting", "offered"]


# --- offers -----------------------------------------------------------------------------------------------------------------
async def test_a_place_that_somebody_leaves_is_offered_to_the_next_by_mail_and_taken_on_the_page(full: RegistrationHarness) -> None:
    first, _, third, fourth = [await comes(full) for _ in range(4)]
    await full.events()
    await withdraws(full, first)
    assert [await places(full, link) for link in (third, fourth)] == [[("in_room", 1, "offered", None)], [("in_room", 1, "waiting", 1)]]
    (mail,) = await mails(full)
    assert mail["Subject"] == MESSAGES.text("fr", "letter.place.offered.subject", event="Salle pleine")
    assert "13 février 2025" in words(mail)
    full.forget_cookies()
    await full.client.get(link_in(mail), headers=HTML)
    assert (await lines(full))["in_room", 1] == (2, 2, 1), "opening the link decides nothing"
    assert await full.enter(link_in(mail)) == "/place"
    shown = await page(full, "/place")
    assert says("place.line.offered.in_room") in shown.text
    assert (await post(full, "/place/offer", {"door": "in_room", "day": "1", "answer": "accept"})).headers["Location"].startswith("/place")
    assert await places(full) == [("in_room", 1, "seated", None)]
    assert (await (await full.client.get("/api/registration/me")).json())["page"] == "/room"
    (told,) = await mails(full)
    assert told["Subject"] == MESSAGES.text("fr", "letter.place.seated.subject", event="Salle pleine")
    again = await full.client.post("/api/registration/me/offer", json={**ROOM, "answer": "accept"}, headers=SAME_SITE)
    assert again.status == 200, "a button pressed twice is no fault"


async def test_an_offer_that_is_declined_goes_to_the_next_and_one_can_ask_again_behind_them(full: RegistrationHarness) -> None:
    first, _, third, fourth, fifth = [await comes(full) for _ in range(5)]
    await withdraws(full, first)
    await enters(full, third)
    assert (await post(full, "/place/offer", {"door": "in_room", "day": "1", "answer": "decline"})).status == 303
    assert await places(full) == [("in_room", 1, "lapsed", None)]
    assert says("place.line.lapsed.in_room") in (await page(full, "/place")).text
    assert await places(full, fourth) == [("in_room", 1, "offered", None)]
    await enters(full, third)
    assert (await post(full, "/place/again", {"door": "in_room", "day": "1"})).status == 303
    assert [await places(full, link) for link in (fifth, third)] == [[("in_room", 1, "waiting", 1)], [("in_room", 1, "waiting", 2)]]


async def test_an_offer_that_nobody_answers_passes_on_by_itself(full: RegistrationHarness) -> None:
    first, _, third, fourth = [await comes(full) for _ in range(4)]
    await withdraws(full, first)
    await full.later(hours=23, minutes=59)
    async with at_work(full) as until:
        await asyncio.sleep(0)
        assert await places(full, third) == [("in_room", 1, "offered", None)]
    await full.later(minutes=2)
    late = await full.client.post("/api/registration/me/offer", json={**ROOM, "answer": "accept"}, headers=SAME_SITE)
    assert (late.status, (await late.json())["code"]) == (409, "registration.offer_over")
    shown = await post(full, "/place/offer", {"door": "in_room", "day": "1", "answer": "accept"})
    assert says("registration.offer_over") in (await page(full, shown.headers["Location"])).text
    async with at_work(full) as until:

        async def passed_on() -> bool:
            return await places(full, fourth) == [("in_room", 1, "offered", None)]

        await until(passed_on)
    assert await places(full, third) == [("in_room", 1, "lapsed", None)]
    assert (await lines(full))["in_room", 1] == (2, 2, 0)


@pytest.mark.parametrize("way", ["door", "revoked"])
async def test_whoever_leaves_the_room_by_whatever_way_leaves_a_place(full: RegistrationHarness, way: str) -> None:
    first, _, third = [await comes(full) for _ in range(3)]
    await enters(full, first)
    if way == "door":
        changed = await full.client.patch("/api/registration/me", json={"door": "remote"}, headers=SAME_SITE)
        assert changed.status == 200
        assert await places(full) == [("remote", 1, "seated", None)]
    else:
        person = (await (await full.client.get("/api/registration/me")).json())["person"]
        path = f"/api/registration/people/{person}/revocation"
        assert (await full.client.post(path, json={"reason": "x"}, headers=full.sign("operator"))).status == 204
    assert await places(full, third) == [("in_room", 1, "offered", None)]


async def test_a_change_of_door_finds_no_place_that_is_not_there(full: RegistrationHarness) -> None:
    [await comes(full) for _ in range(2)]
    await comes(full, "remote")
    changed = await full.client.patch("/api/registration/me", json={"door": "in_room"}, headers=SAME_SITE)
    assert (changed.status, (await changed.json())["door"]) == (200, "remote")
    assert await places(full) == [("in_room", 1, "waiting", 1)]
    assert (await lines(full))["remote", 1] == (None, 0, 0)


async def test_a_ticket_comes_with_the_place_and_not_before(full: RegistrationHarness) -> None:
    async def tickets() -> int:
        return sum(one.type == "tablee.ticket.issued.v1" for one in await full.events())

    first = await comes(full)
    assert await tickets() == 1
    await comes(full)
    third = await comes(full)
    assert await tickets() == 0
    assert "ticket.svg" not in await (await full.client.get("/place", headers=HTML)).text()
    await withdraws(full, first)
    await enters(full, third)
    assert await tickets() == 0
    await full.client.post("/api/registration/me/offer", json={**ROOM, "answer": "accept"}, headers=SAME_SITE)
    assert await tickets() == 1
    assert "ticket.svg" in await (await full.client.get("/place", headers=HTML)).text()


# --- operators --------------------------------------------------------------------------------------------------------------
async def test_operators_see_the_lines_add_places_and_give_one_by_hand(full: RegistrationHarness) -> None:
    links = [await comes(full, name=f"Personne {n}") for n in range(5)]
    person = (await (await full.client.get("/api/registration/me")).json())["person"]
    full.forget_cookies()
    await full.enter(full.link("operator"))
    shown = await page(full, "/people")
    assert says("people.lines") in shown.text
    assert says("people.line.waiting") in shown.text
    assert (await post(full, "/people/places", {"door": "in_room", "day": "1", "places": "3"})).status == 303
    assert (await lines(full))["in_room", 1] == (3, 3, 2)
    assert (await post(full, f"/people/{person}/place", {"door": "in_room", "day": "1"})).status == 303
    assert (await lines(full))["in_room", 1] == (3, 4, 1)
    assert [(await places(full, link))[0][2] for link in links] == ["seated", "seated", "offered", "waiting", "seated"]
    await enters(full, full.link("operator"))
    assert (await post(full, "/people/places", {"door": "in_room", "day": "1", "places": ""})).status == 303
    assert (await lines(full))["in_room", 1] == (2, 4, 1), "nobody loses their place"
    for wrong in ({"door": "in_room", "day": "9"}, {"door": "x", "day": "1"}, {"door": "in_room", "day": "1", "places": "many"}):
        assert (await post(full, "/people/places", wrong)).status in (404, 422)


async def test_nobody_else_sets_or_gives_places(full: RegistrationHarness) -> None:
    await comes(full)
    for path in ("/people/places", f"/people/{new_id()}/place"):
        assert (await post(full, path, {"door": "in_room", "day": "1", "places": "9"})).status == 403
        full.forget_cookies()
        assert (await post(full, path, {"door": "in_room", "day": "1"})).status == 401
        await comes(full)
    assert (await lines(full))["in_room", 1][0] == 2


# --- several days, and programmes that change -------------------------------------------------------------------------------
async def test_each_day_has_its_own_places_and_one_mail_tells_of_all(database: MongoDatabase, tmp_path: Path) -> None:
    async with event(database, tmp_path, TWO_DAYS) as harness:
        await comes(harness)
        await harness.events()
        second = await comes(harness)
        assert await places(harness) == [("in_room", 1, "seated", None), ("in_room", 2, "waiting", 1)]
        assert (await (await harness.client.get("/api/registration/me")).json())["door"] == "in_room"
        third = await comes(harness)
        assert [one[2:] for one in await places(harness)] == [("waiting", 1), ("waiting", 2)]
        (told,) = await mails(harness)
        assert says("letter.place.days", days="mardi 4 mars 2025 · mercredi 5 mars 2025") in words(told)
        await enters(harness, second)
        body = {"door": "in_room", "days": ["2025-03-05"]}
        assert (await harness.client.patch("/api/registration/me", json=body, headers=SAME_SITE)).status == 200
        assert await places(harness) == [("in_room", 2, "waiting", 1)]
        assert [one[2] for one in await places(harness, third)] == ["offered", "waiting"]
        (told,) = await mails(harness)
        assert says("letter.place.days", days="mardi 4 mars 2025") in words(told)


async def test_places_and_days_that_an_import_adds_are_given_by_themselves(full: RegistrationHarness) -> None:
    links = []
    for _ in range(3):
        links.append(await comes(full))
        await full.later(minutes=1)
    more = TEXT.replace("{in_room: 2}", "{in_room: 3, days: [{day: 2, in_room: 1}]}") + SECOND_DAY
    assert (await send(full, yaml=more, completion=None, expected_version=1))[0] == 200
    async with at_work(full) as until:

        async def added() -> bool:
            return (await lines(full)).get(("in_room", 2)) == (1, 1, 2)

        await until(added)
    assert [[one[2] for one in await places(full, link)] for link in links] == [
        ["seated", "seated"], ["seated", "waiting"], ["offered", "waiting"],
    ]  # fmt: skip


# --- what is kept -----------------------------------------------------------------------------------------------------------
async def test_an_export_says_what_somebody_has_in_line_and_an_erasure_leaves_nothing(full: RegistrationHarness) -> None:
    await comes(full)
    person = (await (await full.client.get("/api/registration/me")).json())["person"]
    assert full.service.export_person is not None
    exported: Any = await full.service.export_person(person)
    assert [(one["door"], one["standing"]) for one in exported["places"]] == [("in_room", "seated")]
    assert full.service.erase_person is not None
    await full.service.erase_person(person)
    await full.service.erase_person(person)
    kept = await full.ports.database.collection("people").get(person)
    assert kept is not None
    assert (kept["holdings"], kept["in_line"]) == ([], {})
    assert (await lines(full))["in_room", 1] == (2, 0, 0)


async def test_what_is_no_more_so_when_a_mail_leaves_is_not_told(full: RegistrationHarness) -> None:
    first, _, third = [await comes(full) for _ in range(3)]
    await withdraws(full, first)
    await enters(full, third)
    await full.client.post("/api/registration/me/offer", json={**ROOM, "answer": "decline"}, headers=SAME_SITE)
    assert await mails(full) == []
