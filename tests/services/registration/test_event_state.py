"""What strangers, registrants and operators are told while an event is a draft, over, cancelled or postponed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import FORM, SAME_SITE, RegistrationHarness, link_in
from tests.services.registration.test_any_event import event
from tests.services.registration.test_pages import HTML, post, stamp_of
from tests.support.html_tree import tree_of
from tests.support.messages import MESSAGES
from tests.support.programmes import programmes

TEXT: Final = programmes()["two_halls"]
AFTER: Final = datetime.fromisoformat("2025-10-04T12:00:00+00:00")
PUBLIC: Final = (
    "/api/registration/programme", "/api/registration/now", "/api/registration/running-order", "/calendar.ics", "/sessions/mesa.ics",
    "/moment", "/",
)  # fmt: skip
CLOSED: Final = ("over", "cancelled", "postponed")


@asynccontextmanager
async def standing(database: MongoDatabase, tmp_path: Path, phase: str) -> AsyncIterator[RegistrationHarness]:
    """The event of two halls in this state."""
    status, now = ("published", AFTER) if phase == "over" else (phase, None)
    async with event(database, tmp_path, TEXT.replace("status: published", f"status: {status}"), now=now) as harness:
        yield harness


async def import_status(harness: RegistrationHarness, status: str) -> None:
    text = TEXT.replace("status: published", f"status: {status}")
    stored = await harness.ports.database.collection("programmes").get(harness.ports.event_id)
    version = stored["version"] if stored else 0
    body = {"yaml": text, "expected_version": version}
    answer = await harness.client.post("/api/registration/programme", json=body, headers=harness.sign("operator"))
    assert answer.status == 200, await answer.text()


async def test_whatever_anybody_may_read_is_kept_from_them_in_a_draft(database: MongoDatabase, tmp_path: Path) -> None:
    async with standing(database, tmp_path, "draft") as harness:
        paths = [route.path.replace("{id}", "mesa") for route in harness.service.routes if route.open and route.method == "GET"]
        assert {"/api/registration/programme", "/calendar.ics", "/schedule.json"} <= set(paths)
        for path in (*paths, "/qr.svg?session=mesa"):
            answer = await harness.client.get(path)
            assert (answer.status, (await answer.json())["code"]) == (404, "registration.event_draft"), path


@pytest.mark.parametrize("path", PUBLIC)
async def test_a_draft_is_for_operators_and_nobody_else(database: MongoDatabase, tmp_path: Path, path: str) -> None:
    async with standing(database, tmp_path, "draft") as harness:
        refused = await harness.client.get(path)
        assert (refused.status, (await refused.json())["code"]) == (404, "registration.event_draft")
        for role in ("moderator", "stage"):
            harness.forget_cookies()
            await harness.enter(harness.link(role))
            assert (await harness.client.get(path)).status == 404, role
        harness.forget_cookies()
        await harness.enter(harness.link("operator"))
        seen = await harness.client.get(path)
        assert (seen.status, seen.headers["Cache-Control"]) == (200, "no-store")


async def test_a_draft_is_read_with_an_operators_pass_and_with_no_other(database: MongoDatabase, tmp_path: Path) -> None:
    async with standing(database, tmp_path, "draft") as harness:
        for role, status in (("operator", 200), ("moderator", 404), ("viewer", 404)):
            answer = await harness.client.get("/api/registration/programme", headers=harness.sign(role))
            assert answer.status == status, role
        assert (await harness.client.get("/api/registration/programme", headers={"Authorization": "Bearer x"})).status == 404


async def test_a_stranger_who_finds_a_draft_reads_a_page_without_its_name(database: MongoDatabase, tmp_path: Path) -> None:
    async with standing(database, tmp_path, "draft") as harness:
        for path in ("/", "/inscription", "/link"):
            answer = await harness.client.get(path, headers=HTML)
            text = await answer.text()
            assert answer.status == (200 if path == "/link" else 404)
            assert "Jornadas" not in text
            assert path == "/link" or MESSAGES.text("fr", "registration.event_draft") in text
        assert (await harness.client.post("/api/registration/registrations", json=FORM)).status == 404


async def test_who_registered_before_it_became_a_draft_keeps_their_place(database: MongoDatabase, tmp_path: Path) -> None:
    async with standing(database, tmp_path, "published") as harness:
        link = await harness.register()
        await import_status(harness, "draft")
        assert await harness.enter(link) == "/watch"
        assert (await harness.client.get("/watch", headers=HTML)).status == 404
        for path in ("/place", "/withdraw"):
            answer = await harness.client.get(path, headers=HTML)
            assert (answer.status, "Jornadas" in await answer.text()) == (200, False), path


@pytest.mark.parametrize("phase", CLOSED)
async def test_where_nobody_is_awaited_any_more_there_is_no_door(database: MongoDatabase, tmp_path: Path, phase: str) -> None:
    async with standing(database, tmp_path, phase) as harness:
        shown = tree_of(await (await harness.client.get("/", headers=HTML)).text())
        assert MESSAGES.text("fr", f"event.state.{phase}") in shown.text
        links = [one.attributes["href"] for one in shown.all("a")]
        assert not [link for link in links if "/inscription" in link or "/watch" in link]
        assert "/link" in links
        assert "https://maiz.example.org/video/1" in links, "what was recorded can be watched"
        form = tree_of(await (await harness.client.get("/inscription", headers=HTML)).text())
        assert not list(form.all("form"))
        assert MESSAGES.text("fr", f"event.state.{phase}") in form.text


@pytest.mark.parametrize("phase", CLOSED)
async def test_a_registration_that_comes_too_late_is_refused_in_words(database: MongoDatabase, tmp_path: Path, phase: str) -> None:
    async with standing(database, tmp_path, phase) as harness:
        answer = await harness.client.post("/api/registration/registrations", json=FORM)
        assert (answer.status, (await answer.json())["code"]) == (409, f"registration.event_{phase}")
        stamp = await stamp_of(harness, "/link")
        await harness.later(seconds=20)
        posted = await post(harness, "/inscription", {**FORM, "stamp": stamp, "website": ""})
        assert posted.status == 409
        assert MESSAGES.text("fr", f"event.state.{phase}") in tree_of(await posted.text()).text
        assert await harness.events() == []


@pytest.mark.parametrize("phase", [*CLOSED, "draft"])
async def test_who_is_registered_gets_their_link_and_no_invitation(database: MongoDatabase, tmp_path: Path, phase: str) -> None:
    async with standing(database, tmp_path, "published") as harness:
        await harness.register()
        if phase == "over":
            harness.now = AFTER
        else:
            await import_status(harness, phase)
            await harness.later(hours=1)
        assert (await harness.client.post("/api/registration/links", json={"email": FORM["email"]})).status == 202
        (message,) = await harness.deliver_mails()
        body = message.get_body(("plain",))
        assert body is not None
        words = body.get_content()
        assert MESSAGES.text("fr", f"letter.state.{phase}") in words
        assert "2025" not in words, "no date to come"
        assert MESSAGES.text("fr", "letter.remote") not in words
        assert not list(message.iter_attachments())
        key = f"letter.subject.{phase}"
        expected = MESSAGES.text("fr", key if key in MESSAGES else "letter.subject", event="Jornadas del maíz")
        assert message["Subject"] == expected
        assert await harness.enter(link_in(message)) == "/watch"
        watch = await harness.client.get("/watch", headers=HTML)
        expected = MESSAGES.text("fr", "registration.event_draft" if phase == "draft" else f"event.state.{phase}")
        assert expected in await watch.text()


async def test_what_moved_online_awaits_nobody_in_a_room(database: MongoDatabase, tmp_path: Path) -> None:
    async with standing(database, tmp_path, "moved_online") as harness:
        shown = tree_of(await (await harness.client.get("/", headers=HTML)).text())
        doors = [one.attributes["href"] for one in shown.all("a") if "/inscription?door=" in one.attributes.get("href", "")]
        assert doors == ["/inscription?door=remote"]
        refused = await harness.client.post("/api/registration/registrations", json={**FORM, "door": "in_room"})
        assert refused.status == 422
        assert [(one["path"], one["code"]) for one in (await refused.json())["fields"]] == [("door", "registration.door_not_offered")]
        await harness.client.post("/api/registration/registrations", json={**FORM, "door": "remote"})
        (message,) = await harness.deliver_mails()
        body = message.get_body(("plain",))
        assert body is not None
        assert MESSAGES.text("fr", "letter.state.moved_online") in body.get_content()
        assert MESSAGES.text("fr", "letter.in_room") not in body.get_content()
        assert "heure de Mexico" in body.get_content()
        assert list(message.iter_attachments())


async def test_what_comes_next_on_another_day_says_which(database: MongoDatabase, tmp_path: Path) -> None:
    noon = datetime.fromisoformat("2025-05-15T10:00:00+00:00")  # in Berlin the first of two days has nothing more
    async with event(database, tmp_path, programmes()["symposium"], now=noon) as harness:
        shown = tree_of(await (await harness.client.get("/moment", params={"lang": "en"})).text())
        (badge,) = (one.text for one in shown.all("p") if "Up next ·" in one.text)
        assert badge == "Up next · Friday 16 May 2025, 9:15"
        harness.now += timedelta(hours=14)
        shown = tree_of(await (await harness.client.get("/moment", params={"lang": "en"})).text())
        assert [one.text for one in shown.all("p") if "Up next ·" in one.text] == ["Up next · 9:15"]


async def test_what_begins_and_ends_is_marked_and_the_marks_can_be_asked_for(database: MongoDatabase, tmp_path: Path) -> None:
    start = datetime.fromisoformat("2025-10-03T16:05:00+00:00")  # 10:05 in Mexico City, two halls at work
    async with event(database, tmp_path, TEXT, now=start) as harness:
        for path in ("/", "/moment"):
            shown = tree_of(await (await harness.client.get(path, params={"lang": "en"})).text())
            marked = {
                one.attributes.get("data-standing") or one.attributes["id"]: one.attributes["data-progress"]
                for one in shown.all()
                if "data-progress" in one.attributes
            }
            assert marked == {"doors": "over", "programme": "over", "mesa": "on", "seeds": "on", "cata": "cancelled"}, path
            (band,) = (one for one in shown.all("section") if one.attributes.get("class") == "moment")
            assert [one.text for one in band.all("p") if "moment__title" in one.attributes["class"]] == [
                "La milpa y el mercado", "Seeds: a field guide",
            ]  # fmt: skip
        tag = (await harness.client.get("/moment")).headers["ETag"]
        assert (await harness.client.get("/moment", headers={"If-None-Match": tag})).status == 304
        harness.now += timedelta(minutes=60)
        assert (await harness.client.get("/moment", headers={"If-None-Match": tag})).status == 200


async def test_before_registration_opens_the_pages_say_when_and_the_form_is_refused(database: MongoDatabase, tmp_path: Path) -> None:
    told = "status: published\n  registration: {opens: 2025-09-20, opens_at: 9h00, closes: 2025-09-30}"
    async with event(database, tmp_path, TEXT.replace("status: published", told)) as harness:
        early = "enrolment_early"
        for _ in range(2):
            shown = {path: tree_of(await (await harness.client.get(path, headers=HTML)).text()) for path in ("/", "/inscription")}
            links = [one.attributes["href"] for one in shown["/"].all("a")]
            assert not [link for link in links if "/inscription" in link]
            assert "/link" in links
            assert not list(shown["/inscription"].all("form"))
            words = "20 septembre 2025" if early == "enrolment_early" else MESSAGES.text("fr", "event.enrolment.late")
            assert all(words in page.text for page in shown.values())
            answer = await harness.client.post("/api/registration/registrations", json=FORM)
            assert (answer.status, (await answer.json())["code"]) == (409, f"registration.{early}")
            harness.now, early = datetime.fromisoformat("2025-10-01T06:00:00+00:00"), "enrolment_late"


async def test_who_registered_in_time_confirms_and_changes_their_place_after_registration_closed(
    database: MongoDatabase, tmp_path: Path
) -> None:
    told = "status: published\n  registration: {closes: 2025-09-30}"
    async with event(database, tmp_path, TEXT.replace("status: published", told)) as harness:
        link = await harness.register()
        harness.now = datetime.fromisoformat("2025-10-01T12:00:00+00:00")
        await harness.enter(link)
        changed = await harness.client.patch("/api/registration/me", json={"door": "in_room"}, headers=SAME_SITE)
        assert (changed.status, (await changed.json())["door"]) == (200, "in_room")
        shown = tree_of(await (await harness.client.get("/", headers=HTML)).text())
        assert "/place" in [one.attributes["href"] for one in shown.all("a")]
