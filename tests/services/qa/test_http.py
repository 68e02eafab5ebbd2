"""The HTTP interface of the qa service: the life of a question, who may do what, bad input, races."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.qa.undo import UNDO_SECONDS
from shared.auth.capabilities import CAPABILITIES, DUTIES
from shared.auth.passes import Signer, new_private_key
from shared.clock import to_text
from shared.service.route import Who
from shared.storage.mongo import MongoDatabase
from tests.services.qa.harness import CLOSED, ROUND_TABLE, QaHarness, open_harness, programme

SESSION = f"/api/qa/sessions/{ROUND_TABLE}"


@pytest.fixture
async def harness(database: MongoDatabase) -> AsyncIterator[QaHarness]:
    async with open_harness(database) as harness:
        yield harness


async def test_a_question_goes_from_asking_to_its_answer(harness: QaHarness) -> None:
    item = await harness.asked("anne", text="  Quand la fibre\u202f?  ")
    assert (item["status"], item["version"], item["text"], item["author"]) == ("queued", 1, "Quand la fibre\u202f?", "anne")
    item = await harness.done(item, "edit", "anne", "viewer", text="Quand la fibre au bourg ?")
    assert (item["text"], item["original"], item["version"]) == ("Quand la fibre au bourg ?",) * 2 + (2,)
    item = await harness.done(item, "publish", text="Quand la fibre arrive-t-elle ?")
    assert (item["status"], item["original"], item["changed_by"]) == ("published", "Quand la fibre au bourg ?", "claire")
    item = await harness.done(item, "stage")
    assert item["staged_at"]
    item = await harness.done(item, "return")
    assert (item["status"], item["staged_at"]) == ("published", None)
    item = await harness.done(await harness.done(item, "hide"), "publish")
    item = await harness.done(await harness.done(item, "stage"), "answer")
    assert (item["status"], item["version"]) == ("answered", 9)
    _, state = await harness.call("GET", SESSION, "anne")
    assert state["mine"][item["id"]]["status"] == "answered"
    assert "original" not in state["items"][item["id"]]


async def test_a_declined_question_tells_its_author_why_and_nobody_else_anything(harness: QaHarness) -> None:
    item = await harness.asked("anne", anonymous=True)
    assert item["author"] == ""
    await harness.done(item, "decline", reason="off_topic", note="Posez-la à 15 h.")
    harness.clock.move(UNDO_SECONDS)
    _, mine = await harness.call("GET", SESSION, "anne")
    assert (mine["mine"][item["id"]]["reason"], mine["mine"][item["id"]]["note"]) == ("off_topic", "Posez-la à 15 h.")
    for name, role, view in (("basile", "viewer", "public"), ("ecran", "display", "display")):
        _, state = await harness.call("GET", f"{SESSION}?view={view}", name, role)
        assert item["id"] not in json.dumps(state)


async def test_a_retry_with_the_same_id_is_the_same_question(harness: QaHarness) -> None:
    id = str(uuid.uuid4())
    answers = await asyncio.gather(*(harness.ask("anne", id=id) for _ in range(4)))
    assert [status for status, _ in answers] == [201] * 4
    assert all(item == answers[0][1] for _, item in answers)
    status, problem = await harness.ask("basile", id=id)
    assert (status, problem["code"]) == (409, "qa.id_taken")
    assert await harness.database.collection("questions").count({}) == 1


async def test_one_question_per_half_minute_also_from_two_devices(harness: QaHarness) -> None:
    answers = await asyncio.gather(*(harness.ask("anne", text=f"Question {n}") for n in range(5)))
    assert sorted(status for status, _ in answers) == [201, 429, 429, 429, 429]
    refused = next(problem for status, problem in answers if status == 429)
    assert refused["code"] == "qa.too_fast"
    assert 0 < refused["retry_after"] <= 30
    harness.clock.move(30)
    await harness.asked("anne")


async def test_five_open_questions_at_most_and_a_withdrawn_one_makes_room(harness: QaHarness) -> None:
    items = []
    for _ in range(5):
        items.append(await harness.asked("anne"))
        harness.clock.move(31)
    status, problem = await harness.ask("anne")
    assert (status, problem["code"]) == (429, "qa.too_many_open")
    await harness.done(items[0], "withdraw", "anne", "viewer")
    await harness.asked("anne")


async def test_a_text_that_cannot_be_shown_is_refused_with_its_reason(harness: QaHarness) -> None:
    for text, code in (
        ("", "qa.text_empty"), ("  \n ", "qa.text_empty"), ("\u200b\u200d", "qa.text_empty"), ("x" * 501, "qa.text_too_long"),
        ("a\x07b", "qa.text_control"), ("a\x00b", "qa.text_control"),
    ):  # fmt: skip
        status, problem = await harness.ask("anne", text=text)
        assert (status, problem["code"], problem["fields"][0]["path"]) == (422, code, "text")
        assert problem["sentences"]["fr"] != problem["sentences"]["en"]


async def test_a_body_of_another_shape_is_refused_field_by_field(harness: QaHarness) -> None:
    right = {"id": str(uuid.uuid4()), "text": "a", "language": "fr"}
    bodies: list[tuple[dict[str, Any], str, str]] = [
        ({"text": "a", "language": "fr"}, "id", "field.missing"),
        ({**right, "votes": 9}, "votes", "field.unknown"),
        ({**right, "text": 7}, "text", "field.type"),
        ({**right, "text": "a" * 4001}, "text", "field.too_long"),
        ({**right, "id": "not-a-uuid"}, "id", "qa.id_invalid"),
        ({**right, "language": "<b>"}, "language", "field.value"),
        ({**right, "anonymous": "yes"}, "anonymous", "field.type"),
    ]
    for body, path, code in bodies:
        status, problem = await harness.call("POST", f"{SESSION}/questions", body=body)
        assert status == 422
        assert {"path": path, "code": code}.items() <= problem["fields"][0].items()


async def test_unknown_sessions_and_questions_are_not_found(harness: QaHarness) -> None:
    body = {"id": str(uuid.uuid4()), "text": "a", "language": "fr"}
    nothing = {"id": str(uuid.uuid4()), "version": 1}
    for status, problem in (
        await harness.call("POST", "/api/qa/sessions/nowhere/questions", body=body),
        await harness.call("GET", "/api/qa/sessions/nowhere"),
        await harness.call("POST", "/api/qa/sessions/nowhere/floor", "claire", "moderator", {"state": "open", "expected_version": 1}),
    ):
        assert (status, problem["code"]) == (404, "qa.unknown_session")
    for status, problem in (await harness.command(nothing, "publish"), await harness.vote(nothing, "anne")):
        assert (status, problem["code"]) == (404, "qa.unknown_question")


async def test_of_two_moderators_at_once_one_wins_and_the_other_sees_how_it_stands_now(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    answers = await asyncio.gather(
        harness.command(item, "publish", "claire"), harness.command(item, "decline", "david", reason="unclear", note="")
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    won = next(body for status, body in answers if status == 200)
    lost = next(body for status, body in answers if status == 409)
    assert lost["code"] == "qa.stale"
    assert lost["current"] == won


async def test_one_question_is_on_stage_however_many_try(harness: QaHarness) -> None:
    items = [await harness.done(await harness.asked(name), "publish") for name in ("anne", "basile", "chloe")]
    answers = await asyncio.gather(*(harness.command(item, "stage", role="moderator") for item in items))
    assert sorted(status for status, _ in answers) == [200, 409, 409]
    assert {problem["code"] for status, problem in answers if status == 409} == {"qa.stage_taken"}
    assert await harness.database.collection("questions").count({"status": "on_stage"}) == 1


async def test_a_command_that_the_state_does_not_allow_says_so_with_the_current_item(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    status, problem = await harness.command(item, "answer")
    assert (status, problem["code"], problem["current"]["status"]) == (409, "qa.not_possible", "queued")


async def test_the_current_item_of_a_refusal_is_the_callers_own_view_of_it(harness: QaHarness) -> None:
    item = await harness.asked("anne", text="secret en attente")
    status, problem = await harness.command(item, "stage", "claire", "moderator")
    assert (status, problem["current"]["changed_by"]) == (409, "anne")
    status, problem = await harness.command(item | {"version": 9}, "withdraw", "anne", "viewer")
    assert (status, problem["code"]) == (409, "qa.stale")
    assert problem["current"]["text"] == "secret en attente"
    assert "author_id" not in problem["current"]


async def test_nobody_edits_or_withdraws_the_question_of_somebody_else(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    for command, body in (("edit", {"text": "autre"}), ("withdraw", {})):
        for role in ("viewer", "moderator"):
            status, problem = await harness.command(item, command, "basile", role, **body)
            assert (status, problem["code"]) == (403, "qa.not_yours")


# --- votes ------------------------------------------------------------------------------------------------------------------------


async def test_votes_count_once_per_person_from_any_number_of_devices(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    answers = await asyncio.gather(*(harness.vote(item, name) for name in ["basile"] * 6 + ["chloe"] * 3 + [f"p{n}" for n in range(8)]))
    assert {status for status, _ in answers} == {200}
    assert all(answer["voted"] for _, answer in answers)
    _, state = await harness.call("GET", SESSION, "basile")
    assert state["items"][item["id"]]["votes"] == 10
    assert state["my_votes"] == [item["id"]]
    assert await harness.database.collection("votes").count({"on": True}) == 10


async def test_a_vote_taken_back_twice_counts_once_and_can_be_given_again(harness: QaHarness) -> None:
    item = await harness.done(await harness.asked("anne"), "publish")
    await harness.vote(item, "basile")
    back = await asyncio.gather(*(harness.vote(item, "basile", "DELETE") for _ in range(4)))
    assert {(status, answer["votes"], answer["voted"]) for status, answer in back} == {(200, 0, False)}
    one = {"id": item["id"], "votes": 1, "by_door": {"remote": 1}, "hands": 0}
    assert (await harness.vote(item, "basile"))[1] == {**one, "voted": True}
    assert (await harness.vote(item, "nobody", "DELETE"))[1] == {**one, "voted": False}


async def test_votes_are_for_published_questions_of_others(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    status, problem = await harness.vote(item, "basile")
    assert (status, problem["code"]) == (409, "qa.votes_closed")
    item = await harness.done(item, "publish")
    status, problem = await harness.vote(item, "anne")
    assert (status, problem["code"]) == (403, "qa.own_question")
    await harness.vote(item, "basile")
    item = await harness.done(await harness.done(item, "stage"), "answer")
    assert item["votes"] == 1, "a step does not lose votes that came meanwhile"
    for method in ("PUT", "DELETE"):
        status, problem = await harness.vote(item, "basile", method)
        assert (status, problem["code"]) == (409, "qa.votes_closed")


# --- floors -----------------------------------------------------------------------------------------------------------------------


async def test_the_programme_opens_the_floors_of_its_round_tables_only(harness: QaHarness) -> None:
    _, floors = await harness.call("GET", "/api/qa/sessions")
    at = to_text(harness.clock())
    assert floors == {
        "sessions": [
            {"session": CLOSED, "state": "closed", "version": 1, "by": "programme", "changed_at": at},
            {"session": ROUND_TABLE, "state": "open", "version": 1, "by": "programme", "changed_at": at},
        ],
        "removed": [],
    }
    body = {"id": str(uuid.uuid4()), "text": "a", "language": "fr"}
    status, problem = await harness.call("POST", f"/api/qa/sessions/{CLOSED}/questions", body=body)
    assert (status, problem["code"]) == (409, "qa.floor_closed")


async def test_a_paused_floor_takes_questions_of_village_halls_only(harness: QaHarness) -> None:
    status, floor = await harness.call("POST", f"{SESSION}/floor", "claire", "moderator", {"state": "paused", "expected_version": 1})
    at = to_text(harness.clock())
    assert (status, floor) == (200, {"session": ROUND_TABLE, "state": "paused", "version": 2, "by": "hand", "changed_at": at})
    assert (await harness.ask("anne"))[1]["code"] == "qa.floor_paused"
    assert (await harness.ask("mairie", "hub"))[0] == 201
    status, problem = await harness.call("POST", f"{SESSION}/floor", "david", "moderator", {"state": "open", "expected_version": 1})
    assert (status, problem["code"], problem["current"]["version"]) == (409, "qa.stale", 2)


async def test_a_newer_programme_keeps_the_floors_as_moderators_left_them(harness: QaHarness) -> None:
    await harness.call("POST", f"{SESSION}/floor", "claire", "moderator", {"state": "closed", "expected_version": 1})
    await harness.tell(programme(2, nouvelle=True), "assises-2021", 2)
    _, floors = await harness.call("GET", "/api/qa/sessions", "claire", "moderator")
    assert {floor["session"]: floor["state"] for floor in floors["sessions"]} == {
        CLOSED: "closed",
        ROUND_TABLE: "closed",
        "nouvelle": "open",
    }
    assert floors["sessions"][0]["counts"]["queued"] == 0


# --- access -----------------------------------------------------------------------------------------------------------------------


def endpoints(harness: QaHarness) -> list[tuple[str, str, str, dict[str, Any]]]:
    """(method, path, capability, a body of the right shape) of every endpoint that takes a pass of the interface."""
    id = str(uuid.uuid4())
    extra = {
        "edit": {"text": "a"},
        "rephrase": {"text": "a"},
        "amend": {"text": "a"},
        "write": {"text": "a"},
        "merge": {"into": id},
        "defer": {"owner": "a", "due": "2021-06-30"},
        "decline": {"reason": "unclear"},
        "floor": {"state": "open"},
    }
    found: list[tuple[str, str, str, dict[str, Any]]] = []
    for route in harness.service.routes:
        if route.who is Who.LITE:  # the pages without script take a pass of their own (test_lite.py)
            continue
        assert route.action is not None
        path = route.path.replace("{id}", id).replace("{session}", ROUND_TABLE)
        last = path.rsplit("/", 1)[-1]
        if last == "decide":
            found.append((route.method, path, route.action, {"command": "publish", "items": [{"id": id, "expected_version": 1}]}))
            continue
        body = {"id": id, "text": "a", "language": "fr"} if last == "questions" else {"expected_version": 1, **extra.get(last, {})}
        found.append((route.method, path, route.action, body))
    return found


async def test_every_endpoint_refuses_every_role_that_lacks_its_capability(harness: QaHarness) -> None:
    refused, wanted = 0, sum(len(set(DUTIES) - CAPABILITIES[action]) for _, _, action, _ in endpoints(harness))
    for method, path, action, body in endpoints(harness):
        for role in DUTIES:
            status, answer = await harness.call(method, path, "x", role, None if method in ("GET", "PUT", "DELETE") else body)
            if role in CAPABILITIES[action]:
                assert status != 401, (method, path, role, answer)
                assert status != 403 or answer["code"] != "access.denied", (method, path, role, answer)
            else:
                refused += 1
                assert (status, answer["code"]) == (403, "access.denied"), (method, path, role)
    assert refused == wanted > 0


async def test_every_endpoint_refuses_a_pass_that_does_not_count(harness: QaHarness) -> None:
    late = harness.token("anne", "operator")
    forged = harness.token("anne", "operator", signer=Signer(new_private_key()))
    other = harness.token("anne", "operator", event="another-day")
    harness.clock.move(606)
    withdrawn = harness.token("gone", "operator")
    await harness.revoke("gone")
    wanted = {
        "": "access.pass_missing", late: "access.pass_expired", forged: "access.pass_invalid", "rubbish": "access.pass_invalid",
        other: "access.pass_other_event", withdrawn: "access.revoked",
    }  # fmt: skip
    for method, path, _, body in endpoints(harness):
        for token, code in wanted.items():
            status, problem = await harness.call(method, path, body=body if method == "POST" else None, token=token)
            assert (status, problem["code"]) == (401, code), (method, path)


async def test_the_views_need_their_capability(harness: QaHarness) -> None:
    for role, view, wanted in (
        ("viewer", "moderator", 403), ("viewer", "display", 403), ("display", "display", 200),
        ("moderator", "moderator", 200), ("viewer", "everything", 422),
    ):  # fmt: skip
        status, _ = await harness.call("GET", f"{SESSION}?view={view}", "x", role)
        assert status == wanted, (role, view)


async def test_a_pass_for_another_session_moderates_nothing_here(harness: QaHarness) -> None:
    item = await harness.asked("anne")
    elsewhere = harness.token("claire", "moderator", sessions=(CLOSED,))
    for method, path, body in (
        ("POST", f"/api/qa/questions/{item['id']}/publish", {"expected_version": 1}),
        ("POST", f"{SESSION}/floor", {"state": "closed", "expected_version": 1}),
        ("GET", f"{SESSION}?view=moderator", None),
    ):
        status, problem = await harness.call(method, path, body=body, token=elsewhere)
        assert (status, problem["code"]) == (403, "access.session_not_yours")


async def test_a_revocation_outlives_a_restart(harness: QaHarness, database: MongoDatabase) -> None:
    await harness.revoke("gone")
    harness.ports.revocations.forget(harness.clock().replace(year=9999))
    assert harness.service.start is not None
    assert (await harness.call("GET", SESSION, "gone"))[0] == 200
    await harness.feed.stop()
    await harness.service.start()
    assert (await harness.call("GET", SESSION, "gone"))[1]["code"] == "access.revoked"
