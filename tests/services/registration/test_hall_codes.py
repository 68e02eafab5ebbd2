"""Hall codes: who sits in a hall types what its screen shows, and takes part as nobody in particular, while the session is on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from services.registration.limits import MISTYPING
from services.registration.people.credentials import HALL_CHARACTERS, HALL_SIGNS, hall_code, typed_code
from shared.auth import cookies
from tests.services.registration.harness import SAME_SITE, RegistrationHarness
from tests.services.registration.test_pages import HTML

TABLE: Final = "table-ronde-1"
DURING: Final = datetime(2021, 6, 3, 8, 0, tzinfo=UTC)
"""10h00 in Paris: the first round table is on."""
AFTER: Final = datetime(2021, 6, 3, 8, 50, tzinfo=UTC)


async def code_of(harness: RegistrationHarness, session: str = TABLE, role: str = "display", method: str = "GET") -> Any:
    path = f"/api/registration/sessions/{session}/hall-code"
    answer = await harness.client.request(method, path, headers=harness.sign(role), json={} if method == "POST" else None)
    assert answer.status == 200, await answer.text()
    return (await answer.json())["code"]


async def typed(harness: RegistrationHarness, code: str, *, fresh: bool = True, **headers: str) -> Any:
    """The form, sent by somebody with a new browser."""
    if fresh:
        harness.forget_cookies()
    return await harness.client.post("/code", data={"code": code}, headers={**SAME_SITE, **HTML, **headers}, allow_redirects=False)


async def passes(harness: RegistrationHarness) -> tuple[int, dict[str, Any]]:
    answer = await harness.client.post("/api/registration/pass", headers=SAME_SITE)
    return answer.status, await answer.json()


@pytest.fixture
async def on(harness: RegistrationHarness) -> RegistrationHarness:
    harness.now = DURING
    return harness


def test_a_code_is_read_however_it_is_typed_and_never_looks_like_another() -> None:
    code = hall_code("lnk_x")
    assert len(code) == HALL_CHARACTERS
    assert not set("AEIOUY01258BSZL") & set(HALL_SIGNS)
    for way in (code, code.lower(), f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:]}", f"{code[:3]}\u00a0{code[3:]}"):
        assert typed_code(way) == code
    for wrong in ("", code[:-1], code + "C", "O" + code[1:], "’" * 6):
        assert typed_code(wrong) == ""
    assert len({hall_code(f"lnk_{n}") for n in range(2_000)}) > 1_990


async def test_a_typed_code_opens_the_room_page_of_its_session_for_somebody_without_a_name(on: RegistrationHarness) -> None:
    code = await code_of(on)
    answer = await typed(on, code.lower())
    assert (answer.status, answer.headers["Location"]) == (303, f"/room?session={TABLE}")
    assert (await on.client.get(answer.headers["Location"], headers=HTML)).status == 200
    status, given = await passes(on)
    assert status == 200
    holder = on.ports.verifier.verify(given["pass"], now=on.now)
    assert (holder.sessions, holder.door, holder.duty, holder.name, holder.people) == ((TABLE,), "in_room", "none", "", 0)
    assert on.cookie(cookies.MEDIA) is None, "the stream is for those who are not there"


async def test_somebody_in_a_hall_is_led_to_its_room_page_wherever_they_go(on: RegistrationHarness) -> None:
    await typed(on, await code_of(on))
    for path in ("/watch", "/room", "/room?session=table-ronde-2", "/place"):
        answer = await on.client.get(path, headers=HTML, allow_redirects=False)
        assert (answer.status, answer.headers.get("Location")) == (303, f"/room?session={TABLE}"), path
    for path in ("/moderate", "/chair", "/stage", "/control", "/people", "/withdraw"):
        answer = await on.client.get(path, headers=HTML, allow_redirects=False)
        assert answer.status in (403, 404), path
    assert (await on.client.get("/lite?session=table-ronde-1", headers=HTML, allow_redirects=False)).status == 303
    answer = await on.client.patch("/api/registration/me", json={"door": "hub"}, headers=SAME_SITE)
    assert answer.status == 403


async def test_a_code_opens_nothing_before_after_and_in_another_session(on: RegistrationHarness) -> None:
    code = await code_of(on)
    assert await code_of(on, "table-ronde-2") == "", "not on yet"
    on.now = DURING - timedelta(hours=1)
    assert await code_of(on) == ""
    assert (await typed(on, code)).status == 422
    on.now = AFTER
    assert await code_of(on) == ""
    assert (await typed(on, code)).status == 422
    assert await code_of(on, "table-ronde-2") not in ("", code)


async def test_what_is_wrong_with_a_code_is_said_beside_the_field_and_with_the_way_to_it(on: RegistrationHarness) -> None:
    answer = await typed(on, "abcdef")
    assert answer.status == 422
    assert (await answer.text()).count("Ce code n’ouvre aucune session en cours") == 2


async def test_what_a_code_opened_ends_with_its_session(on: RegistrationHarness) -> None:
    await typed(on, await code_of(on))
    on.now = AFTER
    status, problem = await passes(on)
    assert (status, problem["code"]) == (401, "registration.hall_over")
    assert (await on.client.get("/room", headers=HTML, allow_redirects=False)).headers["Location"].startswith("/link")
    assert (await on.client.get(f"/lite?session={TABLE}", headers=HTML, allow_redirects=False)).headers["Location"].startswith("/link")


async def test_another_code_ends_the_one_before_and_whoever_came_in_by_it_types_the_new_one_and_stays_who_they_are(
    on: RegistrationHarness,
) -> None:
    old = await code_of(on)
    await typed(on, old)
    before = on.ports.verifier.verify((await passes(on))[1]["pass"], now=on.now).person
    new = await code_of(on, role="operator", method="POST")
    assert new not in ("", old)
    assert (await passes(on))[0] == 401
    assert (await typed(on, old, fresh=False)).status == 422
    assert (await typed(on, new, fresh=False)).status == 303
    assert on.ports.verifier.verify((await passes(on))[1]["pass"], now=on.now).person == before, "no second vote"
    await typed(on, new)
    assert on.ports.verifier.verify((await passes(on))[1]["pass"], now=on.now).person != before


async def test_a_registered_person_who_types_a_code_stays_who_they_are(on: RegistrationHarness) -> None:
    await on.enter(await on.register())
    registered = on.ports.verifier.verify((await passes(on))[1]["pass"], now=on.now).person
    answer = await typed(on, await code_of(on), fresh=False)
    assert (answer.status, answer.headers["Location"]) == (303, f"/room?session={TABLE}")
    assert "Set-Cookie" not in answer.headers
    assert on.ports.verifier.verify((await passes(on))[1]["pass"], now=on.now).person == registered


@pytest.mark.parametrize(("role", "method", "status"), [
    ("viewer", "GET", 403), ("chair", "GET", 403), ("moderator", "GET", 200), ("display", "GET", 200), ("operator", "GET", 200),
    ("display", "POST", 403), ("moderator", "POST", 403), ("viewer", "POST", 403),
])  # fmt: skip
async def test_the_code_is_for_screens_and_those_at_work_and_only_operators_change_it(
    on: RegistrationHarness, role: str, method: str, status: int
) -> None:
    path = f"/api/registration/sessions/{TABLE}/hall-code"
    answer = await on.client.request(method, path, headers=on.sign(role), json={} if method == "POST" else None)
    assert answer.status == status
    answer = await on.client.request(method, path, json={} if method == "POST" else None)
    assert answer.status == 401
    answer = await on.client.get("/api/registration/sessions/nowhere/hall-code", headers=on.sign("operator"))
    assert answer.status == 404


async def test_the_code_is_in_nothing_that_strangers_or_remote_people_read(on: RegistrationHarness) -> None:
    code = await code_of(on)
    await on.enter(on.link("viewer"))
    for path in (
        "/",
        f"/watch?session={TABLE}",
        f"/room?session={TABLE}",
        "/place",
        "/code",
        "/api/registration/programme",
        f"/qr.svg?session={TABLE}",
    ):
        assert code not in await (await on.client.get(path)).text(), path


async def test_a_hall_of_200_behind_one_address_types_without_refusal_and_whoever_guesses_is_stopped(on: RegistrationHarness) -> None:
    code = await code_of(on)
    for n in range(200):
        if n % 8 == 0:
            assert (await typed(on, "CCCCCC")).status == 422
        assert (await typed(on, code)).status == 303, n
    statuses = [(await typed(on, "CCCCCC")).status for _ in range(MISTYPING.times)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    answer = await typed(on, "CCC CCC")
    text = await answer.text()
    assert "CCC CCC" in text, "what was typed stays"
    assert answer.status == 429


async def test_a_form_of_another_site_opens_nothing(on: RegistrationHarness) -> None:
    code = await code_of(on)
    on.forget_cookies()
    answer = await on.client.post("/code", data={"code": code}, headers={"Origin": "https://elsewhere.example"}, allow_redirects=False)
    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers


async def test_the_picture_on_the_screen_leads_to_the_code_and_pressing_is_left_to_the_person(on: RegistrationHarness) -> None:
    code = await code_of(on)
    plain, coded = [await (await on.client.get(f"/qr.svg?session={TABLE}{more}")).read() for more in ("", f"&code={code}")]
    assert plain != coded
    assert await (await on.client.get(f"/qr.svg?session={TABLE}&code=%22%3E")).read() == plain
    on.forget_cookies()
    page = await on.client.get(f"/code?c={code}", headers=HTML)
    assert f'value="{code}"' in await page.text()
    assert on.cookie("tablee_session") is None


# --- local hubs -------------------------------------------------------------------------------------------------------------------------
async def hub_code(harness: RegistrationHarness, role: str = "hub", **more: Any) -> Any:
    path = f"/api/registration/sessions/{more.pop('session', TABLE)}/hub-code"
    answer = await harness.client.get(path, headers=harness.sign(role, **more))
    return answer.status, await answer.json()


async def test_phones_of_a_local_hub_come_in_by_a_code_of_their_own_and_count_by_its_door(on: RegistrationHarness) -> None:
    status, told = await hub_code(on, people=40)
    assert status == 200
    assert told["code"] not in ("", await code_of(on))
    answer = await typed(on, told["code"])
    assert (answer.status, answer.headers["Location"]) == (303, f"/room?session={TABLE}")
    holder = on.ports.verifier.verify((await passes(on))[1]["pass"], now=on.now)
    assert (holder.sessions, holder.door, holder.duty, holder.people) == ((TABLE,), "hub", "none", 0), "they count no hands"
    assert (await on.client.get("/hub", headers=HTML, allow_redirects=False)).headers["Location"] == f"/room?session={TABLE}"
    assert (await typed(on, await code_of(on), fresh=False)).status == 303
    again = on.ports.verifier.verify((await passes(on))[1]["pass"], now=on.now)
    assert (again.person, again.door) == (holder.person, "hub"), "one browser is one person in a session"
    await code_of(on, role="operator", method="POST")
    assert (await passes(on))[0] == 401
    assert (await typed(on, told["code"])).status == 422


async def test_the_code_of_the_hubs_is_for_hosts_who_said_how_many_they_are(on: RegistrationHarness) -> None:
    for role, more in (("hub", {"people": 0}), ("viewer", {"people": 40}), ("room", {}), ("operator", {}), ("display", {})):
        assert (await hub_code(on, role, **more))[0] == 403, role
    assert (await hub_code(on, people=40, session="nowhere"))[0] == 404
    on.now = AFTER
    assert (await hub_code(on, people=40))[1]["code"] == ""
