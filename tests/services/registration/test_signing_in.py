"""Operators sign in besides opening their link, everybody of the team has a link of their own, and shared links open in rehearsals only."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pyotp
import pytest

from shared.clock import to_text
from shared.storage.mongo import MongoDatabase
from tests.services.registration.harness import SAME_SITE, RegistrationHarness
from tests.services.registration.test_any_event import event
from tests.support.html_tree import tree_of
from tests.support.messages import MESSAGES

ACCESS: Final = "/api/registration/access"
PASS: Final = "/api/registration/pass"
HTML: Final = {"Accept": "text/html"}
SECRET: Final = re.compile(r'login__secret">([A-Z2-7 ]+)<')
SPARE: Final = re.compile(r"<li><code>([A-Z0-9-]{14})</code>")
PUBLIC: Final = """\
format_version: 1
language: fr
event:
  id: vraie
  name: Vraie journée
  date: 2025-03-04
  timezone: Europe/Paris
  stages: [{id: s, name: Scène}]
sessions:
  - {id: un, kind: other, title: Un, start: "09:00", end: "18:00", stage: s}
"""


@pytest.fixture
async def public(database: MongoDatabase, tmp_path: Path) -> AsyncIterator[RegistrationHarness]:
    """An event that is no rehearsal, under a public name."""
    async with event(database, tmp_path, PUBLIC, origin="http://tablee.test:8080") as harness:
        yield harness


async def send(harness: RegistrationHarness, path: str, **fields: str) -> tuple[int, str, str]:
    """(status, where it leads, the page) of a form of our own pages."""
    response = await harness.client.post(path, data=fields, headers={**SAME_SITE, **HTML}, allow_redirects=False)
    return response.status, response.headers.get("Location", ""), await response.text()


async def read(harness: RegistrationHarness, path: str) -> tuple[int, str]:
    response = await harness.client.get(path, headers=HTML, allow_redirects=False)
    return response.status, response.headers.get("Location", "") or await response.text()


async def told(harness: RegistrationHarness, path: str = PASS) -> tuple[int, str]:
    response = await harness.client.post(path, headers=SAME_SITE)
    answer = await response.json()
    return response.status, answer.get("code", "")


def code(secret: str, harness: RegistrationHarness, steps: int = 0) -> str:
    return pyotp.TOTP(secret.replace(" ", "")).at(harness.now, counter_offset=steps)


async def set_up(harness: RegistrationHarness) -> tuple[str, list[str]]:
    """The first operator opens the invitation and sets up an app: (its secret, the codes on paper)."""
    assert await harness.enter(harness.link("operator")) == "/login"
    page = (await read(harness, "/login"))[1]
    secret = SECRET.search(page)
    assert secret is not None
    status, _, page = await send(harness, "/login/set-up", name="Zoé Martin", app=code(secret[1], harness))
    assert status == 200, page
    return secret[1], SPARE.findall(page)


async def test_the_invitation_opens_nothing_before_its_operator_chose_how_to_sign_in(public: RegistrationHarness) -> None:
    assert await public.enter(public.link("operator")) == "/login"
    assert await told(public) == (401, "registration.login_needed")
    assert (await public.client.get("/api/registration/me")).status == 401
    assert (await read(public, "/people"))[1].startswith("/link")
    assert (await read(public, "/link?to=/people"))[1] == "/login"
    status, _, page = await send(public, "/login/set-up", name="Zoé", app="000000")
    assert status == 422
    assert MESSAGES.text("fr", "registration.login_wrong").split("\u202f")[0].split(",")[0] in page


async def test_whoever_set_up_an_app_is_in_has_codes_on_paper_and_a_name(public: RegistrationHarness) -> None:
    _, spare = await set_up(public)
    assert len(spare) == len(set(spare)) == 10
    assert (await told(public))[0] == 200
    assert (await (await public.client.get("/api/registration/me")).json())["name"] == "Zoé Martin"
    assert (await read(public, "/people"))[0] == 200
    stored = str(await public.ports.database.collection("logins").find({}))
    assert not any(one in stored or one.replace("-", "") in stored for one in spare), "nothing that could be typed is kept"


async def test_the_link_alone_opens_nothing_any_more_and_a_code_counts_once(public: RegistrationHarness) -> None:
    secret, _ = await set_up(public)
    public.forget_cookies()
    await public.later(seconds=30)
    assert await public.enter(public.link("operator")) == "/login"
    before = public.cookie("tablee_session")
    again = await send(public, "/login/set-up", app=code(secret, public, 1))
    assert again[0] == 422, "what is set up is not set up again with the link alone"
    now = code(secret, public)
    assert (await send(public, "/login", code=f"{now[:3]} {now[3:]}"))[:2] == (303, "/control")
    assert (await told(public))[0] == 200
    assert public.cookie("tablee_session") != before, "what was known before the proof opens nothing"
    public.forget_cookies()
    await public.enter(public.link("operator"))
    assert (await send(public, "/login", code=now))[0] == 422, "the same code again"


async def test_a_code_on_paper_signs_in_once(public: RegistrationHarness) -> None:
    _, spare = await set_up(public)
    for typed, status in ((spare[3].lower(), 303), (spare[3], 422), (spare[4].replace("-", " "), 303)):
        public.forget_cookies()
        await public.enter(public.link("operator"))
        assert (await send(public, "/login", code=typed))[0] == status, typed


async def test_wrong_codes_make_wait_and_right_ones_too_until_then(public: RegistrationHarness) -> None:
    secret, _ = await set_up(public)
    public.forget_cookies()
    await public.enter(public.link("operator"))
    for _ in range(5):
        assert "15 min" not in (await send(public, "/login", code="123"))[2]
    await public.later(minutes=1)
    status, _, page = await send(public, "/login", code=code(secret, public))
    assert (status, "15 min" in page) == (422, True)
    await public.later(minutes=14, seconds=1)
    assert (await send(public, "/login", code=code(secret, public)))[0] == 303


async def test_a_session_that_was_proven_ends_after_eight_hours(public: RegistrationHarness) -> None:
    await set_up(public)
    await public.later(hours=7, minutes=59)
    assert (await told(public))[0] == 200
    await public.later(minutes=2)
    assert await told(public) == (401, "registration.no_session")


async def test_the_last_way_to_sign_in_cannot_be_removed(public: RegistrationHarness) -> None:
    await set_up(public)
    status, _, page = await send(public, "/login/change", act="remove_app")
    assert status == 422
    assert MESSAGES.text("fr", "registration.login_last") in " ".join(tree_of(page).text.split())
    assert (await read(public, "/login"))[0] == 200


async def test_new_codes_on_paper_take_the_place_of_the_old_ones(public: RegistrationHarness) -> None:
    _, old = await set_up(public)
    status, _, page = await send(public, "/login/change", act="codes")
    fresh = SPARE.findall(page)
    assert status == 200
    assert not set(fresh) & set(old)
    for typed, answer in ((old[0], 422), (fresh[0], 303)):
        public.forget_cookies()
        await public.enter(public.link("operator"))
        assert (await send(public, "/login", code=typed))[0] == answer


@pytest.mark.parametrize("answer", ["{}", "[]", "x", '{"id":"a","rawId":"a","type":"public-key","response":{}}', "9" * 30_000])
async def test_an_invented_passkey_is_refused(public: RegistrationHarness, answer: str) -> None:
    assert await public.enter(public.link("operator")) == "/login"
    assert (await send(public, "/login/set-up", passkey=answer, name="Zoé"))[0] == 422
    assert (await send(public, "/login", passkey=answer))[0] == 422
    assert await told(public) == (401, "registration.login_needed")


@pytest.mark.parametrize("name", ["moderator", "chair", "stage", "door"])
async def test_shared_links_open_in_rehearsals_alone(public: RegistrationHarness, harness: RegistrationHarness, name: str) -> None:
    response = await public.client.post(public.link(name), headers=SAME_SITE, allow_redirects=False)
    assert response.status == 404
    assert (await harness.enter(harness.link(name))).startswith("/")


async def grants(harness: RegistrationHarness) -> list[dict[str, Any]]:
    response = await harness.client.get(ACCESS, headers=harness.sign("operator"))
    assert response.status == 200
    found: list[dict[str, Any]] = (await response.json())["grants"]
    return found


async def give(harness: RegistrationHarness, name: str, duty: str) -> Any:
    response = await harness.client.post(ACCESS, json={"name": name, "duty": duty}, headers=harness.sign("operator"))
    return response.status, await response.json()


async def test_a_link_of_ones_own_opens_what_it_is_for_and_its_use_is_seen(public: RegistrationHarness) -> None:
    status, given = await give(public, "  Aïcha   Benali ", "moderator")
    assert (status, given["name"]) == (201, "Aïcha Benali")
    path = given["link"].removeprefix(public.settings.origin)
    assert await public.enter(path) == "/moderate"
    me = await (await public.client.get("/api/registration/me")).json()
    assert (me["name"], me["duty"]) == ("Aïcha Benali", "moderator")
    (one,) = [one for one in await grants(public) if one["id"] == given["id"]]
    assert (one["uses"], one["browsers"], one["last_used_at"]) == (1, 1, to_text(public.now))
    assert given["link"].rsplit("/", 1)[1] not in str(await public.ports.database.collection("credentials").find({}))


async def test_a_link_that_was_taken_back_ends_with_its_sessions(public: RegistrationHarness) -> None:
    _, given = await give(public, "Écran, grande salle", "display")
    path = given["link"].removeprefix(public.settings.origin)
    await public.enter(path)
    await public.events()
    for _ in range(2):
        response = await public.client.delete(f"{ACCESS}/{given['id']}", headers=public.sign("operator"))
        assert response.status == 204
    assert [one.type for one in await public.events()] == ["tablee.access.revoked.v1"]
    assert (await told(public))[0] == 401
    assert (await public.client.post(path, headers=SAME_SITE, allow_redirects=False)).status == 410
    (one,) = [one for one in await grants(public) if one["id"] == given["id"]]
    assert one["withdrawn_at"]


async def test_an_operator_with_a_link_of_their_own_signs_in_even_in_a_rehearsal(harness: RegistrationHarness) -> None:
    _, given = await give(harness, "Zoé", "operator")
    assert await harness.enter(given["link"].removeprefix(harness.settings.origin)) == "/login"
    assert await told(harness) == (401, "registration.login_needed")


async def test_links_of_strangers_shared_links_and_people_are_not_taken_back_here(public: RegistrationHarness) -> None:
    shared = [one["id"] for one in await grants(public) if one["shared"]]
    assert shared
    for id in (*shared, "x", public.ports.new_id()):
        response = await public.client.delete(f"{ACCESS}/{id}", headers=public.sign("operator"))
        assert (response.status, (await response.json())["code"]) == (404, "registration.person_unknown")
    for name, duty, field in (("", "chair", "name"), ("Zoé", "none", "duty"), ("Zoé", "king", "duty")):
        status, problem = await give(public, name, duty)
        assert (status, problem["fields"][0]["path"]) == (422, field)


async def test_the_page_gives_shows_once_and_takes_back(public: RegistrationHarness) -> None:
    await set_up(public)
    status, _, page = await send(public, "/access", name="Léa", duty="chair")
    assert status == 200
    link = re.search(r"http://tablee\.test:8080(/l/[\w-]+)", page)
    assert link is not None
    assert "<svg" in page
    assert link[1] not in (await read(public, "/access"))[1]
    (id,) = [one["id"] for one in await grants(public) if one["name"] == "Léa"]
    assert (await send(public, f"/access/{id}/end"))[:2] == (303, "/access?done=ended")
    assert (await send(public, "/access", name="", duty="chair"))[0] == 422
    public.forget_cookies()
    assert (await send(public, "/access", name="Léa", duty="chair"))[0] == 401


async def test_whoever_need_not_sign_in_is_not_led_to_where_others_do(public: RegistrationHarness, harness: RegistrationHarness) -> None:
    await set_up(public)
    assert 'href="/login"' in (await read(public, "/access"))[1]
    await harness.enter(harness.link("operator"))
    status, page = await read(harness, "/access")
    assert status == 200
    assert 'href="/login"' not in page
